// SPDX-License-Identifier: Apache-2.0
// EulerDiscreteScheduler: Karras et al. 2022 (arXiv 2206.00364), algorithm 2, on levels
// x = clip + σ·noise.
#include <algorithm>
#include <cmath>

#include "core/check.h"
#include "generator/schedulers/internal_numpy.h"
#include "generator/schedulers/internal_schedule_tables.h"
#include "generator/schedulers/internal_scheduler_classes.h"
#include "generator/schedulers/internal_step_math.h"

namespace plumb {
namespace {

class EulerDiscrete : public Scheduler {
 public:
  EulerDiscrete(const SchedulerOptions& options, const SchedulerRun& run)
      : Scheduler(TablesFor(options, run)), options_(options), run_(run) {}

  double InitialNoiseScale() const override {
    const double highest = *std::max_element(sigmas().begin(), sigmas().end());
    return options_.timestep_spacing == "leading" ? std::sqrt(highest * highest + 1) : highest;
  }

  at::Tensor ModelInput(const at::Tensor& sample) const override {
    const double sigma = sigmas()[step()];
    return sample * (1 / std::sqrt(sigma * sigma + 1));
  }

  bool WantsNoise() const override { return Churn() > 0; }

 private:
  static Tables TablesFor(const SchedulerOptions& options, const SchedulerRun& run);

  // By how much noise is raised before the step, as a share of sigma.
  double Churn() const {
    const double sigma = sigmas()[step()];
    if (sigma < run_.s_tmin || sigma > run_.s_tmax) return 0.0;
    return std::min(run_.s_churn / static_cast<double>(sigmas().size() - 1), std::sqrt(2.0) - 1);
  }

  at::Tensor Advance(const StepInput& input) override {
    const double sigma = sigmas()[step()], raised = sigma * (Churn() + 1);
    at::Tensor sample = input.sample;
    if (WantsNoise()) {
      const double added = run_.s_noise * std::sqrt(raised * raised - sigma * sigma);
      sample = Sum({{1, sample}, {added, input.noise}});
    }
    // The clip is kept·sample + said·output; towards it by the share that the noise falls.
    double kept = 0.0, said = 1.0;
    if (options_.prediction == Prediction::kNoise) {
      kept = 1.0;
      said = -raised;
    } else if (options_.prediction == Prediction::kVelocity) {
      kept = 1 / (sigma * sigma + 1);
      said = -sigma / std::sqrt(sigma * sigma + 1);
    }
    const double share = (sigmas()[step() + 1] - raised) / raised;
    return Sum({{1 + share * (1 - kept), sample}, {-share * said, input.model_output}});
  }

  SchedulerOptions options_;
  SchedulerRun run_;
};

// The base levels of the run; Diffusers' log-linear ones are one more than the steps.
std::vector<double> BaseSigmas(const SchedulerOptions& options,
                               const std::vector<float>& training,
                               const std::vector<float>& timesteps) {
  std::vector<double> sigmas;
  if (options.interpolation_type == "log_linear") {
    const auto count = static_cast<int64_t>(timesteps.size()) + 1;
    return DoubleValues(
        at::linspace(numpy::Log(training.back()), numpy::Log(training.front()), count, at::kFloat)
            .exp());
  }
  for (const float timestep : timesteps) sigmas.push_back(numpy::Interp(timestep, training));
  return sigmas;
}

// A quarter of the logarithm of each level but the last, one by one as Diffusers takes them.
std::vector<float> ContinuousTimesteps(const std::vector<float>& sigmas) {
  std::vector<float> timesteps;
  for (size_t i = 0; i + 1 < sigmas.size(); ++i) {
    timesteps.push_back((0.25 * at::log(at::scalar_tensor(sigmas[i], at::kFloat))).item<float>());
  }
  return timesteps;
}

EulerDiscrete::Tables EulerDiscrete::TablesFor(const SchedulerOptions& options,
                                               const SchedulerRun& run) {
  const at::Tensor products = FiniteAlphasCumprod(options);
  const std::vector<float> training = TrainingSigmas(products);
  const std::vector<double> spaced =
      SpacedTimesteps(options,
                      {.steps = run.steps,
                       .end = options.num_train_timesteps,
                       .whole = options.timestep_spacing != "linspace"});
  std::vector<float> timesteps(spaced.begin(), spaced.end());
  std::vector<double> sigmas = BaseSigmas(options, training, timesteps);
  if (WantsLevels(options)) {
    sigmas = Levels(options, sigmas.front(), sigmas.back(), run.steps);
    const TimestepOfSigma timestep_of(training);
    for (int i = 0; i < run.steps; ++i) timesteps[i] = static_cast<float>(timestep_of(sigmas[i]));
  }
  const bool ends_at_zero = options.final_sigmas_type == "zero";
  const std::vector<float> levels = WithLast(sigmas, ends_at_zero ? 0.0 : training.front());
  const bool is_continuous =
      options.timestep_type == "continuous" && options.prediction == Prediction::kVelocity;
  return {.timesteps = is_continuous ? ContinuousTimesteps(levels) : timesteps,
          .sigmas = levels,
          .alphas_cumprod = DoubleValues(products)};
}

}  // namespace

std::unique_ptr<Scheduler> MakeEulerDiscrete(const SchedulerOptions& options,
                                             const SchedulerRun& run) {
  RequireTaken(options, run, {.churn = true});
  return std::make_unique<EulerDiscrete>(options, run);
}

}  // namespace plumb
