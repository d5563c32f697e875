// SPDX-License-Identifier: Apache-2.0
// Arrays that cross rooms (depth, flow, masks, latents, weights): element type, shape, own bytes,
// row-major.
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <string_view>
#include <vector>

#include "core/check.h"

namespace plumb {

// The element types of the safetensors format that Plumb reads and writes.
enum class DType { kBool, kU8, kI8, kI16, kI32, kI64, kF16, kBF16, kF32, kF64 };

size_t ByteSize(DType dtype);
// "F32", "BF16" …: the format's own names. FromName throws CheckFailure on an unknown one.
std::string_view DTypeName(DType dtype);
DType DTypeFromName(std::string_view name);

template <typename T>
constexpr DType DTypeOf();

class Tensor {
 public:
  Tensor() = default;  // an empty F32 vector
  // Zeros. Throws CheckFailure on a negative extent or when the byte count overflows.
  Tensor(DType dtype, std::vector<int64_t> shape);
  // Throws CheckFailure unless `bytes` has exactly the size that type and shape demand.
  Tensor(DType dtype, std::vector<int64_t> shape, std::vector<uint8_t> bytes);

  DType dtype() const { return dtype_; }
  const std::vector<int64_t>& shape() const { return shape_; }
  int64_t extent(int axis) const { return shape_.at(axis); }
  int64_t num_elements() const;
  const std::vector<uint8_t>& bytes() const { return bytes_; }
  std::vector<uint8_t>& bytes() { return bytes_; }

  // The elements in row-major order; throws CheckFailure when T is not the stored type.
  template <typename T>
  std::span<T> As() {
    PLUMB_CHECK(dtype_ == DTypeOf<T>(), "tensor holds {}", DTypeName(dtype_));
    return {reinterpret_cast<T*>(bytes_.data()), static_cast<size_t>(num_elements())};
  }
  template <typename T>
  std::span<const T> As() const {
    PLUMB_CHECK(dtype_ == DTypeOf<T>(), "tensor holds {}", DTypeName(dtype_));
    return {reinterpret_cast<const T*>(bytes_.data()), static_cast<size_t>(num_elements())};
  }

  bool operator==(const Tensor&) const = default;

 private:
  DType dtype_ = DType::kF32;
  std::vector<int64_t> shape_ = {0};
  std::vector<uint8_t> bytes_;
};

template <>
constexpr DType DTypeOf<bool>() {
  return DType::kBool;
}
template <>
constexpr DType DTypeOf<uint8_t>() {
  return DType::kU8;
}
template <>
constexpr DType DTypeOf<int8_t>() {
  return DType::kI8;
}
template <>
constexpr DType DTypeOf<int16_t>() {
  return DType::kI16;
}
template <>
constexpr DType DTypeOf<int32_t>() {
  return DType::kI32;
}
template <>
constexpr DType DTypeOf<int64_t>() {
  return DType::kI64;
}
template <>
constexpr DType DTypeOf<float>() {
  return DType::kF32;
}
template <>
constexpr DType DTypeOf<double>() {
  return DType::kF64;
}

}  // namespace plumb
