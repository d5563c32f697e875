// SPDX-License-Identifier: Apache-2.0
// Stage 1: the VAE learns to give frames back (mean absolute error) through latents that stay near
// a unit normal.
#include <algorithm>
#include <cmath>

#include "generator/training/internal_training.h"

namespace plumb {
namespace {

// A run of frames from a random clip at a random time, half of them mirrored: [1, 3, T, H, W].
// Clips keep their shapes, so a batch is a list.
at::Tensor DrawRun(const TrainingRun& run, Random& random) {
  const int64_t clip = random.Index(run.options.clips);
  const int frames = run.clips.shape(clip).frames;
  const int count = std::min(run.options.vae_frames, frames);
  const int first = random.Index(frames - count + 1);
  const bool mirrored = random.Index(2) == 1;
  const at::Tensor pixels = run.clips.Pixels(clip, first, count).unsqueeze(0).to(run.device);
  return mirrored ? pixels.flip({4}) : pixels;
}

at::Tensor RunLoss(TrainingRun& run, const at::Tensor& pixels, const at::Generator& generator) {
  const Posterior posterior = run.networks.vae->Encode(pixels);
  const at::Tensor mean = posterior.mean.to(torch::kFloat32);
  const at::Tensor logvar = posterior.logvar.to(torch::kFloat32);
  const at::Tensor noise = StepNoise(run, mean.sizes(), generator);
  const at::Tensor decoded = run.networks.vae->Decode(mean + (0.5 * logvar).exp() * noise);
  // KL divergence from the unit normal, a latent element (Kingma & Welling 2014, appendix B).
  const at::Tensor kl = 0.5 * (mean.square() + logvar.exp() - 1.0 - logvar).mean();
  return (decoded.to(torch::kFloat32) - pixels).abs().mean() + run.options.kl_weight * kl;
}

at::Tensor VaeLoss(TrainingRun& run, int64_t step) {
  const TrainOptions& options = run.options;
  Random random = StepRandom(options, "vae", step);
  const at::Generator generator = StepGenerator(options, "vae", step);
  const Autocast autocast(options.bf16, run.device.type());
  at::Tensor sum;
  for (int i = 0; i < options.vae_batch; ++i) {
    const at::Tensor loss = RunLoss(run, DrawRun(run, random), generator);
    sum = sum.defined() ? sum + loss : loss;
  }
  return sum / options.vae_batch;
}

at::Tensor Reconstructed(CausalVae& vae, const at::Tensor& pixels, bool streams) {
  if (!streams) return vae->Decode(vae->Encode(pixels).mean).to(torch::kFloat32);
  return vae->DecodeStreaming(vae->EncodeStreaming(pixels).mean).to(torch::kFloat32);
}

// Peak signal-to-noise ratio over the validation clips together, in dB, for pixels in 0–1: of their
// first vae_frames, to watch, or of all their frames.
enum class Measured { kBeginnings, kWholeClips };
double ReconstructionPsnr(TrainingRun& run, Measured measured) {
  torch::NoGradGuard no_grad;
  const Autocast autocast(run.options.bf16, run.device.type());
  double squared_error = 0.0;
  const std::vector<int64_t> clips = ValidationClips(run.options);
  for (const int64_t clip : clips) {
    const bool whole = measured == Measured::kWholeClips;
    const int frames = run.clips.shape(clip).frames;
    const int count = whole ? frames : std::min(run.options.vae_frames, frames);
    const at::Tensor pixels = run.clips.Pixels(clip, 0, count).unsqueeze(0).to(run.device);
    const at::Tensor decoded = Reconstructed(run.networks.vae, pixels, whole);
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
    const at::Tensor pixels = run.clips.Pixels(clip, 0, run.clips.shape(clip).frames).unsqueeze(0);
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
            .validation = [&] { return ReconstructionPsnr(run, Measured::kBeginnings); },
            .validation_name = "PSNR"});
  run.state.vae_psnr_db = ReconstructionPsnr(run, Measured::kWholeClips);
}

}  // namespace plumb
