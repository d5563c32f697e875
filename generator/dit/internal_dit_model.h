// SPDX-License-Identifier: Apache-2.0
// A DiT checkpoint as a model: a class becomes a picture.
#pragma once

#include <filesystem>
#include <memory>
#include <string>

#include "generator/dit/dit_config.h"
#include "generator/native/native_model.h"
#include "generator/schedulers/scheduler_options.h"

namespace plumb {

// As LoadNativeModel, for valid options.
std::unique_ptr<NativeModel> LoadDitModel(const std::filesystem::path& checkpoint,
                                          const NativeOptions& options);

// The scheduler that a sampler's name stands for on a checkpoint whose own is `own`: "" is that
// one; "ddpm" and "ddim" are those of the original repository on the same noise levels: steps
// spread evenly from the first to the last (kRespaced), each ending at the level of the next,
// nothing clipped, the variance learned where the network learns it and the larger fixed one
// otherwise. Throws UsageError on any other name.
SchedulerOptions DitScheduler(const SchedulerOptions& own,
                              const DitConfig& config,
                              const std::string& sampler);

}  // namespace plumb
