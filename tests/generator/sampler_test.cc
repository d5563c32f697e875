// SPDX-License-Identifier: Apache-2.0
#include <cmath>

#include <gtest/gtest.h>

#include "core/errors.h"
#include "generator/schedulers/internal_sampler.h"

namespace plumb {
namespace {

class SamplerTest : public testing::Test {
 protected:
  SamplerTest() {
    torch::manual_seed(2);
    input_.noise = at::randn({1, 2, 3, 2, 2});
    input_.clean = at::randn({1, 2, 3, 2, 2});
    input_.known = at::zeros({1, 1, 3, 1, 1}, torch::kBool);
    input_.steps = 5;
    input_.shift = 3.0;
  }

  // The velocity of a flow whose every path ends in `target`: (x − target) / σ.
  static Denoiser TowardsPoint(const at::Tensor& target) {
    return [target](const at::Tensor& x, float timestep, bool) {
      return (x - target) / (timestep / 1000.0);
    };
  }

  SamplerInput input_;
};

TEST_F(SamplerTest, StraightPathsEndExactly) {
  const at::Tensor target = at::randn({1, 2, 3, 2, 2});
  const at::Tensor out = Sample(input_, TowardsPoint(target), {});
  EXPECT_LT((out - target).abs().max().item<double>(), 1e-5);
}

TEST_F(SamplerTest, LinearFlowMatchesItsProduct) {
  // dx/dσ = a·x: Euler multiplies by 1 + a·Δσ at every step.
  constexpr double kRate = 0.7;
  const at::Tensor out =
      Sample(input_, [](const at::Tensor& x, float, bool) { return kRate * x; }, {});
  double product = 1.0;
  const std::vector<float> sigmas = SamplerScheduler(input_)->sigmas();
  for (size_t i = 0; i + 1 < sigmas.size(); ++i) {
    product *= 1.0 + kRate * (sigmas[i + 1] - sigmas[i]);
  }
  EXPECT_LT((out - product * input_.noise).abs().max().item<double>(), 1e-5);
}

TEST_F(SamplerTest, TimestepsAreTheSchedules) {
  std::vector<float> asked;
  Sample(input_,
         [&](const at::Tensor& x, float timestep, bool) {
           asked.push_back(timestep);
           return at::zeros_like(x);
         },
         {});
  EXPECT_EQ(asked, SamplerScheduler(input_)->timesteps());
}

TEST_F(SamplerTest, GuidanceOneNeverAsksWithoutCaption) {
  int without = 0;
  const Denoiser denoiser = [&](const at::Tensor& x, float, bool conditional) {
    without += conditional ? 0 : 1;
    return conditional ? x : at::zeros_like(x);
  };
  const at::Tensor at_one = Sample(input_, denoiser, {});
  EXPECT_EQ(without, 0);
  input_.guidance = 1.0 + 1e-9;
  EXPECT_LT((Sample(input_, denoiser, {}) - at_one).abs().max().item<double>(), 1e-6);
}

TEST_F(SamplerTest, GuidanceExtrapolates) {
  input_.steps = 1;
  input_.shift = 1.0;
  input_.guidance = 3.0;
  const Denoiser denoiser = [](const at::Tensor& x, float, bool conditional) {
    return conditional ? at::full_like(x, 2.0) : at::full_like(x, 1.0);
  };
  // v = 1 + 3·(2 − 1) = 4, one step from σ = 1 to 0.
  EXPECT_LT((Sample(input_, denoiser, {}) - (input_.noise - 4.0)).abs().max().item<double>(), 1e-6);
}

TEST_F(SamplerTest, GuidanceZeroIsTheNullConditionAlone) {
  input_.guidance = 0.0;
  const Denoiser denoiser = [](const at::Tensor& x, float, bool conditional) {
    EXPECT_FALSE(conditional);
    return at::zeros_like(x);
  };
  EXPECT_TRUE(at::equal(Sample(input_, denoiser, {}), input_.noise));
}

TEST_F(SamplerTest, KnownPlacesAreSeenAndKept) {
  input_.known.narrow(2, 0, 1).fill_(true);
  const Denoiser denoiser = [&](const at::Tensor& x, float, bool) {
    EXPECT_TRUE(at::equal(x.narrow(2, 0, 1), input_.clean.narrow(2, 0, 1)));
    return at::ones_like(x);
  };
  const at::Tensor out = Sample(input_, denoiser, {});
  EXPECT_TRUE(at::equal(out.narrow(2, 0, 1), input_.clean.narrow(2, 0, 1)));
  EXPECT_FALSE(at::equal(out.narrow(2, 1, 2), input_.clean.narrow(2, 1, 2)));
}

TEST_F(SamplerTest, StopsBetweenSteps) {
  int steps = 0;
  Progress progress;
  progress.cancelled = [&] { return steps >= 2; };
  EXPECT_THROW(Sample(
                   input_,
                   [&](const at::Tensor& x, float, bool) {
                     ++steps;
                     return x;
                   },
                   progress),
               CancelledError);
  EXPECT_EQ(steps, 2);
}

TEST_F(SamplerTest, APointIsReachedInOneStep) {
  input_.steps = 1;
  input_.shift = 1.0;
  const at::Tensor target = at::randn({1, 2, 3, 2, 2});
  EXPECT_LT((Sample(input_, TowardsPoint(target), {}) - target).abs().max().item<double>(), 1e-5);
}

// Clips drawn from a normal of deviation s: the flow's velocity is known, and it carries noise z to
// s·z (x(σ) keeps its quantile while its deviation goes from 1 to s).
class GaussianFlow {
 public:
  explicit GaussianFlow(double deviation) : variance_(deviation * deviation) {}
  Denoiser Velocity() const {
    return [v = variance_](const at::Tensor& x, float timestep, bool) {
      const double sigma = timestep / 1000.0;
      const double marginal = (1 - sigma) * (1 - sigma) * v + sigma * sigma;
      return x * ((sigma - (1 - sigma) * v) / marginal);
    };
  }

 private:
  double variance_;
};

TEST_F(SamplerTest, AGaussianIsSampledToFirstOrder) {
  constexpr double kDeviation = 0.5;
  const auto error = [&](int steps) {
    input_.steps = steps;
    input_.shift = 1.0;
    const at::Tensor out = Sample(input_, GaussianFlow(kDeviation).Velocity(), {});
    return (out - kDeviation * input_.noise).abs().max().item<double>();
  };
  EXPECT_LT(error(400), 0.01);
  // Euler's error halves with the step.
  EXPECT_NEAR(error(100) / error(200), 2.0, 0.2);
}

TEST_F(SamplerTest, UnitGaussianNeedsNoMove) {
  // Noise and clips are alike: σ = ½ is the only level where the velocity vanishes, yet the whole
  // path ends where it began.
  input_.steps = 500;
  input_.shift = 1.0;
  const at::Tensor out = Sample(input_, GaussianFlow(1.0).Velocity(), {});
  EXPECT_LT((out - input_.noise).abs().max().item<double>(), 0.01);
}

TEST_F(SamplerTest, GuidanceIsTheFormulaAtEveryStep) {
  const Denoiser caption = [](const at::Tensor& x, float t, bool) { return x * (t / 500.0); };
  const Denoiser null = [](const at::Tensor& x, float t, bool) { return x.sin() + t / 1000.0; };
  const Denoiser both = [&](const at::Tensor& x, float t, bool conditional) {
    return conditional ? caption(x, t, true) : null(x, t, false);
  };
  for (const double guidance : {0.5, 2.0, 7.5}) {
    input_.guidance = guidance;
    const at::Tensor guided = Sample(input_, both, {});
    SamplerInput plain = input_;
    plain.guidance = 1.0;
    const at::Tensor expected =
        Sample(plain,
               [&](const at::Tensor& x, float t, bool) {
                 return (1.0 - guidance) * null(x, t, false) + guidance * caption(x, t, true);
               },
               {});
    EXPECT_LT((guided - expected).abs().max().item<double>(),
              1e-4 * expected.abs().max().item<double>())
        << guidance;
  }
}

TEST_F(SamplerTest, EverythingKnownIsGivenBackUntouched) {
  input_.known.fill_(true);
  input_.guidance = 4.0;
  const Denoiser wild = [](const at::Tensor& x, float, bool) { return 100.0 * at::ones_like(x); };
  EXPECT_TRUE(at::equal(Sample(input_, wild, {}), input_.clean));
}

TEST_F(SamplerTest, KnownPlacesMayBeAnyCells) {
  input_.known = at::rand({1, 1, 3, 2, 2}) < 0.5;
  const Denoiser denoiser = [](const at::Tensor& x, float, bool) { return at::ones_like(x); };
  const at::Tensor out = Sample(input_, denoiser, {});
  const at::Tensor expected = at::where(input_.known, input_.clean, input_.noise - 1.0);
  EXPECT_LT((out - expected).abs().max().item<double>(), 1e-5);
}

// SDEdit with a denoiser that knows its answer.
TEST_F(SamplerTest, AnEditBeginsInTheNoisedVideoAndEndsAtThePoint) {
  const at::Tensor target = at::randn({1, 2, 3, 2, 2});
  input_.edited = at::randn({1, 2, 3, 2, 2});
  input_.step_noise = [&](int) { return at::zeros_like(target); };
  for (const char* sampler : {"ddim", "ddpm", "euler", "heun"}) {
    input_.sampler = sampler;
    for (const double start : {0.1, 0.5, 1.0}) {
      input_.start = start;
      // The level of `start` on the shifted schedule: 3·s / (1 + 2·s).
      const double sigma = 3.0 * start / (1.0 + 2.0 * start);
      bool is_first = true;
      const Denoiser denoiser = [&](const at::Tensor& x, float timestep, bool caption) {
        if (is_first) {
          EXPECT_NEAR(timestep, 1000.0 * sigma, 1e-3) << sampler << start;
          const at::Tensor expected = (1.0 - sigma) * input_.edited + sigma * input_.noise;
          EXPECT_LT((x - expected).abs().max().item<double>(), 1e-6) << sampler << start;
        }
        is_first = false;
        return TowardsPoint(target)(x, timestep, caption);
      };
      const at::Tensor out = Sample(input_, denoiser, {});
      EXPECT_LT((out - target).abs().max().item<double>(), 2e-5) << sampler << start;
    }
  }
}

TEST_F(SamplerTest, AnEditKeepsWhatItsLevelLeaves) {
  // A flow whose noise is known leads x = (1 − σ)·v + σ·noise straight back to v.
  input_.edited = at::randn({1, 2, 3, 2, 2});
  input_.start = 0.4;
  const Denoiser denoiser = [&](const at::Tensor& x, float timestep, bool) {
    const double sigma = timestep / 1000.0;
    return (input_.noise - x) / (1.0 - sigma);
  };
  const at::Tensor out = Sample(input_, denoiser, {});
  EXPECT_LT((out - input_.edited).abs().max().item<double>(), 1e-5);
}

TEST_F(SamplerTest, AllAnewIsFromNoise) {
  const Denoiser denoiser = TowardsPoint(input_.clean);
  const at::Tensor plain = Sample(input_, denoiser, {});
  input_.edited = at::randn({1, 2, 3, 2, 2});
  EXPECT_TRUE(at::equal(Sample(input_, denoiser, {}), plain));
}

TEST_F(SamplerTest, EditsThatCannotBeAreRefused) {
  input_.edited = input_.clean;
  for (const double start : {0.0, -0.5, 1.5}) {
    input_.start = start;
    EXPECT_THROW(SamplerScheduler(input_), UsageError) << start;
  }
  input_.start = 0.5;
  for (const char* sampler : {"unipc", "dpm++2m"}) {
    input_.sampler = sampler;
    EXPECT_THROW(SamplerScheduler(input_), UsageError) << sampler;
  }
  input_.sampler = "euler";
  input_.shift = 1.0;
  input_.objective = DefaultSchedulerOptions("DDIMScheduler");
  EXPECT_THROW(SamplerScheduler(input_), UsageError);
}

TEST_F(SamplerTest, InputsAreNotWrittenTo) {
  const at::Tensor noise = input_.noise.clone(), clean = input_.clean.clone();
  Sample(input_, TowardsPoint(at::zeros_like(noise)), {});
  EXPECT_TRUE(at::equal(input_.noise, noise));
  EXPECT_TRUE(at::equal(input_.clean, clean));
}

TEST_F(SamplerTest, EveryStepIsReported) {
  std::vector<int> done;
  Progress progress;
  progress.report = [&](const std::string& what, int step, int total) {
    EXPECT_EQ(what, "sampling");
    EXPECT_EQ(total, 5);
    done.push_back(step);
  };
  Sample(input_, TowardsPoint(input_.clean), progress);
  EXPECT_EQ(done, (std::vector<int>{0, 1, 2, 3, 4, 5}));
}

}  // namespace
}  // namespace plumb
