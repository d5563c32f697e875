// SPDX-License-Identifier: Apache-2.0
// DDIMScheduler and CogVideoXDDIMScheduler: Song et al. 2021 (arXiv 2010.02502), formula 12.
#include <cmath>

#include "generator/schedulers/internal_respaced.h"
#include "generator/schedulers/internal_schedule_tables.h"
#include "generator/schedulers/internal_scheduler_classes.h"
#include "generator/schedulers/internal_step_math.h"

namespace plumb {
namespace {

enum class StepEnd { kStrideBelow, kNextTimestep };

class DdimBase : public Scheduler {
 public:
  DdimBase(const SchedulerOptions& options,
           const SchedulerRun& run,
           const at::Tensor& products,
           StepEnd end = StepEnd::kStrideBelow)
      : Scheduler({.timesteps = FloatValues(at::tensor(SpacedTimesteps(
                       options, {.steps = run.steps, .end = options.num_train_timesteps}))),
                   .sigmas = {},
                   .alphas_cumprod = DoubleValues(products)}),
        options_(options),
        run_(run),
        end_(end) {}

 protected:
  double Product() const { return alphas_cumprod()[Timestep()]; }
  double NextProduct() const {
    const int64_t next = NextTimestep();
    if (next >= 0) return alphas_cumprod()[next];
    return options_.set_alpha_to_one ? 1.0 : alphas_cumprod()[0];
  }

  SchedulerOptions options_;
  SchedulerRun run_;

 private:
  int64_t Timestep() const { return static_cast<int64_t>(timesteps()[step()]); }
  // Below 0 where no noise is left.
  int64_t NextTimestep() const {
    if (end_ == StepEnd::kStrideBelow) {
      return Timestep() - options_.num_train_timesteps / run_.steps;
    }
    return step() + 1 < num_steps() ? static_cast<int64_t>(timesteps()[step() + 1]) : -1;
  }
  StepEnd end_;
};

class Ddim : public DdimBase {
 public:
  using DdimBase::DdimBase;
  bool WantsNoise() const override { return run_.eta > 0; }

 private:
  at::Tensor Advance(const StepInput& input) override {
    const double product = Product(), next_product = NextProduct();
    const NoiseLevel level = LevelOfProduct(product), next = LevelOfProduct(next_product);
    const at::Tensor clean =
        Limited(CleanOf(options_.prediction, level, input.sample, input.model_output), options_);
    const at::Tensor noise =
        run_.use_clipped_model_output
            ? NoiseOf(Prediction::kClean, level, input.sample, clean)
            : NoiseOf(options_.prediction, level, input.sample, input.model_output);
    // Formula 16: the part of the next level's noise that is drawn anew.
    const double variance = (1 - next_product) / (1 - product) * (1 - product / next_product);
    const double deviation = run_.eta * std::sqrt(variance);
    std::vector<Term> terms = {{next.alpha, clean},
                               {std::sqrt(1 - next_product - deviation * deviation), noise}};
    if (WantsNoise()) terms.push_back({deviation, input.noise});
    return Sum(terms);
  }
};

// Deterministic, written so that a first level without signal is finite.
class CogVideoXDdim : public DdimBase {
 public:
  using DdimBase::DdimBase;

 private:
  at::Tensor Advance(const StepInput& input) override {
    const NoiseLevel level = LevelOfProduct(Product()), next = LevelOfProduct(NextProduct());
    const at::Tensor clean = CleanOf(options_.prediction, level, input.sample, input.model_output);
    const double kept = next.sigma / level.sigma;
    return Sum({{kept, input.sample}, {next.alpha - level.alpha * kept, clean}});
  }
};

// CogVideoXDPMScheduler: SDE-DPM-Solver++ of second order (Lu et al. 2022, arXiv 2211.01095).
class CogVideoXDpm : public DdimBase {
 public:
  using DdimBase::DdimBase;
  bool WantsNoise() const override { return true; }
  std::vector<std::string> HistoryNames(int step) const override {
    return step == 0 ? std::vector<std::string>{} : std::vector<std::string>{"clean"};
  }

 private:
  at::Tensor Advance(const StepInput& input) override {
    const NoiseLevel level = LevelOfProduct(Product()), next = LevelOfProduct(NextProduct());
    const double h = next.lambda - level.lambda;
    const at::Tensor clean = CleanOf(options_.prediction, level, input.sample, input.model_output);
    const double of_clean = -std::expm1(-2 * h) * next.alpha;
    std::vector<Term> terms = {{next.sigma / level.sigma * std::exp(-h), input.sample},
                               {next.sigma * std::sqrt(1 - std::exp(-2 * h)), input.noise}};
    const bool is_last = NextProduct() == 1.0;
    if (step() == 0 || is_last) {
      terms.push_back({of_clean, clean});
    } else {
      const double back = alphas_cumprod()[static_cast<size_t>(timesteps()[step() - 1])];
      const double ratio = (level.lambda - LevelOfProduct(back).lambda) / h;
      const double extrapolated = 1 / (2 * ratio);
      terms.push_back({of_clean * (1 + extrapolated), clean});
      terms.push_back({-of_clean * extrapolated, history().at("clean")});
    }
    history()["clean"] = clean;
    return Sum(terms);
  }
};

}  // namespace

std::unique_ptr<Scheduler> MakeDdim(const SchedulerOptions& options, const SchedulerRun& run) {
  if (options.timestep_spacing == kRespaced) return MakeRespacedDdim(options, run);
  RequireTaken(options, run, {.eta = true});
  return std::make_unique<Ddim>(options, run, AlphasCumprod(options));
}

std::unique_ptr<Scheduler> MakeRespacedDdim(const SchedulerOptions& options,
                                            const SchedulerRun& run) {
  RequireTaken(options, run, {.eta = true});
  return std::make_unique<Ddim>(options, run, AlphasCumprod(options), StepEnd::kNextTimestep);
}

std::unique_ptr<Scheduler> MakeCogVideoXDdim(const SchedulerOptions& options,
                                             const SchedulerRun& run) {
  RequireTaken(options, run, {});
  return std::make_unique<CogVideoXDdim>(options, run, CogVideoXAlphasCumprod(options));
}

std::unique_ptr<Scheduler> MakeCogVideoXDpm(const SchedulerOptions& options,
                                            const SchedulerRun& run) {
  RequireTaken(options, run, {});
  return std::make_unique<CogVideoXDpm>(options, run, CogVideoXAlphasCumprod(options));
}

}  // namespace plumb
