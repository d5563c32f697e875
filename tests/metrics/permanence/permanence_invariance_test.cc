// SPDX-License-Identifier: Apache-2.0
// What permanence.* must and must not depend on, with nothing wrong and with each fault.
#include <cmath>

#include <gtest/gtest.h>

#include "tests/metrics/disc_scores.h"

namespace plumb {
namespace {

constexpr int kShown = 5;

ScoresByName Permanence(const Truth& truth, const Video& sample) {
  return PermanenceOf({&truth, nullptr, &sample, kShown});
}

struct Fault {
  const char* name;
  DiscWorld::Direct direct;
};

std::vector<Fault> FaultsFrom(int from) {
  return {{"none", {}},
          {"gone",
           [=](int f, auto& s) {
             if (f >= from) s.erase(s.begin());
           }},
          {"twice",
           [=](int f, auto& s) {
             if (f >= from) s.push_back({{-0.5, 1.2}, 0.15, s[0].rgb});
           }},
          {"elsewhere",
           [=](int f, auto& s) {
             if (f >= from) s[0].place_m.y() += 0.35;
           }},
          {"repainted",
           [=](int f, auto& s) {
             if (f >= from) s[0].rgb = {40, 170, 60};
           }},
          {"exchanged", [=](int f, auto& s) {
             if (f >= from) std::swap(s[0].rgb, s[1].rgb);
           }}};
}

void ExpectAlike(const ScoresByName& a, const ScoresByName& b, double tolerance, const char* what) {
  for (const auto& [name, score] : a) {
    if (name == "colour_shift") continue;  // in dE, and what a codec changes
    ASSERT_EQ(score.status(), b.at(name).status()) << what << " " << name;
    if (!score.measured()) continue;
    EXPECT_NEAR(score.value(), b.at(name).value(), tolerance) << what << " " << name;
  }
}

TEST(PermanenceInvarianceTest, AMirroredClipOfAMirroredWorldIsTheSame) {
  const DiscWorld world = TwoBalls();
  const Truth truth = world.MakeTruth();
  const Truth mirrored = Mirrored(truth);
  for (const Fault& fault : FaultsFrom(17)) {
    const Video sample = world.Film(fault.direct);
    ExpectAlike(
        Permanence(truth, sample), Permanence(mirrored, Mirrored(sample)), 0.01, fault.name);
  }
}

TEST(PermanenceInvarianceTest, LightAndCodecChangeNoVerdict) {
  const DiscWorld world = TwoBalls();
  const Truth truth = world.MakeTruth();
  const auto noise = [](double v, size_t i) {
    return v + static_cast<double>((i * 2654435761u >> 7) % 11) - 5.0;
  };
  for (const Fault& fault : FaultsFrom(17)) {
    const Video sample = world.Film(fault.direct);
    const ScoresByName clean = Permanence(truth, sample);
    ExpectAlike(clean,
                Permanence(truth, Filtered(sample, [](double v, size_t) { return 1.05 * v; })),
                0.02,
                fault.name);
    ExpectAlike(clean,
                Permanence(truth, Filtered(sample, [](double v, size_t) { return 0.95 * v; })),
                0.02,
                fault.name);
    ExpectAlike(clean, Permanence(truth, Filtered(sample, noise)), 0.06, fault.name);
    ExpectAlike(clean, Permanence(truth, Reencoded(sample)), 0.06, fault.name);
  }
}

TEST(PermanenceInvarianceTest, TheMoreBadFramesTheLowerTheScore) {
  const DiscWorld world = TwoBalls();
  const Truth truth = world.MakeTruth();
  for (size_t kind = 1; kind < FaultsFrom(0).size(); ++kind) {
    double last = 1.0;
    for (const int from : {31, 25, 19, 13}) {
      const Fault fault = FaultsFrom(from)[kind];
      const double value = Permanence(truth, world.Film(fault.direct)).at("persistence").value();
      EXPECT_LT(value, last) << fault.name << " from " << from;
      last = value;
    }
  }
}

TEST(PermanenceInvarianceTest, EachFaultMovesItsOwnScoreAndTheHeadline) {
  const DiscWorld world = TwoBalls();
  const Truth truth = world.MakeTruth();
  const ScoresByName oracle = Permanence(truth, truth.video);
  const char* const own[] = {"", "vanished", "duplicated", "teleported", "colour_shift", "swapped"};
  const std::vector<Fault> faults = FaultsFrom(17);
  for (size_t kind = 1; kind < faults.size(); ++kind) {
    const ScoresByName scores = Permanence(truth, world.Film(faults[kind].direct));
    EXPECT_GT(scores.at(own[kind]).value(), oracle.at(own[kind]).value() + 0.2) << own[kind];
    EXPECT_LT(scores.at("persistence").value(), 0.9) << own[kind];
    for (const char* other : {"vanished", "duplicated", "teleported", "swapped"}) {
      if (std::string(other) == own[kind]) continue;
      EXPECT_LT(scores.at(other).value(), 0.1) << own[kind] << " also moves " << other;
    }
  }
}

TEST(PermanenceInvarianceTest, IntervalsHoldTheirValuesWithinTheirRange) {
  const DiscWorld world = TwoBalls();
  const Truth truth = world.MakeTruth();
  for (const Fault& fault : FaultsFrom(20)) {
    for (const auto& [name, score] : Permanence(truth, world.Film(fault.direct))) {
      if (!score.measured()) continue;
      EXPECT_LE(score.low(), score.value()) << fault.name << " " << name;
      EXPECT_GE(score.high(), score.value()) << fault.name << " " << name;
      EXPECT_GE(score.low(), 0.0) << fault.name << " " << name;
      const double most = score.info().unit == "share" ? 1.0 : 100.0;
      EXPECT_LE(score.high(), most) << fault.name << " " << name;
    }
  }
}

TEST(PermanenceInvarianceTest, WhatNeedsAnOccasionSaysWhichOneIsMissing) {
  DiscWorld world = TwoBalls();
  const Truth two = world.MakeTruth();
  const Reason never_hidden = Permanence(two, two.video).at("reacquired").reason();
  EXPECT_EQ(never_hidden.code, ReasonCode::kNoEvent);
  EXPECT_NE(never_hidden.text.find("hidden for 3 frames"), std::string::npos);
  const Truth one = Passing().MakeTruth();
  const Score swapped = Permanence(one, one.video).at("swapped");
  EXPECT_EQ(swapped.status(), ScoreStatus::kNotTested);
  EXPECT_EQ(swapped.reason().code, ReasonCode::kNoEvent);
  EXPECT_NE(swapped.reason().text.find("one object alone"), std::string::npos);
}

TEST(PermanenceInvarianceTest, WithoutAnyObjectFoundThereIsNoColourToCompare) {
  const DiscWorld world = TwoBalls();
  const Truth truth = world.MakeTruth();
  // Only something of another colour moves, elsewhere.
  const ScoresByName scores = Permanence(truth, world.Film([](int f, auto& s) {
    s = {{{-1.1 + 0.01 * f, 1.5}, 0.1, {40, 170, 60}}};
  }));
  EXPECT_DOUBLE_EQ(scores.at("persistence").value(), 0.0);
  EXPECT_DOUBLE_EQ(scores.at("vanished").value(), 1.0);
  EXPECT_EQ(scores.at("colour_shift").status(), ScoreStatus::kNotMeasurable);
  EXPECT_EQ(scores.at("colour_shift").reason().code, ReasonCode::kObjectNotFound);
}

TEST(PermanenceInvarianceTest, AStandingPictureIsToldWithItsNumbers) {
  const DiscWorld world = TwoBalls();
  const Truth truth = world.MakeTruth();
  const auto still = world.Shown(kShown - 1);
  const ScoresByName scores = Permanence(truth, world.Film([&](int f, auto& s) {
    if (f >= kShown) s = still;
  }));
  EXPECT_NE(scores.at("kept").reason().text.find("0.000 %"), std::string::npos);
}

TEST(PermanenceInvarianceTest, ASceneThatStandsStillMayRepeatItsPicture) {
  DiscWorld world = TwoBalls();
  world.discs[0].place_m = Rolling({-0.4, 0.5}, 0.0);
  const Truth truth = world.MakeTruth();
  EXPECT_DOUBLE_EQ(Permanence(truth, truth.video).at("persistence").value(), 1.0);
}

TEST(PermanenceInvarianceTest, ASampleThatRunsOnIsTrimmed) {
  const DiscWorld world = TwoBalls();
  const Truth truth = world.MakeTruth();
  DiscWorld longer = world;
  longer.frames = 50;
  const ScoresByName scores = Permanence(truth, longer.Film([](int f, auto& s) {
    if (f >= 36) s.clear();  // after the truth's end nothing is asked
  }));
  EXPECT_DOUBLE_EQ(scores.at("persistence").value(), 1.0);
}

TEST(PermanenceInvarianceTest, AShorterSampleIsJudgedByWhatItShows) {
  const DiscWorld world = TwoBalls();
  const Truth truth = world.MakeTruth();
  EXPECT_DOUBLE_EQ(Permanence(truth, FirstFrames(truth.video, 14)).at("persistence").value(), 1.0);
}

}  // namespace
}  // namespace plumb
