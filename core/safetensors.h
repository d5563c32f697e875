// SPDX-License-Identifier: Apache-2.0
// The one reader and writer of the safetensors format (header length, JSON header, tensor bytes).
// Format: github.com/huggingface/safetensors, README "Format".
#pragma once

#include <filesystem>
#include <map>
#include <memory>
#include <span>
#include <string>
#include <vector>

#include "core/mapped_file.h"
#include "core/tensor.h"

namespace plumb {

struct Safetensors {
  std::map<std::string, Tensor> tensors;
  std::map<std::string, std::string> metadata;  // the header's __metadata__
};

// Reads a whole file. Throws InputError naming the file and the tensor as ParseSafetensorsHeader
// says.
Safetensors ReadSafetensors(const std::filesystem::path& path);

// The same from memory; `place` names the source in errors.
Safetensors ParseSafetensors(std::span<const uint8_t> bytes, const std::string& place);

// A tensor's bytes in the memory of another.
struct TensorView {
  DType dtype = DType::kF32;
  std::vector<int64_t> shape;
  std::span<uint8_t> bytes;  // at any address: old files don't align their tensors
};

// A file whose tensors lie in the mapping, not in copies. They live as long as `file`; writing to
// them changes this process's view alone.
struct MappedSafetensors {
  std::shared_ptr<const MappedFile> file;
  std::map<std::string, TensorView> tensors;
  std::map<std::string, std::string> metadata;
};

// Maps a file and checks its header: its size costs no time and no memory until tensors are
// touched. Throws as ReadSafetensors does.
MappedSafetensors MapSafetensors(const std::filesystem::path& path);

// Writes beside the target and renames, so a reader never sees half a file. Tensors are stored by
// falling element size, then name, so that each is aligned to its own element: the same values
// always give the same bytes. Throws EnvironmentError when it can't write.
void WriteSafetensors(const std::filesystem::path& path, const Safetensors& contents);

}  // namespace plumb
