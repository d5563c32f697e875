// SPDX-License-Identifier: Apache-2.0
// The spacetime diffusion transformer: full attention over all tokens of a clip, cross-attention to
// the caption, adaLN-Zero (Peebles & Xie 2022) with one shared projection and a table per block
// (PixArt-α, Wan), RMS-normed queries and keys, rotary positions in real seconds and places, and a
// noise level per token, so that known parts of the clip enter clean.
#pragma once

#include <functional>
#include <string>

#include "generator/native/configs.h"
#include "generator/native/internal_layers.h"
#include "generator/native/internal_token_layout.h"

namespace plumb {

// Captions of the clips of a packed batch: pieces of all clips one after the other.
struct PackedText {
  at::Tensor states;             // [M, text_dim] from the text encoder
  std::vector<TokenSpan> clips;  // the pieces of each
};

// Keys and values of one block's cross-attention, [M, heads, head_dim]: they depend on the caption
// alone.
struct CrossStates {
  at::Tensor keys, values;
};

// Told what a layer gives out, F32 or BF16 [N, width]; the layer by its name in LayerNames.
using LayerWatch = std::function<void(const std::string& layer, const at::Tensor& output)>;

// What one forward pass sees.
struct TransformerInput {
  at::Tensor tokens;  // F32 [N, C·ph·pw] from PatchTokens; clean where known
  at::Tensor
      timesteps;  // F32 [clips], 0 (clean) … 1000 (noise) of the unknown tokens; known are at 0
  const TokenLayout& layout;
  const PackedText& text;
  const std::vector<CrossStates>& cross;  // of the blocks, from ReadText
  const LayerWatch* watch = nullptr;      // null: nobody looks
};

struct AttentionImpl : torch::nn::Module {
  AttentionImpl(const TransformerConfig& config, int64_t context_dim);
  at::Tensor Queries(const at::Tensor& x, const at::Tensor& turns);
  CrossStates KeysAndValues(const at::Tensor& context, const at::Tensor& turns);
  int64_t num_heads;
  torch::nn::Linear to_q{nullptr}, to_k{nullptr}, to_v{nullptr}, to_out{nullptr};
  RmsNorm norm_q{nullptr}, norm_k{nullptr};
};
TORCH_MODULE(Attention);

struct TransformerBlockImpl : torch::nn::Module {
  TransformerBlockImpl(const TransformerConfig& config, std::string layer_name);
  // `modulation` [rows, 6, width]: the shared projection of the noise levels.
  at::Tensor forward(const at::Tensor& tokens,
                     const at::Tensor& modulation,
                     const TransformerInput& input,
                     const CrossStates& cross);
  std::string layer_name;        // "blocks.3"
  at::Tensor scale_shift_table;  // [6, width]
  Attention attn1{nullptr}, attn2{nullptr};
  torch::nn::LayerNorm norm2{nullptr};
  torch::nn::Linear ffn_in{nullptr}, ffn_out{nullptr};
};
TORCH_MODULE(TransformerBlock);

struct SpacetimeTransformerImpl : torch::nn::Module {
  explicit SpacetimeTransformerImpl(const TransformerConfig& config);
  std::vector<CrossStates> ReadText(const PackedText& text);
  // What the objective asks for (the velocity noise − clip, unless the scheduler says otherwise) of
  // every token, F32 [N, C·ph·pw].
  at::Tensor forward(const TransformerInput& input);

  TransformerConfig config;
  bool recomputes_blocks = false;  // in training: see Recomputed
  torch::nn::Linear patch_embedding{nullptr};
  torch::nn::Linear time_in{nullptr}, time_out{nullptr}, time_projection{nullptr};
  torch::nn::ModuleList blocks;
  at::Tensor scale_shift_table;  // [2, width], of the output norm
  torch::nn::Linear proj_out{nullptr};
};
TORCH_MODULE(SpacetimeTransformer);

// What can be watched, in the order of computing.
std::vector<std::string> LayerNames(const TransformerConfig& config);

// The sinusoid of a timestep [M] -> [M, dim]: cosines first, frequencies 10000^(−i / (dim / 2)).
at::Tensor TimestepSinusoid(const at::Tensor& timesteps, int64_t dim);

// Multiply-adds times two of one forward pass over a clip, matrix products only (norms and
// activations left out).
double ForwardFlops(const TransformerConfig& config, int64_t tokens, int64_t text_tokens);

}  // namespace plumb
