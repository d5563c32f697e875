// SPDX-License-Identifier: Apache-2.0
#include "core/tensor.h"

#include <array>
#include <limits>
#include <utility>

namespace plumb {
namespace {

struct DTypeRow {
  DType dtype;
  std::string_view name;
  size_t byte_size;
};
constexpr std::array<DTypeRow, 10> kDTypes = {{{DType::kBool, "BOOL", 1},
                                               {DType::kU8, "U8", 1},
                                               {DType::kI8, "I8", 1},
                                               {DType::kI16, "I16", 2},
                                               {DType::kI32, "I32", 4},
                                               {DType::kI64, "I64", 8},
                                               {DType::kF16, "F16", 2},
                                               {DType::kBF16, "BF16", 2},
                                               {DType::kF32, "F32", 4},
                                               {DType::kF64, "F64", 8}}};

size_t CheckedByteCount(DType dtype, const std::vector<int64_t>& shape) {
  size_t count = ByteSize(dtype);
  for (const int64_t extent : shape) {
    PLUMB_CHECK(extent >= 0, "extent {}", extent);
    PLUMB_CHECK(!__builtin_mul_overflow(count, static_cast<size_t>(extent), &count),
                "shape overflows");
  }
  return count;
}

}  // namespace

size_t ByteSize(DType dtype) { return kDTypes[static_cast<size_t>(dtype)].byte_size; }

std::string_view DTypeName(DType dtype) { return kDTypes[static_cast<size_t>(dtype)].name; }

DType DTypeFromName(std::string_view name) {
  for (const DTypeRow& row : kDTypes) {
    if (row.name == name) return row.dtype;
  }
  throw CheckFailure(fmt::format("unknown element type '{}'", name));
}

Tensor::Tensor(DType dtype, std::vector<int64_t> shape)
    : dtype_(dtype), shape_(std::move(shape)), bytes_(CheckedByteCount(dtype_, shape_), 0) {}

Tensor::Tensor(DType dtype, std::vector<int64_t> shape, std::vector<uint8_t> bytes)
    : dtype_(dtype), shape_(std::move(shape)), bytes_(std::move(bytes)) {
  PLUMB_CHECK(bytes_.size() == CheckedByteCount(dtype_, shape_),
              "{} bytes for {} elements of {}",
              bytes_.size(),
              num_elements(),
              DTypeName(dtype_));
}

int64_t Tensor::num_elements() const {
  int64_t count = 1;
  for (const int64_t extent : shape_) count *= extent;
  return count;
}

}  // namespace plumb
