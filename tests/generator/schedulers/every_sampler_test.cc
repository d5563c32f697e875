// SPDX-License-Identifier: Apache-2.0
// What holds of every sampler, with every objective it goes with.
#include <cmath>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "core/check.h"
#include "core/errors.h"
#include "generator/schedulers/internal_respaced.h"
#include "generator/schedulers/internal_sampler.h"
#include "tests/test_folder.h"

namespace plumb {
namespace {

using testing::AllOf;
using testing::HasSubstr;

constexpr const char* kFlow = "FlowMatchEulerDiscreteScheduler";

SamplerInput PlainInput(const std::string& sampler, const std::string& objective = kFlow) {
  torch::manual_seed(4);
  SamplerInput input;
  input.noise = at::randn({1, 2, 3, 2, 2});
  input.clean = at::randn({1, 2, 3, 2, 2});
  input.known = at::zeros({1, 1, 3, 1, 1}, torch::kBool);
  input.objective = DefaultSchedulerOptions(objective);
  input.sampler = sampler;
  input.steps = 10;
  input.step_noise = [](int step) {
    torch::manual_seed(1000 + step);
    return at::randn({1, 2, 3, 2, 2});
  };
  return input;
}

// The clip's and the noise's part of what the network is shown at a timestep.
std::pair<double, double> Parts(const SamplerInput& input, float timestep) {
  if (input.objective.class_name == kFlow) return {1 - timestep / 1000.0, timestep / 1000.0};
  const auto scheduler = SamplerScheduler(input);
  const double product = scheduler->alphas_cumprod().at(static_cast<size_t>(timestep));
  return {std::sqrt(product), std::sqrt(1 - product)};
}

// A network that knows that every clip is `target`, and says so in the objective's way.
Denoiser TowardsPoint(const SamplerInput& input, const at::Tensor& target) {
  return [input, target](const at::Tensor& x, float timestep, bool) {
    const auto [alpha, sigma] = Parts(input, timestep);
    const at::Tensor noise = (x - alpha * target) / sigma;
    switch (input.objective.prediction) {
      case Prediction::kNoise:
        return noise;
      case Prediction::kClean:
        return target.clone();
      case Prediction::kVelocity:
        return alpha * noise - sigma * target;
      case Prediction::kFlow:
        return noise - target;
    }
    return at::Tensor();
  };
}

double Largest(const at::Tensor& a, const at::Tensor& b) {
  return (a - b).abs().max().item<double>();
}

class EverySamplerTest : public testing::TestWithParam<std::string> {};
INSTANTIATE_TEST_SUITE_P(All,
                         EverySamplerTest,
                         testing::ValuesIn(SamplerNames()),
                         [](const auto& info) {
                           std::string name = info.param;
                           std::erase(name, '+');
                           return name;
                         });

TEST_P(EverySamplerTest, APointIsReachedAlongARectifiedFlow) {
  for (const double shift : {1.0, 3.0}) {
    for (const int steps : {1, 2, 7, 20}) {
      SamplerInput input = PlainInput(GetParam());
      input.shift = shift;
      input.steps = steps;
      const at::Tensor target = 0.5 + at::rand_like(input.noise);
      EXPECT_LT(Largest(Sample(input, TowardsPoint(input, target), {}), target), 1e-4)
          << steps << " steps, shift " << shift;
    }
  }
}

TEST_P(EverySamplerTest, APointIsReachedFromTrainingStepsInEveryPrediction) {
  if (GetParam() == "heun") GTEST_SKIP() << "rectified flow only";
  for (const Prediction prediction :
       {Prediction::kNoise, Prediction::kClean, Prediction::kVelocity}) {
    SamplerInput input = PlainInput(GetParam(), "DDPMScheduler");
    input.objective.prediction = prediction;
    input.objective.timestep_spacing = "trailing";
    const at::Tensor target = 0.5 + at::rand_like(input.noise);
    EXPECT_LT(Largest(Sample(input, TowardsPoint(input, target), {}), target), 2e-3)
        << static_cast<int>(prediction);
  }
}

TEST_P(EverySamplerTest, KnownPlacesAreSeenAndKept) {
  for (const char* objective : {kFlow, "DDPMScheduler"}) {
    if (GetParam() == "heun" && objective != kFlow) continue;
    SamplerInput input = PlainInput(GetParam(), objective);
    input.known.narrow(2, 0, 1).fill_(true);
    int asked = 0;
    const at::Tensor out =
        Sample(input,
               [&](const at::Tensor& x, float, bool) {
                 ++asked;
                 EXPECT_TRUE(at::equal(x.narrow(2, 0, 1), input.clean.narrow(2, 0, 1)));
                 return 0.3 * x + 0.1;
               },
               {});
    EXPECT_TRUE(at::equal(out.narrow(2, 0, 1), input.clean.narrow(2, 0, 1)));
    EXPECT_EQ(asked, GetParam() == "heun" ? 19 : 10);
  }
}

// Stopped anywhere, written to a file, read into a new sampler: the same bytes as never stopped.
TEST_P(EverySamplerTest, StoppedAndGoneOnWithIsTheSame) {
  const SamplerInput input = PlainInput(GetParam());
  const Denoiser denoiser = [](const at::Tensor& x, float t, bool) { return x.sin() + t / 1000; };
  const at::Tensor whole = Sample(input, denoiser, {});
  const TestFolder folder;
  Sampler stopping(input, denoiser);
  while (!stopping.Done()) {
    WriteSafetensors(folder / "state.safetensors", stopping.State());
    Sampler resumed(input, denoiser);
    resumed.Restore(ReadSafetensors(folder / "state.safetensors"), "state.safetensors");
    EXPECT_EQ(resumed.step(), stopping.step());
    EXPECT_TRUE(at::equal(resumed.latents(), stopping.latents()));
    while (!resumed.Done()) resumed.Next();
    EXPECT_TRUE(at::equal(resumed.latents(), whole)) << stopping.step();
    stopping.Next();
  }
  EXPECT_TRUE(at::equal(stopping.latents(), whole));
}

TEST_P(EverySamplerTest, InputsAreNotWrittenTo) {
  const SamplerInput input = PlainInput(GetParam());
  const at::Tensor noise = input.noise.clone(), clean = input.clean.clone();
  Sample(input, TowardsPoint(input, at::zeros_like(noise)), {});
  EXPECT_TRUE(at::equal(input.noise, noise));
  EXPECT_TRUE(at::equal(input.clean, clean));
}

// Clips drawn from a normal of deviation s: the flow carries noise z to s·z.
Denoiser GaussianFlow(double deviation) {
  return [variance = deviation * deviation](const at::Tensor& x, float timestep, bool) {
    const double sigma = timestep / 1000.0;
    const double marginal = (1 - sigma) * (1 - sigma) * variance + sigma * sigma;
    return x * ((sigma - (1 - sigma) * variance) / marginal);
  };
}

double GaussianError(const std::string& sampler, int steps) {
  SamplerInput input = PlainInput(sampler);
  input.noise = input.noise.to(torch::kDouble);
  input.clean = input.clean.to(torch::kDouble);
  input.steps = steps;
  return Largest(Sample(input, GaussianFlow(0.5), {}), 0.5 * input.noise);
}

// How fast the error falls when steps are doubled tells a solver's order.
TEST(EverySamplerTestOrder, SecondOrderSolversBeatEuler) {
  EXPECT_NEAR(std::log2(GaussianError("euler", 40) / GaussianError("euler", 80)), 1.0, 0.15);
  EXPECT_NEAR(std::log2(GaussianError("heun", 20) / GaussianError("heun", 40)), 2.0, 0.4);
  for (const std::string name : {"heun", "dpm++2m", "unipc"}) {
    EXPECT_LT(GaussianError(name, 20), 0.5 * GaussianError("euler", 20)) << name;
  }
}

// Clips from the same normal in training steps: what a network says of them at a level.
Denoiser GaussianDiffusion(const SamplerInput& input, double deviation) {
  return [input, variance = deviation * deviation](const at::Tensor& x, float timestep, bool) {
    const auto [alpha, sigma] = Parts(input, timestep);
    const double marginal = alpha * alpha * variance + sigma * sigma;
    const at::Tensor clean = x * (alpha * variance / marginal), noise = x * (sigma / marginal);
    return input.objective.prediction == Prediction::kNoise ? noise : alpha * noise - sigma * clean;
  };
}

SamplerInput GaussianInput(const std::string& sampler, Prediction prediction, int steps) {
  SamplerInput input = PlainInput(sampler, "DDPMScheduler");
  input.noise = input.noise.to(torch::kDouble);
  input.clean = input.clean.to(torch::kDouble);
  input.objective.prediction = prediction;
  input.objective.timestep_spacing = "trailing";
  input.steps = steps;
  return input;
}

// The answer depends on the way: a step to a level that the network isn't asked about next shows.
TEST(EverySamplerTestOrder, DdimStepsFromEachLevelToTheNextOneAsked) {
  constexpr double kDeviation = 0.5;
  for (const Prediction prediction : {Prediction::kNoise, Prediction::kVelocity}) {
    for (const int steps : {1, 7, 20, 30}) {  // 7 and 30 don't divide 1000
      const SamplerInput input = GaussianInput("ddim", prediction, steps);
      const std::vector<float> timesteps = SamplerScheduler(input)->timesteps();
      double factor = 1.0;
      for (size_t i = 0; i < timesteps.size(); ++i) {
        const auto [alpha, sigma] = Parts(input, timesteps[i]);
        const bool last = i + 1 == timesteps.size();
        const auto [next_alpha, next_sigma] =
            last ? std::pair(1.0, 0.0) : Parts(input, timesteps[i + 1]);
        const double variance = kDeviation * kDeviation;
        const double marginal = alpha * alpha * variance + sigma * sigma;
        factor *= (next_alpha * alpha * variance + next_sigma * sigma) / marginal;
      }
      const at::Tensor out = Sample(input, GaussianDiffusion(input, kDeviation), {});
      EXPECT_LT(Largest(out, factor * input.noise), 1e-6) << steps;
    }
  }
}

TEST(EverySamplerTestOrder, MoreStepsComeNearerToTheDistribution) {
  for (const std::string sampler : {"ddim", "dpm++2m", "euler", "unipc"}) {
    for (const Prediction prediction : {Prediction::kNoise, Prediction::kVelocity}) {
      const auto error = [&](int steps) {
        const SamplerInput input = GaussianInput(sampler, prediction, steps);
        return Largest(Sample(input, GaussianDiffusion(input, 0.5), {}), 0.5 * input.noise);
      };
      EXPECT_LT(error(30), 0.5 * error(7)) << sampler;
    }
  }
}

TEST(EverySamplerTestOrder, RespacedStepsAreTheSumsOfTheStrideRounded) {
  SchedulerOptions options = DefaultSchedulerOptions("DDIMScheduler");
  for (const char* name : {"DDIMScheduler", "DDPMScheduler"}) {
    options.class_name = name;
    options.timestep_spacing = "linspace";
    EXPECT_EQ(MakeScheduler(options, {.steps = 21})->timesteps()[10], 500);
    options.timestep_spacing = kRespaced;
    const std::vector<float> steps = MakeScheduler(options, {.steps = 21})->timesteps();
    EXPECT_EQ(steps.front(), 999);
    EXPECT_EQ(steps[10], 499) << "ten times 49.95 is less than 499.5 in binary";
    EXPECT_EQ(steps.back(), 0);
    EXPECT_EQ(MakeScheduler(options, {.steps = 1})->timesteps(), std::vector<float>{0});
  }
}

TEST(EverySamplerTestOrder, DdimAlongAFlowIsEuler) {
  const Denoiser denoiser = [](const at::Tensor& x, float t, bool) { return x.sin() + t / 1000; };
  const at::Tensor euler = Sample(PlainInput("euler"), denoiser, {});
  EXPECT_LT(Largest(Sample(PlainInput("ddim"), denoiser, {}), euler), 1e-5);
  EXPECT_GT(Largest(Sample(PlainInput("ddpm"), denoiser, {}), euler), 1e-2) << "noise is drawn";
}

TEST(EverySamplerTestOrder, DdpmDrawsFromTheDistribution) {
  SamplerInput input = PlainInput("ddpm");
  const std::vector<int64_t> shape = {1, 2, 40, 20, 20};
  input.noise = at::randn(shape);
  input.clean = at::zeros(shape);
  input.known = at::zeros({1, 1, 1, 1, 1}, torch::kBool);
  input.steps = 100;
  input.step_noise = [&](int) { return at::randn(shape); };
  const at::Tensor out = Sample(input, GaussianFlow(0.5), {});
  // 32,000 draws: the deviation's own is 0.002.
  EXPECT_NEAR(out.std().item<double>(), 0.5, 0.02);
  // Fresh noise at every step: little is left of the first.
  EXPECT_LT(std::abs((out * input.noise).mean().item<double>()), 0.05);
}

TEST(EverySamplerTestGuidance, ActsWithinItsInterval) {
  SamplerInput input = PlainInput("euler");
  input.steps = 8;
  input.guidance = 3.0;
  input.guidance_from = 0.25;
  input.guidance_until = 0.75;
  std::vector<float> with, without;
  const at::Tensor out = Sample(input,
                                [&](const at::Tensor& x, float timestep, bool conditional) {
                                  (conditional ? with : without).push_back(timestep);
                                  return at::full_like(x, conditional ? 2.0 : 1.0);
                                },
                                {});
  EXPECT_EQ(with.size(), 8U);
  EXPECT_EQ(without, (std::vector<float>{750, 625, 500, 375}));
  // Half of the way at the caption's 2, half at 1 + 3·(2 − 1).
  EXPECT_LT(Largest(out, input.noise - 3.0), 1e-5);
}

std::string Complaint(const std::function<void()>& attempt) {
  try {
    attempt();
  } catch (const Error& error) {
    return error.what();
  }
  return "";
}

TEST(EverySamplerTestErrors, CombinationsThatDoNotExist) {
  EXPECT_THAT(Complaint([] { SamplerScheduler(PlainInput("euler2")); }),
              AllOf(HasSubstr("'euler2' is unknown"), HasSubstr("dpm++2m")));
  EXPECT_THAT(Complaint([] { SamplerScheduler(PlainInput("heun", "DDPMScheduler")); }),
              HasSubstr("rectified flow"));
  SamplerInput shifted = PlainInput("euler", "DDIMScheduler");
  shifted.shift = 3.0;
  EXPECT_THAT(Complaint([&] { SamplerScheduler(shifted); }), HasSubstr("a shift is for"));
  SamplerInput silent = PlainInput("ddpm");
  silent.step_noise = nullptr;
  EXPECT_THROW(Sample(silent, TowardsPoint(silent, silent.clean), {}), CheckFailure);
}

TEST(EverySamplerTestErrors, LevelsThatAreNoneAreRefused) {
  SchedulerOptions options = DefaultSchedulerOptions("DPMSolverMultistepScheduler");
  options.lambda_min_clipped = 100.0;
  for (const char* spacing : {"trailing", "linspace", "leading"}) {
    options.timestep_spacing = spacing;
    EXPECT_THAT(Complaint([&] { MakeScheduler(options, {.steps = 5}); }),
                HasSubstr("lambda_min_clipped"));
  }
  for (const char* name : {"DPMSolverMultistepScheduler", "UniPCMultistepScheduler"}) {
    options = DefaultSchedulerOptions(name);
    options.beta_start = 0.5;
    options.beta_end = 0.9;  // the product of 1000 of them is 0 in float32
    EXPECT_THAT(Complaint([&] { MakeScheduler(options, {.steps = 5}); }), HasSubstr("betas"));
  }
}

TEST(EverySamplerTestErrors, StatesThatDoNotFit) {
  const Denoiser still = [](const at::Tensor& x, float, bool) { return at::zeros_like(x); };
  Sampler sampler(PlainInput("unipc"), still);
  sampler.Next();
  sampler.Next();
  const Safetensors good = sampler.State();
  const auto complaint = [&](const std::function<void(Safetensors&)>& spoil) {
    Safetensors state = good;
    spoil(state);
    return Complaint([&] { Sampler(PlainInput("unipc"), still).Restore(state, "place.st"); });
  };
  EXPECT_EQ(complaint([](Safetensors&) {}), "");
  EXPECT_THAT(complaint([](Safetensors& state) { state.metadata["sampler"] = "euler"; }),
              AllOf(HasSubstr("place.st"), HasSubstr("sampler: expected 'unipc'")));
  EXPECT_THAT(complaint([](Safetensors& state) { state.metadata["num_steps"] = "11"; }),
              HasSubstr("num_steps: expected '10'"));
  EXPECT_THAT(complaint([](Safetensors& state) { state.metadata["step"] = "99"; }),
              HasSubstr("step: expected 0 to 10"));
  EXPECT_THAT(complaint([](Safetensors& state) { state.metadata.erase("step"); }),
              HasSubstr("step: expected 0 to 10"));
  EXPECT_THAT(complaint([](Safetensors& state) { state.tensors.erase("latents"); }),
              HasSubstr("'latents' is missing"));
  EXPECT_THAT(complaint([](Safetensors& state) { state.tensors.erase("history.last_sample"); }),
              HasSubstr("'history.last_sample' is missing"));
  EXPECT_THAT(complaint([](Safetensors& state) {
                state.tensors["history.prediction.1"] = Tensor(DType::kF32, {1, 2, 3, 2, 1});
              }),
              HasSubstr("'history.prediction.1' is not like the latents"));
}

}  // namespace
}  // namespace plumb
