// SPDX-License-Identifier: Apache-2.0
// DPMSolverMultistepScheduler: DPM-Solver (Lu et al. 2022, arXiv 2206.00927), DPM-Solver++ and its
// SDE form (arXiv 2211.01095).
#include <algorithm>
#include <cmath>

#include "generator/schedulers/internal_multistep.h"
#include "generator/schedulers/internal_numpy.h"
#include "generator/schedulers/internal_scheduler_classes.h"

namespace plumb {
namespace {

// The weights of one step: of the sample, of the latest prediction and of its first and second
// differences, and of fresh noise.
struct StepWeights {
  double sample = 0.0;
  double value = 0.0;
  double slope = 0.0;
  double curve = 0.0;
  double noise = 0.0;
};

class DpmSolver : public Multistep {
 public:
  DpmSolver(const SchedulerOptions& options, Tables tables)
      : Multistep(options, std::move(tables)),
        integrates_clean_(options.algorithm_type == "dpmsolver++" ||
                          options.algorithm_type == "sde-dpmsolver++"),
        is_sde_(options.algorithm_type == "sde-dpmsolver" ||
                options.algorithm_type == "sde-dpmsolver++") {}

  bool WantsNoise() const override { return is_sde_; }

  static Tables TablesFor(const SchedulerOptions& options, const SchedulerRun& run);

 private:
  int Order() const;
  StepWeights Weights(int order) const;
  StepWeights CleanWeights(int order, double h) const;
  StepWeights NoiseWeights(int order, double h) const;
  at::Tensor Advance(const StepInput& input) override;

  bool integrates_clean_;
  bool is_sde_;
};

// The order grows with what is remembered, and falls at the end.
int DpmSolver::Order() const {
  const int left = num_steps() - step();
  const bool lowers = options_.lower_order_final && num_steps() < 15;
  const bool first_at_end =
      options_.euler_at_final || lowers || options_.final_sigmas_type == "zero";
  int order = std::min(options_.solver_order, step() + 1);
  if (left == 2 && lowers) order = std::min(order, 2);
  if (left == 1 && first_at_end) order = 1;
  return order;
}

StepWeights DpmSolver::CleanWeights(int order, double h) const {
  const NoiseLevel from = Level(step()), to = Level(step() + 1);
  const bool midpoint = order == 2 && options_.solver_type == "midpoint";
  StepWeights weights;
  if (is_sde_) {
    const double grown = 1 - std::exp(-2 * h);
    weights.sample = to.sigma / from.sigma * std::exp(-h);
    weights.value = to.alpha * grown;
    weights.slope = midpoint ? 0.5 * weights.value : to.alpha * (grown / (-2 * h) + 1);
    weights.curve = to.alpha * ((grown - 2 * h) / (2 * h * 2 * h) - 0.5);
    weights.noise = to.sigma * std::sqrt(grown);
    return weights;
  }
  const double decay = std::exp(-h) - 1;
  weights.sample = to.sigma / from.sigma;
  weights.value = -to.alpha * decay;
  weights.slope = midpoint ? -0.5 * to.alpha * decay : to.alpha * (decay / h + 1);
  weights.curve = -to.alpha * ((decay + h) / (h * h) - 0.5);
  return weights;
}

StepWeights DpmSolver::NoiseWeights(int order, double h) const {
  const NoiseLevel from = Level(step()), to = Level(step() + 1);
  const bool midpoint = order == 2 && options_.solver_type == "midpoint";
  const double growth = std::exp(h) - 1;
  const double factor = is_sde_ ? 2 : 1;
  StepWeights weights;
  weights.sample = to.alpha / from.alpha;
  weights.value = -factor * to.sigma * growth;
  weights.slope = midpoint ? 0.5 * weights.value : -factor * to.sigma * (growth / h - 1);
  weights.curve = -to.sigma * ((growth - h) / (h * h) - 0.5);
  weights.noise = is_sde_ ? to.sigma * std::sqrt(std::exp(2 * h) - 1) : 0.0;
  return weights;
}

StepWeights DpmSolver::Weights(int order) const {
  const double h = Level(step() + 1).lambda - Level(step()).lambda;
  return integrates_clean_ ? CleanWeights(order, h) : NoiseWeights(order, h);
}

at::Tensor DpmSolver::Advance(const StepInput& input) {
  Remember(Converted(input, integrates_clean_));
  const int order = Order();
  const StepWeights weights = Weights(order);
  // Divided differences in lambda, in units of this step, spread over the remembered predictions.
  double newest = weights.value, middle = 0.0, oldest = 0.0;
  if (order > 1) {
    const double here = Level(step()).lambda, before = Level(step() - 1).lambda;
    const double h = Level(step() + 1).lambda - here;
    const double r0 = (here - before) / h;
    double of_first = weights.slope;
    if (order > 2) {
      const double r1 = (before - Level(step() - 2).lambda) / h;
      const double bend = (weights.slope * r0 + weights.curve) / (r0 + r1);
      of_first += bend;
      middle -= bend / r1;
      oldest += bend / r1;
    }
    newest += of_first / r0;
    middle -= of_first / r0;
  }
  std::vector<Term> terms = {{weights.sample, input.sample}, {newest, Remembered(0)}};
  if (order > 1) terms.push_back({middle, Remembered(1)});
  if (order > 2) terms.push_back({oldest, Remembered(2)});
  if (is_sde_) terms.push_back({weights.noise, input.noise});
  return Sum(terms);
}

// The level above which lambda is not clipped, as a number of training steps.
int64_t UnclippedSteps(const SchedulerOptions& options, const at::Tensor& products) {
  const double lowest = std::max(options.lambda_min_clipped, -1e30);
  const at::Tensor lambda = at::log(at::sqrt(products)) - at::log(at::sqrt(1 - products));
  const at::Tensor clipped = at::searchsorted(at::flip(lambda, {0}), lowest);
  return options.num_train_timesteps - clipped.item<int64_t>();
}

std::vector<double> LuLevels(const std::vector<float>& log_sigmas, int steps) {
  const double from = log_sigmas.back(), to = log_sigmas.front();
  std::vector<double> levels = numpy::Linspace(0, 1, steps);
  for (double& level : levels) level = std::exp(from + level * (to - from));
  return levels;
}

std::vector<double> FlowLevels(const SchedulerOptions& options, const SchedulerRun& run) {
  const double shift = run.mu ? std::exp(*run.mu) : options.shift;
  std::vector<double> levels =
      numpy::Linspace(1, 1 / static_cast<double>(options.num_train_timesteps), run.steps + 1);
  for (double& level : levels) {
    const double sigma = 1.0 - level;
    level = shift * sigma / (1 + (shift - 1) * sigma);
  }
  std::reverse(levels.begin(), levels.end());
  levels.pop_back();
  return levels;
}

DpmSolver::Tables DpmSolver::TablesFor(const SchedulerOptions& options, const SchedulerRun& run) {
  const at::Tensor products = FiniteAlphasCumprod(options);
  const std::vector<float> training = TrainingSigmas(products);
  const TimestepOfSigma timestep_of(training);
  std::vector<double> sigmas, timesteps;
  bool rounds = (options.use_karras_sigmas || options.use_lu_lambdas) &&
                options.beta_schedule != "squaredcos_cap_v2";
  if (WantsLevels(options) || options.use_lu_lambdas) {
    sigmas = options.use_lu_lambdas ? LuLevels(timestep_of.log_sigmas(), run.steps)
                                    : Levels(options, training.back(), training.front(), run.steps);
    for (const double sigma : sigmas) timesteps.push_back(timestep_of(sigma));
  } else if (options.use_flow_sigmas) {
    sigmas = FlowLevels(options, run);
    for (const double sigma : sigmas) {
      timesteps.push_back(sigma * static_cast<double>(options.num_train_timesteps));
    }
  } else {
    timesteps = SpacedTimesteps(
        options,
        {.steps = run.steps, .end = UnclippedSteps(options, products), .skip_first = true});
    for (const double timestep : timesteps) sigmas.push_back(numpy::Interp(timestep, training));
  }
  if (rounds) timesteps = numpy::Round(timesteps);
  const bool keeps_fraction = run.continuous_timesteps && options.use_flow_sigmas;
  return {.timesteps = keeps_fraction ? std::vector<float>(timesteps.begin(), timesteps.end())
                                      : Truncated(timesteps),
          .sigmas = WithLast(sigmas, LastSigma(options, training)),
          .alphas_cumprod = DoubleValues(products)};
}

}  // namespace

std::unique_ptr<Scheduler> MakeDpmSolver(const SchedulerOptions& options, const SchedulerRun& run) {
  RequireTaken(options, run, {.mu = options.use_dynamic_shifting});
  return std::make_unique<DpmSolver>(options, DpmSolver::TablesFor(options, run));
}

}  // namespace plumb
