// SPDX-License-Identifier: Apache-2.0
// From one noise level to the next, number for number as Diffusers' schedulers do. Tables
// (timesteps, sigmas, alphas_cumprod) are its float32 values bit by bit; the weights of a step are
// computed from them in double, and applied in the type of the sample.
#pragma once

#include <map>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include <torch/torch.h>

#include "generator/schedulers/scheduler_options.h"

namespace plumb {

// What Diffusers passes to set_timesteps and, the same at every step, to step.
struct SchedulerRun {
  int steps = 0;
  std::vector<double> sigmas;             // instead of spaced levels, where the class takes them
  std::optional<double> mu;               // logarithm of the shift, for use_dynamic_shifting
  double eta = 0.0;                       // DDIM: share of the noise of DDPM that is added
  bool use_clipped_model_output = false;  // DDIM
  double s_churn = 0.0;                   // Euler: noise added before steps within the limits
  double s_tmin = 0.0;
  double s_tmax = std::numeric_limits<double>::infinity();
  double s_noise = 1.0;
  // Flow levels of multistep solvers: the network is asked at σ·N, not at Diffusers' whole number
  // below it.
  bool continuous_timesteps = false;
};

struct StepInput {
  at::Tensor model_output;  // what the network said about ModelInput(sample); DDPM: or twice the
                            // channels, the variances behind
  at::Tensor sample;        // floating point [B, C, …]
  at::Tensor noise;         // standard normal, like `sample`; read where WantsNoise()
};

// Enough to go on from here.
struct SchedulerState {
  int step = 0;
  std::map<std::string, at::Tensor> history;
};

// One trajectory: its levels are fixed when it is made, Step goes through them in order.
class Scheduler {
 public:
  virtual ~Scheduler() = default;

  const std::vector<float>& timesteps() const { return tables_.timesteps; }
  // One more than steps; empty where Diffusers' class has none.
  const std::vector<float>& sigmas() const { return tables_.sigmas; }
  // Per training step; empty for rectified flow.
  const std::vector<double>& alphas_cumprod() const { return tables_.alphas_cumprod; }

  int num_steps() const { return static_cast<int>(tables_.timesteps.size()); }
  int step() const { return state_.step; }  // network evaluations that are over
  bool Done() const { return step() == num_steps(); }

  // The deviation of the noise that a trajectory starts from.
  virtual double InitialNoiseScale() const { return 1.0; }
  virtual at::Tensor ModelInput(const at::Tensor& sample) const { return sample; }
  virtual bool WantsNoise() const { return false; }

  // The sample at the next level. Throws CheckFailure when Done(), or when noise is wanted and
  // not given.
  at::Tensor Step(const StepInput& input);

  const SchedulerState& state() const { return state_; }
  // What must be remembered for the step after `step` steps; each is like the sample.
  virtual std::vector<std::string> HistoryNames(int /*step*/) const { return {}; }
  // Goes on from a state of a scheduler made the same way. Throws CheckFailure on a step that
  // doesn't exist or when something that must be remembered is missing.
  void Restore(SchedulerState state);

 protected:
  struct Tables {
    std::vector<float> timesteps;
    std::vector<float> sigmas;
    std::vector<double> alphas_cumprod;
  };
  explicit Scheduler(Tables tables) : tables_(std::move(tables)) {}
  virtual at::Tensor Advance(const StepInput& input) = 0;
  std::map<std::string, at::Tensor>& history() { return state_.history; }

 private:
  Tables tables_;
  SchedulerState state_;
};

// Throws UsageError when the run asks for what the class doesn't do.
std::unique_ptr<Scheduler> MakeScheduler(const SchedulerOptions& options, const SchedulerRun& run);

}  // namespace plumb
