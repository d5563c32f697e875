// SPDX-License-Identifier: Apache-2.0
#include "core/check.h"
#include "generator/native/internal_patches.h"

namespace plumb {

PatchShape PatchShapeOf(const VaeConfig& config) {
  return {config.TemporalStride(), config.SpatialStride()};
}

at::Tensor PatchesFromPixels(const at::Tensor& pixels, const PatchShape& shape, bool starts) {
  at::Tensor x = pixels;
  if (starts) {
    const at::Tensor first = x.narrow(2, 0, 1).expand({-1, -1, shape.frames, -1, -1});
    x = at::cat({first, x.narrow(2, 1, x.size(2) - 1)}, 2);
  }
  PLUMB_CHECK(x.size(2) % shape.frames == 0, "{} frames in patches of {}", x.size(2), shape.frames);
  const int64_t b = x.size(0), t = x.size(2) / shape.frames, h = x.size(3) / shape.side,
                w = x.size(4) / shape.side;
  return x.reshape({b, 3, t, shape.frames, h, shape.side, w, shape.side})
      .permute({0, 2, 4, 6, 1, 3, 5, 7})
      .reshape({b, t, h, w, shape.Size()});
}

at::Tensor PixelsFromPatches(const at::Tensor& patches, const PatchShape& shape, bool starts) {
  const int64_t b = patches.size(0), t = patches.size(1), h = patches.size(2), w = patches.size(3);
  const at::Tensor pixels = patches.reshape({b, t, h, w, 3, shape.frames, shape.side, shape.side})
                                .permute({0, 4, 1, 5, 2, 6, 3, 7})
                                .reshape({b, 3, t * shape.frames, h * shape.side, w * shape.side});
  const int64_t dropped = starts ? shape.frames - 1 : 0;
  return pixels.narrow(2, dropped, pixels.size(2) - dropped);
}

PatchStatistics::PatchStatistics(int64_t size)
    : sum_(at::zeros({size}, at::kDouble)), products_(at::zeros({size, size}, at::kDouble)) {}

void PatchStatistics::Add(const at::Tensor& patches) {
  const at::Tensor rows = patches.reshape({-1, sum_.size(0)}).to(at::kDouble);
  added_ += rows.size(0);
  sum_ += rows.sum(0);
  products_.addmm_(rows.t(), rows);
}

PrincipalComponents PatchStatistics::Components(int64_t count) const {
  PLUMB_CHECK(added_ > 0 && count <= sum_.size(0), "{} patches, {} components", added_, count);
  const at::Tensor mean = sum_ / static_cast<double>(added_);
  const at::Tensor covariance = products_ / static_cast<double>(added_) - at::outer(mean, mean);
  const auto [variances, vectors] = at::linalg_eigh(covariance);  // by rising variance
  at::Tensor directions = vectors.narrow(1, sum_.size(0) - count, count).flip(1).t().contiguous();
  // A direction's sign is free: its largest element is made positive.
  const at::Tensor largest = directions.gather(1, directions.abs().argmax(1, /*keepdim=*/true));
  directions = directions * largest.sign();
  const at::Tensor deviations =
      variances.narrow(0, sum_.size(0) - count, count).flip(0).clamp_min(1e-8).sqrt();
  return {mean, directions, deviations};
}

}  // namespace plumb
