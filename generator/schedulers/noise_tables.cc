// SPDX-License-Identifier: Apache-2.0
// β schedules, by the operations of Diffusers in LibTorch.
#include <algorithm>
#include <cmath>

#include "core/check.h"
#include "core/errors.h"
#include "generator/schedulers/internal_schedule_tables.h"

namespace plumb {
namespace {

// Nichol & Dhariwal 2021, equation 17; β at most 0.999.
at::Tensor CosineBetas(int64_t count) {
  const auto alpha_bar = [](double t) {
    return std::pow(std::cos((t + 0.008) / 1.008 * M_PI / 2), 2.0);
  };
  at::Tensor betas = at::empty({count}, at::kFloat);
  const auto steps = static_cast<double>(count);
  for (int64_t i = 0; i < count; ++i) {
    const double from = static_cast<double>(i) / steps;
    const double to = static_cast<double>(i + 1) / steps;
    betas[i] = std::min(1 - alpha_bar(to) / alpha_bar(from), 0.999);
  }
  return betas;
}

at::Tensor Betas(const SchedulerOptions& options, at::ScalarType scaled_linear_type) {
  const int64_t count = options.num_train_timesteps;
  if (!options.trained_betas.empty()) return at::tensor(options.trained_betas, at::kFloat);
  if (options.beta_schedule == "linear") {
    return at::linspace(options.beta_start, options.beta_end, count, at::kFloat);
  }
  if (options.beta_schedule == "scaled_linear") {
    return at::pow(at::linspace(std::pow(options.beta_start, 0.5),
                                std::pow(options.beta_end, 0.5),
                                count,
                                scaled_linear_type),
                   2);
  }
  PLUMB_CHECK(options.beta_schedule == "squaredcos_cap_v2", "{}", options.beta_schedule);
  return CosineBetas(count);
}

// Lin et al. 2023 (arXiv 2305.08891), algorithm 1: square roots of the products moved and scaled so
// that the last is 0 and the first stays.
at::Tensor RescaledProducts(const at::Tensor& alphas_cumprod) {
  at::Tensor roots = alphas_cumprod.sqrt();
  const at::Tensor first = roots[0].clone(), last = roots[-1].clone();
  roots -= last;
  roots *= first / (first - last);
  return at::pow(roots, 2);
}

at::Tensor RescaledBetas(const at::Tensor& betas) {
  const at::Tensor products = RescaledProducts(at::cumprod(1.0 - betas, 0));
  const at::Tensor ratios = products.slice(0, 1) / products.slice(0, 0, -1);
  return 1 - at::cat({products.slice(0, 0, 1), ratios});
}

}  // namespace

at::Tensor AlphasCumprod(const SchedulerOptions& options) {
  at::Tensor betas = Betas(options, at::kFloat);
  if (options.rescale_betas_zero_snr) betas = RescaledBetas(betas);
  return at::cumprod(1.0 - betas, 0);
}

at::Tensor FiniteAlphasCumprod(const SchedulerOptions& options) {
  at::Tensor products = AlphasCumprod(options);
  if (options.rescale_betas_zero_snr) products[-1] = std::pow(2.0, -24);
  if (!products.gt(0).logical_and(products.lt(1)).all().item<bool>()) {
    throw UsageError(
        "betas: the solvers need noise levels between clip and noise alone at every training "
        "step; in float32 these round to one or the other");
  }
  return products;
}

at::Tensor CogVideoXAlphasCumprod(const SchedulerOptions& options) {
  at::Tensor products = at::cumprod(1.0 - Betas(options, at::kDouble), 0);
  const double scale = options.snr_shift_scale;
  products = products / (scale + (1 - scale) * products);
  return options.rescale_betas_zero_snr ? RescaledProducts(products) : products;
}

std::vector<double> DoubleValues(const at::Tensor& tensor) {
  const at::Tensor values = tensor.to(at::kDouble).contiguous();
  const double* data = values.data_ptr<double>();
  return {data, data + values.numel()};
}

std::vector<float> FloatValues(const at::Tensor& tensor) {
  const at::Tensor values = tensor.to(at::kFloat).contiguous();
  const float* data = values.data_ptr<float>();
  return {data, data + values.numel()};
}

std::vector<float> TrainingSigmas(const at::Tensor& alphas_cumprod) {
  return FloatValues(at::pow((1 - alphas_cumprod) / alphas_cumprod, 0.5));
}

}  // namespace plumb
