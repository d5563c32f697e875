// SPDX-License-Identifier: Apache-2.0
#include <cmath>

#include <fmt/format.h>

#include "core/check.h"
#include "generator/autoencoder_kl/internal_autoencoder_kl.h"
#include "generator/weights/internal_register.h"

namespace plumb {
namespace {

constexpr double kEps = 1e-6;

}  // namespace

at::Tensor AutoencoderKlImpl::Resnet::operator()(const at::Tensor& x) {
  at::Tensor h = conv1->forward(at::silu(norm1->forward(x)));
  h = conv2->forward(at::silu(norm2->forward(h)));
  return (shortcut ? shortcut->forward(x) : x) + h;
}

// One head over all channels; every place is a token.
at::Tensor AutoencoderKlImpl::Attention::operator()(const at::Tensor& x) {
  const at::Tensor tokens = norm->forward(x).flatten(2).transpose(1, 2);
  const at::Tensor mixed = at::scaled_dot_product_attention(
      to_q->forward(tokens), to_k->forward(tokens), to_v->forward(tokens));
  return x + to_out->forward(mixed).transpose(1, 2).reshape(x.sizes());
}

at::Tensor AutoencoderKlImpl::Half::Middle(at::Tensor x) {
  x = middle[0](x);
  for (Attention& attention : attentions) x = attention(x);
  return middle[1](x);
}

at::Tensor AutoencoderKlImpl::Half::Output(const at::Tensor& x) {
  return conv_out->forward(at::silu(norm_out->forward(x)));
}

AutoencoderKlImpl::AutoencoderKlImpl(const KlConfig& config) : config_(config) {
  encoder_ = MakeEncoder();
  decoder_ = MakeDecoder();
  const int64_t latents = config.latent_channels;
  if (config.use_quant_conv) quant_conv_ = MakeConv("quant_conv", 2 * latents, 2 * latents, 1);
  if (config.use_post_quant_conv)
    post_quant_conv_ = MakeConv("post_quant_conv", latents, latents, 1);
}

torch::nn::Conv2d AutoencoderKlImpl::MakeConv(
    const std::string& path, int64_t in, int64_t out, int64_t kernel, int64_t stride) {
  // Where the picture is halved, the padding stands at the right and below; see Encode.
  const int64_t padding = stride == 1 ? kernel / 2 : 0;
  return RegisterAt(
      *this,
      path,
      torch::nn::Conv2d(torch::nn::Conv2dOptions(in, out, kernel).stride(stride).padding(padding)));
}

torch::nn::GroupNorm AutoencoderKlImpl::MakeNorm(const std::string& path, int64_t channels) {
  return RegisterAt(*this,
                    path,
                    torch::nn::GroupNorm(
                        torch::nn::GroupNormOptions(config_.norm_num_groups, channels).eps(kEps)));
}

AutoencoderKlImpl::Resnet AutoencoderKlImpl::MakeResnet(const std::string& path,
                                                        int64_t in,
                                                        int64_t out) {
  Resnet resnet;
  resnet.norm1 = MakeNorm(path + ".norm1", in);
  resnet.conv1 = MakeConv(path + ".conv1", in, out, 3);
  resnet.norm2 = MakeNorm(path + ".norm2", out);
  resnet.conv2 = MakeConv(path + ".conv2", out, out, 3);
  if (in != out) resnet.shortcut = MakeConv(path + ".conv_shortcut", in, out, 1);
  return resnet;
}

AutoencoderKlImpl::Attention AutoencoderKlImpl::MakeAttention(const std::string& path,
                                                              int64_t channels) {
  const auto linear = [&](const char* name) {
    return RegisterAt(*this, path + name, torch::nn::Linear(channels, channels));
  };
  Attention attention;
  attention.norm = MakeNorm(path + ".group_norm", channels);
  attention.to_q = linear(".to_q");
  attention.to_k = linear(".to_k");
  attention.to_v = linear(".to_v");
  attention.to_out = linear(".to_out.0");
  return attention;
}

void AutoencoderKlImpl::MakeMiddle(Half& half, const std::string& path, int64_t channels) {
  for (int i = 0; i < 2; ++i) {
    half.middle.push_back(MakeResnet(fmt::format("{}.resnets.{}", path, i), channels, channels));
  }
  if (config_.mid_block_add_attention) {
    half.attentions.push_back(MakeAttention(path + ".attentions.0", channels));
  }
}

AutoencoderKlImpl::Half AutoencoderKlImpl::MakeEncoder() {
  const std::vector<int64_t>& channels = config_.block_out_channels;
  Half half;
  half.conv_in = MakeConv("encoder.conv_in", config_.in_channels, channels.front(), 3);
  int64_t in = channels.front();
  for (size_t i = 0; i < channels.size(); ++i) {
    const std::string path = fmt::format("encoder.down_blocks.{}", i);
    Level level;
    for (int64_t j = 0; j < config_.layers_per_block; ++j) {
      level.resnets.push_back(MakeResnet(fmt::format("{}.resnets.{}", path, j), in, channels[i]));
      in = channels[i];
    }
    if (i + 1 < channels.size()) {
      level.resample = MakeConv(path + ".downsamplers.0.conv", in, in, 3, 2);
    }
    half.levels.push_back(std::move(level));
  }
  MakeMiddle(half, "encoder.mid_block", in);
  half.norm_out = MakeNorm("encoder.conv_norm_out", in);
  half.conv_out = MakeConv("encoder.conv_out", in, 2 * config_.latent_channels, 3);
  return half;
}

AutoencoderKlImpl::Half AutoencoderKlImpl::MakeDecoder() {
  const std::vector<int64_t> channels(config_.block_out_channels.rbegin(),
                                      config_.block_out_channels.rend());
  Half half;
  int64_t in = channels.front();
  half.conv_in = MakeConv("decoder.conv_in", config_.latent_channels, in, 3);
  MakeMiddle(half, "decoder.mid_block", in);
  for (size_t i = 0; i < channels.size(); ++i) {
    const std::string path = fmt::format("decoder.up_blocks.{}", i);
    Level level;
    for (int64_t j = 0; j <= config_.layers_per_block; ++j) {
      level.resnets.push_back(MakeResnet(fmt::format("{}.resnets.{}", path, j), in, channels[i]));
      in = channels[i];
    }
    if (i + 1 < channels.size()) level.resample = MakeConv(path + ".upsamplers.0.conv", in, in, 3);
    half.levels.push_back(std::move(level));
  }
  half.norm_out = MakeNorm("decoder.conv_norm_out", in);
  half.conv_out = MakeConv("decoder.conv_out", in, config_.out_channels, 3);
  return half;
}

void AutoencoderKlImpl::RunIn(at::ScalarType type) {
  const torch::NoGradGuard no_grad;
  type_ = type;
  for (at::Tensor& weight : parameters()) {
    const at::Tensor converted = weight.detach().to(type);
    weight.set_data(weight.dim() == 4 ? converted.contiguous(at::MemoryFormat::ChannelsLast)
                                      : converted);
  }
}

at::Tensor AutoencoderKlImpl::Entering(const at::Tensor& x) const {
  return x.to(type_).contiguous(at::MemoryFormat::ChannelsLast);
}

KlPosterior AutoencoderKlImpl::Encode(const at::Tensor& images) {
  const torch::NoGradGuard no_grad;
  const int64_t stride = config_.SpatialStride();
  PLUMB_CHECK(images.size(2) % stride == 0 && images.size(3) % stride == 0,
              "{}x{} pixels, stride {}",
              images.size(3),
              images.size(2),
              stride);
  at::Tensor x = encoder_.conv_in->forward(Entering(images));
  for (Level& level : encoder_.levels) {
    for (Resnet& resnet : level.resnets) x = resnet(x);
    if (level.resample) x = level.resample->forward(at::constant_pad_nd(x, {0, 1, 0, 1}));
  }
  x = encoder_.Output(encoder_.Middle(x));
  if (quant_conv_) x = quant_conv_->forward(x);
  const std::vector<at::Tensor> moments = x.to(at::kFloat).contiguous().chunk(2, 1);
  return {moments[0], moments[1].clamp(-30.0, 20.0)};
}

at::Tensor AutoencoderKlImpl::Decode(const at::Tensor& latents) {
  const torch::NoGradGuard no_grad;
  at::Tensor x = Entering(latents);
  if (post_quant_conv_) x = post_quant_conv_->forward(x);
  x = decoder_.Middle(decoder_.conv_in->forward(x));
  for (Level& level : decoder_.levels) {
    for (Resnet& resnet : level.resnets) x = resnet(x);
    if (level.resample) {
      x = level.resample->forward(at::upsample_nearest2d(x, {x.size(2) * 2, x.size(3) * 2}));
    }
  }
  return decoder_.Output(x).to(at::kFloat).contiguous();
}

std::string CurrentKlName(const std::string& name) {
  constexpr std::pair<const char*, const char*> kRenamed[] = {{".query.", ".to_q."},
                                                              {".key.", ".to_k."},
                                                              {".value.", ".to_v."},
                                                              {".proj_attn.", ".to_out.0."}};
  if (name.find(".attentions.") == name.npos) return name;
  for (const auto& [old_part, new_part] : kRenamed) {
    const size_t at = name.find(old_part);
    if (at == name.npos) continue;
    return std::string(name).replace(at, std::string(old_part).size(), new_part);
  }
  return name;
}

}  // namespace plumb
