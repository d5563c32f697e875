// SPDX-License-Identifier: Apache-2.0
#include <cmath>
#include <numbers>

#include "core/check.h"
#include "generator/native/internal_rope.h"
#include "generator/native/internal_token_layout.h"

namespace plumb {
namespace {

constexpr int64_t kPlaceFrequencies = 4;
constexpr int64_t kPlaceColumns = 4 * kPlaceFrequencies;
constexpr int64_t kRayColumns = 6;
constexpr double kAnchorHorizon_s = 2.0;  // a distance in time that counts as 1

struct Grid {
  int64_t frames, rows, columns;
  int64_t Count() const { return frames * rows * columns; }
};

void CheckLatents(const at::Tensor& x, const TransformerConfig& config) {
  PLUMB_CHECK(x.dim() == 4 && x.size(0) == config.in_channels &&
                  x.size(2) % config.patch_size[1] == 0 && x.size(3) % config.patch_size[2] == 0,
              "{} channels, {} frames of {}x{} latents",
              x.size(0),
              x.size(1),
              x.size(3),
              x.size(2));
}

Grid GridOf(const LatentGroup& group, const TransformerConfig& config) {
  const at::Tensor& x = group.clean;
  CheckLatents(x, config);
  const Grid grid{x.size(1), x.size(2) / config.patch_size[1], x.size(3) / config.patch_size[2]};
  PLUMB_CHECK(group.times_s.numel() == grid.frames && group.known.numel() == grid.Count(),
              "{} times and {} flags for {} frames of {}x{} tokens",
              group.times_s.numel(),
              group.known.numel(),
              grid.frames,
              grid.columns,
              grid.rows);
  return grid;
}

// Positions [N, 3] for the rotation: time in its own unit, rows and columns counted in tokens from
// the middle.
at::Tensor Positions(const LatentGroup& group, const Grid& grid, double positions_per_second) {
  const auto centred = [](int64_t count) {
    return at::arange(count, torch::kFloat64) - 0.5 * static_cast<double>(count - 1);
  };
  const std::vector<at::Tensor> axes =
      at::meshgrid({group.times_s.to(torch::kFloat64) * positions_per_second,
                    centred(grid.rows),
                    centred(grid.columns)},
                   "ij");
  return at::stack({axes[0].flatten(), axes[1].flatten(), axes[2].flatten()}, 1);
}

// Where in the picture a token stands, as sinusoids of its relative row and column (−1 … 1): [N,
// kPlaceColumns]. The rotation tells distances only; floor and walls are a matter of place.
at::Tensor PlaceFeatures(const Grid& grid) {
  const auto centres = [](int64_t count) {
    return (at::arange(count, torch::kFloat64) + 0.5) * (2.0 / static_cast<double>(count)) - 1.0;
  };
  const std::vector<at::Tensor> axes = at::meshgrid(
      {at::zeros({grid.frames}, torch::kFloat64), centres(grid.rows), centres(grid.columns)}, "ij");
  std::vector<at::Tensor> features;
  for (size_t axis : {1, 2}) {
    for (int64_t k = 0; k < kPlaceFrequencies; ++k) {
      const at::Tensor angle = axes[axis].flatten() * (std::numbers::pi / 2 * (1 << k));
      features.push_back(angle.sin());
      features.push_back(angle.cos());
    }
  }
  return at::stack(features, 1).to(torch::kFloat32);
}

// For every frame and place the index of the nearest known frame there, the earlier of two; −1
// where none is. I64 [T, rows·columns].
at::Tensor NearestKnown(const at::Tensor& known, const at::Tensor& times_s) {
  const int64_t frames = known.size(0);
  const at::Tensor flags = known.reshape({frames, -1}).contiguous();
  const at::Tensor times = times_s.to(torch::kFloat64).contiguous();
  const int64_t places = flags.size(1);
  at::Tensor nearest = at::full({frames, places}, -1, torch::kInt64);
  const bool* is_known = flags.data_ptr<bool>();
  const double* t = times.data_ptr<double>();
  int64_t* to = nearest.data_ptr<int64_t>();
  for (int64_t place = 0; place < places; ++place) {
    for (int64_t frame = 0; frame < frames; ++frame) {
      int64_t best = -1;
      for (int64_t other = 0; other < frames; ++other) {
        if (!is_known[other * places + place]) continue;
        if (best < 0 || std::abs(t[other] - t[frame]) < std::abs(t[best] - t[frame])) best = other;
      }
      to[frame * places + place] = best;
    }
  }
  return nearest;
}

// Anchor latents, whether there are any, and the signed time from them: [N, C·ph·pw + 2].
at::Tensor AnchorFeatures(const LatentGroup& group,
                          const Grid& grid,
                          const TransformerConfig& config) {
  const int64_t places = grid.rows * grid.columns;
  const at::Tensor nearest = NearestKnown(group.known, group.times_s).flatten();
  const at::Tensor present = nearest >= 0;
  const at::Tensor frame = nearest.clamp_min(0);
  const at::Tensor token = frame * places + at::arange(places).repeat(grid.frames);
  const at::Tensor mask = present.to(torch::kFloat32).unsqueeze(1);
  const at::Tensor latents = PatchTokens(group.clean, config).index_select(0, token).mul(mask);
  const at::Tensor times = group.times_s.to(torch::kFloat64);
  const at::Tensor away =
      (times.repeat_interleave(places) - times.index_select(0, frame)) / kAnchorHorizon_s;
  return at::cat({latents, mask, away.to(torch::kFloat32).unsqueeze(1) * mask}, 1);
}

at::Tensor RayFeatures(const LatentGroup& group, const Grid& grid) {
  if (!group.rays.defined()) return at::zeros({grid.Count(), kRayColumns + 1});
  PLUMB_CHECK(group.rays.numel() == grid.Count() * kRayColumns, "{} rays", group.rays.numel());
  return at::cat({group.rays.reshape({-1, kRayColumns}), at::ones({grid.Count(), 1})}, 1);
}

at::Tensor GroupFeatures(const LatentGroup& group,
                         const Grid& grid,
                         const TransformerConfig& config) {
  const at::Tensor known = group.known.reshape({-1, 1}).to(torch::kFloat32);
  return at::cat({known,
                  AnchorFeatures(group, grid, config),
                  PlaceFeatures(grid),
                  RayFeatures(group, grid),
                  at::full({grid.Count(), 1}, group.reference ? 1.0F : 0.0F)},
                 1);
}

}  // namespace

int64_t FeatureCount(const TransformerConfig& config) {
  return 1 + (config.PatchNumbers() + 2) + kPlaceColumns + (kRayColumns + 1) + 1;
}

TokenLayout MakeTokenLayout(const TransformerConfig& config,
                            const std::vector<LatentGroups>& clips) {
  TokenLayout layout;
  std::vector<at::Tensor> features, positions, rows;
  int64_t count = 0;
  for (size_t clip = 0; clip < clips.size(); ++clip) {
    const int64_t first = count;
    for (const LatentGroup& group : clips[clip]) {
      const Grid grid = GridOf(group, config);
      features.push_back(GroupFeatures(group, grid, config));
      positions.push_back(Positions(group, grid, config.rope_positions_per_second));
      const at::Tensor noisy = group.known.reshape({-1}).logical_not().to(torch::kInt64);
      rows.push_back(noisy + 2 * static_cast<int64_t>(clip));
      if (layout.targets.size() == clip) layout.targets.push_back({first, grid.Count()});
      count += grid.Count();
    }
    layout.clips.push_back({first, count - first});
  }
  layout.features = at::cat(features);
  layout.turns = MakeRopeTable(at::cat(positions), config);
  layout.row_of_token = at::cat(rows);
  return layout;
}

TokenLayout OnDevice(TokenLayout layout, const at::Device& device) {
  for (at::Tensor* part : {&layout.features, &layout.turns, &layout.row_of_token}) {
    *part = part->to(device);
  }
  return layout;
}

at::Tensor PatchTokens(const at::Tensor& latents, const TransformerConfig& config) {
  const int64_t ph = config.patch_size[1], pw = config.patch_size[2];
  CheckLatents(latents, config);
  const int64_t c = latents.size(0), t = latents.size(1), h = latents.size(2), w = latents.size(3);
  return latents.reshape({c, t, h / ph, ph, w / pw, pw})
      .permute({1, 2, 4, 0, 3, 5})
      .reshape({t * (h / ph) * (w / pw), c * ph * pw});
}

at::Tensor LatentsFromTokens(const at::Tensor& tokens,
                             at::IntArrayRef latents_shape,
                             const TransformerConfig& config) {
  const int64_t ph = config.patch_size[1], pw = config.patch_size[2];
  const int64_t c = latents_shape[0], t = latents_shape[1], h = latents_shape[2],
                w = latents_shape[3];
  return tokens.reshape({t, h / ph, w / pw, c, ph, pw})
      .permute({3, 0, 1, 4, 2, 5})
      .reshape({c, t, h, w});
}

}  // namespace plumb
