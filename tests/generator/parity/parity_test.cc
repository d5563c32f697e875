// SPDX-License-Identifier: Apache-2.0
#include "generator/parity/parity.h"

#include <cmath>
#include <limits>

#include <gmock/gmock.h>

#include "core/errors.h"
#include "generator/parity/internal_registry.h"
#include "tests/generator/parity/parity_case.h"

namespace plumb {
namespace {

using ::testing::AllOf;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::Property;
using ::testing::ThrowsMessage;

ParityCase Expecting(const NamedTensors& expected, double abs_tol = 0.0, double rel_tol = 0.0) {
  ParityCase parity_case;
  parity_case.call = "forward";
  parity_case.expected = expected;
  parity_case.abs_tol = abs_tol;
  parity_case.rel_tol = rel_tol;
  return parity_case;
}

// The values 3 and 4 have the root mean square √12.5.
const Tensor kThreeFour = FloatTensor({2}, {3, 4});

TEST(ParityTest, TheLargestErrorIsHeldAgainstTheRootMeanSquare) {
  const Tensor actual = FloatTensor({2}, {3.0F, 4.5F});
  const double rms = std::sqrt(12.5);
  // 0.5 ≤ 0.1 + r·√12.5 exactly from r = 0.4 / √12.5 on.
  const auto compared = [&](double rel_tol) {
    return CompareParity(Expecting({{"x", kThreeFour}}, 0.1, rel_tol), {{"x", actual}}).tensors[0];
  };
  const ParityTensor tensor = compared(0.4001 / rms);
  EXPECT_TRUE(tensor.passed);
  EXPECT_EQ(tensor.max_abs_error, 0.5);
  EXPECT_DOUBLE_EQ(tensor.expected_rms, rms);
  EXPECT_DOUBLE_EQ(*tensor.RelativeError(), 0.5 / rms);
  EXPECT_DOUBLE_EQ(tensor.tolerance, 0.5001);
  EXPECT_FALSE(compared(0.3999 / rms).passed);
}

TEST(ParityTest, OneTensorThatFailsFailsTheCase) {
  const ParityCase parity_case = Expecting({{"a", kThreeFour}, {"b", kThreeFour}}, 0.25);
  EXPECT_TRUE(CompareParity(parity_case, {{"a", kThreeFour}, {"b", kThreeFour}}).Passed());
  const ParityResult result =
      CompareParity(parity_case, {{"a", kThreeFour}, {"b", FloatTensor({2}, {3, 5})}});
  EXPECT_FALSE(result.Passed());
  EXPECT_TRUE(result.tensors[0].passed);
  EXPECT_FALSE(result.tensors[1].passed);
}

TEST(ParityTest, WhatIsNotFiniteFails) {
  for (const float value :
       {std::numeric_limits<float>::quiet_NaN(), std::numeric_limits<float>::infinity()}) {
    const ParityTensor tensor =
        CompareParity(Expecting({{"x", kThreeFour}}, 1e9), {{"x", FloatTensor({2}, {3, value})}})
            .tensors[0];
    EXPECT_FALSE(tensor.passed);
    EXPECT_FALSE(tensor.max_abs_error);
    EXPECT_EQ(tensor.problem, "element 1 is not finite");
  }
}

TEST(ParityTest, AnotherShapeOrNoTensorFails) {
  const ParityCase parity_case = Expecting({{"x", kThreeFour}}, 1e9);
  EXPECT_EQ(CompareParity(parity_case, {{"x", FloatTensor({1, 2}, {3, 4})}}).tensors[0].problem,
            "shape [1, 2] instead of [2]");
  const ParityResult absent = CompareParity(parity_case, {{"y", kThreeFour}});
  EXPECT_FALSE(absent.Passed());
  EXPECT_EQ(absent.tensors[0].problem, "is not among the outputs");
}

TEST(ParityTest, IntermediateValuesMayBeSkippedAndAreListed) {
  const ParityCase parity_case = Expecting({{"alphas_cumprod", kThreeFour},
                                            {"latents_after_step.0", kThreeFour},
                                            {"pred_original_sample.0", kThreeFour},
                                            {"prev_sample.0", kThreeFour}});
  const ParityResult result = CompareParity(parity_case, {{"prev_sample.0", kThreeFour}});
  EXPECT_TRUE(result.Passed());
  EXPECT_THAT(result.skipped,
              ElementsAre("alphas_cumprod", "latents_after_step.0", "pred_original_sample.0"));
  // What is there is compared, whether it might have been skipped or not.
  const ParityResult wrong = CompareParity(
      parity_case, {{"prev_sample.0", kThreeFour}, {"alphas_cumprod", FloatTensor({2}, {3, 5})}});
  EXPECT_FALSE(wrong.Passed());
}

TEST(ParityTest, SchedulesMustBeEqualWhateverTheTolerance) {
  ParityCase parity_case = Expecting({{"sigmas", kThreeFour}, {"timesteps", kThreeFour}}, 1.0, 1.0);
  const NamedTensors near = {{"sigmas", FloatTensor({2}, {3, 4.000001F})},
                             {"timesteps", kThreeFour}};
  EXPECT_TRUE(CompareParity(parity_case, near).Passed());
  parity_case.call = "trace";
  EXPECT_FALSE(CompareParity(parity_case, near).tensors[0].passed);
  EXPECT_TRUE(CompareParity(parity_case, near).tensors[1].passed);
}

TEST(ParityTest, IntegersAreComparedAsNumbers) {
  Tensor steps(DType::kI64, {2});
  steps.As<int64_t>()[0] = 3;
  steps.As<int64_t>()[1] = 4;
  EXPECT_TRUE(CompareParity(Expecting({{"x", steps}}), {{"x", kThreeFour}}).Passed());
}

TEST(ParityTest, NothingToCompareIsNoSuccess) {
  EXPECT_THROW(CompareParity(Expecting({}), {{"x", kThreeFour}}), InputError);
  EXPECT_THROW(CompareParity(Expecting({{"alphas_cumprod", kThreeFour}}), {}), InputError);
  EXPECT_FALSE(ParityResult{}.Passed());
}

TEST(ParityTest, AnUnknownComponentSaysWhichThereAre) {
  const TestFolder folder;
  const ParityCase parity_case =
      ReadParityCase(WriteParityCase(folder.path(), PlainCase(), {{"x", kThreeFour}}));
  EXPECT_THAT([&] { ReplayParityCase(parity_case); },
              ThrowsMessage<InputError>(AllOf(HasSubstr("case.json"),
                                              HasSubstr("'NoSuchModel' with call 'forward'"),
                                              HasSubstr("there are: "))));
}

TEST(ParityTest, InputsAndArgumentsAreNamedWhenMissing) {
  ParityCase parity_case;
  parity_case.folder = "some";
  parity_case.args = {{"steps", 3}, {"eta", "high"}, {"nothing", nullptr}};
  EXPECT_EQ(ParityNumber(parity_case, "steps"), 3);
  EXPECT_EQ(ParityNumber(parity_case, "steps", 5), 3);
  EXPECT_EQ(ParityNumber(parity_case, "absent", 5), 5);
  EXPECT_EQ(ParityNumber(parity_case, "nothing", 5), 5);
  for (const char* key : {"eta", "absent"}) {
    EXPECT_THAT([&] { ParityNumber(parity_case, key); },
                ThrowsMessage<InputError>(
                    AllOf(HasSubstr("some/case.json"), HasSubstr(key), HasSubstr("a number"))));
  }
  EXPECT_THAT([&] { ParityInput(parity_case, "sample"); },
              ThrowsMessage<InputError>(
                  AllOf(HasSubstr("some/inputs.safetensors"), HasSubstr("'sample' is missing"))));
}

}  // namespace
}  // namespace plumb
