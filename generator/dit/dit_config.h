// SPDX-License-Identifier: Apache-2.0
// transformer/config.json of a class-conditional DiT (Peebles & Xie 2022, arXiv 2212.09748) as
// Diffusers' DiTTransformer2DModel writes it, or, up to version 0.28, its Transformer2DModel.
#pragma once

#include <cstdint>
#include <filesystem>
#include <string>

namespace plumb {

struct DitConfig {
  int64_t num_attention_heads = 16;
  int64_t attention_head_dim = 72;
  int64_t in_channels = 4;
  int64_t out_channels = 8;  // twice in_channels where the variance is learned
  int64_t num_layers = 28;
  int64_t sample_size = 32;  // side of the latents it was trained on
  int64_t patch_size = 2;
  int64_t num_classes = 1000;  // "num_embeds_ada_norm"; the label of that number means "no class"
  bool attention_bias = true;
  bool gelu_tanh = true;           // "gelu-approximate", else the exact "gelu"
  double feed_forward_eps = 1e-5;  // "norm_eps": of the norm before the feed-forward alone

  int64_t Width() const { return num_attention_heads * attention_head_dim; }
  bool LearnsVariance() const { return out_channels == 2 * in_channels; }
};

// Throws InputError naming file and key when one is missing, unknown, of another type, out of
// range or of a kind that is not supported. ParseDitConfig takes the file's text; errors name
// `place`.
DitConfig ReadDitConfig(const std::filesystem::path& path);
DitConfig ParseDitConfig(const std::string& text, const std::string& place);

}  // namespace plumb
