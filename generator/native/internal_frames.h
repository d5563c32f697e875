// SPDX-License-Identifier: Apache-2.0
// Between pictures and the tensors that the VAE sees.
#pragma once

#include <vector>

#include <torch/torch.h>

#include "core/video.h"

namespace plumb {

// F32 [1, 3, F, H, W] in −1 … 1. Throws CheckFailure when sizes differ.
at::Tensor PixelsFromImages(const std::vector<Image>& images);

// Frames of [1, 3, F, H, W], clamped to −1 … 1 and rounded to 8 bits.
std::vector<Image> ImagesFromPixels(const at::Tensor& pixels);

}  // namespace plumb
