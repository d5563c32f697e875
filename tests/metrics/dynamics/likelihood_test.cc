// SPDX-License-Identifier: Apache-2.0
#include "metrics/dynamics/likelihood.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "core/errors.h"

namespace plumb {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;

// Frame i shows i + `offset` everywhere.
Video Ramp(int frames, int offset, double fps = 24.0, int side = 8) {
  std::vector<Image> images;
  for (int i = 0; i < frames; ++i) {
    Image image(side, side);
    for (uint8_t& byte : image.rgb) byte = static_cast<uint8_t>(i + offset);
    images.push_back(std::move(image));
  }
  return {std::move(images), fps};
}

// How bright the first pixel of the first frame is, times a factor for each level.
DenoisingJudge Brightness(std::vector<double> factors) {
  return [factors](const JudgedClip& clip) {
    LossCurve curve;
    for (size_t i = 0; i < factors.size(); ++i) {
      curve.timesteps.push_back(100.0 * static_cast<double>(i + 1));
      curve.losses.push_back(factors[i] * clip.video.frame(0).rgb[0]);
    }
    return curve;
  };
}

Score Measure(const Video& sample, const Video& truth, const DenoisingJudge& judge) {
  return MeasureLikelihood(
      {.sample = &sample, .truth = &truth, .conditioning_frames = 2, .seed = 4, .judge = judge});
}

TEST(LikelihoodTest, TheLowerLossWins) {
  const Video low = Ramp(6, 10), high = Ramp(6, 20);
  const Score won = Measure(high, low, Brightness({1.0, 2.0, 3.0}));
  EXPECT_EQ(won.value(), 1.0);
  EXPECT_EQ(won.low(), 1.0) << "every level says so";
  EXPECT_THAT(won.evidence().details.at("truth_losses").get<std::vector<double>>(),
              ElementsAre(10.0, 20.0, 30.0));
  EXPECT_EQ(won.evidence().details.at("mean_difference"), 20.0);
  const Score lost = Measure(low, high, Brightness({1.0, 2.0, 3.0}));
  EXPECT_EQ(lost.value(), 0.0);
  EXPECT_EQ(lost.high(), 0.0);
  EXPECT_EQ(won.info().better, Direction::kNone) << "it tells of the judge, not of the sample";
}

TEST(LikelihoodTest, TheMeanDecidesAndTheIntervalTellsOfDoubt) {
  // One level for the truth, two a little against it.
  const Score won = Measure(Ramp(6, 20), Ramp(6, 10), Brightness({3.0, -1.0, -1.0}));
  EXPECT_EQ(won.value(), 1.0);
  EXPECT_EQ(won.low(), 0.0);
  EXPECT_EQ(won.high(), 1.0);
  const Score lost = Measure(Ramp(6, 20), Ramp(6, 10), Brightness({3.0, -2.0, -2.0}));
  EXPECT_EQ(lost.value(), 0.0);
}

TEST(LikelihoodTest, AnEqualLossIsNotLower) {
  EXPECT_EQ(Measure(Ramp(6, 20), Ramp(6, 10), Brightness({0.0})).value(), 0.0);
}

TEST(LikelihoodTest, TheJudgeGetsBothClipsAlike) {
  // The sample has half the rate and twice the size.
  const Video truth = Ramp(12, 10, 24.0), sample = Ramp(6, 30, 12.0, 16);
  std::vector<JudgedClip> clips;
  MeasureLikelihood({.sample = &sample,
                     .truth = &truth,
                     .conditioning_frames = 5,
                     .judge = [&](const JudgedClip& clip) {
                       clips.push_back(clip);
                       return LossCurve{{1.0}, {1.0}};
                     }});
  ASSERT_EQ(clips.size(), 2U);
  EXPECT_EQ(clips[0].video.frame(0).rgb[0], 10) << "the truth comes first";
  EXPECT_EQ(clips[1].video.frame(0).rgb[0], 30);
  for (const JudgedClip& clip : clips) {
    EXPECT_EQ(clip.video.width(), 8);
    EXPECT_NEAR(clip.video.fps(), 12.0, 1e-9);
    EXPECT_THAT(clip.truth_frames, ElementsAre(0, 2, 4, 6, 8, 10));
    EXPECT_EQ(clip.known_frames, 3) << "frames 0, 2 and 4 of five";
  }
}

std::string Why(const LikelihoodInput& input) {
  const Score score = MeasureLikelihood(input);
  EXPECT_FALSE(score.measured());
  return std::string(ReasonCodeName(score.reason().code)) + ": " + score.reason().text;
}

TEST(LikelihoodTest, WhatCannotBeJudgedSaysWhy) {
  const Video truth = Ramp(6, 10), same = Ramp(6, 10), other = Ramp(6, 20), one = Ramp(1, 5);
  const DenoisingJudge judge = Brightness({1.0});
  EXPECT_THAT(Why({.sample = &other, .judge = judge}), HasSubstr("no_truth: "));
  EXPECT_THAT(Why({.sample = &same, .truth = &truth, .judge = judge}),
              HasSubstr("no_event: the sample is the truth to the last pixel"));
  EXPECT_THAT(Why({.sample = &one, .truth = &truth, .judge = judge}),
              HasSubstr("too_few_frames: 1 frames"));
  const DenoisingJudge refuses = [](const JudgedClip&) -> LossCurve {
    throw UsageError("8x8 is too small for this checkpoint");
  };
  EXPECT_THAT(Why({.sample = &other, .truth = &truth, .judge = refuses}),
              HasSubstr("too_few_frames: 8x8 is too small"));
}

TEST(LikelihoodTest, ABrokenCheckpointIsNoReason) {
  const Video truth = Ramp(6, 10), other = Ramp(6, 20);
  const DenoisingJudge broken = [](const JudgedClip&) -> LossCurve {
    throw InputError("vae", "is truncated");
  };
  EXPECT_THROW(Measure(other, truth, broken), InputError);
}

}  // namespace
}  // namespace plumb
