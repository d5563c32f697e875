// SPDX-License-Identifier: Apache-2.0
// FlowMatchEulerDiscreteScheduler and FlowMatchHeunDiscreteScheduler, and the ancestral steps of
// DDIM and DDPM along a rectified flow.
#include "generator/schedulers/flow_match.h"

#include <cmath>

#include "core/check.h"
#include "core/errors.h"
#include "generator/schedulers/internal_numpy.h"
#include "generator/schedulers/internal_schedule_tables.h"
#include "generator/schedulers/internal_scheduler_classes.h"
#include "generator/schedulers/internal_step_math.h"

namespace plumb {
namespace {

// The highest and lowest training level as Diffusers' constructors leave them: shifted already,
// unless the shift waits for its mu.
std::vector<double> TrainingEnds(const SchedulerOptions& options) {
  std::vector<double> ends;
  const auto count = static_cast<float>(options.num_train_timesteps);
  for (const float timestep : {count, 1.0F}) {
    const float sigma = timestep / count;
    const auto shift = static_cast<float>(options.shift);
    const auto less_one = static_cast<float>(options.shift - 1);
    ends.push_back(options.use_dynamic_shifting ? sigma : shift * sigma / (1 + less_one * sigma));
  }
  return ends;
}

// What set_timesteps(steps) does: the shift acts a second time.
std::vector<double> SpacedLevels(const SchedulerOptions& options, const SchedulerRun& run) {
  if (run.steps < 1) throw UsageError("num_inference_steps: expected 1 or more");
  const auto train = static_cast<double>(options.num_train_timesteps);
  const std::vector<double> ends = TrainingEnds(options);
  std::vector<double> levels = numpy::Linspace(ends[0] * train, ends[1] * train, run.steps);
  for (double& level : levels) level /= train;
  return ShiftedLevels(levels, options, run);
}

// What set_timesteps(sigmas=…) does: in float32, shifted once.
std::vector<double> GivenLevels(const SchedulerOptions& options, const SchedulerRun& run) {
  const std::vector<float> given(run.sigmas.begin(), run.sigmas.end());
  const std::vector<float> shifted = ShiftedLevels(given, options, run);
  return {shifted.begin(), shifted.end()};
}

struct FlowTables {
  std::vector<float> timesteps, sigmas;
};

FlowTables TablesFor(const SchedulerOptions& options, const SchedulerRun& run) {
  if (!run.sigmas.empty() && run.steps > 0 && run.steps != static_cast<int>(run.sigmas.size())) {
    throw UsageError("sigmas: expected as many as num_inference_steps");
  }
  std::vector<double> levels =
      run.sigmas.empty() ? SpacedLevels(options, run) : GivenLevels(options, run);
  if (WantsLevels(options)) {
    levels = Levels(options, levels.front(), levels.back(), static_cast<int>(levels.size()));
  }
  FlowTables tables;
  const auto train = static_cast<float>(options.num_train_timesteps);
  for (const double level : levels) {
    const auto sigma = static_cast<float>(level);
    tables.sigmas.push_back(options.invert_sigmas ? 1.0F - sigma : sigma);
    tables.timesteps.push_back(tables.sigmas.back() * train);
  }
  tables.sigmas.push_back(options.invert_sigmas ? 1.0F : 0.0F);
  return tables;
}

class FlowScheduler : public Scheduler {
 public:
  FlowScheduler(const SchedulerOptions& options, const FlowTables& tables)
      : Scheduler({.timesteps = tables.timesteps, .sigmas = tables.sigmas, .alphas_cumprod = {}}),
        options_(options) {}

 protected:
  double Sigma(int index) const { return sigmas()[index]; }
  SchedulerOptions options_;
};

class FlowEuler : public FlowScheduler {
 public:
  using FlowScheduler::FlowScheduler;
  bool WantsNoise() const override { return options_.stochastic_sampling; }

 private:
  at::Tensor Advance(const StepInput& input) override {
    const double from = Sigma(step()), to = Sigma(step() + 1);
    if (!options_.stochastic_sampling) {
      return Sum({{1, input.sample}, {to - from, input.model_output}});
    }
    // To the predicted clip, and back with fresh noise.
    return Sum({{1 - to, input.sample}, {-(1 - to) * from, input.model_output}, {to, input.noise}});
  }
};

// Two evaluations a step but for the last: the second, at the end of an Euler step, is averaged
// with the first (Karras et al. 2022, algorithm 1).
class FlowHeun : public FlowScheduler {
 public:
  using FlowScheduler::FlowScheduler;
  std::vector<std::string> HistoryNames(int step) const override {
    return step % 2 == 0 ? std::vector<std::string>{}
                         : std::vector<std::string>{"sample", "velocity"};
  }

  static FlowTables Doubled(const FlowTables& once) {
    FlowTables tables = {{once.timesteps.front()}, {once.sigmas.front()}};
    for (size_t i = 1; i < once.timesteps.size(); ++i) {
      tables.timesteps.insert(tables.timesteps.end(), 2, once.timesteps[i]);
      tables.sigmas.insert(tables.sigmas.end(), 2, once.sigmas[i]);
    }
    tables.sigmas.push_back(once.sigmas.back());
    return tables;
  }

 private:
  at::Tensor Advance(const StepInput& input) override {
    if (step() % 2 == 0) {
      history() = {{"sample", input.sample}, {"velocity", input.model_output}};
      return Sum({{1, input.sample}, {Sigma(step() + 1) - Sigma(step()), input.model_output}});
    }
    const double half = 0.5 * (Sigma(step()) - Sigma(step() - 1));
    return Sum({{1, history().at("sample")},
                {half, history().at("velocity")},
                {half, input.model_output}});
  }
};

// With s = σ / (1 − σ), of the noise s' at the next level the part s'²·(s² − s'²)/s² is drawn anew,
// times eta² (formula 16 of DDIM, for any level x = α·clip + σ·noise). Eta 0 is Euler's step.
class FlowAncestral : public FlowScheduler {
 public:
  FlowAncestral(const SchedulerOptions& options, const FlowTables& tables, double eta)
      : FlowScheduler(options, tables), eta_(eta) {}
  bool WantsNoise() const override { return eta_ > 0 && step() + 1 < num_steps(); }

 private:
  at::Tensor Advance(const StepInput& input) override {
    const double from = Sigma(step()), to = Sigma(step() + 1);
    // s'/s: 0 from pure noise.
    const double kept = to * (1 - from) / (from * (1 - to));
    const double drawn = eta_ * to * std::sqrt(1 - kept * kept);
    const double aimed = std::sqrt(to * to - drawn * drawn);
    // aimed·noise + (1 − to)·clip, with noise = x + (1 − from)·v and clip = x − from·v.
    std::vector<Term> terms = {{aimed + 1 - to, input.sample},
                               {aimed * (1 - from) - (1 - to) * from, input.model_output}};
    if (WantsNoise()) terms.push_back({drawn, input.noise});
    return Sum(terms);
  }

  double eta_;
};

}  // namespace

double ShiftedSigma(double sigma, double shift) {
  return shift * sigma / (1.0 + (shift - 1.0) * sigma);
}

float DrawSigma(double shift, Random& random) {
  const double sigma = 1.0 / (1.0 + std::exp(-random.Normal()));
  return static_cast<float>(ShiftedSigma(sigma, shift));
}

std::vector<double> EvenSigmas(int steps) {
  PLUMB_CHECK(steps >= 1, "{} steps", steps);
  std::vector<double> sigmas;
  for (int i = 0; i < steps; ++i) sigmas.push_back(1.0 - static_cast<double>(i) / steps);
  return sigmas;
}

std::unique_ptr<Scheduler> MakeFlowEuler(const SchedulerOptions& options, const SchedulerRun& run) {
  RequireTaken(options, run, {.sigmas = true, .mu = true});
  return std::make_unique<FlowEuler>(options, TablesFor(options, run));
}

std::unique_ptr<Scheduler> MakeFlowHeun(const SchedulerOptions& options, const SchedulerRun& run) {
  RequireTaken(options, run, {.sigmas = true});
  return std::make_unique<FlowHeun>(options, FlowHeun::Doubled(TablesFor(options, run)));
}

std::unique_ptr<Scheduler> MakeFlowAncestral(const SchedulerOptions& options,
                                             const SchedulerRun& run) {
  RequireTaken(options, run, {.sigmas = true, .mu = true, .eta = true});
  return std::make_unique<FlowAncestral>(options, TablesFor(options, run), run.eta);
}

}  // namespace plumb
