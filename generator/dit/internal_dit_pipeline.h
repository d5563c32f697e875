// SPDX-License-Identifier: Apache-2.0
// From noise to latents with a class-conditional DiT.
#pragma once

#include <functional>
#include <string>
#include <vector>

#include "core/progress.h"
#include "generator/dit/internal_dit_transformer.h"
#include "generator/schedulers/internal_scheduler.h"

namespace plumb {

// Which latent channels guidance acts on.
enum class DitGuidance {
  kUpstream,  // the first three, as the original repository does
  kDiffusers  // all of them
};

// "upstream" or "diffusers". Throws UsageError on anything else.
DitGuidance DitGuidanceFromName(const std::string& name);
std::string DitGuidanceName(DitGuidance kind);

struct DitSampling {
  std::vector<int64_t> labels;  // one per sample, 0 … num_classes
  int steps = 250;
  // no_class + guidance · (class − no_class); at 1, as Diffusers does it below 1 too, the class
  // alone.
  double guidance = 4.0;
  DitGuidance kind = DitGuidance::kUpstream;
  // Standard normal [1, C, H, W] for a step of a sample; asked where the scheduler adds noise.
  std::function<at::Tensor(int sample, int step)> step_noise;
};

// The label that means "no class": Diffusers' pipeline writes 1000, whatever the table holds.
int64_t DitNullLabel(const DitConfig& config, DitGuidance kind);

// latents [B, C, H, W] float32, standard normal. Every sample is a pass of its own, so its numbers
// don't depend on the others. A learned variance goes to schedulers that take one (DDPM with
// variance_type learned or learned_range), to others it doesn't. Throws UsageError when the
// scheduler wants one that the network doesn't learn.
at::Tensor SampleDit(DitTransformer& dit,
                     const SchedulerOptions& options,
                     const DitSampling& sampling,
                     const at::Tensor& latents,
                     const Progress& progress);

}  // namespace plumb
