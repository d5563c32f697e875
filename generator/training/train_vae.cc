// SPDX-License-Identifier: Apache-2.0
// Stage 1: the VAE learns to give frames back (mean absolute error) through latents that stay near
// a unit normal.
#include <algorithm>
#include <cmath>

#include "generator/training/internal_training.h"

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
  return at::stack(batch).to(run.device);
}

at::Tensor VaeLoss(TrainingRun& run, int64_t step) {
  const TrainOptions& options = run.options;
  const at::Tensor pixels = DrawBatch(run, step);
  const Autocast autocast(options.bf16, run.device.type());
  const Posterior posterior = run.networks.vae->Encode(pixels);
  const at::Tensor mean = posterior.mean.to(torch::kFloat32);
  const at::Tensor logvar = posterior.logvar.to(torch::kFloat32);
  const at::Tensor noise = StepNoise(run, mean.sizes(), StepGenerator(options, "vae", step));
  const at::Tensor decoded = run.networks.vae->Decode(mean + (0.5 * logvar).exp() * noise);
  // KL divergence from the unit normal, a latent element (Kingma & Welling 2014, appendix B).
  const at::Tensor kl = 0.5 * (mean.square() + logvar.exp() - 1.0 - logvar).mean();
  return (decoded.to(torch::kFloat32) - pixels).abs().mean() + options.kl_weight * kl;
}

// Peak signal-to-noise ratio over the validation clips together, in dB, for pixels in 0–1.
double ReconstructionPsnr(TrainingRun& run) {
  torch::NoGradGuard no_grad;
  const Autocast autocast(run.options.bf16, run.device.type());
  double squared_error = 0.0;
  const std::vector<int64_t> clips = ValidationClips(run.options);
  for (const int64_t clip : clips) {
    const at::Tensor pixels =
        run.clips.Pixels(clip, 0, run.options.vae_frames).unsqueeze(0).to(run.device);
    const at::Tensor decoded =
        run.networks.vae->Decode(run.networks.vae->Encode(pixels).mean).to(torch::kFloat32);
    squared_error += (decoded.clamp(-1.0, 1.0) - pixels).square().mean().item<double>() / 4.0;
  }
  return -10.0 * std::log10(squared_error / static_cast<double>(clips.size()) + 1e-12);
}

// The linear path starts from what the clips look like: up to 256 of them, evenly spread.
void StartPatchPath(TrainingRun& run) {
  torch::NoGradGuard no_grad;
  const VaeConfig& config = run.networks.vae->config;
  if (!config.patch_path) return;
  const PatchShape shape = PatchShapeOf(config);
  PatchStatistics statistics(shape.Size());
  const int count = std::min(run.options.clips, 256);
  for (int i = 0; i < count; ++i) {
    run.progress.ThrowIfCancelled();
    run.progress.Report("patches", i, count);
    const int clip = static_cast<int>(static_cast<int64_t>(i) * run.options.clips / count);
    const at::Tensor pixels = run.clips.Pixels(clip, 0, run.options.frames).unsqueeze(0);
    statistics.Add(PatchesFromPixels(pixels, shape, /*starts=*/true));
  }
  run.networks.vae->StartFrom(statistics.Components(config.latent_channels));
}

}  // namespace

void TrainVae(TrainingRun& run) {
  const TrainOptions& options = run.options;
  if (run.state.step == 0) StartPatchPath(run);
  // The linear path stays what it is: it carries most of the picture, and the convolutions learn
  // what it misses.
  for (auto& parameter : run.networks.vae->named_parameters()) {
    if (parameter.key().find("patch_path") != std::string::npos) {
      parameter.value().set_requires_grad(false);
    }
  }
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
