// SPDX-License-Identifier: Apache-2.0
#include "core/finite_scan.h"

#include <algorithm>
#include <cmath>
#include <cstring>
#include <limits>

#include <gtest/gtest.h>

#include "core/seed.h"

namespace plumb {
namespace {

// Numbers of one type with a value among them, as stored bytes.
struct Kind {
  DType dtype;
  uint64_t largest;                  // the largest finite number
  std::vector<uint64_t> not_finite;  // infinity, −infinity, the smallest and the largest NaN
};
const Kind kKinds[] = {
    {DType::kF16, 0x7BFF, {0x7C00, 0xFC00, 0x7C01, 0xFFFF}},
    {DType::kBF16, 0x7F7F, {0x7F80, 0xFF80, 0x7F81, 0xFFFF}},
    {DType::kF32, 0x7F7F'FFFF, {0x7F80'0000, 0xFF80'0000, 0x7F80'0001, 0xFFFF'FFFF}},
    {DType::kF64,
     0x7FEF'FFFF'FFFF'FFFF,
     {0x7FF0'0000'0000'0000, 0xFFF0'0000'0000'0000, 0x7FF0'0000'0000'0001, ~uint64_t{0}}},
};

std::vector<uint8_t> Repeated(const Kind& kind, uint64_t bits, int64_t count) {
  const size_t size = ByteSize(kind.dtype);
  std::vector<uint8_t> bytes(static_cast<size_t>(count) * size);
  for (int64_t i = 0; i < count; ++i) std::memcpy(bytes.data() + i * size, &bits, size);
  return bytes;
}

TEST(FiniteScanTest, TheLargestFiniteNumberIsFinite) {
  for (const Kind& kind : kKinds) {
    const uint64_t sign = uint64_t{1} << (8 * ByteSize(kind.dtype) - 1);
    for (const uint64_t bits : {uint64_t{0}, kind.largest, kind.largest | sign, sign | 1}) {
      EXPECT_EQ(FirstNotFinite(kind.dtype, Repeated(kind, bits, 5000)), std::nullopt)
          << DTypeName(kind.dtype) << " " << bits;
    }
  }
}

// Around the borders of blocks, wherever one stands it is found.
TEST(FiniteScanTest, OneAmongManyIsFoundAtItsPlace) {
  for (const Kind& kind : kKinds) {
    const size_t size = ByteSize(kind.dtype);
    const std::vector<uint8_t> sound = Repeated(kind, kind.largest, 10'001);
    for (const uint64_t bits : kind.not_finite) {
      for (const int64_t place : {0, 1, 2047, 2048, 4095, 4096, 8191, 8192, 9999, 10'000}) {
        std::vector<uint8_t> bytes = sound;
        std::memcpy(bytes.data() + place * size, &bits, size);
        EXPECT_EQ(FirstNotFinite(kind.dtype, bytes), place) << DTypeName(kind.dtype) << " " << bits;
      }
    }
  }
}

TEST(FiniteScanTest, TheFirstOfSeveralIsNamed) {
  std::vector<float> values(9000, 1.0F);
  values[8500] = values[4500] = std::numeric_limits<float>::infinity();
  values[4499] = std::nanf("");
  const auto* bytes = reinterpret_cast<const uint8_t*>(values.data());
  EXPECT_EQ(FirstNotFinite(DType::kF32, {bytes, values.size() * sizeof(float)}), 4499);
}

// Old files begin their data at any byte.
TEST(FiniteScanTest, AnyAddressIsRead) {
  for (const Kind& kind : kKinds) {
    const size_t size = ByteSize(kind.dtype);
    for (size_t shift = 0; shift < 8; ++shift) {
      std::vector<uint8_t> bytes(shift + 3000 * size, 0);
      std::memcpy(bytes.data() + shift + 2999 * size, &kind.not_finite[0], size);
      EXPECT_EQ(FirstNotFinite(kind.dtype, std::span(bytes).subspan(shift)), 2999) << shift;
    }
  }
}

// What the library says of random bits.
TEST(FiniteScanTest, AgreesWithIsfinite) {
  Random random(5);
  for (int trial = 0; trial < 200; ++trial) {
    std::vector<float> values(3000);
    for (float& value : values) {
      auto bits = static_cast<uint32_t>(random.NextBits());
      // Mostly finite, so that the first that is not stands anywhere.
      if (random.Index(3000) > 0) bits &= ~uint32_t{0x0080'0000};
      std::memcpy(&value, &bits, sizeof value);
    }
    const auto found = std::find_if(
        values.begin(), values.end(), [](float value) { return !std::isfinite(value); });
    const std::optional<int64_t> expected =
        found == values.end() ? std::nullopt : std::optional<int64_t>(found - values.begin());
    const auto* bytes = reinterpret_cast<const uint8_t*>(values.data());
    ASSERT_EQ(FirstNotFinite(DType::kF32, {bytes, values.size() * sizeof(float)}), expected);
  }
}

TEST(FiniteScanTest, WholeNumbersAreFinite) {
  const std::vector<uint8_t> ones(8000, 0xFF);
  for (const DType dtype :
       {DType::kBool, DType::kU8, DType::kI8, DType::kI16, DType::kI32, DType::kI64}) {
    EXPECT_EQ(FirstNotFinite(dtype, ones), std::nullopt) << DTypeName(dtype);
  }
  EXPECT_EQ(FirstNotFinite(DType::kF32, {}), std::nullopt);
}

TEST(FiniteScanTest, HalfAnElementIsAMistake) {
  const std::vector<uint8_t> bytes(7, 0);
  EXPECT_THROW(FirstNotFinite(DType::kF32, bytes), CheckFailure);
}

}  // namespace
}  // namespace plumb
