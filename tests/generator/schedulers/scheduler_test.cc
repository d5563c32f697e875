// SPDX-License-Identifier: Apache-2.0
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "core/check.h"
#include "core/errors.h"
#include "generator/weights/internal_weights.h"
#include "tests/generator/schedulers/trace_case.h"

namespace plumb {
namespace {

class SchedulerTest : public testing::Test {
 protected:
  static std::unique_ptr<Scheduler> Make(const TraceCase& trace) {
    return MakeScheduler(OptionsOf(trace), TraceRun(trace.parity));
  }
  static at::Tensor Step(const TraceCase& trace, Scheduler& scheduler, const at::Tensor& sample) {
    const std::string index = std::to_string(scheduler.step());
    StepInput input = {ToTorch(trace.parity.inputs.at("model_output." + index)), sample, {}};
    if (scheduler.WantsNoise()) input.noise = ToTorch(trace.parity.inputs.at("noise." + index));
    return scheduler.Step(input);
  }
};

// A trajectory cut anywhere and gone on with in another scheduler gives the same bytes.
TEST_F(SchedulerTest, GoesOnFromAnyState) {
  for (const std::string name : {"ddim-cosine-eta",
                                 "ddpm-learned-range",
                                 "dpm-order3",
                                 "dpm-sde-3-midpoint",
                                 "unipc-order3",
                                 "unipc-wan-shift3",
                                 "euler-churn",
                                 "flow-stochastic",
                                 "flow-heun",
                                 "cogvideox-dpm-2b",
                                 "cogvideox-ddim-2b"}) {
    SCOPED_TRACE(name);
    const TraceCase trace = CommittedTrace(name);
    const auto whole = Make(trace);
    std::vector<std::pair<SchedulerState, at::Tensor>> stops;
    at::Tensor sample = ToTorch(trace.parity.inputs.at("sample"));
    while (!whole->Done()) {
      stops.emplace_back(whole->state(), sample);
      sample = Step(trace, *whole, sample);
    }
    for (const auto& [state, at_stop] : stops) {
      const auto resumed = Make(trace);
      SchedulerState needed = {.step = state.step, .history = {}};
      for (const std::string& key : resumed->HistoryNames(state.step)) {
        needed.history[key] = state.history.at(key).clone();
      }
      resumed->Restore(needed);
      at::Tensor again = at_stop;
      while (!resumed->Done()) again = Step(trace, *resumed, again);
      EXPECT_TRUE(at::equal(again, sample)) << "stopped after " << state.step;
    }
  }
}

TEST_F(SchedulerTest, BrokenStatesAreBrokenAssumptions) {
  const auto scheduler = Make(CommittedTrace("unipc-order3"));
  EXPECT_THROW(scheduler->Restore({.step = -1, .history = {}}), CheckFailure);
  EXPECT_THROW(scheduler->Restore({.step = 8, .history = {}}), CheckFailure);
  EXPECT_THROW(scheduler->Restore({.step = 2, .history = {}}), CheckFailure);
  scheduler->Restore({.step = 0, .history = {}});
}

TEST_F(SchedulerTest, NoStepAfterTheLastAndNoneWithoutNoise) {
  const TraceCase trace = CommittedTrace("flow-stochastic");
  const auto scheduler = Make(trace);
  at::Tensor sample = ToTorch(trace.parity.inputs.at("sample"));
  EXPECT_THROW(scheduler->Step({sample, sample, {}}), CheckFailure) << "noise is missing";
  while (!scheduler->Done()) sample = Step(trace, *scheduler, sample);
  EXPECT_THROW(scheduler->Step({sample, sample, sample}), CheckFailure);
}

TEST_F(SchedulerTest, InputsAreNotWrittenTo) {
  for (const std::string name : {"ddim-eps", "dpm-order3", "unipc-order3", "flow-heun"}) {
    const TraceCase trace = CommittedTrace(name);
    const auto scheduler = Make(trace);
    const at::Tensor start = ToTorch(trace.parity.inputs.at("sample")), kept = start.clone();
    at::Tensor sample = start;
    std::vector<std::pair<at::Tensor, at::Tensor>> passed;
    while (!scheduler->Done()) {
      sample = Step(trace, *scheduler, sample);
      passed.emplace_back(sample, sample.clone());
    }
    EXPECT_TRUE(at::equal(start, kept)) << name;
    for (const auto& [value, copy] : passed) EXPECT_TRUE(at::equal(value, copy)) << name;
  }
}

// Doubling all of it doubles every sample: no scheduler without limits has a scale of its own.
TEST_F(SchedulerTest, StepsAreLinear) {
  for (const std::filesystem::path& folder : TraceFolders()) {
    TraceCase trace = ReadTraceCase(folder);
    const bool limits =
        trace.config.value("clip_sample", false) || trace.config.value("thresholding", false) ||
        trace.config.value("variance_type", Json()).dump().find("learned") != std::string::npos;
    if (limits && trace.config["_class_name"].dump().find("CogVideoX") == std::string::npos)
      continue;
    const auto once = Replay(trace);
    for (auto& [name, tensor] : trace.parity.inputs) {
      for (float& value : tensor.As<float>()) value *= 2;
    }
    const auto twice = Replay(trace);
    for (const auto& [name, tensor] : once) {
      if (name.rfind("prev_sample", 0) != 0) continue;
      const auto expected = tensor.As<float>(), actual = twice.at(name).As<float>();
      for (size_t i = 0; i < expected.size(); ++i) {
        ASSERT_EQ(actual[i], 2 * expected[i]) << folder << " " << name;
      }
    }
  }
}

TEST_F(SchedulerTest, EulerScalesNoiseAndInput) {
  // Leading spacing: the highest level is not the noisiest, and its unit share counts.
  const auto svd = Make(CommittedTrace("euler-svd"));
  EXPECT_NEAR(svd->InitialNoiseScale(), std::sqrt(700.0 * 700.0 + 1), 1e-2);
  const at::Tensor sample = at::full({1, 1}, 3.0F);
  EXPECT_NEAR(svd->ModelInput(sample).item<float>(), 3.0 / std::sqrt(700.0 * 700.0 + 1), 1e-6);
  const auto eps = Make(CommittedTrace("euler-eps"));
  EXPECT_NEAR(eps->InitialNoiseScale(), eps->sigmas().front(), 1e-6);
  EXPECT_EQ(Make(CommittedTrace("flow-plain"))->InitialNoiseScale(), 1.0);
}

TEST_F(SchedulerTest, TrailingStepsBelowZeroAreRefused) {
  SchedulerOptions options = DefaultSchedulerOptions("DDIMScheduler");
  options.timestep_spacing = "trailing";
  EXPECT_EQ(MakeScheduler(options, {.steps = 60})->num_steps(), 60);
  // Diffusers would step to training step −1, and take it for the last one.
  EXPECT_THROW(MakeScheduler(options, {.steps = 61}), UsageError);
  options.timestep_spacing = "leading";
  options.steps_offset = 500;
  EXPECT_THROW(MakeScheduler(options, {.steps = 10}), UsageError);
}

TEST_F(SchedulerTest, UnknownClassesAreNamed) {
  SchedulerOptions options = DefaultSchedulerOptions("DDIMScheduler");
  options.class_name = "LMSDiscreteScheduler";
  try {
    MakeScheduler(options, {.steps = 3});
    FAIL();
  } catch (const UsageError& error) {
    EXPECT_THAT(error.what(), testing::HasSubstr("'LMSDiscreteScheduler' is unknown"));
  }
  options = DefaultSchedulerOptions("FlowMatchEulerDiscreteScheduler");
  options.use_dynamic_shifting = true;
  EXPECT_THROW(MakeScheduler(options, {.steps = 3}), UsageError) << "mu is missing";
  EXPECT_THROW(MakeScheduler(options, {.steps = 3, .sigmas = {1, 0.5}, .mu = 1}), UsageError);
}

}  // namespace
}  // namespace plumb
