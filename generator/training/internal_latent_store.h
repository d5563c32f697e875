// SPDX-License-Identifier: Apache-2.0
// What the trained VAE makes of every clip: the data of the transformer's stage.
#pragma once

#include <vector>

#include <torch/torch.h>

#include "generator/training/internal_training.h"

namespace plumb {

class LatentStore {
 public:
  explicit LatentStore(std::vector<at::Tensor> latents) : latents_(std::move(latents)) {}

  // F32 [C, T, H, W], as the VAE gives them.
  at::Tensor Latents(int64_t clip) const { return latents_[clip].to(torch::kFloat32); }

  // Mean and standard deviation per channel over the first `clips`, into latents_mean and
  // latents_std, so that the transformer sees unit variance.
  void SetStatistics(VaeConfig& config, int64_t clips) const;

 private:
  std::vector<at::Tensor> latents_;  // bfloat16: their rounding is far below the posterior's noise
};

// The means of the posteriors of all clips, made once and kept beside the training's state: they
// take minutes.
LatentStore EncodeClips(TrainingRun& run);

}  // namespace plumb
