// SPDX-License-Identifier: Apache-2.0
#include "generator/native/configs.h"

#include <fmt/format.h>

#include "core/errors.h"
#include "generator/native/internal_class_names.h"

namespace plumb {
namespace {

// 7.7 million parameters for clips of about 64x64. A latent cell stands for 4 frames of 4x4
// pixels, because at this size a ball is six pixels wide; docs/generator.md has the figures. The
// transformer sees cells two by two.
CheckpointConfig TinyPreset() {
  CheckpointConfig config;
  config.vae.channels = {32, 64, 96};
  config.vae.temporal_kernels = {1, 3, 3};
  config.vae.spatial_downsample = {1, 0};
  config.vae.temporal_downsample = {1, 1};
  config.vae.latent_channels = 16;
  config.vae.patch_path = true;
  config.transformer.in_channels = config.vae.latent_channels;
  config.transformer.num_attention_heads = 4;
  config.transformer.num_layers = 5;
  config.transformer.ffn_dim = 1024;
  return config;
}

CheckpointConfig TestPreset() {
  CheckpointConfig config;
  config.vae.channels = {8, 8, 8, 8};
  config.vae.latent_channels = 4;
  config.vae.patch_path = true;
  config.text_encoder = {.hidden_size = 16, .num_layers = 1, .num_heads = 2, .max_tokens = 16};
  config.transformer.in_channels = 4;
  config.transformer.num_attention_heads = 2;
  config.transformer.attention_head_dim = 12;
  config.transformer.rope_dims = {4, 4, 4};
  config.transformer.num_layers = 2;
  config.transformer.ffn_dim = 48;
  config.transformer.freq_dim = 32;
  config.transformer.text_dim = 16;
  return config;
}

Json IndexFile(const CheckpointConfig& config) {
  const auto part = [](const char* name) { return Json::array({"plumb", name}); };
  return {{"_class_name", kIndexClass},
          {"transformer", part(kTransformerClass)},
          {"vae", part(kVaeClass)},
          {"text_encoder", part(kTextEncoderClass)},
          {"tokenizer", part("SentencePiece")},
          {"scheduler", Json::array({"diffusers", config.scheduler.class_name})},
          {"native_width", config.index.width},
          {"native_height", config.index.height},
          {"native_frames", config.index.frames},
          {"native_fps", config.index.fps}};
}

Json VaeFile(const VaeConfig& vae) {
  return {{"_class_name", kVaeClass},
          {"in_channels", vae.in_channels},
          {"pixel_patch", vae.pixel_patch},
          {"channels", vae.channels},
          {"temporal_kernels", vae.temporal_kernels},
          {"spatial_downsample", vae.spatial_downsample},
          {"temporal_downsample", vae.temporal_downsample},
          {"resnets_per_level", vae.resnets_per_level},
          {"latent_channels", vae.latent_channels},
          {"patch_path", vae.patch_path},
          {"latents_mean", vae.latents_mean},
          {"latents_std", vae.latents_std}};
}

Json TextEncoderFile(const TextEncoderConfig& text) {
  return {{"_class_name", kTextEncoderClass},
          {"vocab_size", text.vocab_size},
          {"hidden_size", text.hidden_size},
          {"num_layers", text.num_layers},
          {"num_heads", text.num_heads},
          {"max_tokens", text.max_tokens}};
}

Json TransformerFile(const TransformerConfig& dit) {
  return {{"_class_name", kTransformerClass},
          {"in_channels", dit.in_channels},
          {"patch_size", dit.patch_size},
          {"num_attention_heads", dit.num_attention_heads},
          {"attention_head_dim", dit.attention_head_dim},
          {"rope_dims", dit.rope_dims},
          {"rope_theta", dit.rope_theta},
          {"rope_positions_per_second", dit.rope_positions_per_second},
          {"num_layers", dit.num_layers},
          {"ffn_dim", dit.ffn_dim},
          {"freq_dim", dit.freq_dim},
          {"text_dim", dit.text_dim}};
}

Json SchedulerFile(const SchedulerOptions& scheduler) {
  Json json = {{"_class_name", scheduler.class_name},
               {"num_train_timesteps", scheduler.num_train_timesteps}};
  if (scheduler.class_name == kSchedulerClass) {
    json["shift"] = scheduler.shift;
    return json;
  }
  const bool is_v = scheduler.prediction == Prediction::kVelocity;
  json.update({{"beta_start", scheduler.beta_start},
               {"beta_end", scheduler.beta_end},
               {"beta_schedule", scheduler.beta_schedule},
               {"prediction_type", is_v ? "v_prediction" : "epsilon"},
               {"clip_sample", scheduler.clip_sample},
               {"timestep_spacing", scheduler.timestep_spacing}});
  return json;
}

}  // namespace

int64_t VaeConfig::SpatialStride() const {
  int64_t stride = pixel_patch;
  for (const int64_t halved : spatial_downsample) stride <<= halved;
  return stride;
}

int64_t VaeConfig::TemporalStride() const {
  int64_t stride = 1;
  for (const int64_t halved : temporal_downsample) stride <<= halved;
  return stride;
}

CheckpointConfig PresetConfig(const std::string& preset) {
  if (preset == "tiny") return TinyPreset();
  if (preset == "test") return TestPreset();
  throw UsageError(fmt::format("preset '{}' is unknown; there are: tiny, test", preset));
}

SchedulerOptions ObjectiveScheduler(const std::string& objective) {
  if (objective == "flow") return DefaultSchedulerOptions(kSchedulerClass);
  if (objective != "eps" && objective != "v") {
    throw UsageError(fmt::format("objective '{}' is unknown; there are: flow, eps, v", objective));
  }
  SchedulerOptions options = DefaultSchedulerOptions(kDiffusionClass);
  options.prediction = objective == "v" ? Prediction::kVelocity : Prediction::kNoise;
  options.clip_sample = false;
  options.timestep_spacing = "trailing";
  return options;
}

std::vector<std::pair<std::string, Json>> CheckpointConfigFiles(const CheckpointConfig& config) {
  return {{"model_index.json", IndexFile(config)},
          {"vae/config.json", VaeFile(config.vae)},
          {"text_encoder/config.json", TextEncoderFile(config.text_encoder)},
          {"transformer/config.json", TransformerFile(config.transformer)},
          {"scheduler/scheduler_config.json", SchedulerFile(config.scheduler)}};
}

}  // namespace plumb
