// SPDX-License-Identifier: Apache-2.0
// What a safetensors file says about itself, checked against the file before a tensor is touched.
#pragma once

#include <cstdint>
#include <map>
#include <span>
#include <string>
#include <vector>

#include "core/tensor.h"

namespace plumb {

// Where a tensor's bytes lie, counted from the beginning of the file.
struct TensorSpan {
  DType dtype = DType::kF32;
  std::vector<int64_t> shape;
  uint64_t begin = 0;
  uint64_t end = 0;
};

struct SafetensorsHeader {
  std::map<std::string, TensorSpan> tensors;
  std::map<std::string, std::string> metadata;  // the header's __metadata__
};

// Reads the header of a file that is wholly in `file`; the tensors' bytes are not looked at. Time
// and memory grow in step with the header. Throws InputError naming `place` and the tensor when the
// header is longer than the file or 100 MB, is no JSON object, names a tensor twice, or when a
// type is unknown, a shape's product wraps, or offsets overlap, leave holes, run past the end or do
// not fit type and shape.
SafetensorsHeader ParseSafetensorsHeader(std::span<const uint8_t> file, const std::string& place);

}  // namespace plumb
