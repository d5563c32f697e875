// SPDX-License-Identifier: Apache-2.0
// What a transformer knows of its tokens before it sees a noisy value: where and when each stands,
// which are given, and which tokens belong together. Made once a clip, used at every step.
//
// A packed batch holds clips of any size, aspect and length one after the other; attention stays
// within a clip. A clip is one or more groups of latents: the group to be made, then those that are
// only shown (references: who is in it). Order: clip, group, time, row, column.
#pragma once

#include <vector>

#include <torch/torch.h>

#include "generator/native/configs.h"

namespace plumb {

// Where a reference stands on the time axis, far from any frame of a clip; the second of several at
// twice the distance, and so on.
inline constexpr double kReferenceTime_s = -8.0;

struct LatentGroup {
  at::Tensor clean;    // F32 [C, T, H, W], normalised latents; read where known
  at::Tensor known;    // bool [T, rows, columns] of tokens: given clean
  at::Tensor times_s;  // F64 [T], real time of the latent frames
  at::Tensor rays;     // F32 [T, rows, columns, 6], see CameraRays; undefined: camera not stated
  bool reference = false;  // shown, not part of the clip
};
using LatentGroups = std::vector<LatentGroup>;

struct TokenSpan {
  int64_t first = 0, count = 0;
};

struct TokenLayout {
  at::Tensor features;             // F32 [N, FeatureCount(config)]
  at::Tensor turns;                // F32 [N, head_dim / 2, 2]: rotary cosines and sines
  at::Tensor row_of_token;         // I64 [N]: 2·clip where known, 2·clip + 1 elsewhere
  std::vector<TokenSpan> clips;    // tokens of each clip
  std::vector<TokenSpan> targets;  // those of its first group
};

// Columns of TokenLayout::features: is it known; the nearest known latents in time at the same
// place (anchor), whether there are any, and how far away in time; the place in the picture; the
// ray and whether it is stated; is it a reference.
int64_t FeatureCount(const TransformerConfig& config);

// Throws CheckFailure when shapes do not fit each other or the patch size.
TokenLayout MakeTokenLayout(const TransformerConfig& config,
                            const std::vector<LatentGroups>& clips);

TokenLayout OnDevice(TokenLayout layout, const at::Device& device);

// [C, T, H, W] -> [T·rows·columns, C·ph·pw] and back.
at::Tensor PatchTokens(const at::Tensor& latents, const TransformerConfig& config);
at::Tensor LatentsFromTokens(const at::Tensor& tokens,
                             at::IntArrayRef latents_shape,
                             const TransformerConfig& config);

}  // namespace plumb
