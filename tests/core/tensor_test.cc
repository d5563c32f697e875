// SPDX-License-Identifier: Apache-2.0
#include "core/tensor.h"

#include <stdexcept>
#include <utility>

#include <gtest/gtest.h>

namespace plumb {
namespace {

TEST(TensorTest, StartsAsZerosOfItsShape) {
  const Tensor tensor(DType::kF32, {2, 3});
  EXPECT_EQ(tensor.num_elements(), 6);
  EXPECT_EQ(tensor.bytes().size(), 24u);
  for (const float value : tensor.As<float>()) EXPECT_EQ(value, 0.0f);
}

TEST(TensorTest, WrongTypesSizesAndShapesAreRefused) {
  const Tensor tensor(DType::kF32, {2});
  EXPECT_THROW(tensor.As<double>(), CheckFailure);
  EXPECT_THROW(Tensor(DType::kF32, {2}, std::vector<uint8_t>(7)), CheckFailure);
  EXPECT_THROW(Tensor(DType::kF32, {-1}), CheckFailure);
  EXPECT_THROW(Tensor(DType::kF64, {int64_t{1} << 62, 4}), CheckFailure);
}

TEST(TensorTest, ElementTypesKnowNameAndSize) {
  for (const DType dtype : {DType::kBool,
                            DType::kU8,
                            DType::kI8,
                            DType::kI16,
                            DType::kI32,
                            DType::kI64,
                            DType::kF16,
                            DType::kBF16,
                            DType::kF32,
                            DType::kF64}) {
    EXPECT_EQ(DTypeFromName(DTypeName(dtype)), dtype);
  }
  EXPECT_EQ(ByteSize(DType::kBF16), 2u);
  EXPECT_EQ(ByteSize(DType::kF64), 8u);
  EXPECT_THROW(DTypeFromName("Q4"), CheckFailure);
}

TEST(TensorTest, TheDefaultIsAnEmptyVector) {
  const Tensor tensor;
  EXPECT_EQ(tensor.num_elements(), 0);
  EXPECT_EQ(tensor.shape(), std::vector<int64_t>{0});
  EXPECT_TRUE(tensor.As<float>().empty());
}

TEST(TensorTest, AShapeWithoutAxesHoldsOneElement) {
  Tensor scalar(DType::kF64, {});
  ASSERT_EQ(scalar.num_elements(), 1);
  scalar.As<double>()[0] = 2.5;
  EXPECT_EQ(scalar.bytes().size(), 8u);
}

TEST(TensorTest, AnEmptyAxisMakesAnEmptyTensor) {
  const Tensor tensor(DType::kI16, {3, 0, 5});
  EXPECT_EQ(tensor.num_elements(), 0);
  EXPECT_TRUE(tensor.bytes().empty());
  EXPECT_EQ(tensor.extent(2), 5);
  EXPECT_THROW(tensor.extent(3), std::out_of_range);
}

// Row-major: the last axis runs fastest.
TEST(TensorTest, ElementsStandInRowMajorOrder) {
  Tensor tensor(DType::kI32, {2, 3, 4});
  const std::span<int32_t> values = tensor.As<int32_t>();
  for (int i = 0; i < 24; ++i) values[i] = i;
  const std::span<const int32_t> read = std::as_const(tensor).As<int32_t>();
  for (int a = 0; a < 2; ++a) {
    for (int b = 0; b < 3; ++b) {
      for (int c = 0; c < 4; ++c) EXPECT_EQ(read[(a * 3 + b) * 4 + c], 12 * a + 4 * b + c);
    }
  }
}

TEST(TensorTest, EveryTypeIsReadOnlyAsItself) {
  const Tensor bytes(DType::kU8, {4});
  EXPECT_EQ(bytes.As<uint8_t>().size(), 4u);
  EXPECT_THROW(bytes.As<int8_t>(), CheckFailure);
  EXPECT_THROW(bytes.As<bool>(), CheckFailure);
  EXPECT_THROW(Tensor(DType::kBF16, {2}).As<int16_t>(), CheckFailure);
  EXPECT_EQ(DTypeOf<bool>(), DType::kBool);
  EXPECT_EQ(DTypeOf<int64_t>(), DType::kI64);
}

TEST(TensorTest, EqualityLooksAtTypeShapeAndBytes) {
  const Tensor tensor(DType::kU8, {2, 3});
  EXPECT_EQ(tensor, Tensor(DType::kU8, {2, 3}));
  EXPECT_NE(tensor, Tensor(DType::kI8, {2, 3}));
  EXPECT_NE(tensor, Tensor(DType::kU8, {3, 2}));
  Tensor other = tensor;
  other.bytes()[5] = 1;
  EXPECT_NE(tensor, other);
}

TEST(TensorTest, CopiesOwnTheirBytes) {
  Tensor tensor(DType::kF32, {1});
  const Tensor copy = tensor;
  tensor.As<float>()[0] = 3.0f;
  EXPECT_EQ(copy.As<float>()[0], 0.0f);
}

}  // namespace
}  // namespace plumb
