// SPDX-License-Identifier: Apache-2.0
#include "generator/schedulers/scheduler_options.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "core/errors.h"
#include "tests/test_folder.h"

namespace plumb {
namespace {

using testing::AllOf;
using testing::HasSubstr;

class SchedulerOptionsTest : public testing::Test {
 protected:
  SchedulerOptions Read(const std::string& text) {
    WriteText(folder_ / "scheduler_config.json", text);
    return ReadSchedulerOptions(folder_ / "scheduler_config.json");
  }
  SchedulerOptions Read(const std::string& class_name, Json keys) {
    keys["_class_name"] = class_name;
    return Read(keys.dump());
  }
  // What is said of one key, with others that make sense of it.
  std::string Complaint(const std::string& class_name, Json keys) {
    try {
      Read(class_name, std::move(keys));
    } catch (const InputError& error) {
      return error.what();
    }
    return "";
  }

  TestFolder folder_;
};

TEST_F(SchedulerOptionsTest, DefaultsAreTheClasses) {
  for (const std::string& name : SchedulerClasses()) {
    const SchedulerOptions read = Read(name, Json::object());
    const SchedulerOptions defaults = DefaultSchedulerOptions(name);
    EXPECT_EQ(read.class_name, name);
    EXPECT_EQ(read.timestep_spacing, defaults.timestep_spacing);
    EXPECT_EQ(read.clip_sample, defaults.clip_sample);
    EXPECT_EQ(read.prediction, defaults.prediction);
    EXPECT_EQ(read.solver_type, defaults.solver_type);
    EXPECT_EQ(read.beta_end, defaults.beta_end);
  }
  EXPECT_TRUE(DefaultSchedulerOptions("DDIMScheduler").clip_sample);
  EXPECT_EQ(DefaultSchedulerOptions("DDPMScheduler").timestep_spacing, "leading");
  EXPECT_EQ(DefaultSchedulerOptions("UniPCMultistepScheduler").solver_type, "bh2");
  EXPECT_EQ(DefaultSchedulerOptions("CogVideoXDPMScheduler").beta_schedule, "scaled_linear");
  EXPECT_EQ(DefaultSchedulerOptions("FlowMatchHeunDiscreteScheduler").prediction,
            Prediction::kFlow);
}

// The files of released checkpoints carry keys of classes that they were converted from.
TEST_F(SchedulerOptionsTest, ReleasedFilesAreRead) {
  const SchedulerOptions svd = Read(R"({
    "_class_name": "EulerDiscreteScheduler", "_diffusers_version": "0.24.0.dev0",
    "beta_end": 0.012, "beta_schedule": "scaled_linear", "beta_start": 0.00085,
    "clip_sample": false, "interpolation_type": "linear", "num_train_timesteps": 1000,
    "prediction_type": "v_prediction", "set_alpha_to_one": false, "sigma_max": 700.0,
    "sigma_min": 0.002, "skip_prk_steps": true, "steps_offset": 1,
    "timestep_spacing": "leading", "timestep_type": "continuous", "trained_betas": null,
    "use_karras_sigmas": true})");
  EXPECT_EQ(svd.prediction, Prediction::kVelocity);
  EXPECT_EQ(svd.sigma_max, 700.0);
  EXPECT_EQ(svd.timestep_type, "continuous");

  const SchedulerOptions solver = Read(R"({"_class_name": "DPMSolverMultistepScheduler",
    "lambda_min_clipped": -Infinity, "solver_type": "bh2", "algorithm_type": "deis"})");
  EXPECT_LT(solver.lambda_min_clipped, -1e300);
  EXPECT_EQ(solver.solver_type, "midpoint");
  EXPECT_EQ(solver.algorithm_type, "dpmsolver++");

  const SchedulerOptions wan = Read(R"({"_class_name": "UniPCMultistepScheduler",
    "prediction_type": "flow_prediction", "use_flow_sigmas": true, "flow_shift": 3.0,
    "solver_p": null, "disable_corrector": [0], "solver_type": "heun"})");
  EXPECT_EQ(wan.prediction, Prediction::kFlow);
  EXPECT_EQ(wan.shift, 3.0);
  EXPECT_EQ(wan.solver_type, "bh2");
  EXPECT_EQ(wan.disable_corrector, (std::vector<int64_t>{0}));
}

TEST_F(SchedulerOptionsTest, UnsupportedValuesNameFileKeyAndWhatIsSupported) {
  EXPECT_THAT(Complaint("DDIMScheduler", {{"beta_schedule", "sigmoid"}}),
              AllOf(HasSubstr("scheduler_config.json:1"),
                    HasSubstr("'beta_schedule'"),
                    HasSubstr("'sigmoid' is not supported"),
                    HasSubstr("squaredcos_cap_v2")));
  EXPECT_THAT(Complaint("DDPMScheduler", {{"variance_type", "fixed_large_log"}}),
              AllOf(HasSubstr("variance_type"), HasSubstr("learned_range")));
  EXPECT_THAT(Complaint("DDIMScheduler", {{"prediction_type", "flow_prediction"}}),
              AllOf(HasSubstr("prediction_type"), HasSubstr("epsilon, sample, v_prediction")));
  EXPECT_THAT(Complaint("EulerDiscreteScheduler", {{"timestep_spacing", "log"}}),
              HasSubstr("linspace, leading, trailing"));
  EXPECT_THAT(Complaint("PNDMScheduler", Json::object()),
              AllOf(HasSubstr("PNDMScheduler"), HasSubstr("UniPCMultistepScheduler")));
  EXPECT_THAT(Complaint("DDIMScheduler", {{"clip_sampel", true}}),
              AllOf(HasSubstr("clip_sampel"), HasSubstr("clip_sample")));
  EXPECT_THAT(Complaint("DDIMScheduler", {{"num_train_timesteps", 1}}), HasSubstr("expected 2 to"));
  EXPECT_THAT(Complaint("DDIMScheduler", {{"beta_end", 1.5}}), HasSubstr("below 1"));
  EXPECT_THAT(Complaint("DDIMScheduler", {{"trained_betas", {0.1, 0.2}}}),
              HasSubstr("expected 1000 numbers"));
  EXPECT_THAT(Complaint("UniPCMultistepScheduler", {{"solver_order", 4}}), HasSubstr("1, 2 or 3"));
  EXPECT_THAT(Complaint("UniPCMultistepScheduler", {{"solver_p", "DDIM"}}), HasSubstr("solver_p"));
  EXPECT_THAT(Complaint("DPMSolverMultistepScheduler", {{"variance_type", "learned_range"}}),
              HasSubstr("expected null"));
  EXPECT_THAT(Complaint("FlowMatchEulerDiscreteScheduler", {{"shift", 0}}),
              HasSubstr("expected a positive number"));
}

// What Diffusers refuses, and what it lets end in values that are not finite or mean nothing.
TEST_F(SchedulerOptionsTest, SenselessCombinationsAreRefused) {
  const std::string dpm = "DPMSolverMultistepScheduler", unipc = "UniPCMultistepScheduler";
  EXPECT_THAT(Complaint(dpm, {{"algorithm_type", "dpmsolver"}}), HasSubstr("final_sigmas_type"));
  EXPECT_THAT(Complaint(dpm,
                        {{"algorithm_type", "sde-dpmsolver"},
                         {"solver_order", 3},
                         {"final_sigmas_type", "sigma_min"}}),
              HasSubstr("orders 1 and 2"));
  EXPECT_THAT(Complaint(dpm, {{"use_karras_sigmas", true}, {"use_beta_sigmas", true}}),
              HasSubstr("at most one"));
  EXPECT_THAT(Complaint(dpm, {{"use_flow_sigmas", true}, {"use_karras_sigmas", true}}),
              HasSubstr("use_flow_sigmas"));
  EXPECT_THAT(Complaint(dpm, {{"prediction_type", "flow_prediction"}}),
              HasSubstr("needs use_flow_sigmas"));
  EXPECT_THAT(Complaint(unipc, {{"solver_type", "bh1"}}), HasSubstr("final_sigmas_type"));
  EXPECT_THAT(Complaint(unipc, {{"lower_order_final", false}}), HasSubstr("lower_order_final"));
  EXPECT_THAT(Complaint(unipc, {{"predict_x0", false}}), HasSubstr("final_sigmas_type"));
  EXPECT_THAT(Complaint(unipc, {{"shift_terminal", 0.1}}), HasSubstr("needs use_flow_sigmas"));
  EXPECT_THAT(Complaint(unipc, {{"use_flow_sigmas", true}, {"use_beta_sigmas", true}}),
              HasSubstr("use_flow_sigmas"));
}

TEST_F(SchedulerOptionsTest, BrokenFilesAreInputErrors) {
  EXPECT_THROW(ReadSchedulerOptions(folder_ / "absent.json"), InputError);
  EXPECT_THROW(Read("{"), InputError);
  EXPECT_THROW(Read("[1]"), InputError);
  EXPECT_THROW(Read(R"({"beta_start": 0.1})"), InputError);
  EXPECT_THROW(Read(R"({"_class_name": "DDIMScheduler", "clip_sample": 1})"), InputError);
}

}  // namespace
}  // namespace plumb
