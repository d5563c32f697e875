// SPDX-License-Identifier: Apache-2.0
#include "generator/schedulers/flow_match.h"

#include "core/check.h"

namespace plumb {
namespace {

// The levels shifted; Diffusers holds them in float32 from here on.
FlowSchedule ShiftedSchedule(const std::vector<double>& sigmas,
                             double shift,
                             int64_t num_train_timesteps) {
  PLUMB_CHECK(!sigmas.empty() && shift > 0, "{} steps, shift {}", sigmas.size(), shift);
  FlowSchedule schedule;
  for (const double unshifted : sigmas) {
    const float sigma = static_cast<float>(ShiftedSigma(unshifted, shift));
    schedule.sigmas.push_back(sigma);
    schedule.timesteps.push_back(sigma * static_cast<float>(num_train_timesteps));
  }
  schedule.sigmas.push_back(0.0F);
  return schedule;
}

}  // namespace

double ShiftedSigma(double sigma, double shift) {
  return shift * sigma / (1.0 + (shift - 1.0) * sigma);
}

FlowSchedule MakeFlowSchedule(int steps, double shift, int64_t num_train_timesteps) {
  std::vector<double> sigmas;
  for (int i = 0; i < steps; ++i) sigmas.push_back(1.0 - static_cast<double>(i) / steps);
  return ShiftedSchedule(sigmas, shift, num_train_timesteps);
}

FlowSchedule MakeDiffusersFlowSchedule(int steps, const SchedulerConfig& config) {
  const double last = static_cast<float>(
      ShiftedSigma(1.0 / static_cast<double>(config.num_train_timesteps), config.shift));
  std::vector<double> sigmas;
  for (int i = 0; i < steps; ++i) {
    sigmas.push_back(steps == 1 ? 1.0 : 1.0 + (last - 1.0) * i / (steps - 1));
  }
  return ShiftedSchedule(sigmas, config.shift, config.num_train_timesteps);
}

}  // namespace plumb
