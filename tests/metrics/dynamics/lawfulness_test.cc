// SPDX-License-Identifier: Apache-2.0
// dynamics.* under whole changes of a clip: doses, time, order, length, lost objects; and every
// reason for which one of its scores is missing.
#include <algorithm>
#include <cmath>
#include <set>

#include <gtest/gtest.h>

#include "tests/metrics/disc_scores.h"

namespace plumb {
namespace {

constexpr int kShown = 3;

ScoresByName Dynamics(const Truth& truth, const Video& sample) {
  return DynamicsOf({&truth, nullptr, &sample, kShown});
}

double Lawfulness(const Truth& truth, const Video& sample) {
  return Dynamics(truth, sample).at("lawfulness").value();
}

void ExpectIntervalsHold(const ScoresByName& scores) {
  for (const auto& [name, score] : scores) {
    if (!score.measured()) continue;
    EXPECT_LE(score.low(), score.value()) << name;
    EXPECT_GE(score.high(), score.value()) << name;
    EXPECT_TRUE(std::isfinite(score.low()) && std::isfinite(score.high())) << name;
  }
}

TEST(LawfulnessTest, EveryDoseOfMissingGravityIsWorseThanTheLast) {
  const DiscWorld world = Falling();
  const Truth truth = world.MakeTruth();
  double lawfulness = 1.0 + 1e-9;
  double trajectory = -1e-9;
  double gravity = -1.0;
  for (const double dose : {1.0, 0.9, 0.75, 0.5, 0.25}) {
    const ScoresByName scores =
        Dynamics(truth, Continued(world, Falling(0.7, 9.81 * dose), kShown));
    EXPECT_LT(scores.at("lawfulness").value(), lawfulness) << dose;
    EXPECT_GT(scores.at("trajectory_error").value(), trajectory) << dose;
    EXPECT_GT(scores.at("gravity_error").value(), gravity) << dose;
    lawfulness = scores.at("lawfulness").value();
    trajectory = scores.at("trajectory_error").value();
    gravity = scores.at("gravity_error").value();
    ExpectIntervalsHold(scores);
  }
}

TEST(LawfulnessTest, SoIsEveryFrameOfDelay) {
  const DiscWorld world = Falling();
  const Truth truth = world.MakeTruth();
  double last = 1.0 + 1e-9;
  for (const int late : {0, 1, 2, 4, 7}) {
    const double value = Lawfulness(truth, world.Film([&](int f, auto& shown) {
      if (f >= kShown) shown = world.Shown(std::max(kShown - 1, f - late));
    }));
    EXPECT_LT(value, last) << late;
    last = value;
  }
}

TEST(LawfulnessTest, ReversedIsWorseThanOrderedAndFrozenIsWorst) {
  const DiscWorld world = Falling();
  const Truth truth = world.MakeTruth();
  std::vector<Image> backwards = truth.video.frames();
  std::reverse(backwards.begin() + kShown, backwards.end());
  const double reversed = Lawfulness(truth, Video(backwards, truth.video.fps()));
  std::vector<Image> still = truth.video.frames();
  for (size_t k = kShown; k < still.size(); ++k) still[k] = still[kShown - 1];
  const double frozen = Lawfulness(truth, Video(still, truth.video.fps()));
  EXPECT_LT(reversed, 0.5);
  EXPECT_LT(frozen, 0.05);
  EXPECT_LE(frozen, reversed);
}

TEST(LawfulnessTest, TheHeadlineIsTheMixOfItsParts) {
  const DiscWorld world = Falling();
  const Truth truth = world.MakeTruth();
  const Score headline =
      Dynamics(truth, Continued(world, Falling(0.5, 8.0), kShown)).at("lawfulness");
  const Json& parts = headline.evidence().details.at("parts");
  ASSERT_EQ(parts.size(), 4u) << parts;
  const double laws = (parts.at("gravity").get<double>() + parts.at("contact").get<double>() +
                       parts.at("restitution").get<double>()) /
                      3.0;
  EXPECT_NEAR(headline.value(), 0.5 * parts.at("trajectory").get<double>() + 0.5 * laws, 1e-9);
  for (const auto& [part, value] : parts.items()) {
    EXPECT_GE(value.get<double>(), 0.0) << part;
    EXPECT_LE(value.get<double>(), 1.0) << part;
  }
}

TEST(LawfulnessTest, ALongerSampleIsTrimmedToTheTruth) {
  const DiscWorld world = Falling();
  const Truth truth = world.MakeTruth();
  DiscWorld longer = world;
  longer.frames = 48;
  EXPECT_DOUBLE_EQ(Lawfulness(truth, longer.Film()), 1.0);
}

TEST(LawfulnessTest, AShorterSampleIsJudgedByWhatItShows) {
  const DiscWorld world = Falling();
  const Truth truth = world.MakeTruth();
  const ScoresByName scores = Dynamics(truth, FirstFrames(truth.video, 11));
  EXPECT_DOUBLE_EQ(scores.at("trajectory_error").value(), 0.0);
  EXPECT_TRUE(scores.at("gravity_error").measured());
  // It ends before the first contact.
  EXPECT_EQ(scores.at("contact_frame_error").reason().code, ReasonCode::kNoEvent);
  EXPECT_EQ(scores.at("restitution").reason().code, ReasonCode::kNoEvent);
  ExpectIntervalsHold(scores);
}

TEST(LawfulnessTest, TheLongerATrackIsLostTheWorse) {
  const DiscWorld world = Falling();
  const Truth truth = world.MakeTruth();
  double lawfulness = 1.0 + 1e-9;
  double error = -1e-9;
  for (const int from : {34, 30, 24, 18, 10}) {
    const ScoresByName scores = Dynamics(truth, world.Film([&](int f, auto& shown) {
      if (f >= from) shown.clear();
    }));
    EXPECT_LT(scores.at("lawfulness").value(), lawfulness) << from;
    EXPECT_GT(scores.at("trajectory_error").value(), error) << from;
    lawfulness = scores.at("lawfulness").value();
    error = scores.at("trajectory_error").value();
    const Json& details = scores.at("trajectory_error").evidence().details;
    EXPECT_EQ(details.at("missing").get<int>(), 34 - from) << from;
  }
}

TEST(LawfulnessTest, OffendingFramesComeWorstFirst) {
  const DiscWorld world = Falling();
  const Truth truth = world.MakeTruth();
  const Score error = Dynamics(truth, world.Film([](int f, auto& shown) {
                        if (f == 9) shown[0].place_m.x() += 0.15;
                        if (f == 14) shown[0].place_m.x() += 0.3;
                        if (f == 20) shown[0].place_m.x() += 0.05;
                      })).at("trajectory_error");
  EXPECT_EQ(error.evidence().frames, (std::vector<int>{14, 9}));
  const Json& strip = error.evidence().details.at("per_frame").at("values");
  EXPECT_NEAR(strip[14].get<double>(), 1.0, 0.05);
  EXPECT_NEAR(strip[20].get<double>(), 0.17, 0.05);
  EXPECT_TRUE(strip[1].is_null());  // a conditioning frame
}

TEST(LawfulnessTest, LightAndCodecHardlyMatter) {
  const Truth truth = Falling().MakeTruth();
  const auto noise = [](double v, size_t i) {
    return v + static_cast<double>((i * 2654435761u >> 7) % 11) - 5.0;
  };
  for (const Video& sample : {Reencoded(truth.video),
                              Filtered(truth.video, noise),
                              Filtered(truth.video, [](double v, size_t) { return 1.05 * v; }),
                              Filtered(truth.video, [](double v, size_t) { return 0.95 * v; })}) {
    const ScoresByName scores = Dynamics(truth, sample);
    EXPECT_GT(scores.at("lawfulness").value(), 0.95);
    EXPECT_LT(scores.at("trajectory_error").value(), 0.05);
    EXPECT_LT(scores.at("contact_frame_error").value(), 0.5);
    EXPECT_LT(scores.at("restitution_error").value(), 0.05);
  }
}

TEST(LawfulnessTest, AMirroredClipOfAMirroredWorldIsTheSame) {
  DiscWorld world = Falling();
  const auto fall = world.discs[0].place_m;
  world.discs[0].place_m = [=](double t) { return Eigen::Vector2d(-0.4 + 0.6 * t, fall(t).y()); };
  const Truth truth = world.MakeTruth();
  const Video sample = world.Film([](int f, auto& shown) {
    if (f >= kShown) shown[0].place_m.x() -= 0.1;
  });
  const ScoresByName straight = Dynamics(truth, sample);
  const ScoresByName mirrored = Dynamics(Mirrored(truth), Mirrored(sample));
  for (const auto& [name, score] : straight) {
    ASSERT_EQ(score.status(), mirrored.at(name).status()) << name;
    if (!score.measured()) continue;
    EXPECT_NEAR(score.value(), mirrored.at(name).value(), 0.05) << name;
  }
}

TEST(LawfulnessTest, AllStaticMeansThatNoLawApplies) {
  DiscWorld world = TwoBalls();
  world.discs[0].place_m = Rolling({-0.4, 0.5}, 0.0);
  const Truth truth = world.MakeTruth();
  for (const auto& [name, score] : Dynamics(truth, truth.video)) {
    EXPECT_EQ(score.status(), ScoreStatus::kNotTested) << name;
    EXPECT_EQ(score.reason().code, ReasonCode::kLawNotApplicable) << name;
    EXPECT_NE(score.reason().text.find("none of the 2 objects moves"), std::string::npos);
  }
}

TEST(LawfulnessTest, AQuarterOfItsSizeIsMotion) {
  for (const double way_m : {0.06, 0.09}) {
    DiscWorld world = TwoBalls();
    world.discs[0].place_m = [=](double t) {
      return Eigen::Vector2d(-0.4 + way_m * std::min(1.0, std::max(0.0, t - 0.2)), 0.5);
    };
    const Truth truth = world.MakeTruth();
    EXPECT_EQ(Dynamics(truth, truth.video).at("lawfulness").measured(), way_m > 0.25 * 0.3)
        << way_m;
  }
}

TEST(LawfulnessTest, ATruthWithoutStatesGivesTrajectoriesOnly) {
  Truth truth = Falling().MakeTruth();
  const Video film = truth.video;
  const ScoresByName scores = DynamicsOf({nullptr, &film, &film, kShown});
  EXPECT_DOUBLE_EQ(scores.at("lawfulness").value(), 1.0);
  EXPECT_EQ(scores.at("lawfulness").evidence().details.at("parts").size(), 1u);
  for (const auto& [name, score] : scores) {
    if (name == "lawfulness" || name == "trajectory_error") continue;
    EXPECT_EQ(score.status(), ScoreStatus::kNotMeasurable) << name;
    EXPECT_EQ(score.reason().code, ReasonCode::kNoStates) << name;
    EXPECT_NE(score.reason().text.find("no metres and no states"), std::string::npos);
  }
}

TEST(LawfulnessTest, WhatTheSampleDoesNotShowOfALawEarnsNothing) {
  const DiscWorld world = Falling();
  const Truth truth = world.MakeTruth();
  const ScoresByName gone = Dynamics(truth, world.Film([](int f, auto& shown) {
    if (f >= kShown) shown.clear();
  }));
  EXPECT_EQ(gone.at("gravity_mps2").status(), ScoreStatus::kNotMeasurable);
  EXPECT_NE(gone.at("gravity_mps2").reason().text.find("five frames"), std::string::npos);
  EXPECT_EQ(gone.at("restitution").status(), ScoreStatus::kNotMeasurable);
  EXPECT_EQ(gone.at("restitution").reason().code, ReasonCode::kNoEvent);
  const Json& parts = gone.at("lawfulness").evidence().details.at("parts");
  for (const char* law : {"trajectory", "gravity", "contact", "restitution"}) {
    EXPECT_EQ(parts.at(law).get<double>(), 0.0) << law;
  }
  // A contact that never comes is as late as the clip allows.
  const double touch = 24.0 * FirstGroundContact().time_s;
  EXPECT_NEAR(gone.at("contact_frame_error").value(), 33.0 - touch, 0.1);
}

TEST(LawfulnessTest, EveryScoreOfTheFamilyIsMeasuredSomewhere) {
  const Truth truth = Falling().MakeTruth();
  std::set<std::string> measured;
  for (const auto& [name, score] : Dynamics(truth, truth.video)) {
    if (score.measured()) measured.insert("dynamics." + name);
  }
  for (const ScoreInfo& info : DynamicsScores()) EXPECT_TRUE(measured.contains(info.id)) << info.id;
}

}  // namespace
}  // namespace plumb
