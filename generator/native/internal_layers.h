// SPDX-License-Identifier: Apache-2.0
// The layers that the networks of this room share.
#pragma once

#include <map>

#include <torch/torch.h>

namespace plumb {

// Feature caches of one streamed pass, one slot per causal convolution. A clip cut into the chunks
// 1, s, s, … frames (s = temporal stride) gives what it gives in one piece.
struct StreamCache {
  std::map<const void*, at::Tensor> tails;
};

// The learned gain [width] of a root-mean-square norm over the last dimension (Zhang & Sennrich
// 2019); NormedRotated applies it.
struct RmsNormImpl : torch::nn::Module {
  explicit RmsNormImpl(int64_t width);
  at::Tensor weight;
};
TORCH_MODULE(RmsNorm);

// That norm over the channels of [B, C, T, H, W], eps 1e-6, each place on its own, so that nothing
// leaks through time.
struct ChannelRmsNormImpl : torch::nn::Module {
  explicit ChannelRmsNormImpl(int64_t channels);
  at::Tensor forward(const at::Tensor& x);
  at::Tensor weight;
};
TORCH_MODULE(ChannelRmsNorm);

struct CausalConvOptions {
  int64_t in_channels;
  int64_t out_channels;
  std::vector<int64_t> kernel = {3, 3, 3};  // time, rows, columns; odd
  std::vector<int64_t> stride = {1, 1, 1};
};

// A 3D convolution whose output at a time depends on that time and earlier ones only: it is padded
// in front with the first frame repeated, and with zeros at the sides.
struct CausalConv3dImpl : torch::nn::Module {
  explicit CausalConv3dImpl(const CausalConvOptions& options);
  // With a cache, `x` goes on where the last call with this cache ended.
  at::Tensor forward(const at::Tensor& x, StreamCache* cache = nullptr);
  // True where the next call with this cache begins a clip.
  bool Starts(const StreamCache* cache) const;
  torch::nn::Conv3d conv{nullptr};
  CausalConvOptions options;
};
TORCH_MODULE(CausalConv3d);

}  // namespace plumb
