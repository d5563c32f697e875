// SPDX-License-Identifier: Apache-2.0
// The transformer that samples against the one that is trained, with the same weights.
#include <gtest/gtest.h>

#include "core/check.h"
#include "generator/native/internal_sampling_transformer.h"
#include "tests/generator/packed_clips.h"

namespace plumb {
namespace {

// Sums of some ten float32 products in another order, through two blocks.
constexpr double kRounding = 2e-5;

class SamplingTransformerTest : public testing::Test {
 protected:
  SamplingTransformerTest() {
    at::set_num_threads(1);
    torch::manual_seed(12);
    trained_ = Drawn();
  }

  // The same weights at every call.
  SpacetimeTransformer Drawn() const {
    SpacetimeTransformer network(config_);
    torch::manual_seed(13);
    DrawAnew(*network);
    return network;
  }
  SamplingTransformer Sampling(at::ScalarType type = at::kFloat) const { return {Drawn(), type}; }

  // A clip with known tokens and a reference, one of another shape and level.
  std::vector<HandmadeClip> Clips() const {
    HandmadeClip first = DrawnClip(3, 4, 6), second = DrawnClip(1, 2, 4);
    first.target().known[0].fill_(true);
    first.target().known[1][1][2] = true;
    HandmadeClip shown = DrawnClip(1, 4, 2);
    shown.target().known.fill_(true);
    shown.target().reference = true;
    first.groups.push_back(shown.groups.front());
    second.timestep = 20.0F;
    second.text = at::randn({2, 16});
    return {first, second};
  }

  // Its caption is one piece, as no caption is.
  static HandmadeClip OfOnePiece(HandmadeClip clip) {
    clip.text = clip.text.narrow(0, 1, 1);
    return clip;
  }

  at::Tensor Trained(const PackedBatch& batch, const LayerWatch* watch = nullptr) {
    return trained_->forward({.tokens = batch.tokens,
                              .timesteps = batch.timesteps,
                              .layout = batch.layout,
                              .text = batch.text,
                              .cross = trained_->ReadText(batch.text),
                              .watch = watch});
  }
  static at::Tensor Sampled(SamplingTransformer& network,
                            const PackedBatch& batch,
                            const LayerWatch* watch = nullptr) {
    return network.Forward({.tokens = batch.tokens,
                            .timesteps = batch.timesteps,
                            .layout = batch.layout,
                            .text = batch.text,
                            .cross = network.ReadText(batch.text),
                            .watch = watch});
  }

  void ExpectSameLayers(bool of_one_piece);

  const torch::NoGradGuard no_grad_;
  const TransformerConfig config_ = PresetConfig("test").transformer;
  SpacetimeTransformer trained_{nullptr};
};

TEST_F(SamplingTransformerTest, SaysWhatTheTrainedOneSays) {
  SamplingTransformer sampling = Sampling();
  const std::vector<HandmadeClip> clips = Clips();
  for (const auto& batch : {Packed(clips, config_),
                            Packed({clips[0]}, config_),
                            Packed({clips[1]}, config_),
                            Packed({clips[1], clips[0]}, config_),
                            Packed({OfOnePiece(clips[0])}, config_),
                            Packed({OfOnePiece(clips[1]), OfOnePiece(clips[0])}, config_),
                            Packed({OfOnePiece(clips[0]), clips[1]}, config_)}) {
    const at::Tensor expected = Trained(batch);
    EXPECT_LT(Largest(Sampled(sampling, batch), expected),
              kRounding * expected.abs().max().item<double>());
  }
}

void SamplingTransformerTest::ExpectSameLayers(bool of_one_piece) {
  std::vector<HandmadeClip> clips = Clips();
  if (of_one_piece) clips = {OfOnePiece(clips[0]), OfOnePiece(clips[1])};
  const PackedBatch batch = Packed(clips, config_);
  std::vector<std::pair<std::string, at::Tensor>> expected, found;
  const auto into = [](auto& list) -> LayerWatch {
    return [&list](const std::string& layer, const at::Tensor& output) {
      list.emplace_back(layer, output.clone());
    };
  };
  const LayerWatch trained_watch = into(expected), sampling_watch = into(found);
  Trained(batch, &trained_watch);
  SamplingTransformer sampling = Sampling();
  const at::Tensor watched = Sampled(sampling, batch, &sampling_watch);
  ASSERT_EQ(found.size(), LayerNames(config_).size());
  for (size_t i = 0; i < found.size(); ++i) {
    EXPECT_EQ(found[i].first, expected[i].first);
    EXPECT_LT(Largest(found[i].second, expected[i].second), 1e-3) << found[i].first;
  }
  EXPECT_TRUE(watched.equal(Sampled(sampling, batch))) << "looking changes nothing";
}

TEST_F(SamplingTransformerTest, LayersGiveOutTheSameInTheSameOrder) {
  for (const bool of_one_piece : {false, true}) ExpectSameLayers(of_one_piece);
}

TEST_F(SamplingTransformerTest, WhatWasAskedBeforeLeavesNoTrace) {
  const std::vector<HandmadeClip> clips = Clips();
  HandmadeClip other_caption = clips[0], other_level = clips[0], other_noise = clips[0];
  other_caption.text = at::randn({7, 16});
  other_level.timestep = 30.0F;
  other_noise.target().clean = clips[0].groups.front().clean + 0.1;
  HandmadeClip other_known = clips[0];
  other_known.target().known = at::zeros_like(clips[0].groups.front().known);
  for (const at::ScalarType type : {at::kFloat, at::kBFloat16}) {
    SamplingTransformer used = Sampling(type);
    for (const HandmadeClip& clip : {OfOnePiece(clips[0]),
                                     clips[0],
                                     clips[1],
                                     clips[0],
                                     other_caption,
                                     other_level,
                                     other_noise,
                                     other_known}) {
      const PackedBatch batch = Packed({clip}, config_);
      SamplingTransformer fresh = Sampling(type);
      const at::Tensor expected = Sampled(fresh, batch);
      EXPECT_TRUE(Sampled(used, batch).equal(expected));
      EXPECT_TRUE(Sampled(used, batch).equal(expected)) << "asked again";
    }
  }
}

TEST_F(SamplingTransformerTest, Bfloat16IsNear) {
  const PackedBatch batch = Packed({Clips()[0]}, config_);
  SamplingTransformer exact = Sampling(), rough = Sampling(at::kBFloat16);
  const at::Tensor expected = Sampled(exact, batch), found = Sampled(rough, batch);
  EXPECT_EQ(found.scalar_type(), at::kFloat);
  const double apart =
      ((found - expected).square().mean() / expected.square().mean()).sqrt().item<double>();
  EXPECT_GT(apart, 1e-5) << "the products did run in bfloat16";
  EXPECT_LT(apart, 0.03);
}

TEST_F(SamplingTransformerTest, WhatDoesNotFitIsRefused) {
  SamplingTransformer sampling = Sampling();
  const PackedBatch batch = Packed({Clips()[0]}, config_), other = Packed({Clips()[1]}, config_);
  EXPECT_THROW(sampling.Forward({.tokens = other.tokens,
                                 .timesteps = batch.timesteps,
                                 .layout = batch.layout,
                                 .text = batch.text,
                                 .cross = sampling.ReadText(batch.text)}),
               CheckFailure);
}

}  // namespace
}  // namespace plumb
