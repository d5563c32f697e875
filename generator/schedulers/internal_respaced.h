// SPDX-License-Identifier: Apache-2.0
// DDIM as the original repositories take its steps (Dhariwal & Nichol 2021, Peebles & Xie 2022):
// each ends at the level of the next one. Diffusers' class ends a step a fixed stride below its
// timestep, whichever comes next: where the stride is not the distance (linspace, counts that don't
// divide), the network is told another level than the sample has.
#pragma once

#include "generator/schedulers/internal_scheduler.h"

namespace plumb {

// A timestep_spacing that no file names: the steps of the original DiT repository, evenly spread
// from the first training step to the last, the stride's multiples summed and rounded (so that they
// differ from "linspace" where a step lies halfway between two). DDIM on them is as above.
inline constexpr const char* kRespaced = "respaced";

// DDIM as above on steps of any spacing.
std::unique_ptr<Scheduler> MakeRespacedDdim(const SchedulerOptions& options,
                                            const SchedulerRun& run);

}  // namespace plumb
