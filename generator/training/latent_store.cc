// SPDX-License-Identifier: Apache-2.0
#include <fmt/format.h>
#include <fmt/ranges.h>

#include "core/errors.h"
#include "core/safetensors.h"
#include "generator/training/internal_latent_store.h"
#include "generator/weights/internal_weights.h"

namespace plumb {
namespace {

std::filesystem::path LatentPath(const TrainingRun& run) {
  return run.options.output / "training/latents.safetensors";
}

std::string NameOf(int64_t clip) { return fmt::format("{:06}", clip); }

at::Tensor EncodeClip(TrainingRun& run, int64_t clip) {
  const at::Tensor pixels =
      run.clips.Pixels(clip, 0, run.clips.shape(clip).frames).unsqueeze(0).to(run.device);
  const Autocast autocast(run.options.bf16, run.device.type());
  return run.networks.vae->Encode(pixels).mean.squeeze(0).to(torch::kBFloat16).cpu();
}

// What of a clip lies in the file of an earlier call.
at::Tensor KeptLatents(const TrainingRun& run, const Safetensors& file, int64_t clip) {
  const VaeConfig& vae = run.networks.vae->config;
  const TrainingShape shape = run.clips.shape(clip);
  const std::vector<int64_t> expected = {vae.latent_channels,
                                         (shape.frames - 1) / vae.TemporalStride() + 1,
                                         shape.height / vae.SpatialStride(),
                                         shape.width / vae.SpatialStride()};
  const auto found = file.tensors.find(NameOf(clip));
  if (found != file.tensors.end() && found->second.dtype() == DType::kBF16 &&
      found->second.shape() == expected) {
    return ToTorch(found->second);
  }
  throw InputError(LatentPath(run).string(),
                   fmt::format("tensor '{}' is missing or not BF16 [{}]; remove the file and the "
                               "latents are made anew",
                               NameOf(clip),
                               fmt::join(expected, ", ")));
}

}  // namespace

void LatentStore::SetStatistics(VaeConfig& config, int64_t clips) const {
  at::Tensor sum, squares;
  double count = 0.0;
  for (int64_t clip = 0; clip < clips; ++clip) {
    const at::Tensor values = latents_[clip].to(torch::kFloat64).flatten(1);
    sum = sum.defined() ? sum + values.sum(1) : values.sum(1);
    squares = squares.defined() ? squares + values.square().sum(1) : values.square().sum(1);
    count += static_cast<double>(values.size(1));
  }
  const at::Tensor mean = sum / count;
  const at::Tensor deviation = (squares / count - mean.square()).clamp_min(1e-12).sqrt();
  config.latents_mean.assign(mean.data_ptr<double>(), mean.data_ptr<double>() + mean.numel());
  config.latents_std.assign(deviation.data_ptr<double>(),
                            deviation.data_ptr<double>() + deviation.numel());
}

LatentStore EncodeClips(TrainingRun& run) {
  const std::filesystem::path path = LatentPath(run);
  std::vector<at::Tensor> latents;
  if (std::filesystem::exists(path)) {
    const Safetensors file = ReadSafetensors(path);
    for (int64_t clip = 0; clip < run.clips.size(); ++clip) {
      latents.push_back(KeptLatents(run, file, clip));
    }
    return LatentStore(std::move(latents));
  }
  torch::NoGradGuard no_grad;
  Safetensors file;
  for (int64_t clip = 0; clip < run.clips.size(); ++clip) {
    run.progress.ThrowIfCancelled();
    run.progress.Report("latents", static_cast<int>(clip), static_cast<int>(run.clips.size()));
    latents.push_back(EncodeClip(run, clip));
    file.tensors.emplace(NameOf(clip), FromTorch(latents.back()));
  }
  WriteSafetensors(path, file);
  return LatentStore(std::move(latents));
}

}  // namespace plumb
