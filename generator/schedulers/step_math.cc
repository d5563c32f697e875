// SPDX-License-Identifier: Apache-2.0
#include <cmath>

#include <fmt/format.h>

#include "core/check.h"
#include "core/errors.h"
#include "generator/schedulers/internal_step_math.h"

namespace plumb {

NoiseLevel LevelOfProduct(double alpha_cumprod) {
  const double alpha = std::sqrt(alpha_cumprod), sigma = std::sqrt(1 - alpha_cumprod);
  return {alpha, sigma, std::log(std::sqrt(alpha_cumprod / (1 - alpha_cumprod)))};
}

NoiseLevel LevelOfSigma(double sigma, bool is_flow) {
  NoiseLevel level;
  level.alpha = is_flow ? 1 - sigma : 1 / std::sqrt(sigma * sigma + 1);
  level.sigma = is_flow ? sigma : sigma * level.alpha;
  level.lambda = std::log(level.alpha) - std::log(level.sigma);
  return level;
}

at::Tensor Sum(const std::vector<Term>& terms) {
  at::Tensor sum;
  for (const Term& term : terms) {
    if (term.weight == 0.0) continue;
    if (sum.defined()) {
      sum.add_(term.tensor, term.weight);
    } else {
      sum = term.tensor * term.weight;
    }
  }
  return sum.defined() ? sum : at::zeros_like(terms.front().tensor);
}

at::Tensor CleanOf(Prediction prediction,
                   const NoiseLevel& level,
                   const at::Tensor& sample,
                   const at::Tensor& output) {
  switch (prediction) {
    case Prediction::kNoise:
      return Sum({{1 / level.alpha, sample}, {-level.sigma / level.alpha, output}});
    case Prediction::kClean:
      return output;
    case Prediction::kVelocity:
      return Sum({{level.alpha, sample}, {-level.sigma, output}});
    case Prediction::kFlow:
      return Sum({{1, sample}, {-level.sigma, output}});
  }
  PLUMB_CHECK(false, "no such prediction");
}

at::Tensor NoiseOf(Prediction prediction,
                   const NoiseLevel& level,
                   const at::Tensor& sample,
                   const at::Tensor& output) {
  switch (prediction) {
    case Prediction::kNoise:
      return output;
    case Prediction::kClean:
      return Sum({{1 / level.sigma, sample}, {-level.alpha / level.sigma, output}});
    case Prediction::kVelocity:
      return Sum({{level.alpha, output}, {level.sigma, sample}});
    case Prediction::kFlow:
      return Sum({{1, sample}, {level.alpha, output}});
  }
  PLUMB_CHECK(false, "no such prediction");
}

at::Tensor Limited(const at::Tensor& clean, const SchedulerOptions& options) {
  if (options.thresholding) {
    const at::Tensor flat = clean.flatten(1);
    const at::Tensor limit =
        at::quantile(flat.abs(), options.dynamic_thresholding_ratio, 1, /*keepdim=*/true)
            .clamp(1.0, options.sample_max_value);
    return (at::clamp(flat, -limit, limit) / limit).view(clean.sizes());
  }
  if (!options.clip_sample) return clean;
  return clean.clamp(-options.clip_sample_range, options.clip_sample_range);
}

void RequireTaken(const SchedulerOptions& options,
                  const SchedulerRun& run,
                  const RunArguments& taken) {
  const auto require = [&](bool is_taken, bool is_given, const char* name) {
    if (is_given && !is_taken) {
      throw UsageError(fmt::format("{}: {} does not take it", name, options.class_name));
    }
  };
  require(taken.sigmas, !run.sigmas.empty(), "sigmas");
  require(taken.mu, run.mu.has_value(), "mu");
  require(taken.eta, run.eta != 0.0, "eta");
  require(taken.eta, run.use_clipped_model_output, "use_clipped_model_output");
  require(taken.churn, run.s_churn != 0.0, "s_churn");
}

}  // namespace plumb
