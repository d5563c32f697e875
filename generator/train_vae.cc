// SPDX-License-Identifier: Apache-2.0
// Stage 1: the VAE learns to give frames back (mean absolute error) through latents that stay near
// a unit normal.
#include <cmath>

#include "generator/internal_training.h"

namespace plumb {
namespace {

// Runs of frames from random clips at random times, half of them mirrored: [B, 3, T, H, W].
at::Tensor DrawBatch(const TrainingRun& run, int64_t step) {
  const TrainOptions& options = run.options;
  Random random = StepRandom(options, "vae", step);
  std::vector<at::Tensor> batch;
  for (int i = 0; i < options.vae_batch; ++i) {
    const int clip = random.Index(options.clips);
    const int first = random.Index(options.frames - options.vae_frames + 1);
    const bool mirrored = random.Index(2) == 1;
    const at::Tensor pixels = run.clips.Pixels(clip, first, options.vae_frames);
    batch.push_back(mirrored ? pixels.flip({3}) : pixels);
  }
  return at::stack(batch);
}

at::Tensor VaeLoss(TrainingRun& run, int64_t step) {
  const TrainOptions& options = run.options;
  const at::Tensor pixels = DrawBatch(run, step);
  const Autocast autocast(options.bf16);
  const Posterior posterior = run.networks.vae->Encode(pixels);
  const at::Tensor mean = posterior.mean.to(torch::kFloat32);
  const at::Tensor logvar = posterior.logvar.to(torch::kFloat32);
  const at::Tensor noise =
      at::randn(mean.sizes(), StepGenerator(options, "vae", step), mean.options());
  const at::Tensor decoded = run.networks.vae->Decode(mean + (0.5 * logvar).exp() * noise);
  // KL divergence from the unit normal, a latent element (Kingma & Welling 2014, appendix B).
  const at::Tensor kl = 0.5 * (mean.square() + logvar.exp() - 1.0 - logvar).mean();
  return (decoded.to(torch::kFloat32) - pixels).abs().mean() + options.kl_weight * kl;
}

// Peak signal-to-noise ratio over the validation clips together, in dB, for pixels in 0–1.
double ReconstructionPsnr(TrainingRun& run) {
  torch::NoGradGuard no_grad;
  const Autocast autocast(run.options.bf16);
  double squared_error = 0.0;
  const std::vector<int64_t> clips = ValidationClips(run.options);
  for (const int64_t clip : clips) {
    const at::Tensor pixels = run.clips.Pixels(clip, 0, run.options.vae_frames).unsqueeze(0);
    const at::Tensor decoded =
        run.networks.vae->Decode(run.networks.vae->Encode(pixels).mean).to(torch::kFloat32);
    squared_error += (decoded.clamp(-1.0, 1.0) - pixels).square().mean().item<double>() / 4.0;
  }
  return -10.0 * std::log10(squared_error / static_cast<double>(clips.size()) + 1e-12);
}

}  // namespace

void TrainVae(TrainingRun& run) {
  const TrainOptions& options = run.options;
  RunStage(run,
           {.name = "vae",
            .optimizer = SettingsOf(options, options.vae_steps, options.vae_learning_rate),
            .modules = {{"vae", run.networks.vae.get()}},
            .loss = [&](int64_t step) { return VaeLoss(run, step); },
            .validation = [&] { return ReconstructionPsnr(run); },
            .validation_name = "PSNR"});
  run.state.vae_psnr_db = ReconstructionPsnr(run);
}

}  // namespace plumb
