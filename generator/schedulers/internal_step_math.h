// SPDX-License-Identifier: Apache-2.0
// What the steps of all schedulers are made of.
#pragma once

#include <vector>

#include <torch/torch.h>

#include "generator/schedulers/internal_scheduler.h"

namespace plumb {

// One level of x = alpha·clip + sigma·noise.
struct NoiseLevel {
  double alpha = 0.0;
  double sigma = 0.0;
  double lambda = 0.0;  // log(alpha / sigma); +∞ where there is no noise
};

// alpha² + sigma² = 1, from ᾱ = alpha².
NoiseLevel LevelOfProduct(double alpha_cumprod);
// From σ/α of the variance-preserving levels, or from σ of a rectified flow.
NoiseLevel LevelOfSigma(double sigma, bool is_flow);

// The sum of weight·tensor; terms of weight 0 are left out.
struct Term {
  double weight;
  at::Tensor tensor;
};
at::Tensor Sum(const std::vector<Term>& terms);

// The clip, or the noise, that the network's output stands for at a sample.
at::Tensor CleanOf(Prediction prediction,
                   const NoiseLevel& level,
                   const at::Tensor& sample,
                   const at::Tensor& output);
at::Tensor NoiseOf(Prediction prediction,
                   const NoiseLevel& level,
                   const at::Tensor& sample,
                   const at::Tensor& output);

// A predicted clip, limited as the options say: thresholded (Saharia et al. 2022, section 2.3),
// clipped, or as it is.
at::Tensor Limited(const at::Tensor& clean, const SchedulerOptions& options);

// Throws UsageError naming the first of the run's arguments that the class doesn't take.
struct RunArguments {
  bool sigmas = false, mu = false, eta = false, churn = false;
};
void RequireTaken(const SchedulerOptions& options,
                  const SchedulerRun& run,
                  const RunArguments& taken);

}  // namespace plumb
