// SPDX-License-Identifier: Apache-2.0
#include "core/tensor.h"

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

}  // namespace
}  // namespace plumb
