// SPDX-License-Identifier: Apache-2.0
#include "generator/native/inspectable_model.h"

#include <map>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "core/errors.h"
#include "tests/core/message_of.h"
#include "tests/generator/packed_clips.h"
#include "tests/generator/test_training.h"

namespace plumb {
namespace {

using testing::AllOf;
using testing::ElementsAre;
using testing::HasSubstr;

class InspectableModelTest : public testing::Test {
 protected:
  static std::unique_ptr<InspectableModel> Load(NativeOptions options = {.steps = 3}) {
    return LoadInspectableModel(TrainedTestCheckpoint().checkpoint, options);
  }
  static VideoRequest Request() {
    VideoRequest request;
    request.caption = "A red disc glides to the right.";
    request.width = request.height = 16;
    request.frames = 9;
    request.fps = 24.0;
    request.given = {{.frame = 0, .image = DiscClip({}, 100).video.frame(0)}};
    return request;
  }
};

TEST_F(InspectableModelTest, LayersAreNamedAsTheirWeights) {
  EXPECT_THAT(Load()->Layers(),
              ElementsAre("patch_embedding",
                          "blocks.0.attn1.to_out",
                          "blocks.0.attn2.to_out",
                          "blocks.0.ffn_out",
                          "blocks.0",
                          "blocks.1.attn1.to_out",
                          "blocks.1.attn2.to_out",
                          "blocks.1.ffn_out",
                          "blocks.1",
                          "proj_out"));
}

TEST_F(InspectableModelTest, ObservedLayersAreToldInOrderAtEveryPass) {
  const auto model = Load();
  std::vector<Activation> seen;
  model->Observe({"blocks.*.attn1.to_out", "proj_out"},
                 [&](const Activation& activation) { seen.push_back(activation); });
  model->Make(Request(), {});
  // Three steps with guidance: without caption first, then with it; three layers each.
  ASSERT_EQ(seen.size(), 18U);
  for (size_t i = 0; i < seen.size(); ++i) {
    EXPECT_EQ(seen[i].layer, model->Layers().at(i % 3 == 2 ? 9 : 1 + 4 * (i % 3)));
    EXPECT_EQ(seen[i].conditional, i / 3 % 2 == 1);
    EXPECT_EQ(seen[i].timestep, seen[i / 6 * 6].timestep);
    // Three latent frames of one token each.
    EXPECT_THAT(seen[i].values.shape(), ElementsAre(3, i % 3 == 2 ? 16 : 24));
    EXPECT_EQ(seen[i].values.dtype(), DType::kF32);
  }
  EXPECT_EQ(seen[0].timestep, 1000.0F);
  EXPECT_LT(seen[6].timestep, seen[0].timestep);
  EXPECT_FALSE(seen[2].values == seen[8].values);
}

TEST_F(InspectableModelTest, LookingChangesNothingAndCanEnd) {
  const std::vector<Image> plain = Load()->Make(Request(), {}).frames();
  const auto model = Load();
  int told = 0;
  model->Observe({"*"}, [&](const Activation&) { ++told; });
  EXPECT_TRUE(model->Make(Request(), {}).frames() == plain);
  EXPECT_EQ(told, 60);
  model->Observe({}, nullptr);
  EXPECT_TRUE(model->Make(Request(), {}).frames() == plain);
  EXPECT_EQ(told, 60);
}

TEST_F(InspectableModelTest, AnUnknownLayerListsThoseThatThereAre) {
  const auto model = Load();
  int told = 0;
  model->Observe({"blocks.?"}, [&](const Activation&) { ++told; });
  for (const char* name : {"blocks.2", "block.*", ""}) {
    EXPECT_THAT(MessageOf<UsageError>([&] { model->Observe({name}, [](const Activation&) {}); }),
                AllOf(HasSubstr("'" + std::string(name) + "'"),
                      HasSubstr("patch_embedding, blocks.0.attn1.to_out"),
                      HasSubstr("proj_out")));
  }
  // What was asked for before stays.
  model->DenoisingLoss(DiscClip({}, 1).video, {}, {{500.0}, 0});
  EXPECT_EQ(told, 2);
}

// Of the network itself: a block is its input plus its gated parts, and the last layer is the
// answer.
TEST_F(InspectableModelTest, WhatIsToldIsWhatIsComputed) {
  const torch::NoGradGuard no_grad;
  torch::manual_seed(2);
  SpacetimeTransformer network(PresetConfig("test").transformer);
  DrawAnew(*network);
  const HandmadeClip clip = DrawnClip(2, 4, 4);
  const PackedText text = {clip.text, {{0, clip.text.size(0)}}};
  std::map<std::string, at::Tensor> told;
  const LayerWatch watch = [&](const std::string& layer, const at::Tensor& output) {
    EXPECT_TRUE(told.emplace(layer, output.clone()).second) << layer << " twice";
  };
  const TokenLayout layout = MakeTokenLayout(network->config, {clip.groups});
  const at::Tensor out =
      network->forward({.tokens = PatchTokens(clip.groups[0].clean, network->config),
                        .timesteps = torch::tensor({clip.timestep}),
                        .layout = layout,
                        .text = text,
                        .cross = network->ReadText(text),
                        .watch = &watch});
  EXPECT_EQ(told.size(), LayerNames(network->config).size());
  EXPECT_TRUE(at::equal(told.at("proj_out"), out));
  const auto block = network->blocks[0]->as<TransformerBlockImpl>();
  // Cross-attention is added without a gate.
  const at::Tensor levels = torch::tensor({0.0F, clip.timestep});
  const at::Tensor time = network->time_out->forward(
      at::silu(network->time_in->forward(TimestepSinusoid(levels, network->config.freq_dim))));
  const at::Tensor gates =
      network->time_projection->forward(at::silu(time)).unflatten(-1, {6, -1}) +
      block->scale_shift_table;
  const auto gated = [&](const char* layer, int64_t part) {
    return told.at(layer) * gates.select(1, part).index_select(0, layout.row_of_token);
  };
  const at::Tensor sum = told.at("patch_embedding") + gated("blocks.0.attn1.to_out", 2) +
                         told.at("blocks.0.attn2.to_out") + gated("blocks.0.ffn_out", 5);
  EXPECT_LT(Largest(sum, told.at("blocks.0")), 1e-4 * sum.abs().max().item<double>());
}

TEST_F(InspectableModelTest, ATrajectoryEndsWhereMakeDoes) {
  for (const char* sampler : {"euler", "heun", "dpm++2m", "ddpm"}) {
    const auto model = Load({.steps = 4, .sampler = sampler});
    const auto trajectory = model->Begin(Request());
    EXPECT_EQ(trajectory->step(), 0);
    while (!trajectory->Done()) trajectory->Next();
    EXPECT_EQ(trajectory->step(), trajectory->num_steps());
    EXPECT_TRUE(trajectory->Decoded().frames() == model->Make(Request(), {}).frames()) << sampler;
  }
}

TEST_F(InspectableModelTest, PausedLookedAtAndGoneOnWithElsewhere) {
  const TestFolder scratch;
  for (const char* sampler : {"heun", "unipc"}) {
    const NativeOptions options = {.steps = 4, .sampler = sampler};
    const auto model = Load(options);
    const std::vector<Image> whole = model->Make(Request(), {}).frames();
    const auto first = model->Begin(Request());
    for (int i = 0; i < 3; ++i) first->Next();
    const Safetensors state = first->State();
    EXPECT_THAT(state.tensors.at("latents").shape(), ElementsAre(1, 4, 3, 2, 2));
    EXPECT_FALSE(first->Decoded().frames() == whole) << "still noisy";
    WriteSafetensors(scratch / "state.safetensors", state);

    const auto later = Load(options);
    const auto second = later->Begin(Request());
    second->Restore(ReadSafetensors(scratch / "state.safetensors"), "state.safetensors");
    EXPECT_EQ(second->step(), 3);
    while (!second->Done()) second->Next();
    EXPECT_TRUE(second->Decoded().frames() == whole) << sampler;
  }
}

TEST_F(InspectableModelTest, AStateOfAnotherSamplingIsRefused) {
  const auto model = Load({.steps = 4});
  const Safetensors state = model->Begin(Request())->State();
  const auto complaint = [&](const NativeOptions& options, const VideoRequest& request) {
    const auto other = Load(options);
    const auto trajectory = other->Begin(request);
    return MessageOf<InputError>([&] { trajectory->Restore(state, "state"); });
  };
  EXPECT_THAT(complaint({.steps = 5}, Request()), HasSubstr("num_steps"));
  EXPECT_THAT(complaint({.steps = 4, .sampler = "ddim"}, Request()), HasSubstr("sampler"));
  VideoRequest longer = Request();
  longer.frames = 13;
  EXPECT_THAT(complaint({.steps = 4}, longer), HasSubstr("latents"));
  VideoRequest odd = Request();
  odd.width = 20;
  EXPECT_THROW(model->Begin(odd), UsageError);
}

}  // namespace
}  // namespace plumb
