// SPDX-License-Identifier: Apache-2.0
#include <cmath>

#include "core/check.h"
#include "generator/native/internal_objective.h"
#include "generator/schedulers/flow_match.h"
#include "generator/schedulers/internal_schedule_tables.h"

namespace plumb {

Objective::Objective(const SchedulerOptions& scheduler) : scheduler_(scheduler) {
  if (scheduler.prediction == Prediction::kFlow) return;
  products_ = DoubleValues(AlphasCumprod(scheduler));
}

ObjectiveLevel Objective::At(double timestep) const {
  const auto steps = static_cast<double>(scheduler_.num_train_timesteps);
  PLUMB_CHECK(timestep >= 0 && timestep <= steps - (IsFlow() ? 0 : 1), "timestep {}", timestep);
  if (IsFlow()) {
    const auto sigma = static_cast<float>(timestep / steps);
    return {static_cast<float>(timestep), 1.0F - sigma, sigma};
  }
  const double step = std::floor(timestep);
  const double product = products_[static_cast<size_t>(step)];
  return {static_cast<float>(step),
          static_cast<float>(std::sqrt(product)),
          static_cast<float>(std::sqrt(1 - product))};
}

ObjectiveLevel Objective::Draw(double shift, Random& random) const {
  if (!IsFlow()) return At(random.Index(static_cast<int>(scheduler_.num_train_timesteps)));
  const float sigma = DrawSigma(shift, random);
  return {static_cast<float>(scheduler_.num_train_timesteps) * sigma, 1.0F - sigma, sigma};
}

at::Tensor Objective::Noisy(const at::Tensor& clean,
                            const at::Tensor& noise,
                            const ObjectiveLevel& level) const {
  if (IsFlow()) return clean + level.sigma * (noise - clean);
  return level.alpha * clean + level.sigma * noise;
}

at::Tensor Objective::Wanted(const at::Tensor& clean,
                             const at::Tensor& noise,
                             const ObjectiveLevel& level) const {
  switch (scheduler_.prediction) {
    case Prediction::kNoise:
      return noise;
    case Prediction::kClean:
      return clean;
    case Prediction::kVelocity:
      return level.alpha * noise - level.sigma * clean;
    case Prediction::kFlow:
      return noise - clean;
  }
  PLUMB_CHECK(false, "no such prediction");
}

}  // namespace plumb
