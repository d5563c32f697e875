// SPDX-License-Identifier: Apache-2.0
// Patches of a clip: what one latent cell stands for. The VAE's linear path maps patches to latents
// and back; its convolutions add what a linear map can't tell.
#pragma once

#include <torch/torch.h>

#include "generator/native/configs.h"

namespace plumb {

struct PatchShape {
  int64_t frames = 4;  // the VAE's temporal stride
  int64_t side = 8;    // pixels, its spatial stride
  int64_t Size() const { return 3 * frames * side * side; }
};

PatchShape PatchShapeOf(const VaeConfig& config);

// Pixels [B, 3, F, H, W] -> [B, T, H / side, W / side, Size()]. Where the clip starts, its first
// frame fills a whole patch by repetition (F = n·frames + 1 gives T = n + 1), elsewhere F is a
// multiple of `frames`.
at::Tensor PatchesFromPixels(const at::Tensor& pixels, const PatchShape& shape, bool starts);

// The way back; of a starting patch the last frame is kept.
at::Tensor PixelsFromPatches(const at::Tensor& patches, const PatchShape& shape, bool starts);

// The linear map to so few numbers that keeps most of the patches' variance.
struct PrincipalComponents {
  at::Tensor mean;        // F64 [Size()]
  at::Tensor directions;  // F64 [components, Size()], orthonormal, by falling variance
  at::Tensor deviations;  // F64 [components], standard deviation along each, at least 1e-4
};

// Sums over patches as they are added; the patches themselves are not kept.
class PatchStatistics {
 public:
  explicit PatchStatistics(int64_t size);
  void Add(const at::Tensor& patches);  // [..., size]
  PrincipalComponents Components(int64_t count) const;

 private:
  int64_t added_ = 0;
  at::Tensor sum_, products_;  // F64 [size], [size, size]
};

}  // namespace plumb
