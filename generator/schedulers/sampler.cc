// SPDX-License-Identifier: Apache-2.0
#include "generator/schedulers/internal_sampler.h"

namespace plumb {
namespace {

at::Tensor GuidedVelocity(const Denoiser& denoiser,
                          const at::Tensor& latents,
                          float timestep,
                          double guidance) {
  if (guidance == 1.0) return denoiser(latents, timestep, true);
  const at::Tensor without = denoiser(latents, timestep, false);
  if (guidance == 0.0) return without;
  return without + guidance * (denoiser(latents, timestep, true) - without);
}

}  // namespace

at::Tensor SampleEuler(const SamplerInput& input,
                       const Denoiser& denoiser,
                       const Progress& progress) {
  at::Tensor latents = at::where(input.known, input.clean, input.noise);
  const int steps = static_cast<int>(input.schedule.timesteps.size());
  for (int i = 0; i < steps; ++i) {
    progress.ThrowIfCancelled();
    progress.Report("sampling", i, steps);
    const at::Tensor velocity =
        GuidedVelocity(denoiser, latents, input.schedule.timesteps[i], input.guidance);
    const double step = static_cast<double>(input.schedule.sigmas[i + 1]) -
                        static_cast<double>(input.schedule.sigmas[i]);
    // Known places are imposed again after every step, the last one included.
    latents = at::where(input.known, input.clean, latents + step * velocity);
  }
  progress.Report("sampling", steps, steps);
  return latents;
}

}  // namespace plumb
