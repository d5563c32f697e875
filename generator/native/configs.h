// SPDX-License-Identifier: Apache-2.0
// The configuration files of a native checkpoint, one struct a file, with the checks a file must
// pass.
#pragma once

#include <cstdint>
#include <filesystem>
#include <string>
#include <vector>

#include "core/json.h"
#include "generator/schedulers/scheduler_options.h"

namespace plumb {

// vae/config.json. Level i works at channels[i]; between levels the picture is halved in space,
// time or both.
struct VaeConfig {
  int64_t in_channels = 3;
  int64_t pixel_patch = 2;  // squares of so many pixels become channels before the first level
  std::vector<int64_t> channels = {32, 64, 80, 80};
  std::vector<int64_t> temporal_kernels = {1, 3, 3, 3};  // frames a convolution of the level sees
  std::vector<int64_t> spatial_downsample = {1, 1, 0};   // 1: halved after the level
  std::vector<int64_t> temporal_downsample = {0, 1, 1};  // 1: halved after the level
  int64_t resnets_per_level = 1;
  int64_t latent_channels = 8;
  bool patch_path = false;  // a linear path beside the convolutions: see internal_patches.h
  std::vector<double> latents_mean;  // per channel, over the training clips
  std::vector<double> latents_std;

  int64_t SpatialStride() const;   // pixels a latent cell is wide
  int64_t TemporalStride() const;  // frames a latent frame stands for; the first stands for one
};

// text_encoder/config.json
struct TextEncoderConfig {
  int64_t vocab_size = 0;
  int64_t hidden_size = 128;
  int64_t num_layers = 2;
  int64_t num_heads = 2;
  int64_t max_tokens = 64;  // longer captions are cut
};

// transformer/config.json. Width is num_attention_heads * attention_head_dim.
struct TransformerConfig {
  int64_t in_channels = 8;
  std::vector<int64_t> patch_size = {1, 2, 2};  // latent frames, rows, columns a token covers
  int64_t num_attention_heads = 3;
  int64_t attention_head_dim = 64;
  std::vector<int64_t> rope_dims = {24, 20, 20};  // of the head, for time, rows, columns; even
  double rope_theta = 256.0;
  double rope_positions_per_second = 6.0;  // time axis: real seconds times this
  int64_t num_layers = 5;
  int64_t ffn_dim = 768;
  int64_t freq_dim = 256;  // of the timestep sinusoid
  int64_t text_dim = 128;

  int64_t Width() const { return num_attention_heads * attention_head_dim; }
  int64_t PatchNumbers() const { return in_channels * patch_size[1] * patch_size[2]; }
};

// model_index.json: the family and the clips that the checkpoint was trained on.
struct IndexConfig {
  int width = 64;
  int height = 64;
  int frames = 49;
  double fps = 24.0;
};

struct CheckpointConfig {
  IndexConfig index;
  VaeConfig vae;
  TextEncoderConfig text_encoder;
  TransformerConfig transformer;
  // scheduler/scheduler_config.json: what the transformer was trained for. Rectified flow as
  // FlowMatchEulerDiscreteScheduler reads it (num_train_timesteps, shift), or variance-preserving
  // diffusion as DDPMScheduler does, with noise (epsilon) or v to be told.
  SchedulerOptions scheduler = DefaultSchedulerOptions("FlowMatchEulerDiscreteScheduler");

  // Pixels that a token is wide: sides of a clip are multiples of it.
  int SizeStep() const { return static_cast<int>(vae.SpatialStride() * transformer.patch_size[1]); }
};

// The networks of TrainOptions::preset. Throws UsageError on an unknown name.
CheckpointConfig PresetConfig(const std::string& preset);

// The scheduler of TrainOptions::objective: "flow", "eps" or "v". The last two are trained on the
// levels of DiT (β from 0.0001 to 0.02, Peebles & Xie 2022, section 4) and sampled from the
// highest. Throws UsageError on an unknown name.
SchedulerOptions ObjectiveScheduler(const std::string& objective);

// The texts of the five files. Each throws InputError naming `place` and the key as
// ReadCheckpointConfig does.
IndexConfig ParseIndexConfig(const std::string& text, const std::string& place);
VaeConfig ParseVaeConfig(const std::string& text, const std::string& place);
TextEncoderConfig ParseTextEncoderConfig(const std::string& text, const std::string& place);
TransformerConfig ParseTransformerConfig(const std::string& text, const std::string& place);
SchedulerOptions ParseSchedulerConfig(const std::string& text, const std::string& place);

// Reads the five files. Throws InputError naming file and key when one is missing, has unknown or
// ill-typed keys, values out of range, parts that do not fit each other, or another family's class
// name (the supported ones are listed), or when the path is a pickle's.
CheckpointConfig ReadCheckpointConfig(const std::filesystem::path& checkpoint);

// The five files by path inside the checkpoint folder.
std::vector<std::pair<std::string, Json>> CheckpointConfigFiles(const CheckpointConfig& config);

}  // namespace plumb
