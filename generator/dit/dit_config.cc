// SPDX-License-Identifier: Apache-2.0
#include "generator/dit/dit_config.h"

#include <cmath>

#include "generator/weights/config_fields.h"
#include "generator/weights/config_file.h"

namespace plumb {
namespace {

// The released checkpoints name the class that DiT shared with other networks. Its defaults were
// theirs, and what DiT hasn't must be absent or off.
void RequireDitOfGeneralClass(ObjectReader& reader) {
  for (const char* key : {"attention_head_dim",
                          "attention_bias",
                          "activation_fn",
                          "in_channels",
                          "norm_elementwise_affine",
                          "norm_type",
                          "num_embeds_ada_norm",
                          "num_layers",
                          "patch_size",
                          "sample_size"}) {
    reader.Require(key);
  }
  for (const char* key :
       {"double_self_attention", "only_cross_attention", "use_linear_projection"}) {
    if (reader.Flag(key, false)) reader.Fail(key, "true is not supported");
  }
  for (const char* key : {"caption_channels", "cross_attention_dim", "num_vector_embeds"}) {
    if (reader.Integer(key, 0) != 0) reader.Fail(key, "is not supported");
  }
  if (reader.Number("interpolation_scale", 1.0) != 1.0) {
    reader.Fail("interpolation_scale", "is not supported");
  }
  reader.Flag("use_additional_conditions", false);
  ChoiceField(reader, "attention_type", {"default"});
}

DitConfig FromDocument(const Document& document) {
  ObjectReader reader(document, "");
  const std::string name =
      RequireClassName(reader, {"DiTTransformer2DModel", "Transformer2DModel"});
  if (name == "Transformer2DModel") RequireDitOfGeneralClass(reader);
  DitConfig config;
  config.num_attention_heads = PositiveField(reader, "num_attention_heads", 16, 1024);
  config.attention_head_dim = PositiveField(reader, "attention_head_dim", 72, 4096);
  config.in_channels = PositiveField(reader, "in_channels", 4, 1024);
  config.out_channels = PositiveField(reader, "out_channels", config.in_channels, 2048);
  config.num_layers = PositiveField(reader, "num_layers", 28, 1024);
  config.sample_size = PositiveField(reader, "sample_size", 32, 4096);
  config.patch_size = PositiveField(reader, "patch_size", 2, 64);
  config.num_classes = PositiveField(reader, "num_embeds_ada_norm", 1000, 1 << 20);
  config.attention_bias = reader.Flag("attention_bias", true);
  config.gelu_tanh =
      ChoiceField(reader, "activation_fn", {"gelu-approximate", "gelu"}) == "gelu-approximate";
  config.feed_forward_eps = reader.Number("norm_eps", 1e-5);
  if (!(config.feed_forward_eps > 0 && config.feed_forward_eps < 1)) {
    reader.Fail("norm_eps", "expected a number between 0 and 1");
  }
  ChoiceField(reader, "norm_type", {"ada_norm_zero"});
  if (reader.Flag("norm_elementwise_affine", false)) {
    reader.Fail("norm_elementwise_affine", "true is not supported");
  }
  // What matters in training alone, or not at all in this class.
  reader.Number("dropout", 0.0);
  reader.Integer("norm_num_groups", 32);
  reader.Flag("upcast_attention", false);
  if (config.Width() % 4 != 0) {
    reader.Fail("attention_head_dim", "times num_attention_heads must be a multiple of 4");
  }
  if (config.sample_size % config.patch_size != 0) {
    reader.Fail("patch_size", "must divide sample_size");
  }
  if (config.out_channels != config.in_channels && !config.LearnsVariance()) {
    reader.Fail("out_channels", "must be in_channels, or twice as many for a learned variance");
  }
  reader.Finish();
  return config;
}

}  // namespace

DitConfig ParseDitConfig(const std::string& text, const std::string& place) {
  return ReadConfigText(text, place, FromDocument);
}

DitConfig ReadDitConfig(const std::filesystem::path& path) {
  return ReadConfigFile(path, "a DiT checkpoint needs it", FromDocument);
}

}  // namespace plumb
