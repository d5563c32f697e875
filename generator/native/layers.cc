// SPDX-License-Identifier: Apache-2.0
#include "generator/native/internal_layers.h"

namespace plumb {

RmsNormImpl::RmsNormImpl(int64_t width) {
  weight = register_parameter("weight", torch::ones({width}));
}

ChannelRmsNormImpl::ChannelRmsNormImpl(int64_t channels) {
  weight = register_parameter("weight", torch::ones({channels}));
}

at::Tensor ChannelRmsNormImpl::forward(const at::Tensor& x) {
  const at::Tensor scale = at::rsqrt(x.square().mean(1, /*keepdim=*/true) + 1e-6);
  return x * scale * weight.view({1, -1, 1, 1, 1}).to(x.scalar_type());
}

CausalConv3dImpl::CausalConv3dImpl(const CausalConvOptions& given) : options(given) {
  conv = register_module(
      "conv",
      torch::nn::Conv3d(
          torch::nn::Conv3dOptions(given.in_channels, given.out_channels, given.kernel)
              .stride(given.stride)
              .padding({0, given.kernel[1] / 2, given.kernel[2] / 2})));
}

bool CausalConv3dImpl::Starts(const StreamCache* cache) const {
  return cache == nullptr || cache->tails.count(this) == 0;
}

at::Tensor CausalConv3dImpl::forward(const at::Tensor& x, StreamCache* cache) {
  // A stride skips frames, so a later chunk needs that many fewer frames of the past.
  const int64_t past = options.kernel[0] - 1;
  const int64_t kept = options.kernel[0] - options.stride[0];
  at::Tensor padded = x;
  if (!Starts(cache)) {
    padded = at::cat({cache->tails[this], x}, 2);
  } else if (past > 0) {
    padded = at::cat({x.narrow(2, 0, 1).expand({-1, -1, past, -1, -1}), x}, 2);
  }
  if (cache != nullptr) cache->tails[this] = padded.narrow(2, padded.size(2) - kept, kept).clone();
  return conv->forward(padded);
}

}  // namespace plumb
