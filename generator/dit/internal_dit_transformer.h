// SPDX-License-Identifier: Apache-2.0
// The class-conditional DiT with the parameter names and the numbers of Diffusers'
// DiTTransformer2DModel. For inference: no gradients.
#pragma once

#include <vector>

#include "generator/dit/dit_config.h"
#include "generator/kernels/internal_packed_linear.h"

namespace plumb {

// What timestep and label do to every layer: computed once per pair, for as many pairs as wanted.
struct DitConditions {
  std::vector<at::Tensor> blocks;  // per block [M, 6·D] float32: shift, scale, gate of the
                                   // attention, then of the feed-forward
  at::Tensor output;               // [M, 2·D]: shift, scale
  // The pairs first … first + count − 1.
  DitConditions Rows(int64_t first, int64_t count) const;
};

class DitTransformerImpl : public torch::nn::Module {
 public:
  explicit DitTransformerImpl(const DitConfig& config);

  const DitConfig& config() const { return config_; }

  // To be called once the parameters are there, before anything else: takes them into the layers
  // in `type` (float32, bfloat16 or float64). The module keeps none of them.
  void TakeWeights(at::ScalarType type);

  // timesteps: any number type [M]; labels I64 [M], 0 … num_classes.
  DitConditions Condition(const at::Tensor& timesteps, const at::Tensor& labels) const;

  // latents [B, in_channels, H, W] with sides that the patch divides; conditions of B pairs. Gives
  // [B, out_channels, H, W] in float32 (float64 where the weights are).
  at::Tensor Predict(const at::Tensor& latents, const DitConditions& conditions);
  at::Tensor forward(const at::Tensor& latents,
                     const at::Tensor& timesteps,
                     const at::Tensor& labels);

 private:
  struct Embedder {
    torch::nn::Linear time_in{nullptr}, time_out{nullptr};
    torch::nn::Embedding labels{nullptr};
    torch::nn::Linear modulation{nullptr};
  };
  struct Block {
    PackedLinear
        to_qkv;  // queries, keys and values side by side: one product reads the tokens once
    PackedLinear to_out, ffn_in, ffn_out;
  };
  void RegisterBlock(int64_t index);
  Block TakeBlock(int64_t index, at::ScalarType type);
  at::Tensor Pair(const Embedder& embedder,
                  const at::Tensor& sinusoid,
                  const at::Tensor& labels) const;
  at::Tensor Tokens(const at::Tensor& latents);
  at::Tensor Attention(Block& block, const at::Tensor& normed, int64_t batch);

  DitConfig config_;
  at::ScalarType type_ = at::kFloat;
  std::vector<Embedder> embedders_;
  torch::nn::Linear output_modulation_{nullptr};
  std::vector<Block> blocks_;
  PackedLinear patch_embedding_, proj_out_;
  at::Tensor positions_;  // of the last grid
  std::pair<int64_t, int64_t> positions_grid_;
};
TORCH_MODULE(DitTransformer);

// Sines and cosines of the place of each token [rows · columns, width]: the first half tells the
// column, the second the row, sines before cosines. Places are spread so that any grid spans the
// trained one of `base` tokens a side.
at::Tensor DitPositions(int64_t rows, int64_t columns, int64_t width, int64_t base);

// [M] -> [M, 256]: cosines first, frequencies 10000^(−i / 127).
at::Tensor DitTimestepSinusoid(const at::Tensor& timesteps);

// Multiply-adds times two of the blocks of one pass for `tokens` tokens of each of `batch` samples.
double DitBlockFlops(const DitConfig& config, int64_t batch, int64_t tokens);

}  // namespace plumb
