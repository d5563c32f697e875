// SPDX-License-Identifier: Apache-2.0
#include <cmath>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "core/errors.h"
#include "generator/weights/internal_weights.h"
#include "tests/test_folder.h"

namespace plumb {
namespace {

using testing::AllOf;
using testing::HasSubstr;
using testing::Not;

// Two linear layers: names as a checkpoint has them, "0.weight" and so on.
torch::nn::Sequential SmallModule() {
  return torch::nn::Sequential(torch::nn::Linear(3, 2), torch::nn::Linear(2, 1));
}

std::string Complaint(const Safetensors& weights) {
  torch::nn::Sequential module = SmallModule();
  try {
    LoadWeights(*module, weights, "some/file.safetensors");
  } catch (const InputError& error) {
    EXPECT_EQ(error.exit_code(), ExitCode::kInputRejected);
    return error.what();
  }
  return "";
}

class WeightsTest : public testing::Test {
 protected:
  WeightsTest() { torch::manual_seed(1); }
  Safetensors weights_ = ModuleWeights(*SmallModule(), at::kFloat);
};

TEST_F(WeightsTest, EveryElementTypeSurvives) {
  for (const at::ScalarType type : {at::kBool,
                                    at::kByte,
                                    at::kChar,
                                    at::kShort,
                                    at::kInt,
                                    at::kLong,
                                    at::kHalf,
                                    at::kBFloat16,
                                    at::kFloat,
                                    at::kDouble}) {
    const at::Tensor tensor = (at::rand({2, 3}) * 9).to(type);
    const at::Tensor back = ToTorch(FromTorch(tensor));
    EXPECT_EQ(back.scalar_type(), type);
    EXPECT_TRUE(at::equal(back, tensor));
  }
}

TEST_F(WeightsTest, ViewsAreStoredDense) {
  const at::Tensor transposed = at::rand({2, 3}).t();
  EXPECT_TRUE(at::equal(ToTorch(FromTorch(transposed)), transposed));
}

TEST_F(WeightsTest, LoadingGivesTheSameOutputs) {
  torch::nn::Sequential a = SmallModule();
  torch::nn::Sequential b = SmallModule();
  const at::Tensor x = at::rand({4, 3});
  EXPECT_FALSE(at::equal(a->forward(x), b->forward(x)));
  LoadWeights(*b, ModuleWeights(*a, at::kFloat), "memory");
  EXPECT_TRUE(at::equal(a->forward(x), b->forward(x)));
}

TEST_F(WeightsTest, Bfloat16IsReadAsItIs) {
  torch::nn::Sequential module = SmallModule();
  LoadWeights(*module, ModuleWeights(*SmallModule(), at::kBFloat16), "memory");
  const at::Tensor weight = module->parameters()[0];
  EXPECT_EQ(weight.scalar_type(), at::kFloat);
  EXPECT_TRUE(at::equal(weight, weight.to(at::kBFloat16).to(at::kFloat)));
}

TEST_F(WeightsTest, MissingTensorIsNamed) {
  weights_.tensors.erase("1.weight");
  EXPECT_THAT(Complaint(weights_),
              AllOf(HasSubstr("some/file.safetensors"),
                    HasSubstr("'1.weight'"),
                    HasSubstr("[1, 2]"),
                    HasSubstr("missing")));
}

TEST_F(WeightsTest, AllComplaintsAtOnce) {
  weights_.tensors.erase("1.weight");
  weights_.tensors.erase("0.bias");
  weights_.tensors.emplace("2.weight", Tensor(DType::kF32, {1}));
  EXPECT_THAT(Complaint(weights_),
              AllOf(HasSubstr("'0.bias'"), HasSubstr("'1.weight'"), HasSubstr("'2.weight'")));
}

TEST_F(WeightsTest, OtherShapeIsNamedWithBoth) {
  weights_.tensors.insert_or_assign("0.weight", Tensor(DType::kF32, {3, 2}));
  EXPECT_THAT(Complaint(weights_), AllOf(HasSubstr("[3, 2]"), HasSubstr("[2, 3]")));
}

TEST_F(WeightsTest, ValuesThatAreNotFiniteAreNamed) {
  weights_.tensors.at("1.bias").As<float>()[0] = std::nanf("");
  EXPECT_THAT(Complaint(weights_),
              AllOf(HasSubstr("'1.bias'"), HasSubstr("not finite"), Not(HasSubstr("'1.weight'"))));
}

TEST_F(WeightsTest, WholeNumbersAreNoWeights) {
  weights_.tensors.insert_or_assign("1.bias", Tensor(DType::kI32, {1}));
  EXPECT_THAT(Complaint(weights_), HasSubstr("I32"));
}

TEST_F(WeightsTest, ARejectedFileChangesNothing) {
  torch::nn::Sequential module = SmallModule();
  const at::Tensor before = module->parameters()[0].clone();
  weights_.tensors.erase("1.bias");
  EXPECT_THROW(LoadWeights(*module, weights_, "memory"), InputError);
  EXPECT_TRUE(at::equal(module->parameters()[0], before));
}

TEST_F(WeightsTest, CountsEveryParameter) { EXPECT_EQ(CountParameters(*SmallModule()), 11); }

TEST_F(WeightsTest, DigestIsSha256) {
  const TestFolder folder;
  WriteText(folder / "file", "abc");
  // FIPS 180-2, appendix B.1.
  EXPECT_EQ(FileDigest(folder / "file"),
            "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
  EXPECT_THROW(FileDigest(folder / "absent"), InputError);
  EXPECT_THROW(FileDigest(folder.path()), InputError) << "opens, and can't be read";
}

}  // namespace
}  // namespace plumb
