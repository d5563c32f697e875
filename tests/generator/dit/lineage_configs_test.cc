// SPDX-License-Identifier: Apache-2.0
// model_index.json, transformer/config.json and vae/config.json of a DiT checkpoint.
#include <map>

#include <gmock/gmock.h>

#include "core/errors.h"
#include "core/json.h"
#include "generator/autoencoder_kl/kl_config.h"
#include "generator/dit/dit_config.h"
#include "generator/dit/dit_index.h"
#include "tests/test_folder.h"

namespace plumb {
namespace {

using ::testing::AllOf;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::ThrowsMessage;

class LineageConfigsTest : public ::testing::Test {
 protected:
  std::filesystem::path Write(const Json& json) const {
    WriteText(folder_ / "config.json", DumpJson(json));
    return folder_ / "config.json";
  }
  DitConfig Dit(Json json) const {
    json["_class_name"] = "DiTTransformer2DModel";
    return ReadDitConfig(Write(json));
  }
  KlConfig Kl(Json json) const {
    json["_class_name"] = "AutoencoderKL";
    return ReadKlConfig(Write(json));
  }
  TestFolder folder_;
};

TEST_F(LineageConfigsTest, WhatIsMissingIsAsInDiffusers) {
  const DitConfig dit = Dit(Json::object());
  EXPECT_EQ(dit.Width(), 1152);
  EXPECT_EQ(dit.num_layers, 28);
  EXPECT_EQ(dit.out_channels, 4);  // as many as in_channels
  EXPECT_FALSE(dit.LearnsVariance());
  EXPECT_TRUE(dit.gelu_tanh);
  EXPECT_EQ(dit.feed_forward_eps, 1e-5);
  EXPECT_TRUE(Dit({{"out_channels", 8}, {"dropout", 0.1}}).LearnsVariance());
  const KlConfig kl = Kl({{"norm_num_groups", 32}, {"shift_factor", nullptr}});
  EXPECT_THAT(kl.block_out_channels, ElementsAre(64));
  EXPECT_EQ(kl.scaling_factor, 0.18215);
  EXPECT_EQ(kl.SpatialStride(), 1);
}

TEST_F(LineageConfigsTest, EveryFieldComesThrough) {
  const DitConfig dit = Dit({{"num_attention_heads", 3},
                             {"attention_head_dim", 4},
                             {"in_channels", 5},
                             {"out_channels", 10},
                             {"num_layers", 2},
                             {"sample_size", 6},
                             {"patch_size", 3},
                             {"num_embeds_ada_norm", 7},
                             {"attention_bias", false},
                             {"activation_fn", "gelu"},
                             {"norm_eps", 0.5}});
  EXPECT_EQ(dit.Width(), 12);
  EXPECT_EQ(dit.in_channels, 5);
  EXPECT_EQ(dit.sample_size, 6);
  EXPECT_EQ(dit.patch_size, 3);
  EXPECT_EQ(dit.num_classes, 7);
  EXPECT_FALSE(dit.attention_bias);
  EXPECT_FALSE(dit.gelu_tanh);
  EXPECT_EQ(dit.feed_forward_eps, 0.5);
  const KlConfig kl =
      Kl({{"block_out_channels", {4, 8, 8}},
          {"down_block_types",
           Json::array({"DownEncoderBlock2D", "DownEncoderBlock2D", "DownEncoderBlock2D"})},
          {"up_block_types",
           Json::array({"UpDecoderBlock2D", "UpDecoderBlock2D", "UpDecoderBlock2D"})},
          {"layers_per_block", 3},
          {"latent_channels", 2},
          {"norm_num_groups", 4},
          {"scaling_factor", 0.5},
          {"shift_factor", 0.0},
          {"use_quant_conv", false},
          {"use_post_quant_conv", false},
          {"mid_block_add_attention", false}});
  EXPECT_EQ(kl.SpatialStride(), 4);
  EXPECT_EQ(kl.layers_per_block, 3);
  EXPECT_EQ(kl.latent_channels, 2);
  EXPECT_EQ(kl.scaling_factor, 0.5);
  EXPECT_FALSE(kl.use_quant_conv || kl.use_post_quant_conv || kl.mid_block_add_attention);
}

TEST_F(LineageConfigsTest, WhatDitDoesNotSupportNamesTheKey) {
  const std::vector<std::pair<const char*, Json>> cases = {{"num_layers", 0},
                                                           {"num_layers", "two"},
                                                           {"patch_size", 3},
                                                           {"activation_fn", "geglu"},
                                                           {"norm_type", "layer_norm"},
                                                           {"norm_elementwise_affine", true},
                                                           {"norm_eps", -1.0},
                                                           {"out_channels", 6},
                                                           {"attention_head_dim", 1 << 20},
                                                           {"num_heads", 4},
                                                           {"num_embeds_ada_norm", 0}};
  for (const auto& [key, value] : cases) {
    const Json json = {{key, value}};
    EXPECT_THAT([&] { Dit(json); },
                ThrowsMessage<InputError>(AllOf(HasSubstr("config.json"), HasSubstr(key))))
        << json;
  }
  EXPECT_THAT(
      [&] {
        Dit({{"num_attention_heads", 1}, {"attention_head_dim", 6}});
      },
      ThrowsMessage<InputError>(HasSubstr("multiple of 4")));
}

TEST_F(LineageConfigsTest, WhatTheAutoencoderDoesNotSupportNamesTheKey) {
  const std::vector<std::pair<const char*, Json>> cases = {
      {"shift_factor", 0.25},
      {"block_out_channels", Json::array()},
      {"block_out_channels", {33}},
      {"down_block_types", Json::array({"AttnDownEncoderBlock2D"})},
      {"up_block_types", Json::array({"UpDecoderBlock2D", "UpDecoderBlock2D"})},
      {"act_fn", "relu"},
      {"scaling_factor", 0.0},
      {"latents_mean", {0.5, 1.0}},
      {"latent_dim", 4}};
  for (const auto& [key, value] : cases) {
    const Json json = {{key, value}};
    EXPECT_THAT([&] { Kl(json); },
                ThrowsMessage<InputError>(AllOf(HasSubstr("config.json"), HasSubstr(key))))
        << json;
  }
}

TEST_F(LineageConfigsTest, AnotherClassIsNamed) {
  const auto path = Write({{"_class_name", "PixArtTransformer2DModel"}});
  EXPECT_THAT([&] { ReadDitConfig(path); },
              ThrowsMessage<InputError>(
                  HasSubstr("expected 'DiTTransformer2DModel', found 'PixArtTransformer2DModel'")));
  EXPECT_THAT([&] { ReadKlConfig(path); }, ThrowsMessage<InputError>(HasSubstr("AutoencoderKL")));
  EXPECT_THAT([&] { ReadKlConfig(folder_ / "absent.json"); },
              ThrowsMessage<InputError>(HasSubstr("cannot be opened")));
}

// What the released DiT-XL/2 says of itself.
Json ReleasedConfig() {
  return {{"_class_name", "Transformer2DModel"},
          {"_diffusers_version", "0.12.0.dev0"},
          {"activation_fn", "gelu-approximate"},
          {"attention_bias", true},
          {"attention_head_dim", 72},
          {"cross_attention_dim", nullptr},
          {"dropout", 0.0},
          {"in_channels", 4},
          {"norm_elementwise_affine", false},
          {"norm_num_groups", 32},
          {"norm_type", "ada_norm_zero"},
          {"num_attention_heads", 16},
          {"num_embeds_ada_norm", 1000},
          {"num_layers", 28},
          {"num_vector_embeds", nullptr},
          {"only_cross_attention", false},
          {"out_channels", 8},
          {"patch_size", 2},
          {"sample_size", 32},
          {"upcast_attention", false},
          {"use_linear_projection", false}};
}

TEST_F(LineageConfigsTest, TheGeneralClassOfOlderVersionsIsDitWhereNothingElseIsOn) {
  const DitConfig dit = ReadDitConfig(Write(ReleasedConfig()));
  EXPECT_EQ(dit.Width(), 1152);
  EXPECT_TRUE(dit.LearnsVariance());
  const std::vector<std::pair<const char*, Json>> cases = {{"num_layers", nullptr},
                                                           {"activation_fn", nullptr},
                                                           {"cross_attention_dim", 768},
                                                           {"num_vector_embeds", 8},
                                                           {"only_cross_attention", true},
                                                           {"use_linear_projection", true},
                                                           {"interpolation_scale", 2.0},
                                                           {"attention_type", "gated"},
                                                           {"norm_type", "layer_norm"}};
  for (const auto& [key, value] : cases) {
    Json other = ReleasedConfig();
    other[key] = value;
    const auto path = Write(other);
    EXPECT_THAT([&] { ReadDitConfig(path); }, ThrowsMessage<InputError>(HasSubstr(key)))
        << key << " " << value;
  }
  // They belong to that class alone.
  EXPECT_THAT(
      [&] {
        Dit({{"cross_attention_dim", nullptr}});
      },
      ThrowsMessage<InputError>(HasSubstr("cross_attention_dim")));
}

Json Index() {
  return {{"_class_name", "DiTPipeline"},
          {"id2label", {{"134", "crane"}, {"207", "golden retriever, dog ,"}, {"517", "crane"}}},
          {"scheduler", {"diffusers", "DDIMScheduler"}},
          {"transformer", {"diffusers", "DiTTransformer2DModel"}},
          {"vae", {"diffusers", "AutoencoderKL"}}};
}

TEST_F(LineageConfigsTest, LabelsAreNamesBetweenCommas) {
  const DitIndex index = ReadDitIndex(Write(Index()));
  EXPECT_EQ(
      index.labels,
      (std::map<std::string, int64_t>{{"crane", 517}, {"dog", 207}, {"golden retriever", 207}}));
  EXPECT_EQ(index.Label("dog", 1000), 207);
  EXPECT_EQ(index.Label("12", 1000), 12);
  EXPECT_THROW(index.Label("dog", 100), UsageError) << "beyond the classes of the network";
  EXPECT_EQ(ParseDitIndex(DumpJson(Index()), "text").labels, index.labels);
}

TEST_F(LineageConfigsTest, WhatTheIndexMustHoldIsNamed) {
  const std::vector<std::pair<const char*, Json>> cases = {
      {"_class_name", "PixArtAlphaPipeline"},
      {"transformer", nullptr},
      {"vae", Json::array({"diffusers"})},
      {"id2label", Json::array({"tench"})},
      {"id2label", {{"first", "tench"}}},
      {"id2label", {{"-1", "tench"}}},
      {"id2label", {{"1", 2}}},
      {"safety_checker", {"diffusers", "Checker"}}};
  for (const auto& [key, value] : cases) {
    Json other = Index();
    other[key] = value;
    const auto path = Write(other);
    EXPECT_THAT([&] { ReadDitIndex(path); },
                ThrowsMessage<InputError>(
                    AllOf(HasSubstr("config.json"),
                          HasSubstr(value.is_object() ? value.items().begin().key() : key))))
        << key << " " << value;
  }
}

TEST_F(LineageConfigsTest, TextsAreReadAsFilesAre) {
  EXPECT_EQ(ParseDitConfig(DumpJson(ReleasedConfig()), "text").num_layers, 28);
  EXPECT_EQ(ParseKlConfig(R"({"_class_name": "AutoencoderKL"})", "text").latent_channels, 4);
  EXPECT_THAT([] { ParseKlConfig("{}", "here"); }, ThrowsMessage<InputError>(HasSubstr("here")));
  EXPECT_THAT([] { ParseDitConfig("[", "here"); }, ThrowsMessage<InputError>(HasSubstr("here")));
}

}  // namespace
}  // namespace plumb
