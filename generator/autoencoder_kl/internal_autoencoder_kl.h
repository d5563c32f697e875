// SPDX-License-Identifier: Apache-2.0
// The image autoencoder with the parameter names and the numbers of Diffusers' AutoencoderKL.
#pragma once

#include <string>
#include <vector>

#include <torch/torch.h>

#include "generator/autoencoder_kl/kl_config.h"

namespace plumb {

// The distribution of an image's latents, [B, latent_channels, H/s, W/s].
struct KlPosterior {
  at::Tensor mean;
  at::Tensor logvar;  // −30 … 20
};

class AutoencoderKlImpl : public torch::nn::Module {
 public:
  explicit AutoencoderKlImpl(const KlConfig& config);

  const KlConfig& config() const { return config_; }

  // Weights and activations are in that type from then on, with channels innermost, as the
  // convolutions have them fastest. At first they are float32.
  void RunIn(at::ScalarType type);

  // images [B, in_channels, H, W] in −1 … 1. Latents as the network gives them: scaling_factor is
  // not applied. What is given and returned is float32, whatever the type.
  KlPosterior Encode(const at::Tensor& images);
  // latents [B, latent_channels, h, w] -> images [B, out_channels, h·s, w·s], about −1 … 1.
  at::Tensor Decode(const at::Tensor& latents);

 private:
  struct Resnet {
    torch::nn::GroupNorm norm1{nullptr}, norm2{nullptr};
    torch::nn::Conv2d conv1{nullptr}, conv2{nullptr}, shortcut{nullptr};
    at::Tensor operator()(const at::Tensor& x);
  };
  struct Attention {
    torch::nn::GroupNorm norm{nullptr};
    torch::nn::Linear to_q{nullptr}, to_k{nullptr}, to_v{nullptr}, to_out{nullptr};
    at::Tensor operator()(const at::Tensor& x);
  };
  struct Level {
    std::vector<Resnet> resnets;
    torch::nn::Conv2d resample{nullptr};  // absent in the last level
  };
  // Levels, and in the middle two residual blocks with attention between.
  struct Half {
    torch::nn::Conv2d conv_in{nullptr}, conv_out{nullptr};
    std::vector<Level> levels;
    std::vector<Resnet> middle;
    std::vector<Attention> attentions;  // none or one
    torch::nn::GroupNorm norm_out{nullptr};
    at::Tensor Middle(at::Tensor x);
    at::Tensor Output(const at::Tensor& x);
  };

  torch::nn::Conv2d MakeConv(
      const std::string& path, int64_t in, int64_t out, int64_t kernel, int64_t stride = 1);
  torch::nn::GroupNorm MakeNorm(const std::string& path, int64_t channels);
  Resnet MakeResnet(const std::string& path, int64_t in, int64_t out);
  Attention MakeAttention(const std::string& path, int64_t channels);
  void MakeMiddle(Half& half, const std::string& path, int64_t channels);
  Half MakeEncoder();
  Half MakeDecoder();

  // Input in type and order of the weights.
  at::Tensor Entering(const at::Tensor& x) const;

  KlConfig config_;
  at::ScalarType type_ = at::kFloat;
  Half encoder_, decoder_;
  torch::nn::Conv2d quant_conv_{nullptr}, post_quant_conv_{nullptr};
};
TORCH_MODULE(AutoencoderKl);

// The name that a parameter of an older file (query, key, value, proj_attn of its attention) has
// today; any other name as it is.
std::string CurrentKlName(const std::string& name);

}  // namespace plumb
