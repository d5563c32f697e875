// SPDX-License-Identifier: Apache-2.0
// What DPM-Solver and UniPC share: levels by σ, and the last few predictions.
#pragma once

#include "generator/schedulers/internal_schedule_tables.h"
#include "generator/schedulers/internal_step_math.h"

namespace plumb {

class Multistep : public Scheduler {
 public:
  std::vector<std::string> HistoryNames(int step) const override;

 protected:
  Multistep(const SchedulerOptions& options, Tables tables)
      : Scheduler(std::move(tables)), options_(options) {}

  // Of sigmas()[index]; the last one may be free of noise.
  NoiseLevel Level(int index) const {
    return LevelOfSigma(sigmas()[index], options_.use_flow_sigmas);
  }
  // What the solver integrates: the clip, or the noise.
  at::Tensor Converted(const StepInput& input, bool to_clean) const;
  // Keeps a prediction in front of the earlier ones, options.solver_order of them.
  void Remember(const at::Tensor& prediction);
  // 0: the latest.
  const at::Tensor& Remembered(int age) const {
    return state().history.at("prediction." + std::to_string(age));
  }

  SchedulerOptions options_;
};

// The level behind the last step, in float32: 0, or the lowest training level.
double LastSigma(const SchedulerOptions& options, const std::vector<float>& training_sigmas);

}  // namespace plumb
