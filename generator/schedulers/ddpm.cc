// SPDX-License-Identifier: Apache-2.0
// DDPMScheduler: Ho et al. 2020 (arXiv 2006.11239), formula 7; learned variances: Nichol & Dhariwal
// 2021 (arXiv 2102.09672), formula 15.
#include <algorithm>
#include <cmath>

#include "core/check.h"
#include "generator/schedulers/internal_schedule_tables.h"
#include "generator/schedulers/internal_scheduler_classes.h"
#include "generator/schedulers/internal_step_math.h"

namespace plumb {
namespace {

class Ddpm : public Scheduler {
 public:
  Ddpm(const SchedulerOptions& options, const SchedulerRun& run)
      : Scheduler({.timesteps = FloatValues(at::tensor(SpacedTimesteps(
                       options, {.steps = run.steps, .end = options.num_train_timesteps}))),
                   .sigmas = {},
                   .alphas_cumprod = DoubleValues(AlphasCumprod(options))}),
        options_(options) {}

  bool WantsNoise() const override { return timesteps()[step()] > 0; }

 private:
  double Product(int index) const {
    return index < num_steps() ? alphas_cumprod()[static_cast<size_t>(timesteps()[index])] : 1.0;
  }

  at::Tensor Advance(const StepInput& input) override {
    const int64_t channels = input.sample.size(1);
    at::Tensor output = input.model_output, spread;
    if (options_.variance_type == "learned" || options_.variance_type == "learned_range") {
      PLUMB_CHECK(output.size(1) == 2 * channels, "{} channels", output.size(1));
      spread = output.narrow(1, channels, channels);
      output = output.narrow(1, 0, channels);
    }
    const double product = Product(step()), next_product = Product(step() + 1);
    const double alpha = product / next_product, beta = 1 - alpha;
    const at::Tensor clean = Limited(
        CleanOf(options_.prediction, LevelOfProduct(product), input.sample, output), options_);
    const at::Tensor mean =
        Sum({{std::sqrt(next_product) * beta / (1 - product), clean},
             {std::sqrt(alpha) * (1 - next_product) / (1 - product), input.sample}});
    if (!WantsNoise()) return mean;
    const double posterior = std::max((1 - next_product) / (1 - product) * beta, 1e-20);
    return mean + Deviation(posterior, beta, spread) * input.noise;
  }

  at::Tensor Deviation(double posterior, double beta, const at::Tensor& spread) const {
    if (options_.variance_type == "learned") return spread.sqrt();
    if (options_.variance_type == "learned_range") {
      // The logarithm goes from the posterior variance's at −1 to β's at 1.
      const double low = std::log(posterior), high = std::log(beta);
      return (spread * (0.25 * (high - low)) + 0.25 * (high + low)).exp();
    }
    const bool is_large = options_.variance_type == "fixed_large";
    return at::scalar_tensor(std::sqrt(is_large ? beta : posterior), at::kDouble);
  }

  SchedulerOptions options_;
};

}  // namespace

std::unique_ptr<Scheduler> MakeDdpm(const SchedulerOptions& options, const SchedulerRun& run) {
  RequireTaken(options, run, {});
  return std::make_unique<Ddpm>(options, run);
}

}  // namespace plumb
