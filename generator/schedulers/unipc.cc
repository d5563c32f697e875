// SPDX-License-Identifier: Apache-2.0
// UniPCMultistepScheduler: the predictor UniP and the corrector UniC with B(h), Zhao et al. 2023
// (arXiv 2302.04867), algorithms 5 to 8.
#include <algorithm>
#include <cmath>

#include "generator/schedulers/internal_multistep.h"
#include "generator/schedulers/internal_numpy.h"
#include "generator/schedulers/internal_scheduler_classes.h"

namespace plumb {
namespace {

class UniPc : public Multistep {
 public:
  UniPc(const SchedulerOptions& options, Tables tables) : Multistep(options, std::move(tables)) {}

  std::vector<std::string> HistoryNames(int step) const override {
    std::vector<std::string> names = Multistep::HistoryNames(step);
    if (step > 0) names.emplace_back("last_sample");
    return names;
  }

  static Tables TablesFor(const SchedulerOptions& options, const SchedulerRun& run);

 private:
  // A step to level `target` from the one before, where `sample` stood. Predictions are those
  // remembered; `at_target`, when given, is the one at the target itself (the corrector).
  at::Tensor Update(int target,
                    int order,
                    const at::Tensor& sample,
                    const at::Tensor& at_target) const;
  int Order(int step) const;
  at::Tensor Advance(const StepInput& input) override;
};

// Rows of powers of the ratios, and the right side, of the paper's equation 5; solved for the
// weights of the differences.
std::vector<double> Rhos(const std::vector<double>& ratios,
                         double hh,
                         double b_of_h,
                         int unknowns) {
  const auto order = static_cast<int>(ratios.size());
  at::Tensor rows = at::empty({order, order}, at::kDouble);
  at::Tensor right = at::empty({order}, at::kDouble);
  double phi = std::expm1(hh) / hh - 1, factorial = 1;
  for (int i = 0; i < order; ++i) {
    for (int k = 0; k < order; ++k) rows[i][k] = std::pow(ratios[k], i);
    right[i] = phi * factorial / b_of_h;
    factorial *= i + 2;
    phi = phi / hh - 1 / factorial;
  }
  const auto first = [&](const at::Tensor& x, int64_t axis) { return x.narrow(axis, 0, unknowns); };
  return DoubleValues(at::linalg_solve(first(first(rows, 0), 1), first(right, 0)));
}

at::Tensor UniPc::Update(int target,
                         int order,
                         const at::Tensor& sample,
                         const at::Tensor& at_target) const {
  const NoiseLevel to = Level(target), from = Level(target - 1);
  const double h = to.lambda - from.lambda;
  const double hh = options_.predict_x0 ? -h : h;
  const double grown = std::expm1(hh);
  const double b_of_h = options_.solver_type == "bh1" ? hh : grown;
  const double scale = options_.predict_x0 ? to.alpha : to.sigma;
  const double kept = options_.predict_x0 ? to.sigma / from.sigma : to.alpha / from.alpha;

  std::vector<double> ratios;
  for (int i = 1; i < order; ++i) {
    ratios.push_back((Level(target - 1 - i).lambda - from.lambda) / h);
  }
  ratios.push_back(1.0);
  // The differences that count: of earlier predictions, and with the corrector of the newest.
  const bool corrects = at_target.defined();
  const int unknowns = corrects ? order : order - 1;
  const bool is_simple = unknowns == 1;  // ½ in place of the solution, as the paper advises
  std::vector<double> rhos;
  if (is_simple) rhos = {0.5};
  if (unknowns > 1) rhos = Rhos(ratios, hh, b_of_h, unknowns);

  double of_base = -scale * grown;
  std::vector<Term> terms = {{kept, sample}};
  for (int i = 0; i < unknowns; ++i) {
    const bool is_newest = corrects && i == unknowns - 1;
    const double weight = -scale * b_of_h * rhos[i] / (is_newest ? 1.0 : ratios[i]);
    terms.push_back({weight, is_newest ? at_target : Remembered(i + 1)});
    of_base -= weight;
  }
  terms.push_back({of_base, Remembered(0)});
  return Sum(terms);
}

// It grows with what is remembered and, if wanted, falls at the end.
int UniPc::Order(int step) const {
  const int grown = std::min(options_.solver_order, step + 1);
  return options_.lower_order_final ? std::min(grown, num_steps() - step) : grown;
}

at::Tensor UniPc::Advance(const StepInput& input) {
  const at::Tensor prediction = Converted(input, options_.predict_x0);
  const auto& uncorrected = options_.disable_corrector;
  at::Tensor sample = input.sample;
  const bool corrects =
      step() > 0 &&
      std::find(uncorrected.begin(), uncorrected.end(), step() - 1) == uncorrected.end();
  if (corrects) {
    sample = Update(step(), Order(step() - 1), history().at("last_sample"), prediction);
  }
  Remember(prediction);
  history()["last_sample"] = sample;
  return Update(step() + 1, Order(step()), sample, {});
}

std::vector<double> FlowLevels(const SchedulerOptions& options, const SchedulerRun& run) {
  std::vector<double> levels = run.sigmas;
  if (levels.empty()) {
    levels =
        numpy::Linspace(1, 1 / static_cast<double>(options.num_train_timesteps), run.steps + 1);
    levels.pop_back();
  }
  levels = ShiftedLevels(levels, options, run);
  // At level 1 the clip's factor would be 0 and its logarithm infinite.
  constexpr double kMargin = 1e-6;
  if (std::abs(levels.front() - 1) < kMargin) levels.front() -= kMargin;
  return levels;
}

UniPc::Tables UniPc::TablesFor(const SchedulerOptions& options, const SchedulerRun& run) {
  const at::Tensor products = FiniteAlphasCumprod(options);
  const std::vector<float> training = TrainingSigmas(products);
  const TimestepOfSigma timestep_of(training);
  const int steps = run.sigmas.empty() ? run.steps : static_cast<int>(run.sigmas.size());
  const auto train = static_cast<double>(options.num_train_timesteps);
  std::vector<double> sigmas, timesteps;
  bool ends_at_lowest_visited = true;
  if (WantsLevels(options)) {
    sigmas = Levels(options, training.back(), training.front(), steps);
    for (double& sigma : sigmas) {
      if (options.use_flow_sigmas) sigma = sigma / (sigma + 1);
      timesteps.push_back(options.use_flow_sigmas ? sigma * train : timestep_of(sigma));
    }
    if (options.use_karras_sigmas && !options.use_flow_sigmas) {
      timesteps = numpy::Round(timesteps);
    }
  } else if (options.use_flow_sigmas) {
    sigmas = FlowLevels(options, run);
    for (const double sigma : sigmas) timesteps.push_back(sigma * train);
  } else {
    timesteps = SpacedTimesteps(
        options, {.steps = steps, .end = options.num_train_timesteps, .skip_first = true});
    for (const double timestep : timesteps) sigmas.push_back(numpy::Interp(timestep, training));
    ends_at_lowest_visited = false;
  }
  double last = LastSigma(options, training);
  if (last != 0.0 && ends_at_lowest_visited) last = sigmas.back();
  const bool keeps_fraction = run.continuous_timesteps && options.use_flow_sigmas;
  return {.timesteps = keeps_fraction ? std::vector<float>(timesteps.begin(), timesteps.end())
                                      : Truncated(timesteps),
          .sigmas = WithLast(sigmas, last),
          .alphas_cumprod = DoubleValues(products)};
}

}  // namespace

std::unique_ptr<Scheduler> MakeUniPc(const SchedulerOptions& options, const SchedulerRun& run) {
  const bool plain_flow = options.use_flow_sigmas && !WantsLevels(options);
  RequireTaken(options, run, {.sigmas = plain_flow, .mu = options.use_dynamic_shifting});
  return std::make_unique<UniPc>(options, UniPc::TablesFor(options, run));
}

}  // namespace plumb
