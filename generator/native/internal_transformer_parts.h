// SPDX-License-Identifier: Apache-2.0
// What the spacetime transformer and its form for sampling have in common.
#pragma once

#include <string>

#include "generator/native/internal_transformer.h"

namespace plumb {

// What the noise levels of the clips say: a row for known tokens (level 0) and one for the others
// of each clip.
struct NoiseLevels {
  at::Tensor time;        // F32 [rows, width]
  at::Tensor modulation;  // F32 [rows, 6, width], shared by the blocks
};
// Of the timesteps of a TransformerInput.
NoiseLevels ReadLevels(SpacetimeTransformerImpl& network, const at::Tensor& timesteps);

// Throws CheckFailure when the parts of an input don't fit each other or the number of blocks.
void CheckInput(const TransformerInput& input, size_t num_blocks);

// Layers that can be watched (LayerNames); those of a block stand behind the block's name.
inline constexpr const char* kFirstLayer = "patch_embedding";
inline constexpr const char* kSelfAttentionLayer = ".attn1.to_out";
inline constexpr const char* kCrossAttentionLayer = ".attn2.to_out";
inline constexpr const char* kFeedForwardLayer = ".ffn_out";
inline constexpr const char* kLastLayer = "proj_out";
void TellLayer(const TransformerInput& input, const std::string& layer, const at::Tensor& output);

}  // namespace plumb
