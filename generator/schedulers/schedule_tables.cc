// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <cmath>

#include <fmt/format.h>

#include "core/check.h"
#include "core/errors.h"
#include "generator/schedulers/internal_numpy.h"
#include "generator/schedulers/internal_respaced.h"
#include "generator/schedulers/internal_schedule_tables.h"

namespace plumb {
namespace {

std::vector<double> LeadingTimesteps(const SchedulerOptions& options, int64_t end, int count) {
  const int64_t ratio = end / count;
  std::vector<double> timesteps;
  for (int i = 0; i < count; ++i) {
    timesteps.push_back(static_cast<double>(i * ratio + options.steps_offset));
  }
  return timesteps;
}

std::vector<double> RespacedTimesteps(int64_t end, int count) {
  const double stride = count > 1 ? static_cast<double>(end - 1) / (count - 1) : 1.0;
  std::vector<double> timesteps;
  double reached = 0.0;
  for (int i = 0; i < count; ++i, reached += stride) timesteps.push_back(reached);
  return timesteps;
}

std::vector<double> EvenTimesteps(const SchedulerOptions& options, int64_t end, int count) {
  if (options.timestep_spacing == "leading") return LeadingTimesteps(options, end, count);
  if (options.timestep_spacing == kRespaced) return RespacedTimesteps(end, count);
  return numpy::Linspace(0, static_cast<double>(end - 1), count);
}

std::vector<double> KarrasLevels(double high, double low, int steps) {
  constexpr double kRho = 7.0;
  const double from = std::pow(high, 1 / kRho), to = std::pow(low, 1 / kRho);
  std::vector<double> levels = numpy::Linspace(0, 1, steps);
  for (double& level : levels) level = std::pow(from + level * (to - from), kRho);
  return levels;
}

std::vector<double> ExponentialLevels(double high, double low, int steps) {
  std::vector<double> levels = numpy::Linspace(std::log(high), std::log(low), steps);
  for (double& level : levels) level = std::exp(level);
  return levels;
}

std::vector<double> BetaLevels(double high, double low, int steps) {
  constexpr double kAlpha = 0.6, kBeta = 0.6;
  std::vector<double> levels = numpy::Linspace(0, 1, steps);
  for (double& level : levels) {
    level = low + numpy::BetaQuantile(1 - level, kAlpha, kBeta) * (high - low);
  }
  return levels;
}

}  // namespace

std::vector<double> SpacedTimesteps(const SchedulerOptions& options, const Spacing& spacing) {
  if (spacing.steps < 1 || spacing.steps > options.num_train_timesteps) {
    throw UsageError(fmt::format("num_inference_steps: {} steps; expected 1 to {}",
                                 spacing.steps,
                                 options.num_train_timesteps));
  }
  if (spacing.end < 1) throw UsageError("lambda_min_clipped: no training step is left");
  const int count = spacing.steps + (spacing.skip_first ? 1 : 0);
  std::vector<double> timesteps;
  if (options.timestep_spacing == "trailing") {
    const double ratio = static_cast<double>(options.num_train_timesteps) / spacing.steps;
    timesteps = numpy::Round(numpy::ArangeDown(static_cast<double>(spacing.end), ratio));
    for (double& timestep : timesteps) timestep -= 1;
  } else {
    timesteps = EvenTimesteps(options, spacing.end, count);
    if (spacing.whole) timesteps = numpy::Round(timesteps);
    std::reverse(timesteps.begin(), timesteps.end());
    if (spacing.skip_first) timesteps.pop_back();
  }
  if (timesteps.back() < 0 || timesteps.front() >= options.num_train_timesteps) {
    throw UsageError(
        fmt::format("{} steps with {} spacing and offset {} reach training step {}; "
                    "expected 0 to {}",
                    spacing.steps,
                    options.timestep_spacing,
                    options.steps_offset,
                    timesteps.back() < 0 ? timesteps.back() : timesteps.front(),
                    options.num_train_timesteps - 1));
  }
  return timesteps;
}

bool WantsLevels(const SchedulerOptions& options) {
  return options.use_karras_sigmas || options.use_exponential_sigmas || options.use_beta_sigmas;
}

std::vector<double> Levels(const SchedulerOptions& options, double high, double low, int steps) {
  high = options.sigma_max.value_or(high);
  low = options.sigma_min.value_or(low);
  if (options.use_karras_sigmas) return KarrasLevels(high, low, steps);
  if (options.use_exponential_sigmas) return ExponentialLevels(high, low, steps);
  PLUMB_CHECK(options.use_beta_sigmas, "no levels are asked for");
  return BetaLevels(high, low, steps);
}

TimestepOfSigma::TimestepOfSigma(const std::vector<float>& training_sigmas) {
  for (const float sigma : training_sigmas) log_sigmas_.push_back(numpy::Log(sigma));
}

double TimestepOfSigma::operator()(double sigma) const {
  const double log_sigma = std::log(std::max(sigma, 1e-10));
  // The last training level not above the asked one, but never the very last.
  size_t low = 0;
  for (size_t i = 0; i < log_sigmas_.size(); ++i) {
    if (log_sigma - static_cast<double>(log_sigmas_[i]) >= 0) low = i;
  }
  low = std::min(low, log_sigmas_.size() - 2);
  const double width = log_sigmas_[low] - log_sigmas_[low + 1];  // in float32, as NumPy's is
  const double weight =
      std::clamp((static_cast<double>(log_sigmas_[low]) - log_sigma) / width, 0.0, 1.0);
  return (1 - weight) * static_cast<double>(low) + weight * static_cast<double>(low + 1);
}

template <typename Number>
std::vector<Number> ShiftedLevels(const std::vector<Number>& levels,
                                  const SchedulerOptions& options,
                                  const SchedulerRun& run) {
  if (options.use_dynamic_shifting && !run.mu) {
    throw UsageError("mu: the scheduler has use_dynamic_shifting; expected a number");
  }
  std::vector<Number> shifted = levels;
  // An exponential shift by mu is a linear one by its exponential.
  const double mu = run.mu.value_or(0.0);
  const auto dynamic =
      static_cast<Number>(options.time_shift_type == "exponential" ? std::exp(mu) : mu);
  const auto shift = static_cast<Number>(options.shift);
  const auto less_one = static_cast<Number>(options.shift - 1);
  for (Number& level : shifted) {
    level = options.use_dynamic_shifting ? dynamic / (dynamic + (1 / level - 1))
                                         : shift * level / (1 + less_one * level);
  }
  if (options.shift_terminal != 0.0) {
    const Number scale = (1 - shifted.back()) / static_cast<Number>(1 - options.shift_terminal);
    for (Number& level : shifted) level = 1 - (1 - level) / scale;
  }
  return shifted;
}

template std::vector<float> ShiftedLevels(const std::vector<float>&,
                                          const SchedulerOptions&,
                                          const SchedulerRun&);
template std::vector<double> ShiftedLevels(const std::vector<double>&,
                                           const SchedulerOptions&,
                                           const SchedulerRun&);

std::vector<float> WithLast(const std::vector<double>& values, double last) {
  std::vector<float> result(values.begin(), values.end());
  result.push_back(static_cast<float>(last));
  return result;
}

std::vector<float> Truncated(const std::vector<double>& values) {
  std::vector<float> result;
  for (const double value : values) result.push_back(static_cast<float>(std::trunc(value)));
  return result;
}

}  // namespace plumb
