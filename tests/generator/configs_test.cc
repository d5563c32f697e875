// SPDX-License-Identifier: Apache-2.0
#include "generator/native/configs.h"

#include <fstream>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "core/errors.h"
#include "tests/core/message_of.h"
#include "tests/test_folder.h"

namespace plumb {
namespace {

using testing::AllOf;
using testing::HasSubstr;

class ConfigsTest : public testing::Test {
 protected:
  ConfigsTest() {
    config_ = PresetConfig("test");
    config_.vae.latents_mean = {0.1, 0.2, 0.3, 0.4};
    config_.vae.latents_std = {1.0, 1.5, 2.0, 2.5};
    config_.text_encoder.vocab_size = 77;
    config_.index = {48, 32, 17, 12.5};
    config_.scheduler.shift = 2.5;
    Write();
  }

  void Write() {
    for (const auto& [name, json] : CheckpointConfigFiles(config_)) Write(name, json);
  }
  void Write(const std::string& name, const Json& json) {
    std::filesystem::create_directories((folder_ / name).parent_path());
    std::ofstream(folder_ / name) << DumpJson(json);
  }
  Json File(const std::string& name) {
    for (const auto& [file, json] : CheckpointConfigFiles(config_)) {
      if (file == name) return json;
    }
    return {};
  }
  std::string Complaint() {
    try {
      ReadCheckpointConfig(folder_);
    } catch (const InputError& error) {
      return error.what();
    }
    return "";
  }

  TestFolder scratch_;
  const std::filesystem::path folder_ = scratch_ / "checkpoint";
  CheckpointConfig config_;
};

TEST_F(ConfigsTest, WhatIsWrittenIsRead) {
  const CheckpointConfig read = ReadCheckpointConfig(folder_);
  const auto files = CheckpointConfigFiles(config_);
  const auto files_again = CheckpointConfigFiles(read);
  ASSERT_EQ(files.size(), files_again.size());
  for (size_t i = 0; i < files.size(); ++i) EXPECT_EQ(files[i], files_again[i]);
  EXPECT_EQ(read.index.width, 48);
  EXPECT_EQ(read.index.fps, 12.5);
}

TEST_F(ConfigsTest, MissingFolderAndFileAreNamed) {
  EXPECT_THROW(ReadCheckpointConfig(folder_ / "nothing"), InputError);
  std::filesystem::remove(folder_ / "vae/config.json");
  EXPECT_THAT(Complaint(), HasSubstr("vae/config.json"));
}

// The parsers by themselves: each takes its own file's text and refuses every other's with the
// place it was given.
TEST_F(ConfigsTest, EachTextHasItsOwnParser) {
  using Parser = void (*)(const std::string&, const std::string&);
  const std::vector<std::pair<std::string, Parser>> parsers = {
      {"model_index.json", [](const auto& text, const auto& at) { ParseIndexConfig(text, at); }},
      {"vae/config.json", [](const auto& text, const auto& at) { ParseVaeConfig(text, at); }},
      {"text_encoder/config.json",
       [](const auto& text, const auto& at) { ParseTextEncoderConfig(text, at); }},
      {"transformer/config.json",
       [](const auto& text, const auto& at) { ParseTransformerConfig(text, at); }},
      {"scheduler/scheduler_config.json",
       [](const auto& text, const auto& at) { ParseSchedulerConfig(text, at); }}};
  for (const auto& [name, parse] : parsers) {
    for (const auto& [other, json] : CheckpointConfigFiles(config_)) {
      const std::string message =
          MessageOf<InputError>([&, parse = parse, &text = json] { parse(text.dump(), "here"); });
      EXPECT_THAT(message, other == name ? HasSubstr("accepted") : HasSubstr("here:1: key"))
          << name << " reads " << other;
    }
    for (const char* text : {"", "[]", "1", "{}", "{\"_class_name\": 3}"}) {
      EXPECT_THAT(MessageOf<InputError>([&, parse = parse] { parse(text, "here"); }),
                  HasSubstr("here"))
          << name << " reads " << text;
    }
  }
}

TEST_F(ConfigsTest, AnotherFamilyIsToldWhichThereAre) {
  Json json = File("model_index.json");
  json["_class_name"] = "MochiPipeline";
  Write("model_index.json", json);
  EXPECT_THAT(Complaint(),
              AllOf(HasSubstr("model_index.json:"),
                    HasSubstr("the family 'MochiPipeline' is not supported"),
                    HasSubstr("'PlumbVideoPipeline'")));
}

TEST_F(ConfigsTest, WhatIsNoFolderIsToldWhatACheckpointIs) {
  const auto complaint = [](const std::filesystem::path& path) {
    return MessageOf<InputError>([&] { ReadCheckpointConfig(path); });
  };
  EXPECT_THAT(complaint(folder_ / "absent"),
              AllOf(HasSubstr("is no folder"), HasSubstr("model_index.json")));
  WriteText(scratch_ / "dit.pth", "x");
  EXPECT_THAT(complaint(scratch_ / "dit.pth"), HasSubstr("convert it to safetensors"));
  // A folder with pickles alone, and one with both.
  EXPECT_THAT(complaint(scratch_.path()), HasSubstr("'dit.pth' is a pickle by its name"));
  WriteText(folder_ / "old.pth", "x");
  EXPECT_EQ(complaint(folder_), "accepted");
}

TEST_F(ConfigsTest, MisspeltKeyIsNamedWithTheNearest) {
  Json json = File("transformer/config.json");
  json["num_layer"] = json["num_layers"];
  Write("transformer/config.json", json);
  EXPECT_THAT(
      Complaint(),
      AllOf(HasSubstr("transformer/config.json"), HasSubstr("num_layer"), HasSubstr("num_layers")));
}

TEST_F(ConfigsTest, OtherFamilyIsNamed) {
  Json json = File("transformer/config.json");
  json["_class_name"] = "WanTransformer3DModel";
  Write("transformer/config.json", json);
  EXPECT_THAT(
      Complaint(),
      AllOf(HasSubstr("WanTransformer3DModel"), HasSubstr("PlumbSpacetimeTransformer3DModel")));
}

TEST_F(ConfigsTest, SenselessValuesAreRejected) {
  const std::vector<std::tuple<std::string, std::string, Json>> cases = {
      {"vae/config.json", "latent_channels", 0},
      {"vae/config.json", "latents_std", {1.0, 1.0, 0.0, 1.0}},
      {"vae/config.json", "latents_mean", {1.0}},
      {"vae/config.json", "temporal_downsample", {0, 1}},
      {"transformer/config.json", "rope_dims", {4, 4, 6}},
      {"transformer/config.json", "rope_dims", {3, 4, 4}},
      {"transformer/config.json", "patch_size", {2, 2, 2}},
      {"transformer/config.json", "patch_size", {1, 2, 4}},
      {"transformer/config.json", "attention_head_dim", 13},
      {"transformer/config.json", "rope_theta", -1.0},
      {"transformer/config.json", "in_channels", 5},
      {"text_encoder/config.json", "num_heads", 3},
      {"text_encoder/config.json", "hidden_size", 32},
      {"scheduler/scheduler_config.json", "shift", 0.0},
      {"scheduler/scheduler_config.json", "use_karras_sigmas", true},
      {"scheduler/scheduler_config.json", "shift_terminal", 0.1},
      {"scheduler/scheduler_config.json", "use_dynamic_shifting", true},
      {"model_index.json", "native_fps", 0.0},
      {"model_index.json", "vae", 3},
  };
  for (const auto& [file, key, value] : cases) {
    Write();
    Json json = File(file);
    json[key] = value;
    Write(file, json);
    EXPECT_THROW(ReadCheckpointConfig(folder_), InputError) << file << " " << key << " " << value;
  }
}

TEST_F(ConfigsTest, AFlowAsDiffusersSavesItIsRead) {
  Json json = File("scheduler/scheduler_config.json");
  json.update({{"_diffusers_version", "0.42.1"},
               {"base_image_seq_len", 256},
               {"base_shift", 0.5},
               {"max_image_seq_len", 4096},
               {"max_shift", 1.15},
               {"invert_sigmas", false},
               {"shift_terminal", nullptr},
               {"stochastic_sampling", false},
               {"time_shift_type", "exponential"},
               {"use_dynamic_shifting", false}});
  Write("scheduler/scheduler_config.json", json);
  EXPECT_EQ(Complaint(), "");
  EXPECT_EQ(ReadCheckpointConfig(folder_).scheduler.shift, 2.5);
}

TEST_F(ConfigsTest, BrokenJsonIsRejectedWithItsPlace) {
  std::ofstream(folder_ / "model_index.json") << "{\"_class_name\": \n ]";
  EXPECT_THAT(Complaint(), HasSubstr("model_index.json"));
}

TEST_F(ConfigsTest, ObjectivesOfDiffusionAreReadAsTheyAreWritten) {
  for (const auto& [objective, prediction] :
       {std::pair{"eps", Prediction::kNoise}, std::pair{"v", Prediction::kVelocity}}) {
    config_.scheduler = ObjectiveScheduler(objective);
    config_.scheduler.num_train_timesteps = 500;
    Write();
    const SchedulerOptions read = ReadCheckpointConfig(folder_).scheduler;
    EXPECT_EQ(read.class_name, "DDPMScheduler");
    EXPECT_EQ(read.prediction, prediction) << objective;
    EXPECT_EQ(read.num_train_timesteps, 500);
    EXPECT_EQ(read.timestep_spacing, "trailing") << "a sample begins at the noisiest level";
    EXPECT_FALSE(read.clip_sample) << "latents have no bounds";
  }
  EXPECT_EQ(ObjectiveScheduler("flow").prediction, Prediction::kFlow);
  EXPECT_THAT(MessageOf<UsageError>([] { ObjectiveScheduler("x0"); }),
              AllOf(HasSubstr("'x0'"), HasSubstr("flow, eps, v")));
}

TEST_F(ConfigsTest, DiffusionThatIsNotOursIsRefused) {
  config_.scheduler = ObjectiveScheduler("eps");
  for (const auto& [key, value] :
       std::vector<std::pair<std::string, Json>>{{"prediction_type", "sample"},
                                                 {"prediction_type", "noise"},
                                                 {"clip_sample", true},
                                                 {"thresholding", true},
                                                 {"variance_type", "learned_range"},
                                                 {"beta_end", 2.0},
                                                 {"trained_betas", std::vector<double>(1000, 2.0)},
                                                 {"beta_schedul", "linear"},
                                                 {"_class_name", "DDIMScheduler"}}) {
    Write();
    Json json = File("scheduler/scheduler_config.json");
    json[key] = value;
    Write("scheduler/scheduler_config.json", json);
    EXPECT_THAT(Complaint(), AllOf(HasSubstr("scheduler_config.json"), HasSubstr(key)))
        << key << " " << value;
  }
  // Diffusers clips unless told otherwise.
  Json json = File("scheduler/scheduler_config.json");
  json.erase("clip_sample");
  Write("scheduler/scheduler_config.json", json);
  EXPECT_THAT(Complaint(), HasSubstr("clip_sample"));
}

TEST_F(ConfigsTest, UnknownPresetIsAUsageError) {
  EXPECT_THROW(PresetConfig("huge"), UsageError);
  EXPECT_EQ(PresetConfig("tiny").vae.SpatialStride(), 4);
}

TEST_F(ConfigsTest, EveryKeyOfOursIsNeeded) {
  // Those of Diffusers' own and the linear path (absent in older checkpoints) have a meaning when
  // they are left out.
  for (const auto& [name, json] : CheckpointConfigFiles(config_)) {
    for (const auto& [key, value] : json.items()) {
      if (key == "patch_path") continue;
      Write();
      Json without = json;
      without.erase(key);
      Write(name, without);
      EXPECT_THAT(Complaint(), AllOf(HasSubstr(name), HasSubstr(key))) << name << " " << key;
    }
  }
}

TEST_F(ConfigsTest, UnknownKeysAreRefusedInEveryFile) {
  for (const auto& [name, json] : CheckpointConfigFiles(config_)) {
    Write();
    Json more = json;
    more["colour"] = "red";
    Write(name, more);
    EXPECT_THAT(Complaint(), AllOf(HasSubstr(name), HasSubstr("colour"))) << name;
  }
}

TEST_F(ConfigsTest, IllTypedValuesAreRefusedInEveryFile) {
  for (const auto& [name, json] : CheckpointConfigFiles(config_)) {
    for (const auto& [key, value] : json.items()) {
      Write();
      Json wrong = json;
      wrong[key] = Json::object();
      Write(name, wrong);
      EXPECT_THAT(Complaint(), AllOf(HasSubstr(name), HasSubstr(key))) << name << " " << key;
    }
  }
}

TEST_F(ConfigsTest, CheckpointsWithoutTheLinearPathAreRead) {
  Json json = File("vae/config.json");
  EXPECT_EQ(json["patch_path"], true);
  json.erase("patch_path");
  Write("vae/config.json", json);
  EXPECT_FALSE(ReadCheckpointConfig(folder_).vae.patch_path);
}

TEST_F(ConfigsTest, PartsThatDoNotFitAreNamedWithBothNumbers) {
  config_.transformer.in_channels = 5;
  Write();
  EXPECT_THAT(Complaint(), AllOf(HasSubstr("latent_channels"), HasSubstr("5 and 4")));
  config_.transformer.in_channels = 4;
  config_.transformer.text_dim = 20;
  Write();
  EXPECT_THAT(Complaint(), AllOf(HasSubstr("hidden_size"), HasSubstr("20 and 16")));
}

TEST_F(ConfigsTest, StridesArePowersOfTheHalvings) {
  VaeConfig config;
  config.pixel_patch = 3;
  config.spatial_downsample = {1, 0, 1};
  config.temporal_downsample = {1, 1, 1};
  EXPECT_EQ(config.SpatialStride(), 12);
  EXPECT_EQ(config.TemporalStride(), 8);
}

TEST_F(ConfigsTest, DiffusersVersionMayStandInAnyFile) {
  for (const auto& [name, json] : CheckpointConfigFiles(config_)) {
    Json more = json;
    more["_diffusers_version"] = "0.42.1";
    Write(name, more);
  }
  EXPECT_EQ(Complaint(), "");
}

TEST_F(ConfigsTest, PresetsFitTogetherAndCanBeRead) {
  for (const char* preset : {"tiny", "test"}) {
    config_ = PresetConfig(preset);
    const size_t channels = config_.vae.latent_channels;
    config_.vae.latents_mean.assign(channels, 0.0);
    config_.vae.latents_std.assign(channels, 1.0);
    config_.text_encoder.vocab_size = 10;
    Write();
    EXPECT_EQ(Complaint(), "") << preset;
  }
  try {
    PresetConfig("huge");
    FAIL();
  } catch (const UsageError& error) {
    EXPECT_THAT(error.what(), AllOf(HasSubstr("'huge'"), HasSubstr("tiny, test")));
  }
}

}  // namespace
}  // namespace plumb
