// SPDX-License-Identifier: Apache-2.0
#include <map>

#include <fmt/format.h>

#include "core/errors.h"
#include "generator/schedulers/internal_scheduler_classes.h"

namespace plumb {

std::unique_ptr<Scheduler> MakeScheduler(const SchedulerOptions& options, const SchedulerRun& run) {
  static const std::map<std::string, SchedulerMaker> kMakers = {
      {"CogVideoXDDIMScheduler", MakeCogVideoXDdim},
      {"CogVideoXDPMScheduler", MakeCogVideoXDpm},
      {"DDIMScheduler", MakeDdim},
      {"DDPMScheduler", MakeDdpm},
      {"DPMSolverMultistepScheduler", MakeDpmSolver},
      {"EulerDiscreteScheduler", MakeEulerDiscrete},
      {"FlowMatchEulerDiscreteScheduler", MakeFlowEuler},
      {"FlowMatchHeunDiscreteScheduler", MakeFlowHeun},
      {"UniPCMultistepScheduler", MakeUniPc}};
  const auto maker = kMakers.find(options.class_name);
  if (maker == kMakers.end()) {
    throw UsageError(fmt::format("scheduler class '{}' is unknown; there are: {}",
                                 options.class_name,
                                 fmt::join(SchedulerClasses(), ", ")));
  }
  if (run.steps < 1 && run.sigmas.empty()) {
    throw UsageError("num_inference_steps: expected 1 or more");
  }
  return maker->second(options, run);
}

}  // namespace plumb
