// SPDX-License-Identifier: Apache-2.0
// The makers that MakeScheduler chooses from, one per class or small family.
#pragma once

#include "generator/schedulers/internal_scheduler.h"

namespace plumb {

using SchedulerMaker = std::unique_ptr<Scheduler> (*)(const SchedulerOptions&, const SchedulerRun&);

std::unique_ptr<Scheduler> MakeDdim(const SchedulerOptions& options, const SchedulerRun& run);
std::unique_ptr<Scheduler> MakeDdpm(const SchedulerOptions& options, const SchedulerRun& run);
std::unique_ptr<Scheduler> MakeCogVideoXDdim(const SchedulerOptions& options,
                                             const SchedulerRun& run);
std::unique_ptr<Scheduler> MakeCogVideoXDpm(const SchedulerOptions& options,
                                            const SchedulerRun& run);
std::unique_ptr<Scheduler> MakeDpmSolver(const SchedulerOptions& options, const SchedulerRun& run);
std::unique_ptr<Scheduler> MakeUniPc(const SchedulerOptions& options, const SchedulerRun& run);
std::unique_ptr<Scheduler> MakeEulerDiscrete(const SchedulerOptions& options,
                                             const SchedulerRun& run);
std::unique_ptr<Scheduler> MakeFlowEuler(const SchedulerOptions& options, const SchedulerRun& run);
std::unique_ptr<Scheduler> MakeFlowHeun(const SchedulerOptions& options, const SchedulerRun& run);
// Not in Diffusers: DDIM and, with eta 1, DDPM along a rectified flow.
std::unique_ptr<Scheduler> MakeFlowAncestral(const SchedulerOptions& options,
                                             const SchedulerRun& run);

}  // namespace plumb
