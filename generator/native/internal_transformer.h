// SPDX-License-Identifier: Apache-2.0
// The spacetime diffusion transformer: full attention over all tokens of the clip, cross-attention
// to the caption, adaLN-Zero (Peebles & Xie 2022) with one shared projection and a table per block
// (PixArt-α, Wan), RMS-normed queries and keys, and a noise level per token, so that known parts of
// the clip enter clean.
#pragma once

#include "generator/native/configs.h"
#include "generator/native/internal_layers.h"
#include "generator/native/internal_rope.h"

namespace plumb {

// What one forward pass sees. B clips of one shape, K noise levels a clip, N tokens (time, row,
// column order).
struct TransformerInput {
  at::Tensor latents;    // F32 [B, C, T, H, W], normalised
  at::Tensor timesteps;  // F32 [B, K], 0 (clean) … 1000 (noise)
  at::Tensor levels;     // I64 [B, M], which of the K levels a run of N / M tokens has: M = T for
                         // whole frames
  at::Tensor times_s;    // F64 [T], real time of the latent frames
  at::Tensor text;       // [B, L, text_dim] from the text encoder
  at::Tensor text_mask;  // bool [B, L], true where there is a token
};

struct AttentionImpl : torch::nn::Module {
  AttentionImpl(const TransformerConfig& config, int64_t context_dim);
  // Self-attention when `context` is the same as `x`; no table means no rotation, no mask means all
  // is seen.
  at::Tensor forward(const at::Tensor& x,
                     const at::Tensor& context,
                     const at::Tensor& rope,
                     const at::Tensor& mask);
  int64_t num_heads;
  torch::nn::Linear to_q{nullptr}, to_k{nullptr}, to_v{nullptr}, to_out{nullptr};
  RmsNorm norm_q{nullptr}, norm_k{nullptr};
};
TORCH_MODULE(Attention);

struct TransformerBlockImpl : torch::nn::Module {
  explicit TransformerBlockImpl(const TransformerConfig& config);
  // `modulation` [B, K, 6, width]: the shared projection of the noise levels.
  at::Tensor forward(const at::Tensor& tokens,
                     const at::Tensor& modulation,
                     const TransformerInput& input,
                     const at::Tensor& rope);
  at::Tensor scale_shift_table;  // [6, width]
  Attention attn1{nullptr}, attn2{nullptr};
  torch::nn::LayerNorm norm2{nullptr};
  torch::nn::Linear ffn_in{nullptr}, ffn_out{nullptr};
};
TORCH_MODULE(TransformerBlock);

struct SpacetimeTransformerImpl : torch::nn::Module {
  explicit SpacetimeTransformerImpl(const TransformerConfig& config);
  // The velocity noise − clip, F32 [B, C, T, H, W].
  at::Tensor forward(const TransformerInput& input);

  TransformerConfig config;
  torch::nn::Linear patch_embedding{nullptr};
  torch::nn::Linear time_in{nullptr}, time_out{nullptr}, time_projection{nullptr};
  torch::nn::ModuleList blocks;
  at::Tensor scale_shift_table;  // [2, width], of the output norm
  torch::nn::Linear proj_out{nullptr};
};
TORCH_MODULE(SpacetimeTransformer);

// The sinusoid of a timestep [M] -> [M, dim]: cosines first, frequencies 10000^(−i / (dim / 2)).
at::Tensor TimestepSinusoid(const at::Tensor& timesteps, int64_t dim);

// Multiply-adds times two of one forward pass for B clips, matrix products only (norms and
// activations left out).
double ForwardFlops(const TransformerConfig& config,
                    const at::IntArrayRef& latents_shape,
                    int64_t text_tokens);

}  // namespace plumb
