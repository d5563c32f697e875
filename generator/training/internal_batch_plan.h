// SPDX-License-Identifier: Apache-2.0
// What the transformer is taught at one step: which clips, how much of each is given, how noisy the
// rest is, what is said about it. Every way of asking (text, picture, beginning, end, both ends,
// single frames, a hole in the picture) is a mask of known tokens.
#pragma once

#include <string>
#include <vector>

#include <torch/torch.h>

#include "core/seed.h"
#include "generator/native/internal_token_layout.h"

namespace plumb {

// Tokens of a clip.
struct TokenGrid {
  int64_t frames = 0, rows = 0, columns = 0;
};

// What is given of a clip.
enum class Given { kNothing, kFirst, kBeginning, kEnd, kBothEnds, kScattered, kSurroundings };

// One of them, as often as the shipped checkpoint needs it: beginnings most of all.
Given DrawGiven(Random& random);

// bool [frames, rows, columns], true where given; at least one token is not, and with
// Given::kNothing none is. kFirst: the first latent frame; kBeginning: the first two or three;
// kEnd: the last two; kBothEnds: the first and the last two; kScattered: a third of the frames;
// kSurroundings: everything but a rectangle that stays in place. Clips too short for it get less.
at::Tensor DrawKnown(Given given, const TokenGrid& grid, Random& random);

// What each token's error counts, F32 [N, 1]: nothing where it is known; elsewhere 1, of which
// `change_share` is taken from all evenly and given to those that change: the squared distance of
// a token's latents from what stands there on average over time, as a multiple of the clip's mean,
// at most 16 times. In a still clip all count the same.
at::Tensor LossCounts(const LatentGroup& group,
                      const TransformerConfig& config,
                      double change_share);

}  // namespace plumb
