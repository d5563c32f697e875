// SPDX-License-Identifier: Apache-2.0
// permanence.* as a whole, on discs whose truth is exact: the oracle, growing sabotage, and what
// must not matter.
#include <gtest/gtest.h>

#include "tests/metrics/disc_scores.h"

namespace plumb {
namespace {

constexpr int kShown = 5;  // conditioning frames

ScoresByName Permanence(const Truth& truth, const Video& sample, int conditioning_frames = kShown) {
  return PermanenceOf({&truth, nullptr, &sample, conditioning_frames});
}

double Value(const ScoresByName& scores, const std::string& name) {
  return scores.at(name).value();
}

bool HasEvent(const ScoresByName& scores, const std::string& kind, int frame) {
  for (const Json& event : scores.at("persistence").evidence().details.at("events")) {
    if (event.at("kind") == kind && std::abs(event.at("frame").get<int>() - frame) <= 1)
      return true;
  }
  return false;
}

TEST(PermanenceTest, TheTruthItselfIsPerfect) {
  const Truth truth = TwoBalls().MakeTruth();
  const auto scores = Permanence(truth, truth.video);
  EXPECT_DOUBLE_EQ(Value(scores, "persistence"), 1.0);
  EXPECT_DOUBLE_EQ(Value(scores, "kept"), 1.0);
  for (const char* fault : {"vanished", "duplicated", "teleported", "swapped", "colour_shift"}) {
    EXPECT_DOUBLE_EQ(Value(scores, fault), 0.0) << fault;
  }
  EXPECT_EQ(scores.at("reacquired").status(), ScoreStatus::kNotTested);
  EXPECT_TRUE(scores.at("persistence").evidence().frames.empty());
}

TEST(PermanenceTest, BrightnessCompressionAndBlurDoNotMatter) {
  const Truth truth = TwoBalls().MakeTruth();
  const auto noise = [](size_t i) { return static_cast<double>((i * 2654435761u >> 7) % 9) - 4.0; };
  const Video darker = Filtered(truth.video, [](double v, size_t) { return 0.95 * v; });
  const Video brighter = Filtered(truth.video, [](double v, size_t) { return 1.05 * v; });
  const Video noisy = Filtered(truth.video, [&](double v, size_t i) { return v + noise(i); });
  for (const Video& sample : {darker, brighter, noisy}) {
    const auto scores = Permanence(truth, sample);
    EXPECT_GE(Value(scores, "persistence"), 0.98);
    EXPECT_LT(Value(scores, "teleported"), 0.1);
    EXPECT_DOUBLE_EQ(Value(scores, "vanished"), 0.0);
    EXPECT_DOUBLE_EQ(Value(scores, "duplicated"), 0.0);
  }
}

TEST(PermanenceTest, TheLongerAnObjectIsGoneTheWorse) {
  const DiscWorld world = TwoBalls();
  const Truth truth = world.MakeTruth();
  double last = 1.01;
  for (const int from : {36, 30, 24, 18, 12, 6}) {
    const auto scores = Permanence(truth, world.Film([&](int frame, auto& shown) {
      if (frame >= from) shown.erase(shown.begin());
    }));
    EXPECT_LT(Value(scores, "persistence"), last) << from;
    last = Value(scores, "persistence");
    const double gone = (36.0 - from) / (2 * (36 - kShown));
    EXPECT_NEAR(Value(scores, "vanished"), gone, 0.03) << from;
    EXPECT_NEAR(Value(scores, "kept"), 1.0 - gone, 0.03) << from;
    EXPECT_EQ(HasEvent(scores, "vanished", from), from < 36) << from;
  }
}

TEST(PermanenceTest, TheFartherAJumpTheWorse) {
  const DiscWorld world = TwoBalls();
  const Truth truth = world.MakeTruth();
  double last_jump = -0.01;
  double last_persistence = 1.0;
  for (const double jump_m : {0.0, 0.05, 0.1, 0.2, 0.3, 0.4}) {
    const auto scores = Permanence(truth, world.Film([&](int frame, auto& shown) {
      if (frame >= 15) shown[0].place_m.y() += jump_m;
    }));
    EXPECT_GT(Value(scores, "teleported"), last_jump) << jump_m;
    EXPECT_LE(Value(scores, "persistence"), last_persistence) << jump_m;
    last_jump = Value(scores, "teleported");
    last_persistence = Value(scores, "persistence");
    // A sideways jump adds to a step of 0.033 m as the other leg of a right angle.
    EXPECT_NEAR(last_jump, (std::hypot(jump_m, 0.8 / 24) - 0.8 / 24) / 0.3, 0.05) << jump_m;
    EXPECT_EQ(HasEvent(scores, "teleported", 15), jump_m >= 0.2) << jump_m;
  }
  EXPECT_LT(last_persistence, 0.75);
}

TEST(PermanenceTest, ASecondCopyIsSeenAndCounted) {
  const DiscWorld world = TwoBalls();
  const Truth truth = world.MakeTruth();
  const auto scores = Permanence(truth, world.Film([](int frame, auto& shown) {
    if (frame >= 20) shown.push_back({{-0.5, 1.2}, 0.15, shown[0].rgb});
  }));
  EXPECT_NEAR(Value(scores, "duplicated"), 16.0 / 62.0, 0.03);
  EXPECT_TRUE(HasEvent(scores, "duplicated", 20));
  EXPECT_LT(Value(scores, "persistence"), 0.9);
  EXPECT_DOUBLE_EQ(Value(scores, "kept"), 1.0);
}

TEST(PermanenceTest, ExchangedObjectsAreSwappedNotTeleported) {
  const DiscWorld world = TwoBalls();
  const Truth truth = world.MakeTruth();
  const auto scores = Permanence(truth, world.Film([](int frame, auto& shown) {
    if (frame >= 18) std::swap(shown[0].rgb, shown[1].rgb);
  }));
  EXPECT_NEAR(Value(scores, "swapped"), 18.0 / 31.0, 0.04);
  EXPECT_LT(Value(scores, "teleported"), 0.1);
  EXPECT_TRUE(HasEvent(scores, "swapped", 18));
  EXPECT_LT(Value(scores, "persistence"), 0.5);
}

TEST(PermanenceTest, AnotherColourIsAnotherIndividual) {
  const DiscWorld world = TwoBalls();
  const Truth truth = world.MakeTruth();
  double last_shift = -0.1;
  double last_persistence = 1.01;
  for (const double share : {0.0, 0.15, 0.3, 0.45}) {
    const auto scores = Permanence(truth, world.Film([&](int frame, auto& shown) {
      if (frame >= 12) {
        shown[0].rgb = (1.0 - share) * shown[0].rgb + share * Eigen::Vector3d(60, 170, 70);
      }
    }));
    EXPECT_GT(Value(scores, "colour_shift"), last_shift) << share;
    EXPECT_LE(Value(scores, "persistence"), last_persistence) << share;
    EXPECT_GT(Value(scores, "kept"), 0.95) << share;
    last_shift = Value(scores, "colour_shift");
    last_persistence = Value(scores, "persistence");
  }
  EXPECT_LT(last_persistence, 0.75);
}

TEST(PermanenceTest, HiddenFramesAreNotCountedAsLost) {
  const Truth truth = Passing().MakeTruth();
  const auto scores = Permanence(truth, truth.video);
  EXPECT_DOUBLE_EQ(Value(scores, "persistence"), 1.0);
  EXPECT_DOUBLE_EQ(Value(scores, "reacquired"), 1.0);
  const Score& reacquired = scores.at("reacquired");
  EXPECT_LT(reacquired.low(), 0.5);  // one occlusion says little
}

TEST(PermanenceTest, WhatDoesNotComeOutBehindTheScreenHasVanished) {
  const DiscWorld world = Passing();
  const Truth truth = world.MakeTruth();
  const auto scores = Permanence(truth, world.Film([](int frame, auto& shown) {
    if (frame >= 18) shown.clear();
  }));
  EXPECT_DOUBLE_EQ(Value(scores, "reacquired"), 0.0);
  EXPECT_GT(Value(scores, "vanished"), 0.2);
  EXPECT_LT(Value(scores, "persistence"), 0.8);
}

TEST(PermanenceTest, ASlowerBallBehindTheScreenIsNotLostYet) {
  const DiscWorld world = Passing();
  const Truth truth = world.MakeTruth();
  const auto scores = Permanence(truth, world.Film([](int frame, auto& shown) {
    shown[0].place_m.x() = -0.8 + 1.1 * (std::min(frame, 8) + 0.8 * std::max(0, frame - 8)) / 24.0;
  }));
  EXPECT_DOUBLE_EQ(Value(scores, "vanished"), 0.0);
  EXPECT_LT(Value(scores, "teleported"), 0.3);
}

TEST(PermanenceTest, LeavingThePictureIsNoVanishing) {
  DiscWorld world = TwoBalls();
  const Truth truth = world.MakeTruth();
  const auto scores = Permanence(truth, world.Film([](int frame, auto& shown) {
    if (frame > 6) shown[0].place_m.x() -= 0.12 * (frame - 6);
  }));
  EXPECT_DOUBLE_EQ(Value(scores, "vanished"), 0.0);
}

TEST(PermanenceTest, AStandingPictureProvesNothing) {
  const DiscWorld world = TwoBalls();
  const Truth truth = world.MakeTruth();
  const auto shown_last = world.Shown(kShown - 1);
  const auto scores = Permanence(truth, world.Film([&](int frame, auto& shown) {
    if (frame >= kShown) shown = shown_last;
  }));
  for (const auto& [id, score] : scores) {
    ASSERT_EQ(score.status(), ScoreStatus::kNotMeasurable) << id;
    EXPECT_EQ(score.reason().code, ReasonCode::kNoEvent) << id;
  }
}

TEST(PermanenceTest, NoiseIsUnrelated) {
  const Truth truth = TwoBalls().MakeTruth();
  const Video noise =
      Filtered(truth.video, [](double, size_t i) { return double((i * 2654435761u >> 8) % 256); });
  for (const auto& [id, score] : Permanence(truth, noise)) {
    ASSERT_EQ(score.status(), ScoreStatus::kNotMeasurable) << id;
    EXPECT_EQ(score.reason().code, ReasonCode::kUnrelated) << id;
  }
}

TEST(PermanenceTest, ReversedAndShuffledClipsAreClearlyBad) {
  const Truth truth = TwoBalls().MakeTruth();
  std::vector<Image> reversed = truth.video.frames();
  std::reverse(reversed.begin() + kShown, reversed.end());
  std::vector<Image> shuffled = truth.video.frames();
  for (size_t k = kShown; k < shuffled.size(); ++k) {
    shuffled[k] = truth.video.frame(kShown + (k * 17) % (shuffled.size() - kShown));
  }
  for (const auto& frames : {reversed, shuffled}) {
    const auto scores = Permanence(truth, Video(frames, truth.video.fps()));
    EXPECT_LT(Value(scores, "persistence"), 0.6);  // the ball at rest is still there
    EXPECT_GT(Value(scores, "teleported"), 1.0);
  }
}

TEST(PermanenceTest, TooShortOrEmptyClipsHaveAReason) {
  DiscWorld world = TwoBalls();
  world.frames = 1;
  const Truth single = world.MakeTruth();
  EXPECT_EQ(Permanence(single, single.video, 1).at("kept").reason().code,
            ReasonCode::kTooFewFrames);
  world.frames = 12;
  world.discs.clear();
  const Truth empty = world.MakeTruth();
  EXPECT_EQ(Permanence(empty, empty.video).at("kept").reason().code, ReasonCode::kNoObjects);
}

TEST(PermanenceTest, AnObjectLikeTheWallCannotBeFollowed) {
  DiscWorld world = TwoBalls();
  world.discs = {{"grey ball", 0.15, {150, 146, 138}, Rolling({-0.7, 0.5}, 0.8)}};
  const Truth truth = world.MakeTruth();
  const auto scores = Permanence(truth, truth.video);
  EXPECT_EQ(scores.at("persistence").reason().code, ReasonCode::kObjectNotFound);
}

TEST(PermanenceTest, ALargerAndFasterSampleIsReconciled) {
  const DiscWorld world = TwoBalls();
  const Truth truth = world.MakeTruth();
  DiscWorld finer = world;
  finer.width = 320;
  finer.height = 240;
  finer.fps = 48.0;
  finer.frames = 71;
  const auto scores = Permanence(truth, finer.Film());
  EXPECT_GT(Value(scores, "persistence"), 0.97);
  const Json& boxes = scores.at("persistence").evidence().details.at("boxes");
  double widest = 0.0;
  for (const Json& box : boxes) widest = std::max(widest, box.at("box")[2].get<double>());
  EXPECT_GT(widest, 28.0);  // pixels of the sample as it came: a disc is 32 wide
}

TEST(PermanenceTest, ASlowerRateIsReconciled) {
  const DiscWorld world = TwoBalls();
  const Truth truth = world.MakeTruth();
  DiscWorld coarse = world;
  coarse.fps = 8.0;
  coarse.frames = 12;
  const auto scores = Permanence(truth, coarse.Film());
  EXPECT_GT(Value(scores, "persistence"), 0.97);
  EXPECT_LT(Value(scores, "teleported"), 0.1);
}

TEST(PermanenceTest, TwiceTheSameIsTheSame) {
  const DiscWorld world = TwoBalls();
  const Truth truth = world.MakeTruth();
  const Video sample = world.Film([](int frame, auto& shown) {
    if (frame >= 25) shown.erase(shown.begin());
  });
  const auto once = Permanence(truth, sample);
  const auto twice = Permanence(truth, sample);
  for (const auto& [id, score] : once) {
    EXPECT_EQ(ToJson(score).dump(), ToJson(twice.at(id)).dump()) << id;
  }
}

TEST(PermanenceTest, WithABareTruthVideoMovingObjectsAreFollowed) {
  const DiscWorld world = TwoBalls();
  const Video truth = world.Film();
  EXPECT_DOUBLE_EQ(Value(PermanenceOf({nullptr, &truth, &truth, 0}), "persistence"), 1.0);
  const Video gone = world.Film([](int frame, auto& shown) {
    if (frame >= 18) shown.erase(shown.begin());
  });
  EXPECT_LT(Value(PermanenceOf({nullptr, &truth, &gone, 0}), "persistence"), 0.7);
}

}  // namespace
}  // namespace plumb
