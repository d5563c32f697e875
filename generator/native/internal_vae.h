// SPDX-License-Identifier: Apache-2.0
// The causal video VAE: 4n+1 frames become n+1 latent frames; the first frame is encoded alone, so
// a picture is a video of one frame. Every norm acts on one place and every convolution looks back
// only, which makes chunked encoding and decoding exact. Layout after Wan2.1's VAE (arXiv
// 2503.20314, section 4.1), without attention.
#pragma once

#include "generator/native/configs.h"
#include "generator/native/internal_layers.h"
#include "generator/native/internal_patches.h"

namespace plumb {

// Two convolutions round a shortcut; the first one sees `temporal_kernel` frames, the second one
// only its own.
struct VaeResnetImpl : torch::nn::Module {
  VaeResnetImpl(int64_t in_channels, int64_t out_channels, int64_t temporal_kernel);
  at::Tensor forward(const at::Tensor& x, StreamCache* cache);
  ChannelRmsNorm norm1{nullptr}, norm2{nullptr};
  CausalConv3d conv1{nullptr}, conv2{nullptr};
  torch::nn::Conv3d shortcut{nullptr};  // only where the channel count changes
};
TORCH_MODULE(VaeResnet);

// Doubles rows and columns, time, or both. In time every frame becomes two, except the clip's
// first.
struct VaeUpsampleImpl : torch::nn::Module {
  VaeUpsampleImpl(int64_t channels, bool spatial, bool temporal);
  at::Tensor forward(const at::Tensor& x, StreamCache* cache);
  bool spatial, temporal;
  CausalConv3d time_conv{nullptr};
  torch::nn::Conv3d space_conv{nullptr};
};
TORCH_MODULE(VaeUpsample);

struct VaeEncoderImpl : torch::nn::Module {
  explicit VaeEncoderImpl(const VaeConfig& config);
  at::Tensor forward(const at::Tensor& pixels, StreamCache* cache);
  int64_t pixel_patch;
  PatchShape patch;
  torch::nn::Linear patch_path{nullptr};  // patches to means; only where the config asks for it
  CausalConv3d conv_in{nullptr}, conv_out{nullptr};
  torch::nn::ModuleList blocks;  // VaeResnet and CausalConv3d (downsampling), in order
  ChannelRmsNorm norm_out{nullptr};
};
TORCH_MODULE(VaeEncoder);

struct VaeDecoderImpl : torch::nn::Module {
  explicit VaeDecoderImpl(const VaeConfig& config);
  at::Tensor forward(const at::Tensor& latents, StreamCache* cache);
  int64_t pixel_patch;
  PatchShape patch;
  torch::nn::Linear patch_path{nullptr};  // latents to patches; only where the config asks for it
  CausalConv3d conv_in{nullptr}, conv_out{nullptr};
  torch::nn::ModuleList blocks;  // VaeResnet and VaeUpsample, in order
  ChannelRmsNorm norm_out{nullptr};
};
TORCH_MODULE(VaeDecoder);

struct Posterior {
  at::Tensor mean;    // [B, latent_channels, T', H', W']
  at::Tensor logvar;  // the same shape, within −30 … 20
};

struct CausalVaeImpl : torch::nn::Module {
  explicit CausalVaeImpl(const VaeConfig& config);
  // Pixels [B, 3, 4n+1, H, W] in −1 … 1; H and W multiples of the spatial stride.
  Posterior Encode(const at::Tensor& pixels);
  // The same in chunks of 1, s, s, … frames: memory does not grow with the clip.
  Posterior EncodeStreaming(const at::Tensor& pixels);
  // Latents [B, C, n+1, H', W'] as encoded (not normalised); pixels are not clamped.
  at::Tensor Decode(const at::Tensor& latents);
  at::Tensor DecodeStreaming(const at::Tensor& latents);
  // Where a training starts: the linear path takes principal components of the clips' patches, with
  // latents of unit variance and little noise, and the convolutions add nothing yet.
  void StartFrom(const PrincipalComponents& components);
  // To and from the unit-variance latents that the transformer sees.
  at::Tensor Normalized(const at::Tensor& latents) const;
  at::Tensor Denormalized(const at::Tensor& latents) const;

  VaeConfig config;
  VaeEncoder encoder{nullptr};
  VaeDecoder decoder{nullptr};
};
TORCH_MODULE(CausalVae);

}  // namespace plumb
