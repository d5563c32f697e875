// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <cmath>

#include "core/check.h"
#include "generator/training/internal_batch_plan.h"

namespace plumb {
namespace {

void GiveFrames(at::Tensor& known, int64_t first, int64_t count) {
  const int64_t frames = known.size(0);
  const int64_t from = std::clamp<int64_t>(first, 0, frames);
  const int64_t to = std::clamp<int64_t>(first + count, from, frames);
  known.narrow(0, from, to - from).fill_(true);
}

// Everything but a rectangle of a quarter to three quarters of each side, in all frames.
void GiveSurroundings(at::Tensor& known, Random& random) {
  known.fill_(true);
  int64_t size[2], first[2];
  for (int axis = 0; axis < 2; ++axis) {
    const int64_t side = known.size(axis + 1);
    size[axis] = std::clamp<int64_t>(
        std::llround((0.25 + 0.5 * random.Uniform()) * static_cast<double>(side)), 1, side);
    first[axis] = random.Index(static_cast<int>(side - size[axis] + 1));
  }
  known.narrow(1, first[0], size[0]).narrow(2, first[1], size[1]).fill_(false);
}

void GiveScattered(at::Tensor& known, Random& random) {
  for (int64_t frame = 0; frame < known.size(0); ++frame) {
    if (random.Index(3) == 0) known[frame].fill_(true);
  }
}

constexpr double kMostChange = 16.0;  // times the clip's mean
constexpr double kStill = 1e-6;       // mean squared distance of normalised latents

at::Tensor ChangeOf(const at::Tensor& clean, const TransformerConfig& config) {
  const at::Tensor apart = (clean - clean.mean(1, /*keepdim=*/true)).square();
  const at::Tensor change = PatchTokens(apart, config).mean(1, /*keepdim=*/true);
  const at::Tensor mean = change.mean();
  if (mean.item<double>() < kStill) return at::ones_like(change);
  return (change / mean).clamp_max(kMostChange);
}

}  // namespace

Given DrawGiven(Random& random) {
  const double u = random.Uniform();
  if (u < 0.15) return Given::kNothing;
  if (u < 0.45) return Given::kFirst;
  if (u < 0.75) return Given::kBeginning;
  if (u < 0.80) return Given::kEnd;
  if (u < 0.88) return Given::kBothEnds;
  if (u < 0.92) return Given::kScattered;
  return Given::kSurroundings;
}

at::Tensor DrawKnown(Given given, const TokenGrid& grid, Random& random) {
  PLUMB_CHECK(grid.frames > 0 && grid.rows > 0 && grid.columns > 0,
              "{} frames of {}x{} tokens",
              grid.frames,
              grid.columns,
              grid.rows);
  at::Tensor known = at::zeros({grid.frames, grid.rows, grid.columns}, torch::kBool);
  switch (given) {
    case Given::kNothing:
      return known;
    case Given::kFirst:
      GiveFrames(known, 0, 1);
      break;
    case Given::kBeginning:
      GiveFrames(known, 0, 2 + random.Index(2));
      break;
    case Given::kEnd:
      GiveFrames(known, grid.frames - 2, 2);
      break;
    case Given::kBothEnds:
      GiveFrames(known, 0, 1 + random.Index(2));
      GiveFrames(known, grid.frames - 2, 2);
      break;
    case Given::kScattered:
      GiveScattered(known, random);
      break;
    case Given::kSurroundings:
      GiveSurroundings(known, random);
      break;
  }
  // A clip that is wholly known teaches nothing: its last frame is to be made.
  if (known.all().item<bool>()) known[grid.frames - 1].fill_(false);
  return known;
}

at::Tensor LossCounts(const LatentGroup& group,
                      const TransformerConfig& config,
                      double change_share) {
  const at::Tensor unknown = group.known.reshape({-1, 1}).logical_not().to(torch::kFloat32);
  if (change_share == 0.0) return unknown;
  return unknown * ((1.0 - change_share) + change_share * ChangeOf(group.clean, config));
}

}  // namespace plumb
