// SPDX-License-Identifier: Apache-2.0
// vae/config.json of the image autoencoder behind DiT and Stable Diffusion (Rombach et al. 2022,
// arXiv 2112.10752) as Diffusers' AutoencoderKL writes it.
#pragma once

#include <cstdint>
#include <filesystem>
#include <string>
#include <vector>

namespace plumb {

struct KlConfig {
  int64_t in_channels = 3;
  int64_t out_channels = 3;
  std::vector<int64_t> block_out_channels = {64};  // per level; each level but the last halves
  int64_t layers_per_block = 1;
  int64_t latent_channels = 4;
  int64_t norm_num_groups = 32;
  double scaling_factor = 0.18215;  // latents of the diffusion = scaling_factor · latents
  bool use_quant_conv = true;
  bool use_post_quant_conv = true;
  bool mid_block_add_attention = true;

  int64_t SpatialStride() const { return int64_t{1} << (block_out_channels.size() - 1); }
};

// Throws InputError naming file and key when one is missing, unknown, of another type, out of
// range or of a kind that is not supported. ParseKlConfig takes the file's text; errors name
// `place`.
KlConfig ReadKlConfig(const std::filesystem::path& path);
KlConfig ParseKlConfig(const std::string& text, const std::string& place);

}  // namespace plumb
