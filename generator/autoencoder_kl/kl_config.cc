// SPDX-License-Identifier: Apache-2.0
#include "generator/autoencoder_kl/kl_config.h"

#include <algorithm>
#include <cmath>

#include <fmt/format.h>

#include "generator/weights/config_fields.h"
#include "generator/weights/config_file.h"

namespace plumb {
namespace {

void RequireBlocks(ObjectReader& reader,
                   const std::string& key,
                   const std::string& kind,
                   size_t count) {
  const std::vector<std::string> types = reader.Texts(key, std::vector<std::string>(count, kind));
  const bool all = std::all_of(
      types.begin(), types.end(), [&](const std::string& type) { return type == kind; });
  if (!all || types.size() != count) {
    reader.Fail(key, fmt::format("expected {} times '{}'", count, kind));
  }
}

std::vector<int64_t> Levels(ObjectReader& reader, int64_t groups) {
  const std::vector<int64_t> channels = reader.Integers("block_out_channels", {64});
  const bool fit = std::all_of(channels.begin(), channels.end(), [&](int64_t count) {
    return count >= 1 && count <= 8192 && count % groups == 0;
  });
  if (!fit || channels.empty() || channels.size() > 8) {
    reader.Fail("block_out_channels", "expected 1 to 8 multiples of norm_num_groups up to 8192");
  }
  return channels;
}

// Normalised latents by channel belong to other checkpoints.
void RefuseNumbers(ObjectReader& reader, const std::string& key) {
  if (!reader.Numbers(key, {}).empty()) reader.Fail(key, "is not supported");
}

KlConfig FromDocument(const Document& document) {
  ObjectReader reader(document, "");
  RequireClassName(reader, {"AutoencoderKL"});
  KlConfig config;
  config.in_channels = PositiveField(reader, "in_channels", 3, 64);
  config.out_channels = PositiveField(reader, "out_channels", 3, 64);
  config.norm_num_groups = PositiveField(reader, "norm_num_groups", 32, 1024);
  config.block_out_channels = Levels(reader, config.norm_num_groups);
  RequireBlocks(reader, "down_block_types", "DownEncoderBlock2D", config.block_out_channels.size());
  RequireBlocks(reader, "up_block_types", "UpDecoderBlock2D", config.block_out_channels.size());
  config.layers_per_block = PositiveField(reader, "layers_per_block", 1, 16);
  config.latent_channels = PositiveField(reader, "latent_channels", 4, 1024);
  config.scaling_factor = reader.Number("scaling_factor", 0.18215);
  if (!std::isfinite(config.scaling_factor) || config.scaling_factor <= 0) {
    reader.Fail("scaling_factor", "expected a positive number");
  }
  if (reader.Number("shift_factor", 0.0) != 0.0) reader.Fail("shift_factor", "expected 0");
  config.use_quant_conv = reader.Flag("use_quant_conv", true);
  config.use_post_quant_conv = reader.Flag("use_post_quant_conv", true);
  config.mid_block_add_attention = reader.Flag("mid_block_add_attention", true);
  ChoiceField(reader, "act_fn", {"silu"});
  RefuseNumbers(reader, "latents_mean");
  RefuseNumbers(reader, "latents_std");
  // Read by Diffusers' tiling and half precision alone.
  reader.Integer("sample_size", 32);
  reader.Flag("force_upcast", true);
  reader.Finish();
  return config;
}

}  // namespace

KlConfig ParseKlConfig(const std::string& text, const std::string& place) {
  return ReadConfigText(text, place, FromDocument);
}

KlConfig ReadKlConfig(const std::filesystem::path& path) {
  return ReadConfigFile(path, "a checkpoint of latents needs its autoencoder", FromDocument);
}

}  // namespace plumb
