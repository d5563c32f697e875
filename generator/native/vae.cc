// SPDX-License-Identifier: Apache-2.0
#include "core/check.h"
#include "generator/native/internal_vae.h"

namespace plumb {
namespace {

torch::nn::Conv3d Pointwise(int64_t in_channels, int64_t out_channels) {
  return torch::nn::Conv3d(torch::nn::Conv3dOptions(in_channels, out_channels, 1));
}

// [B, C, T, H, W] -> [B, C·p·p, T, H/p, W/p]
at::Tensor SpaceToChannels(const at::Tensor& x, int64_t p) {
  const int64_t b = x.size(0), c = x.size(1), t = x.size(2), h = x.size(3), w = x.size(4);
  return x.view({b, c, t, h / p, p, w / p, p})
      .permute({0, 1, 4, 6, 2, 3, 5})
      .reshape({b, c * p * p, t, h / p, w / p});
}

at::Tensor ChannelsToSpace(const at::Tensor& x, int64_t p) {
  const int64_t b = x.size(0), c = x.size(1) / (p * p), t = x.size(2), h = x.size(3), w = x.size(4);
  return x.reshape({b, c, p, p, t, h, w})
      .permute({0, 1, 4, 5, 2, 6, 3})
      .reshape({b, c, t, h * p, w * p});
}

CausalConv3d Downsample(int64_t channels, bool spatial, bool temporal) {
  const int64_t k = spatial ? 3 : 1;
  const int64_t s = spatial ? 2 : 1;
  return CausalConv3d(CausalConvOptions{.in_channels = channels,
                                        .out_channels = channels,
                                        .kernel = {temporal ? 3 : 1, k, k},
                                        .stride = {temporal ? 2 : 1, s, s}});
}

at::Tensor RunBlock(const std::shared_ptr<torch::nn::Module>& block,
                    const at::Tensor& x,
                    StreamCache* cache) {
  if (auto* resnet = block->as<VaeResnetImpl>()) return resnet->forward(x, cache);
  if (auto* conv = block->as<CausalConv3dImpl>()) return conv->forward(x, cache);
  return block->as<VaeUpsampleImpl>()->forward(x, cache);
}

at::Tensor ChannelView(const std::vector<double>& values, const at::Tensor& like) {
  PLUMB_CHECK(!values.empty(), "latent statistics are not set");
  return torch::tensor(values, torch::kFloat64)
      .to(like.options())
      .view({1, static_cast<int64_t>(values.size()), 1, 1, 1});
}

}  // namespace

VaeResnetImpl::VaeResnetImpl(int64_t in_channels, int64_t out_channels, int64_t temporal_kernel) {
  norm1 = register_module("norm1", ChannelRmsNorm(in_channels));
  conv1 = register_module(
      "conv1", CausalConv3d(CausalConvOptions{in_channels, out_channels, {temporal_kernel, 3, 3}}));
  norm2 = register_module("norm2", ChannelRmsNorm(out_channels));
  conv2 = register_module("conv2",
                          CausalConv3d(CausalConvOptions{out_channels, out_channels, {1, 3, 3}}));
  if (in_channels != out_channels) {
    shortcut = register_module("conv_shortcut", Pointwise(in_channels, out_channels));
  }
}

at::Tensor VaeResnetImpl::forward(const at::Tensor& x, StreamCache* cache) {
  at::Tensor h = conv1->forward(at::silu(norm1->forward(x)), cache);
  h = conv2->forward(at::silu(norm2->forward(h)), cache);
  return h + (shortcut.is_empty() ? x : shortcut->forward(x));
}

VaeUpsampleImpl::VaeUpsampleImpl(int64_t channels, bool spatial, bool temporal)
    : spatial(spatial), temporal(temporal) {
  if (temporal) {
    time_conv = register_module("time_conv",
                                CausalConv3d(CausalConvOptions{channels, 2 * channels, {3, 1, 1}}));
  }
  if (spatial) {
    space_conv = register_module(
        "space_conv",
        torch::nn::Conv3d(
            torch::nn::Conv3dOptions(channels, channels, {1, 3, 3}).padding({0, 1, 1})));
  }
}

at::Tensor VaeUpsampleImpl::forward(const at::Tensor& input, StreamCache* cache) {
  at::Tensor x = input;
  if (temporal) {
    // The clip's first frame has no partner before it: the earlier of its two halves is dropped.
    const bool starts = time_conv->Starts(cache);
    const int64_t b = x.size(0), c = x.size(1), t = x.size(2), h = x.size(3), w = x.size(4);
    x = time_conv->forward(x, cache)
            .view({b, 2, c, t, h, w})
            .permute({0, 2, 3, 1, 4, 5})
            .reshape({b, c, 2 * t, h, w});
    if (starts) x = x.narrow(2, 1, 2 * t - 1);
  }
  if (spatial) {
    const int64_t b = x.size(0), c = x.size(1), t = x.size(2), h = x.size(3), w = x.size(4);
    x = x.view({b, c, t, h, 1, w, 1})
            .expand({b, c, t, h, 2, w, 2})
            .reshape({b, c, t, 2 * h, 2 * w});
    x = space_conv->forward(x);
  }
  return x;
}

VaeEncoderImpl::VaeEncoderImpl(const VaeConfig& config)
    : pixel_patch(config.pixel_patch), patch(PatchShapeOf(config)) {
  if (config.patch_path) {
    patch_path =
        register_module("patch_path", torch::nn::Linear(patch.Size(), config.latent_channels));
  }
  const int64_t pixels = config.in_channels * pixel_patch * pixel_patch;
  conv_in = register_module("conv_in",
                            CausalConv3d(CausalConvOptions{
                                pixels, config.channels[0], {config.temporal_kernels[0], 3, 3}}));
  int64_t channels = config.channels[0];
  for (size_t level = 0; level < config.channels.size(); ++level) {
    for (int64_t i = 0; i < config.resnets_per_level; ++i) {
      blocks->push_back(
          VaeResnet(channels, config.channels[level], config.temporal_kernels[level]));
      channels = config.channels[level];
    }
    if (level + 1 < config.channels.size()) {
      blocks->push_back(Downsample(
          channels, config.spatial_downsample[level] == 1, config.temporal_downsample[level] == 1));
    }
  }
  register_module("blocks", blocks);
  norm_out = register_module("norm_out", ChannelRmsNorm(channels));
  conv_out = register_module(
      "conv_out",
      CausalConv3d(CausalConvOptions{
          channels, 2 * config.latent_channels, {config.temporal_kernels.back(), 3, 3}}));
}

at::Tensor VaeEncoderImpl::forward(const at::Tensor& pixels, StreamCache* cache) {
  const bool starts = conv_in->Starts(cache);
  at::Tensor x = conv_in->forward(SpaceToChannels(pixels, pixel_patch), cache);
  for (const auto& block : *blocks) x = RunBlock(block, x, cache);
  x = conv_out->forward(at::silu(norm_out->forward(x)), cache);
  if (patch_path.is_empty()) return x;
  const at::Tensor means =
      patch_path->forward(PatchesFromPixels(pixels, patch, starts)).movedim(-1, 1);
  return x + at::constant_pad_nd(means, {0, 0, 0, 0, 0, 0, 0, means.size(1)});
}

VaeDecoderImpl::VaeDecoderImpl(const VaeConfig& config)
    : pixel_patch(config.pixel_patch), patch(PatchShapeOf(config)) {
  if (config.patch_path) {
    patch_path =
        register_module("patch_path", torch::nn::Linear(config.latent_channels, patch.Size()));
  }
  int64_t channels = config.channels.back();
  conv_in = register_module(
      "conv_in",
      CausalConv3d(CausalConvOptions{
          config.latent_channels, channels, {config.temporal_kernels.back(), 3, 3}}));
  for (size_t level = config.channels.size(); level-- > 0;) {
    // One block more than the encoder: making pictures is the harder half.
    for (int64_t i = 0; i <= config.resnets_per_level; ++i) {
      blocks->push_back(
          VaeResnet(channels, config.channels[level], config.temporal_kernels[level]));
      channels = config.channels[level];
    }
    if (level > 0) {
      blocks->push_back(VaeUpsample(channels,
                                    config.spatial_downsample[level - 1] == 1,
                                    config.temporal_downsample[level - 1] == 1));
    }
  }
  register_module("blocks", blocks);
  norm_out = register_module("norm_out", ChannelRmsNorm(channels));
  conv_out =
      register_module("conv_out",
                      CausalConv3d(CausalConvOptions{channels,
                                                     config.in_channels * pixel_patch * pixel_patch,
                                                     {config.temporal_kernels[0], 3, 3}}));
}

at::Tensor VaeDecoderImpl::forward(const at::Tensor& latents, StreamCache* cache) {
  const bool starts = conv_in->Starts(cache);
  at::Tensor x = conv_in->forward(latents, cache);
  for (const auto& block : *blocks) x = RunBlock(block, x, cache);
  x = ChannelsToSpace(conv_out->forward(at::silu(norm_out->forward(x)), cache), pixel_patch);
  if (patch_path.is_empty()) return x;
  return x + PixelsFromPatches(patch_path->forward(latents.movedim(1, -1)), patch, starts);
}

CausalVaeImpl::CausalVaeImpl(const VaeConfig& given) : config(given) {
  encoder = register_module("encoder", VaeEncoder(config));
  decoder = register_module("decoder", VaeDecoder(config));
}

namespace {

Posterior SplitMoments(const at::Tensor& moments) {
  const std::vector<at::Tensor> halves = moments.chunk(2, 1);
  return {halves[0], halves[1].clamp(-30.0, 20.0)};
}

void CheckClip(const at::Tensor& pixels, const VaeConfig& config) {
  const int64_t stride = config.SpatialStride();
  PLUMB_CHECK(pixels.dim() == 5 && (pixels.size(2) - 1) % config.TemporalStride() == 0 &&
                  pixels.size(3) % stride == 0 && pixels.size(4) % stride == 0,
              "{} frames of {}x{}",
              pixels.size(2),
              pixels.size(4),
              pixels.size(3));
}

}  // namespace

Posterior CausalVaeImpl::Encode(const at::Tensor& pixels) {
  CheckClip(pixels, config);
  return SplitMoments(encoder->forward(pixels, nullptr));
}

Posterior CausalVaeImpl::EncodeStreaming(const at::Tensor& pixels) {
  CheckClip(pixels, config);
  StreamCache cache;
  std::vector<at::Tensor> moments = {encoder->forward(pixels.narrow(2, 0, 1), &cache)};
  const int64_t stride = config.TemporalStride();
  for (int64_t first = 1; first < pixels.size(2); first += stride) {
    moments.push_back(encoder->forward(pixels.narrow(2, first, stride), &cache));
  }
  return SplitMoments(at::cat(moments, 2));
}

at::Tensor CausalVaeImpl::Decode(const at::Tensor& latents) {
  return decoder->forward(latents, nullptr);
}

at::Tensor CausalVaeImpl::DecodeStreaming(const at::Tensor& latents) {
  StreamCache cache;
  std::vector<at::Tensor> pixels;
  for (int64_t i = 0; i < latents.size(2); ++i) {
    pixels.push_back(decoder->forward(latents.narrow(2, i, 1), &cache));
  }
  return at::cat(pixels, 2);
}

void CausalVaeImpl::StartFrom(const PrincipalComponents& components) {
  constexpr double kLogVariance = -6.0;  // of the latents' noise beside their unit variance
  torch::NoGradGuard no_grad;
  const at::Tensor deviations = components.deviations.unsqueeze(1);
  const at::Tensor inward = components.directions / deviations;
  encoder->patch_path->weight.copy_(inward);
  encoder->patch_path->bias.copy_(-at::mv(inward, components.mean));
  decoder->patch_path->weight.copy_((components.directions * deviations).t());
  decoder->patch_path->bias.copy_(components.mean);
  for (const CausalConv3d& last : {encoder->conv_out, decoder->conv_out}) {
    last->conv->weight.zero_();
    last->conv->bias.zero_();
  }
  const int64_t channels = config.latent_channels;
  encoder->conv_out->conv->bias.narrow(0, channels, channels).fill_(kLogVariance);
}

at::Tensor CausalVaeImpl::Normalized(const at::Tensor& latents) const {
  return (latents - ChannelView(config.latents_mean, latents)) /
         ChannelView(config.latents_std, latents);
}

at::Tensor CausalVaeImpl::Denormalized(const at::Tensor& latents) const {
  return latents * ChannelView(config.latents_std, latents) +
         ChannelView(config.latents_mean, latents);
}

}  // namespace plumb
