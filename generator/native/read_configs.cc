// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <cmath>

#include <fmt/format.h>

#include "core/document.h"
#include "core/errors.h"
#include "generator/native/configs.h"
#include "generator/native/internal_checkpoint_folder.h"
#include "generator/native/internal_class_names.h"
#include "generator/native/internal_shared_parts.h"
#include "generator/weights/config_fields.h"
#include "generator/weights/config_file.h"
#include "generator/weights/pickle.h"

namespace plumb {
namespace {

int64_t Positive(ObjectReader& reader, const std::string& key, int64_t limit) {
  reader.Require(key);
  return PositiveField(reader, key, 0, limit);
}

double PositiveNumber(ObjectReader& reader, const std::string& key) {
  reader.Require(key);
  const double value = reader.Number(key, 0.0);
  if (!std::isfinite(value) || value <= 0) reader.Fail(key, "a positive number");
  return value;
}

std::vector<int64_t> IntegersWithin(ObjectReader& reader,
                                    const std::string& key,
                                    size_t count,
                                    std::pair<int64_t, int64_t> range) {
  reader.Require(key);
  const std::vector<int64_t> values = reader.Integers(key, {});
  const bool fits = std::all_of(values.begin(), values.end(), [&](int64_t value) {
    return value >= range.first && value <= range.second;
  });
  if (!fits || values.empty() || (count > 0 && values.size() != count)) {
    reader.Fail(key,
                fmt::format("{} integers from {} to {}",
                            count > 0 ? std::to_string(count) : "one or more",
                            range.first,
                            range.second));
  }
  return values;
}

VaeConfig ReadVae(ObjectReader& reader) {
  RequireClassName(reader, {kVaeClass});
  VaeConfig config;
  config.in_channels = Positive(reader, "in_channels", 3);
  if (config.in_channels != 3) reader.Fail("in_channels", "3");
  config.pixel_patch = Positive(reader, "pixel_patch", 8);
  config.channels = IntegersWithin(reader, "channels", 0, {1, 4096});
  const size_t levels = config.channels.size();
  config.temporal_kernels = IntegersWithin(reader, "temporal_kernels", levels, {1, 7});
  if (levels < 2) reader.Fail("channels", "two levels or more");
  config.spatial_downsample = IntegersWithin(reader, "spatial_downsample", levels - 1, {0, 1});
  config.temporal_downsample = IntegersWithin(reader, "temporal_downsample", levels - 1, {0, 1});
  config.resnets_per_level = Positive(reader, "resnets_per_level", 16);
  config.latent_channels = Positive(reader, "latent_channels", 1024);
  config.patch_path = reader.Flag("patch_path", false);
  config.latents_mean = reader.Numbers("latents_mean", {});
  config.latents_std = reader.Numbers("latents_std", {});
  const size_t latent_channels = config.latent_channels;
  if (config.latents_mean.size() != latent_channels) {
    reader.Fail("latents_mean", "one number per latent channel");
  }
  const bool spread = std::all_of(config.latents_std.begin(),
                                  config.latents_std.end(),
                                  [](double value) { return std::isfinite(value) && value > 0; });
  if (config.latents_std.size() != latent_channels || !spread) {
    reader.Fail("latents_std", "one positive number per latent channel");
  }
  return config;
}

TextEncoderConfig ReadTextEncoder(ObjectReader& reader) {
  RequireClassName(reader, {kTextEncoderClass});
  TextEncoderConfig config;
  config.vocab_size = Positive(reader, "vocab_size", 1 << 20);
  config.hidden_size = Positive(reader, "hidden_size", 1 << 16);
  config.num_layers = Positive(reader, "num_layers", 256);
  config.num_heads = Positive(reader, "num_heads", 256);
  config.max_tokens = Positive(reader, "max_tokens", 1 << 16);
  if (config.hidden_size % config.num_heads != 0) {
    reader.Fail("num_heads", "a divisor of hidden_size");
  }
  return config;
}

TransformerConfig ReadTransformer(ObjectReader& reader) {
  RequireClassName(reader, {kTransformerClass});
  TransformerConfig config;
  config.in_channels = Positive(reader, "in_channels", 1024);
  config.patch_size = IntegersWithin(reader, "patch_size", 3, {1, 16});
  if (config.patch_size[0] != 1) reader.Fail("patch_size", "1 in time");
  if (config.patch_size[1] != config.patch_size[2]) {
    reader.Fail("patch_size", "as many rows as columns");
  }
  config.num_attention_heads = Positive(reader, "num_attention_heads", 1024);
  config.attention_head_dim = Positive(reader, "attention_head_dim", 1024);
  if (config.attention_head_dim % 2 != 0) reader.Fail("attention_head_dim", "an even number");
  config.rope_dims = IntegersWithin(reader, "rope_dims", 3, {0, 1024});
  int64_t rotated = 0;
  for (const int64_t dim : config.rope_dims) rotated += dim % 2 == 0 ? dim : 1 << 20;
  if (rotated > config.attention_head_dim) {
    reader.Fail("rope_dims", "three even numbers whose sum is at most attention_head_dim");
  }
  config.rope_theta = PositiveNumber(reader, "rope_theta");
  config.rope_positions_per_second = PositiveNumber(reader, "rope_positions_per_second");
  config.num_layers = Positive(reader, "num_layers", 512);
  config.ffn_dim = Positive(reader, "ffn_dim", 1 << 20);
  config.freq_dim = Positive(reader, "freq_dim", 1 << 16);
  if (config.freq_dim % 2 != 0) reader.Fail("freq_dim", "an even number");
  config.text_dim = Positive(reader, "text_dim", 1 << 16);
  return config;
}

// As Diffusers reads it, with what would change the levels or the steps left out.
SchedulerOptions ReadFlow(ObjectReader& reader, const Document& document) {
  for (const char* key : {"num_train_timesteps", "shift"}) reader.Require(key);
  for (const char* key : {"use_dynamic_shifting",
                          "invert_sigmas",
                          "use_karras_sigmas",
                          "use_exponential_sigmas",
                          "use_beta_sigmas",
                          "stochastic_sampling"}) {
    if (reader.Flag(key, false)) reader.Fail(key, "false");
  }
  SchedulerOptions config = SchedulerOptionsFrom(document);
  if (config.shift_terminal != 0.0) reader.Fail("shift_terminal", "none");
  return config;
}

// As Diffusers reads it; latents are never clipped, and the network tells noise or v alone.
SchedulerOptions ReadDiffusion(ObjectReader& reader, const Document& document) {
  const SchedulerOptions config = SchedulerOptionsFrom(document);
  if (config.prediction == Prediction::kClean) {
    reader.Fail("prediction_type", "epsilon or v_prediction");
  }
  if (config.clip_sample) reader.Fail("clip_sample", "false");
  if (config.thresholding) reader.Fail("thresholding", "false");
  if (config.variance_type.starts_with("learned")) reader.Fail("variance_type", "a fixed one");
  return config;
}

SchedulerOptions ReadScheduler(const Document& document) {
  ObjectReader reader(document, "");
  reader.Require("_class_name");
  const std::string found = reader.Text("_class_name", "");
  if (found == kDiffusionClass) return ReadDiffusion(reader, document);
  if (found != kSchedulerClass) {
    reader.Fail("_class_name",
                fmt::format("the native family's '{}' or '{}', found '{}'",
                            kSchedulerClass,
                            kDiffusionClass,
                            found));
  }
  return ReadFlow(reader, document);
}

IndexConfig ReadIndex(ObjectReader& reader) {
  reader.Require("_class_name");
  const std::string family = reader.Text("_class_name", "");
  if (family != kIndexClass) {
    reader.Fail(
        "_class_name",
        fmt::format("the family '{}' is not supported; there is '{}'", family, kIndexClass));
  }
  reader.Text("_diffusers_version", "");
  for (const char* part : {"transformer", "vae", "text_encoder", "tokenizer", "scheduler"}) {
    reader.Require(part);
    if (reader.Texts(part, {}).size() != 2) reader.Fail(part, "a library and a class name");
  }
  IndexConfig config;
  config.width = static_cast<int>(Positive(reader, "native_width", 1 << 14));
  config.height = static_cast<int>(Positive(reader, "native_height", 1 << 14));
  config.frames = static_cast<int>(Positive(reader, "native_frames", 1 << 16));
  config.fps = PositiveNumber(reader, "native_fps");
  ReadSharedParts(reader);
  return config;
}

// Asks one file's reader, and that nothing else stands in the file.
template <typename Config>
auto Reading(Config (*read)(ObjectReader&)) {
  return [read](const Document& document) {
    ObjectReader reader(document, "");
    Config config = read(reader);
    reader.Finish();
    return config;
  };
}

template <typename Config>
Config ReadFile(const std::filesystem::path& path, Config (*read)(ObjectReader&)) {
  return ReadConfigFile(path, "a native checkpoint needs it", Reading(read));
}

void RequireEqual(const std::filesystem::path& place,
                  const std::string& what,
                  int64_t left,
                  int64_t right) {
  if (left != right)
    throw InputError(place.string(), fmt::format("{}: {} and {}", what, left, right));
}

}  // namespace

void RequireCheckpointFolder(const std::filesystem::path& checkpoint) {
  if (!std::filesystem::is_directory(checkpoint)) {
    RefusePickleName(checkpoint.string(), checkpoint);
    throw InputError(checkpoint.string(),
                     "is no folder; a checkpoint is one, with model_index.json and the folders "
                     "transformer, vae and scheduler, and of Plumb's own family text_encoder and "
                     "tokenizer");
  }
  if (!std::filesystem::exists(checkpoint / "model_index.json")) {
    RefusePickleName(checkpoint.string(), PickleIn(checkpoint));
  }
}

IndexConfig ParseIndexConfig(const std::string& text, const std::string& place) {
  return ReadConfigText(text, place, Reading(ReadIndex));
}
VaeConfig ParseVaeConfig(const std::string& text, const std::string& place) {
  return ReadConfigText(text, place, Reading(ReadVae));
}
TextEncoderConfig ParseTextEncoderConfig(const std::string& text, const std::string& place) {
  return ReadConfigText(text, place, Reading(ReadTextEncoder));
}
TransformerConfig ParseTransformerConfig(const std::string& text, const std::string& place) {
  return ReadConfigText(text, place, Reading(ReadTransformer));
}
SchedulerOptions ParseSchedulerConfig(const std::string& text, const std::string& place) {
  return ReadConfigText(text, place, ReadScheduler);
}

CheckpointConfig ReadCheckpointConfig(const std::filesystem::path& checkpoint) {
  RequireCheckpointFolder(checkpoint);
  CheckpointConfig config;
  config.index = ReadFile(checkpoint / "model_index.json", ReadIndex);
  const auto part = [&](const char* file) { return PartFile(checkpoint, file); };
  config.vae = ReadFile(part("vae/config.json"), ReadVae);
  config.text_encoder = ReadFile(part("text_encoder/config.json"), ReadTextEncoder);
  config.transformer = ReadFile(checkpoint / "transformer/config.json", ReadTransformer);
  config.scheduler = ReadConfigFile(checkpoint / "scheduler/scheduler_config.json",
                                    "a native checkpoint needs it",
                                    ReadScheduler);
  RequireEqual(checkpoint,
               "transformer in_channels and vae latent_channels differ",
               config.transformer.in_channels,
               config.vae.latent_channels);
  RequireEqual(checkpoint,
               "transformer text_dim and text_encoder hidden_size differ",
               config.transformer.text_dim,
               config.text_encoder.hidden_size);
  return config;
}

}  // namespace plumb
