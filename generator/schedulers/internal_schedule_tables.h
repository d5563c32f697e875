// SPDX-License-Identifier: Apache-2.0
// The tables that Diffusers' schedulers are made of: β and its products, which training steps are
// visited, which noise levels, and how levels are shifted.
#pragma once

#include <vector>

#include <torch/torch.h>

#include "generator/schedulers/internal_scheduler.h"

namespace plumb {

// The products of 1 − β over the training steps, float32 (CogVideoX: as its class has them).
at::Tensor AlphasCumprod(const SchedulerOptions& options);
at::Tensor CogVideoXAlphasCumprod(const SchedulerOptions& options);
// The same for the solvers that work with σ: a last product of 0 becomes 2⁻²⁴, so that no level is
// infinite.
at::Tensor FiniteAlphasCumprod(const SchedulerOptions& options);
std::vector<double> DoubleValues(const at::Tensor& tensor);
std::vector<float> FloatValues(const at::Tensor& tensor);

// The deviation of the noise over the clip's factor, per training step: sqrt((1 − ᾱ) / ᾱ).
std::vector<float> TrainingSigmas(const at::Tensor& alphas_cumprod);

// Training steps to visit, highest first, spaced as options.timestep_spacing says.
struct Spacing {
  int steps = 0;
  int64_t end = 0;          // one more than the highest step
  bool skip_first = false;  // multistep solvers: one more is spaced, and the lowest left out
  bool whole = true;        // rounded
};
// Throws UsageError when the steps are more than options.num_train_timesteps or when one would lie
// below 0 (Diffusers' trailing spacing does that for some counts).
std::vector<double> SpacedTimesteps(const SchedulerOptions& options, const Spacing& spacing);

// Levels between `high` and `low`, `steps` of them, that options.use_karras_sigmas,
// use_exponential_sigmas or use_beta_sigmas ask for (Karras et al. 2022, equation 5, ρ 7; even in
// the logarithm; quantiles of the beta distribution, Lee et al. 2024). Ends that the options name
// come first.
bool WantsLevels(const SchedulerOptions& options);
std::vector<double> Levels(const SchedulerOptions& options, double high, double low, int steps);

// The training step, with a fraction, at which a level lies, by the logarithms of the training
// sigmas.
class TimestepOfSigma {
 public:
  explicit TimestepOfSigma(const std::vector<float>& training_sigmas);
  double operator()(double sigma) const;
  const std::vector<float>& log_sigmas() const { return log_sigmas_; }

 private:
  std::vector<float> log_sigmas_;
};

// Rectified-flow levels shifted by options.shift or, with use_dynamic_shifting, by run.mu, then
// stretched to end at shift_terminal. Number is the type that Diffusers works in: float where
// sigmas were given, double elsewhere.
template <typename Number>
std::vector<Number> ShiftedLevels(const std::vector<Number>& levels,
                                  const SchedulerOptions& options,
                                  const SchedulerRun& run);

// `values` and `last` in float32.
std::vector<float> WithLast(const std::vector<double>& values, double last);
// Towards zero, as NumPy's astype(int64) does.
std::vector<float> Truncated(const std::vector<double>& values);

}  // namespace plumb
