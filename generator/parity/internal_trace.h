// SPDX-License-Identifier: Apache-2.0
// A scheduler's steps over given network outputs: the call `trace` of a parity case.
#pragma once

#include <vector>

#include "generator/parity/internal_registry.h"
#include "generator/schedulers/internal_scheduler.h"

namespace plumb {

// One entry per scheduler class.
std::vector<ParityEntry> TraceEntries();

// The case's args as Diffusers' set_timesteps and step take them, by their names. Throws InputError
// naming case and key on one that is unknown or ill-typed.
SchedulerRun TraceRun(const ParityCase& parity_case);

// Runs from `sample` through model_output.i and, where the scheduler wants noise, noise.i. Gives
// timesteps, sigmas and alphas_cumprod (where the class has them) and prev_sample.i, all F32.
// Throws InputError naming the case and the tensor that is missing or of another shape, or the
// argument that the class doesn't take.
NamedTensors TraceScheduler(const ParityCase& parity_case,
                            const SchedulerOptions& options,
                            const SchedulerRun& run);

}  // namespace plumb
