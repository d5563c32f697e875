// SPDX-License-Identifier: Apache-2.0
#include "core/finite_scan.h"

#include <bit>
#include <cstring>

namespace plumb {
namespace {

static_assert(std::endian::native == std::endian::little, "stored numbers are little-endian");

template <typename Word>
bool IsNotFinite(const uint8_t* at, Word exponent) {
  Word word;
  std::memcpy(&word, at, sizeof word);
  return (word & exponent) == exponent;
}

// All bits set when one of the elements is not finite. The length is a constant and nothing leaves
// the loop early, so that compilers make vector instructions of it.
constexpr size_t kBlock = 2048;
template <typename Word>
Word AnyNotFinite(const uint8_t* block, Word exponent) {
  Word any = 0;
  for (size_t i = 0; i < kBlock; ++i) {
    any |= IsNotFinite(block + i * sizeof(Word), exponent) ? static_cast<Word>(~Word{0}) : Word{0};
  }
  return any;
}

template <typename Word>
std::optional<int64_t> FirstWithExponent(std::span<const uint8_t> bytes, Word exponent) {
  const size_t count = bytes.size() / sizeof(Word);
  size_t begin = 0;
  while (begin + kBlock <= count &&
         AnyNotFinite(bytes.data() + begin * sizeof(Word), exponent) == 0) {
    begin += kBlock;
  }
  for (size_t i = begin; i < count; ++i) {
    if (IsNotFinite(bytes.data() + i * sizeof(Word), exponent)) return static_cast<int64_t>(i);
  }
  return std::nullopt;
}

}  // namespace

std::optional<int64_t> FirstNotFinite(DType dtype, std::span<const uint8_t> bytes) {
  PLUMB_CHECK(bytes.size() % ByteSize(dtype) == 0,
              "{} bytes are no whole elements of {}",
              bytes.size(),
              DTypeName(dtype));
  switch (dtype) {
    case DType::kF16:
      return FirstWithExponent<uint16_t>(bytes, 0x7C00);
    case DType::kBF16:
      return FirstWithExponent<uint16_t>(bytes, 0x7F80);
    case DType::kF32:
      return FirstWithExponent<uint32_t>(bytes, 0x7F80'0000);
    case DType::kF64:
      return FirstWithExponent<uint64_t>(bytes, 0x7FF0'0000'0000'0000);
    default:
      return std::nullopt;
  }
}

}  // namespace plumb
