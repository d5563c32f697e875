// SPDX-License-Identifier: Apache-2.0
#include <functional>
#include <set>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "core/errors.h"
#include "tests/generator/schedulers/trace_case.h"

namespace plumb {
namespace {

using testing::AllOf;
using testing::HasSubstr;

TEST(TraceTest, EveryCaseIsReplayed) {
  const std::vector<std::filesystem::path> folders = TraceFolders();
  ASSERT_GE(folders.size(), 90U);
  for (const std::filesystem::path& folder : folders) {
    const ParityResult result = ReplayParityCase(ReadParityCase(folder));
    for (const ParityTensor& tensor : result.tensors) {
      EXPECT_TRUE(tensor.passed) << folder.filename() << " " << tensor.name << ": "
                                 << tensor.max_abs_error.value_or(-1) << " of " << tensor.tolerance
                                 << " " << tensor.problem;
    }
    for (const std::string& name : result.skipped) {
      EXPECT_TRUE(name.starts_with("pred_original_sample.")) << folder.filename() << " " << name;
    }
  }
}

TEST(TraceTest, CasesCoverTheClasses) {
  std::set<std::string> classes;
  for (const std::filesystem::path& folder : TraceFolders()) {
    classes.insert(ReadParityCase(folder).component);
  }
  const std::vector<std::string> known = SchedulerClasses();
  EXPECT_EQ(classes, std::set<std::string>(known.begin(), known.end()));
}

std::string Complaint(const std::function<void(ParityCase&)>& spoil) {
  ParityCase parity_case = CommittedTrace("ddim-cosine-eta").parity;
  spoil(parity_case);
  try {
    ReplayParityCase(parity_case);
  } catch (const InputError& error) {
    return error.what();
  }
  return "";
}

TEST(TraceTest, MissingAndMisshapenTensorsAreNamed) {
  EXPECT_EQ(Complaint([](ParityCase&) {}), "");
  for (const std::string name : {"sample", "model_output.3", "noise.1"}) {
    EXPECT_THAT(Complaint([&](ParityCase& parity_case) { parity_case.inputs.erase(name); }),
                AllOf(HasSubstr("inputs.safetensors"), HasSubstr("'" + name + "' is missing")));
  }
  EXPECT_THAT(Complaint([](ParityCase& parity_case) {
                parity_case.inputs["model_output.2"] = Tensor(DType::kF32, {2, 3, 3, 1});
              }),
              AllOf(HasSubstr("'model_output.2' has the shape [2, 3, 3, 1]"),
                    HasSubstr("expected floating point [2, 3, 3, 2]")));
  EXPECT_THAT(Complaint([](ParityCase& parity_case) {
                parity_case.inputs["sample"] = Tensor(DType::kI64, {2, 3});
              }),
              HasSubstr("expected floating point"));
  EXPECT_THAT(Complaint([](ParityCase& parity_case) {
                parity_case.inputs["sample"] = Tensor(DType::kF32, {2});
              }),
              HasSubstr("must be [B, C, …]"));
}

TEST(TraceTest, ArgumentsAreNamed) {
  const auto with = [](const std::string& key, const Json& value) {
    return Complaint([&](ParityCase& parity_case) { parity_case.args[key] = value; });
  };
  EXPECT_THAT(with("etta", 0.5), AllOf(HasSubstr("case.json"), HasSubstr("'etta'")));
  EXPECT_THAT(with("eta", "much"), AllOf(HasSubstr("'eta'"), HasSubstr("expected a number")));
  EXPECT_THAT(with("sigmas", {0.5, 0.25}), HasSubstr("sigmas: DDIMScheduler does not take it"));
  EXPECT_THAT(with("mu", 1.0), HasSubstr("mu: DDIMScheduler does not take it"));
  EXPECT_THAT(with("s_churn", 1.0), HasSubstr("s_churn: DDIMScheduler does not take it"));
  EXPECT_THAT(with("num_inference_steps", 0), HasSubstr("num_inference_steps: expected 1 or more"));
  EXPECT_THAT(with("num_inference_steps", 1001), HasSubstr("expected 1 to 1000"));
}

TEST(TraceTest, TheClassMustBeTheComponent) {
  EXPECT_THAT(
      Complaint([](ParityCase& parity_case) { parity_case.component = "DDPMScheduler"; }),
      AllOf(HasSubstr("scheduler_config.json"), HasSubstr("DDPMScheduler, found DDIMScheduler")));
}

}  // namespace
}  // namespace plumb
