// SPDX-License-Identifier: Apache-2.0
// What both families that follow objects share: means over asked frames, and every reason for which
// nothing can be measured, with the numbers that decided.
#include "metrics/permanence/observed_family.h"

#include <cmath>
#include <limits>

#include <gtest/gtest.h>

#include "core/check.h"
#include "tests/metrics/disc_scores.h"

namespace plumb {
namespace {

constexpr double kNotAsked = std::numeric_limits<double>::quiet_NaN();

TEST(ObservedFamilyTest, TheMeanIsOverAllAskedFramesOfAllObjects) {
  const Interval mean = MeanOfAsked({{1.0, kNotAsked, 0.0, 1.0}, {kNotAsked, 0.0, 1.0, 1.0}}, 5);
  EXPECT_DOUBLE_EQ(mean.value, 4.0 / 6.0);
  EXPECT_LE(mean.low, mean.value);
  EXPECT_GE(mean.high, mean.value);
}

TEST(ObservedFamilyTest, FramesThatAreNotAskedDoNotMatterWhereverTheyLie) {
  const std::vector<double> dense = {1, 0, 0, 1, 1, 1, 0, 1, 1, 0, 1, 1, 1};
  std::vector<double> sparse;
  for (const double value : dense) {
    sparse.push_back(value);
    sparse.push_back(kNotAsked);
  }
  const Interval a = MeanOfAsked({dense}, 7);
  const Interval b = MeanOfAsked({sparse}, 7);
  EXPECT_DOUBLE_EQ(a.value, b.value);
  EXPECT_DOUBLE_EQ(a.low, b.low);
  EXPECT_DOUBLE_EQ(a.high, b.high);
}

TEST(ObservedFamilyTest, NeighbouringFramesAreNotIndependent) {
  // The same values: bad ones in one run, and spread out. A run tells less.
  std::vector<double> together(60, 1.0);
  std::vector<double> spread(60, 1.0);
  for (int k = 0; k < 20; ++k) together[k] = spread[3 * k] = 0.0;
  const Interval run = MeanOfAsked({together}, 1);
  const Interval even = MeanOfAsked({spread}, 1);
  EXPECT_DOUBLE_EQ(run.value, even.value);
  EXPECT_GT(run.high - run.low, 3.0 * (even.high - even.low));
}

TEST(ObservedFamilyTest, WhereNothingIsAskedThereIsNoMean) {
  EXPECT_THROW(MeanOfAsked({}, 1), CheckFailure);
  EXPECT_THROW(MeanOfAsked({{kNotAsked}, {}}, 1), CheckFailure);
}

TEST(ObservedFamilyTest, OneReasonGoesToEveryScore) {
  const Reason reason{ReasonCode::kNoEvent, "nothing happened"};
  const std::vector<Score> scores = AllNotMeasurable(PermanenceScores(), reason);
  ASSERT_EQ(scores.size(), PermanenceScores().size());
  for (size_t i = 0; i < scores.size(); ++i) {
    EXPECT_EQ(scores[i].id(), PermanenceScores()[i].id);
    EXPECT_EQ(scores[i].status(), ScoreStatus::kNotMeasurable);
    EXPECT_EQ(scores[i].reason().text, "nothing happened");
  }
  EXPECT_EQ(AllNotTested(DynamicsScores(), reason)[2].status(), ScoreStatus::kNotTested);
}

TEST(ObservedFamilyTest, WithoutASampleTheCallIsBroken) {
  EXPECT_THROW(MeasurePermanence({}, {}), CheckFailure);
  EXPECT_THROW(MeasureDynamics({}, {}), CheckFailure);
}

// All scores of both families are missing for one reason, and its text holds the words.
void ExpectReason(const DiscClip& clip,
                  ReasonCode code,
                  const std::vector<std::string>& words,
                  ScoreStatus status = ScoreStatus::kNotMeasurable) {
  for (const ScoresByName& scores : {PermanenceOf(clip), DynamicsOf(clip)}) {
    for (const auto& [name, score] : scores) {
      ASSERT_EQ(score.status(), status) << name;
      EXPECT_EQ(score.reason().code, code) << name << ": " << score.reason().text;
      for (const std::string& word : words) {
        EXPECT_NE(score.reason().text.find(word), std::string::npos) << score.reason().text;
      }
    }
  }
}

TEST(ObservedFamilyTest, WithoutATruthNoObjectIsExpected) {
  const Video sample = TwoBalls().Film();
  ExpectReason({nullptr, nullptr, &sample}, ReasonCode::kNoTruth, {"only the sample is known"});
}

TEST(ObservedFamilyTest, FourFramesAndTwoScoredOnesAreNeeded) {
  DiscWorld world = TwoBalls();
  world.frames = 3;
  const Truth three = world.MakeTruth();
  ExpectReason({&three, nullptr, &three.video, 1},
               ReasonCode::kTooFewFrames,
               {"3 frames", "2 of them", "at least 4 and 2"});
  world.frames = 8;
  const Truth eight = world.MakeTruth();
  ExpectReason(
      {&eight, nullptr, &eight.video, 7}, ReasonCode::kTooFewFrames, {"8 frames", "1 of them"});
  EXPECT_TRUE(PermanenceOf({&eight, nullptr, &eight.video, 6}).at("kept").measured());
  world.frames = 4;
  const Truth four = world.MakeTruth();
  EXPECT_TRUE(PermanenceOf({&four, nullptr, &four.video, 2}).at("kept").measured());
}

TEST(ObservedFamilyTest, AClipThatEndsTooEarlyIsTooShort) {
  const Truth truth = TwoBalls().MakeTruth();
  const Video cut = FirstFrames(truth.video, 6);
  ExpectReason({&truth, nullptr, &cut}, ReasonCode::kTooFewFrames, {"6 frames", "1 of them"});
}

TEST(ObservedFamilyTest, AnotherPlaceIsUnrelated) {
  const Truth truth = TwoBalls().MakeTruth();
  const Video elsewhere = Filtered(truth.video, [](double, size_t i) {
    return i % 3 == 0 ? 240.0 : 30.0;  // a red wall
  });
  ExpectReason({&truth, nullptr, &elsewhere}, ReasonCode::kUnrelated, {"0 %", "40 %"});
}

TEST(ObservedFamilyTest, ASceneWithoutObjectsHasNone) {
  DiscWorld world = TwoBalls();
  world.discs.clear();
  const Truth empty = world.MakeTruth();
  ExpectReason({&empty, nullptr, &empty.video}, ReasonCode::kNoObjects, {"no object in view"});
  // An object that is never seen is none either.
  world = Passing(3.0);
  const Truth hidden = world.MakeTruth();
  ExpectReason({&hidden, nullptr, &hidden.video}, ReasonCode::kNoObjects, {"no object in view"});
}

TEST(ObservedFamilyTest, AnObjectOfTheWallsColourCannotBeFollowed) {
  DiscWorld world = TwoBalls();
  for (Disc& disc : world.discs) disc.rgb = {150, 146, 138};
  world.discs[1].place_m = Rolling({0.6, 1.1}, -0.8);
  const Truth truth = world.MakeTruth();
  ExpectReason({&truth, nullptr, &truth.video}, ReasonCode::kObjectNotFound, {"none of 2 objects"});
}

TEST(ObservedFamilyTest, OneObjectThatCannotBeFollowedIsLeftOutWithANote) {
  DiscWorld world = TwoBalls();
  world.discs[0].rgb = {150, 146, 138};
  const Truth truth = world.MakeTruth();
  const FamilyReport report = MeasurePermanence(InputOf(truth, truth.video, 5), {});
  EXPECT_DOUBLE_EQ(report.scores[0].value(), 1.0);
  ASSERT_FALSE(report.notes.empty());
  EXPECT_NE(report.notes.back().find("'red ball' is left out"), std::string::npos);
}

TEST(ObservedFamilyTest, ABareVideoInWhichNothingMovesHasNoObject) {
  DiscWorld world = TwoBalls();
  world.discs.erase(world.discs.begin());
  const Video still = world.Film();
  ExpectReason({nullptr, &still, &still}, ReasonCode::kNoObjects, {"nothing moves"});
}

TEST(ObservedFamilyTest, ABareVideoUnderAMovingCameraHasNoStates) {
  const Video film = TwoBalls().Film();
  const size_t bytes = film.frame(0).rgb.size();
  const Video panned = Filtered(
      film, [&](double level, size_t i) { return i / bytes > 10 ? 255.0 - level : level; });
  ExpectReason({nullptr, &panned, &film}, ReasonCode::kNoStates, {"the camera moves"});
}

}  // namespace
}  // namespace plumb
