// SPDX-License-Identifier: Apache-2.0
// The one reader and writer of the safetensors format (header length, JSON header, tensor bytes).
// Format: github.com/huggingface/safetensors, README "Format".
#pragma once

#include <filesystem>
#include <map>
#include <span>
#include <string>

#include "core/tensor.h"

namespace plumb {

struct Safetensors {
  std::map<std::string, Tensor> tensors;
  std::map<std::string, std::string> metadata;  // the header's __metadata__
};

// Reads a whole file. Throws InputError naming the file and the tensor when the header is longer
// than the file or 100 MB, is no JSON object, names a tensor twice, or when offsets overlap, leave
// holes, run past the end or do not fit type and shape.
Safetensors ReadSafetensors(const std::filesystem::path& path);

// The same from memory; `place` names the source in errors.
Safetensors ParseSafetensors(std::span<const uint8_t> bytes, const std::string& place);

// Writes beside the target and renames, so a reader never sees half a file. Tensors are stored by
// falling element size, then name, so that each is aligned to its own element: the same values
// always give the same bytes. Throws EnvironmentError when it can't write.
void WriteSafetensors(const std::filesystem::path& path, const Safetensors& contents);

}  // namespace plumb
