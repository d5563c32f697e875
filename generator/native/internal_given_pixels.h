// SPDX-License-Identifier: Apache-2.0
// The given part of a clip, as the VAE and the transformer take it.
#pragma once

#include <torch/torch.h>

#include "generator/native/configs.h"
#include "generator/native/video_request.h"

namespace plumb {

struct GivenPixels {
  at::Tensor pixels;  // F32 [1, 3, F, H, W] in −1 … 1, of every frame; gaps filled, see FillGaps
  at::Tensor given;   // bool [F, H, W]
};

// Throws UsageError naming the frame when one lies outside the clip, comes twice, or has another
// size.
GivenPixels GivenPixelsOf(const VideoRequest& request);

// Where nothing is given a pixel takes its value from the nearest given frame in time, the earlier
// of two, and one that is never given the mean of what its frame gives: the VAE then sees a clip
// that stands still in its gaps, and latents beside a gap are close to those of a whole clip.
at::Tensor FillGaps(const at::Tensor& pixels, const at::Tensor& given);

// Which tokens are known: those of whose pixels every one is given, in every frame that the latent
// frame stands for (the first stands for one). bool [T, rows, columns].
at::Tensor KnownTokens(const at::Tensor& given, const CheckpointConfig& config);

// `made` with the given pixels put back, as 8-bit frames.
std::vector<Image> WithGivenPixels(std::vector<Image> made, const VideoRequest& request);

}  // namespace plumb
