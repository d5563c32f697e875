// SPDX-License-Identifier: Apache-2.0
#include <cmath>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "core/check.h"
#include "core/errors.h"
#include "generator/native/configs.h"
#include "generator/native/inspectable_model.h"
#include "generator/native/internal_objective.h"
#include "generator/native/native_model.h"
#include "generator/schedulers/internal_sampler.h"
#include "tests/generator/test_training.h"

namespace plumb {
namespace {

using testing::HasSubstr;

class ObjectiveTest : public testing::Test {
 protected:
  ObjectiveTest() {
    torch::manual_seed(9);
    clean_ = at::randn({1, 2, 3, 2, 2});
    noise_ = at::randn({1, 2, 3, 2, 2});
  }
  static double Largest(const at::Tensor& a, const at::Tensor& b) {
    return (a - b).abs().max().item<double>();
  }
  at::Tensor clean_, noise_;
};

TEST_F(ObjectiveTest, AFlowGoesStraightFromClipToNoise) {
  const Objective flow(ObjectiveScheduler("flow"));
  EXPECT_TRUE(at::equal(flow.Noisy(clean_, noise_, flow.At(0)), clean_));
  EXPECT_LT(Largest(flow.Noisy(clean_, noise_, flow.At(1000)), noise_), 1e-6);
  EXPECT_LT(Largest(flow.Noisy(clean_, noise_, flow.At(250)), 0.75 * clean_ + 0.25 * noise_), 1e-6);
  EXPECT_TRUE(at::equal(flow.Wanted(clean_, noise_, flow.At(250)), noise_ - clean_));
  EXPECT_THROW(flow.At(1000.5), CheckFailure);
  EXPECT_THROW(flow.At(-1), CheckFailure);
}

TEST_F(ObjectiveTest, DiffusionKeepsTheVariance) {
  const Objective diffusion(ObjectiveScheduler("v"));
  // The products of DiT's levels: 1 − 0.0001 first, almost nothing last.
  EXPECT_NEAR(diffusion.At(0).alpha, std::sqrt(1 - 0.0001), 1e-6);
  EXPECT_LT(diffusion.At(999).alpha, 0.01);
  for (const int step : {0, 1, 500, 999}) {
    const ObjectiveLevel level = diffusion.At(step);
    EXPECT_NEAR(level.alpha * level.alpha + level.sigma * level.sigma, 1.0, 1e-6);
    EXPECT_EQ(level.timestep, static_cast<float>(step));
  }
  EXPECT_EQ(diffusion.At(31.9).timestep, 31.0F) << "whole steps alone were trained";
  EXPECT_THROW(diffusion.At(1000), CheckFailure);
}

TEST_F(ObjectiveTest, NoiseAndVAreWhatTheySay) {
  const Objective eps(ObjectiveScheduler("eps")), v(ObjectiveScheduler("v"));
  const ObjectiveLevel level = eps.At(300);
  EXPECT_TRUE(at::equal(eps.Wanted(clean_, noise_, level), noise_));
  const at::Tensor noisy = v.Noisy(clean_, noise_, level);
  // x and v are a rotation of clip and noise.
  const at::Tensor told = v.Wanted(clean_, noise_, level);
  EXPECT_LT(Largest(level.alpha * noisy - level.sigma * told, clean_), 1e-5);
  EXPECT_LT(Largest(level.sigma * noisy + level.alpha * told, noise_), 1e-5);
}

TEST_F(ObjectiveTest, DiffusionDrawsEveryStepEquallyOften) {
  const Objective eps(ObjectiveScheduler("eps"));
  Random random(3);
  int low = 0;
  constexpr int kDraws = 4000;
  for (int i = 0; i < kDraws; ++i) low += eps.Draw(1.0, random).timestep < 250 ? 1 : 0;
  EXPECT_NEAR(low, kDraws / 4, 120);  // four standard deviations are 110
}

// A network that says exactly what training wants of one clip leads every sampler there.
TEST_F(ObjectiveTest, SamplersUndoWhatTrainingDoes) {
  for (const char* name : {"flow", "eps", "v"}) {
    const Objective objective(ObjectiveScheduler(name));
    for (const std::string& sampler : SamplerNames()) {
      if (sampler == "heun" && std::string(name) != "flow") continue;
      SamplerInput input{.noise = noise_,
                         .clean = at::zeros_like(clean_),
                         .known = at::zeros({1, 1, 3, 1, 1}, torch::kBool),
                         .objective = ObjectiveScheduler(name),
                         .sampler = sampler,
                         .step_noise = [](int step) {
                           torch::manual_seed(1000 + step);
                           return at::randn({1, 2, 3, 2, 2});
                         }};
      const Denoiser right = [&](const at::Tensor& x, float timestep, bool) {
        const ObjectiveLevel level = objective.At(timestep);
        return objective.Wanted(clean_, (x - level.alpha * clean_) / level.sigma, level);
      };
      EXPECT_LT(Largest(Sample(input, right, {}), clean_), 5e-3) << name << " " << sampler;
    }
  }
}

class ObjectiveTestOfTraining : public testing::TestWithParam<const char*> {};
INSTANTIATE_TEST_SUITE_P(All, ObjectiveTestOfTraining, testing::Values("eps", "v"));

TEST_P(ObjectiveTestOfTraining, ACheckpointIsTrainedReadAndSampled) {
  const TestFolder scratch;
  TrainOptions options = TestTraining(scratch / "checkpoint");
  options.objective = GetParam();
  options.vae_steps = 10;
  const TrainSummary summary = Train(options, DiscSource({}), {});
  // The noise and v have unit variance: a network that says nothing loses 1.
  EXPECT_NEAR(summary.untrained_flow_loss, 1.0, 0.2);
  EXPECT_LT(summary.flow_loss, 0.8 * summary.untrained_flow_loss);
  const Json record = Json::parse(FileText(options.output / "training_record.json"));
  EXPECT_EQ(record["options"]["objective"], GetParam());

  const Prompt prompt{.cell_id = "disc-100/0",
                      .caption = "A red disc glides to the right.",
                      .conditioning_frames = {DiscClip({}, 100).video.frame(0)},
                      .width = 16,
                      .height = 16,
                      .frames = 9,
                      .fps = 24.0};
  const auto made = [&](const std::string& sampler) {
    return LoadNativeModel(options.output, {.steps = 8, .sampler = sampler})->Generate(prompt, {});
  };
  const std::vector<double> many = LoadInspectableModel(options.output)->EvenTimesteps(1000);
  EXPECT_EQ(many.back(), 999.0) << "no training step is higher";
  const Video euler = made("euler");
  EXPECT_EQ(euler.frame(0), prompt.conditioning_frames[0]);
  EXPECT_FALSE(made("ddim").frame(8) == euler.frame(0));
  try {
    made("heun");
    FAIL();
  } catch (const UsageError& error) {
    EXPECT_THAT(error.what(), HasSubstr("rectified flow"));
  }
  // Another objective is another training.
  options.objective = "flow";
  EXPECT_THROW(Train(options, DiscSource({}), {}), UsageError);
}

}  // namespace
}  // namespace plumb
