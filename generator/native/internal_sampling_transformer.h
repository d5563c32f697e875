// SPDX-License-Identifier: Apache-2.0
// The spacetime transformer as sampling runs it: the function of SpacetimeTransformer without
// gradients, with its weights laid out for the product, one product for queries, keys and values,
// and one pass over the tokens between two products. What the noise levels say, and all up to the
// first cross-attention, is made once for both passes of a guided step: the caption comes in there.
#pragma once

#include <vector>

#include "generator/kernels/internal_packed_linear.h"
#include "generator/native/internal_transformer.h"

namespace plumb {

class SamplingTransformer {
 public:
  // Takes the weights of the network's large layers, which then has none: it is not to be asked any
  // more. `type`, float32 or bfloat16: of the products; sums, norms and modulations are float32.
  SamplingTransformer(const SpacetimeTransformer& network, at::ScalarType type);

  // As SpacetimeTransformer's; keys and values in `type`. Not for several threads at once.
  std::vector<CrossStates> ReadText(const PackedText& text);
  at::Tensor Forward(const TransformerInput& input);

  at::ScalarType type() const { return type_; }

 private:
  struct Block {
    std::string name;
    at::Tensor table;  // [1, 6·width]
    PackedLinear to_qkv, to_out;
    at::Tensor norm_q, norm_k;
    at::Tensor norm2_scale, norm2_shift;  // [1, width]; the scale without its 1
    PackedLinear cross_q, cross_out;
    at::Tensor cross_norm_q;
    PackedLinear ffn_in, ffn_out;
  };
  // Of a pass: rows of known and unknown tokens of each clip.
  struct Levels {
    at::Tensor timesteps;
    std::vector<at::Tensor> blocks;  // [rows, 6·width]
    at::Tensor output;               // [rows, 2·width]
  };
  // What comes before the caption, of the last pass.
  struct Opening {
    at::Tensor tokens, timesteps;
    TokenLayout layout;
    at::Tensor embedded;  // F32 [N, width]
    at::Tensor attended;  // [N, width]: the first block's self-attention
  };
  // Tokens on their way through the blocks: what a branch adds waits for the next norm.
  struct Stream;

  Block TakeBlock(TransformerBlockImpl& block) const;
  const Levels& LevelsOf(const at::Tensor& timesteps);
  at::Tensor SelfAttention(Block& block, const at::Tensor& normed, const TokenLayout& layout) const;
  at::Tensor CrossAttention(Block& block,
                            const at::Tensor& normed,
                            const TransformerInput& input,
                            const CrossStates& cross) const;
  // Of captions of one piece each, such as no caption: whatever a token asks, it is told the
  // piece's value. F32 [clips, width].
  at::Tensor ReadByAll(Block& block, const TransformerInput& input, const CrossStates& cross) const;
  const Opening& OpeningOf(const TransformerInput& input, const Levels& levels);
  // The halves of a block; `rows` are its levels.
  void AttendToItself(Block& block, const at::Tensor& rows, Stream& stream) const;
  void ReadAndThink(Block& block, const at::Tensor& rows, const CrossStates& cross, Stream& stream);

  SpacetimeTransformer network_;
  at::ScalarType type_;
  int64_t width_, heads_;
  PackedLinear patch_embedding_, proj_out_;
  std::vector<Block> blocks_;
  at::Tensor output_table_;  // [1, 2·width]
  Levels levels_;            // of the last pass
  Opening opening_;
};

}  // namespace plumb
