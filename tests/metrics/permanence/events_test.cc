// SPDX-License-Identifier: Apache-2.0
// Every event alone: on discs that are followed through pictures, and the credit it costs by
// closed form on tracks made by hand.
#include "metrics/permanence/events.h"

#include <algorithm>

#include <gtest/gtest.h>

#include "core/seed.h"
#include "tests/metrics/disc_scores.h"
#include "tests/metrics/followed_world.h"

namespace plumb {
namespace {

constexpr int kShown = 5;

struct Seen2D {
  Observation observation;
  PermanenceVerdict verdict;
};

Seen2D Judge(const Truth& truth, const Video& sample) {
  const Observation observation = Observe(InputOf(truth, sample, kShown), {});
  return {observation, JudgePermanence(observation)};
}

struct Fault {
  const char* name;
  DiscWorld::Direct direct;
  const char* kind;
  int frame;
};

std::vector<Fault> Faults() {
  return {{"gone from 18 on",
           [](int f, auto& s) {
             if (f >= 18) s.erase(s.begin());
           },
           "vanished",
           18},
          {"gone for ten frames",
           [](int f, auto& s) {
             if (f >= 12 && f < 22) s.erase(s.begin());
           },
           "vanished",
           12},
          {"twice from 20 on",
           [](int f, auto& s) {
             if (f >= 20) s.push_back({{-0.5, 1.2}, 0.15, s[0].rgb});
           },
           "duplicated",
           20},
          {"twice for six frames",
           [](int f, auto& s) {
             if (f >= 10 && f < 16) s.push_back({{-0.5, 1.2}, 0.15, s[0].rgb});
           },
           "duplicated",
           10},
          {"elsewhere from 15 on",
           [](int f, auto& s) {
             if (f >= 15) s[0].place_m.y() += 0.35;
           },
           "teleported",
           15},
          {"green from 22 on",
           [](int f, auto& s) {
             if (f >= 22) s[0].rgb = {40, 170, 60};
           },
           "changed",
           22},
          {"exchanged from 18 on",
           [](int f, auto& s) {
             if (f >= 18) std::swap(s[0].rgb, s[1].rgb);
           },
           "swapped",
           18}};
}

TEST(EventsTest, EachFaultAloneIsOneEventOfItsKindOnItsFrame) {
  const DiscWorld world = TwoBalls();
  const Truth truth = world.MakeTruth();
  for (const Fault& fault : Faults()) {
    const Seen2D seen = Judge(truth, world.Film(fault.direct));
    ASSERT_EQ(seen.verdict.events.size(), 1u) << fault.name;
    const PermanenceEvent& event = seen.verdict.events[0];
    EXPECT_EQ(event.kind, fault.kind) << fault.name;
    EXPECT_NEAR(event.pair, fault.frame, 1) << fault.name;
    EXPECT_EQ(seen.observation.objects[event.object].name, "red ball") << fault.name;
    EXPECT_NE(event.text.find("red ball"), std::string::npos) << event.text;
  }
}

TEST(EventsTest, TheFrameOfAnEventFollowsTheFault) {
  const DiscWorld world = TwoBalls();
  const Truth truth = world.MakeTruth();
  for (const int from : {6, 13, 27, 32}) {
    const Seen2D seen = Judge(truth, world.Film([&](int f, auto& s) {
      if (f >= from) s.erase(s.begin());
    }));
    ASSERT_EQ(seen.verdict.events.size(), 1u) << from;
    EXPECT_EQ(seen.verdict.events[0].pair, from);
  }
}

TEST(EventsTest, TheTruthOfAnyRollingPairHasNoEvent) {
  Random random(8);
  for (int trial = 0; trial < 4; ++trial) {
    DiscWorld world = TwoBalls();
    world.frames = 20;
    world.discs[0].place_m = Rolling({random.Uniform(-0.8, -0.4), 0.4}, random.Uniform(0.2, 1.4));
    world.discs[1].place_m = Rolling({random.Uniform(0.3, 0.7), 1.1}, random.Uniform(-1.0, 0.3));
    const Truth truth = world.MakeTruth();
    const Seen2D seen = Judge(truth, truth.video);
    EXPECT_TRUE(seen.verdict.events.empty()) << trial;
    for (const auto& frames : seen.verdict.frames) {
      for (const FrameVerdict& frame : frames) {
        EXPECT_TRUE(!frame.asked || frame.credit == 1.0);
      }
    }
  }
}

TEST(EventsTest, OfTwoLookAlikesTheMissingOneIsNoticed) {
  DiscWorld world = TwoBalls();
  world.discs[1].rgb = world.discs[0].rgb;
  const Truth truth = world.MakeTruth();
  EXPECT_TRUE(Judge(truth, truth.video).verdict.events.empty());
  const Seen2D seen = Judge(truth, world.Film([](int f, auto& s) {
    if (f >= 18) s.erase(s.begin());
  }));
  int lost = 0;
  for (const auto& frames : seen.verdict.frames) {
    for (const FrameVerdict& frame : frames) lost += frame.asked && frame.credit < 0.6;
  }
  EXPECT_GE(lost, 16);
}

TEST(EventsTest, AnObjectCutByTheBorderIsStillItself) {
  DiscWorld world = TwoBalls();
  // The left border of the picture is about 1.51 m from the middle; a third of the disc stays out.
  world.discs[0].place_m = [](double t) { return Eigen::Vector2d(-1.45, 0.5 + 0.4 * t); };
  const Truth truth = world.MakeTruth();
  const Seen2D seen = Judge(truth, truth.video);
  EXPECT_TRUE(seen.verdict.events.empty());
  int asked = 0;
  for (const FrameVerdict& frame : seen.verdict.frames[0]) asked += frame.asked;
  EXPECT_GT(asked, 25);
}

TEST(EventsTest, OutOfViewAndBackIsNoEventInTheTruth) {
  DiscWorld world = TwoBalls();
  world.frames = 40;
  world.discs[0].place_m = [](double t) {
    return Eigen::Vector2d(-0.9 - 1.2 * std::sin(2.0 * t), 0.5);
  };
  const Truth truth = world.MakeTruth();
  const Seen2D seen = Judge(truth, truth.video);
  EXPECT_TRUE(seen.verdict.events.empty());
  EXPECT_TRUE(seen.verdict.reappearances.empty());  // nothing hid it
  int away = 0;
  for (int f = 0; f < 40; ++f) {
    if (truth.views[f][1].presence != Presence::kOutOfView) continue;
    EXPECT_FALSE(seen.verdict.frames[0][f].asked) << f;
    ++away;
  }
  EXPECT_GT(away, 4);
  EXPECT_EQ(seen.verdict.frames[0].back().credit, 1.0);
}

TEST(EventsTest, ReappearancesHaveTheFramesOfTheTruthsViews) {
  for (const double half_width_m : {0.1, 0.16, 0.19, 0.25, 0.4}) {
    const Truth truth = Passing(half_width_m).MakeTruth();
    int hidden_from = -1;
    int hidden = 0;
    int clear_from = -1;
    for (int f = 0; f < truth.num_frames(); ++f) {
      const BodyView& view = truth.views[f][2];
      if (view.presence == Presence::kOccluded && hidden_from < 0) hidden_from = f;
      if (hidden_from >= 0 && clear_from < 0 && view.visible_share >= 0.5) clear_from = f;
      hidden += view.presence == Presence::kOccluded;
    }
    const Seen2D seen = Judge(truth, truth.video);
    EXPECT_TRUE(seen.verdict.events.empty()) << half_width_m;
    if (hidden == 0) {
      EXPECT_TRUE(seen.verdict.reappearances.empty()) << half_width_m;
      continue;
    }
    ASSERT_EQ(seen.verdict.reappearances.size(), 1u) << half_width_m;
    EXPECT_EQ(seen.verdict.reappearances[0].hidden_from, hidden_from);
    EXPECT_EQ(seen.verdict.reappearances[0].visible_from, clear_from);
    EXPECT_TRUE(seen.verdict.reappearances[0].reacquired);
  }
}

TEST(EventsTest, WhatStaysBehindTheScreenIsLostThreeFramesAfterItIsDue) {
  const DiscWorld world = Passing();
  const Truth truth = world.MakeTruth();
  const Seen2D seen = Judge(truth, world.Film([](int f, auto& s) {
    if (f >= 18) s.clear();
  }));
  int due = 18;
  while (truth.views[due][2].presence != Presence::kVisible) ++due;
  ASSERT_EQ(seen.verdict.events.size(), 1u);
  EXPECT_EQ(seen.verdict.events[0].kind, "vanished");
  EXPECT_NEAR(seen.verdict.events[0].pair, due + kLostFrames, 1);
  ASSERT_EQ(seen.verdict.reappearances.size(), 1u);
  EXPECT_FALSE(seen.verdict.reappearances[0].reacquired);
}

TEST(EventsTest, AnObjectThatIsNeverWhollyHiddenIsAskedThroughout) {
  // The screen is narrower than the ball.
  const Truth truth = Passing(0.06).MakeTruth();
  const Seen2D seen = Judge(truth, truth.video);
  EXPECT_TRUE(seen.verdict.events.empty());
  EXPECT_TRUE(seen.verdict.reappearances.empty());
  int asked = 0;
  for (const FrameVerdict& frame : seen.verdict.frames[0]) {
    asked += frame.asked;
    EXPECT_TRUE(!frame.asked || frame.credit == 1.0);
  }
  EXPECT_GE(asked, 36 - kShown - 4);
}

// Tracks made by hand from here on.

using Path = std::function<std::optional<Eigen::Vector2d>(int)>;
const Path kWay = Straight({30.0, 50.0}, {3.0, 0.0});

Observation OneBall(const Path& sample) {
  FollowedWorld world;
  world.paths = {{"ball", kWay, sample}};
  return world.Observe();
}

int CountOf(const PermanenceVerdict& verdict, const std::string& kind) {
  return static_cast<int>(std::count_if(verdict.events.begin(),
                                        verdict.events.end(),
                                        [&](const auto& event) { return event.kind == kind; }));
}

TEST(EventsTest, ARunCountsFromThreeFramesOn) {
  for (int length = 0; length <= 5; ++length) {
    const PermanenceVerdict verdict =
        JudgePermanence(OneBall([&](int k) -> std::optional<Eigen::Vector2d> {
          if (k >= 8 && k < 8 + length) return std::nullopt;
          return kWay(k);
        }));
    EXPECT_EQ(CountOf(verdict, "vanished"), length >= kLostFrames ? 1 : 0) << length;
    int lost = 0;
    for (const FrameVerdict& frame : verdict.frames[0]) lost += frame.credit == 0.0;
    EXPECT_EQ(lost, length);  // even a short gap costs its own frames
    EXPECT_EQ(CountOf(verdict, "teleported"), 0) << length;
  }
}

TEST(EventsTest, TwoRunsAreTwoEventsInOrder) {
  const PermanenceVerdict verdict =
      JudgePermanence(OneBall([](int k) -> std::optional<Eigen::Vector2d> {
        if ((k >= 6 && k < 10) || (k >= 15 && k < 19)) return std::nullopt;
        return kWay(k);
      }));
  ASSERT_EQ(verdict.events.size(), 2u);
  EXPECT_EQ(verdict.events[0].pair, 6);
  EXPECT_EQ(verdict.events[1].pair, 15);
}

TEST(EventsTest, CopiesDivideTheCredit) {
  for (const int copies : {1, 2, 4}) {
    Observation observation = OneBall(kWay);
    for (int k = 10; k < 16; ++k) {
      observation.sample_tracks[0].sightings[k].copies_px.assign(copies, {150.0, 20.0});
    }
    const PermanenceVerdict verdict = JudgePermanence(observation);
    EXPECT_EQ(CountOf(verdict, "duplicated"), 1);
    EXPECT_DOUBLE_EQ(verdict.frames[0][12].credit, 1.0 / (1 + copies));
    EXPECT_DOUBLE_EQ(verdict.frames[0][17].credit, 1.0);
  }
}

TEST(EventsTest, AJumpCostsIdentityForGoodInProportionToItsLength) {
  for (const double sizes : {0.2, 0.5, 0.8, 1.5}) {
    // The step before is 3 px, so a jump of `sizes` beyond it.
    const double up_px = std::sqrt(std::pow(20.0 * sizes + 3.0, 2) - 9.0);
    const PermanenceVerdict verdict = JudgePermanence(OneBall([&](int k) {
      return Eigen::Vector2d(*kWay(k) - Eigen::Vector2d(0.0, k >= 12 ? up_px : 0.0));
    }));
    EXPECT_NEAR(verdict.longest_jump_sizes, sizes, 1e-9);
    EXPECT_EQ(CountOf(verdict, "teleported"), sizes > kJumpSizes ? 1 : 0) << sizes;
    const double left = 1.0 - std::clamp(sizes - kJumpSizes, 0.0, 1.0);
    for (int k = 12; k < 24; ++k) EXPECT_NEAR(verdict.frames[0][k].credit, left, 1e-9) << sizes;
    EXPECT_DOUBLE_EQ(verdict.frames[0][11].credit, 1.0);
  }
}

TEST(EventsTest, AnObjectFoundByItsPlaceOnlyCountsHalf) {
  Observation observation = OneBall(kWay);
  for (int k = 10; k < 24; ++k) observation.sample_tracks[0].sightings[k].changed = true;
  const PermanenceVerdict verdict = JudgePermanence(observation);
  EXPECT_EQ(CountOf(verdict, "changed"), 1);
  EXPECT_DOUBLE_EQ(verdict.frames[0][15].credit, 0.5);
}

TEST(EventsTest, AnotherHueCostsCreditWhereItIsClearlySeen) {
  Observation observation = OneBall(kWay);
  observation.sample_tracks[0].sightings[12].mean_rgb = {40.0, 170.0, 60.0};  // another hue
  observation.sample_tracks[0].sightings[14].mean_rgb = {40.0, 170.0, 60.0};
  observation.sample_tracks[0].sightings[14].area_px = 100.0;  // hardly seen: not judged
  const PermanenceVerdict verdict = JudgePermanence(observation);
  EXPECT_EQ(verdict.frames[0][11].credit, 1.0);
  EXPECT_EQ(verdict.frames[0][12].credit, 0.0);
  EXPECT_GT(verdict.frames[0][12].hue_shift, 60.0);
  EXPECT_EQ(verdict.frames[0][14].hue_shift, 0.0);
}

TEST(EventsTest, AReturnCountsOnlyWithinItsTime) {
  // Hidden for 6 frames, so there are 5 to be found again in.
  for (const int late : {0, 4, 5, 8}) {
    FollowedWorld world;
    const auto hidden = [](int k) { return k >= 8 && k < 14 ? std::nullopt : kWay(k); };
    const auto sample = [&](int k) { return k >= 8 && k < 14 + late ? std::nullopt : kWay(k); };
    world.paths = {{"ball", hidden, sample}};
    const PermanenceVerdict verdict = JudgePermanence(world.Observe());
    ASSERT_EQ(verdict.reappearances.size(), 1u);
    EXPECT_EQ(verdict.reappearances[0].hidden_from, 8);
    EXPECT_EQ(verdict.reappearances[0].visible_from, 14);
    EXPECT_EQ(verdict.reappearances[0].reacquired, late < 5) << late;
  }
}

TEST(EventsTest, TwoHiddenFramesAreNoOcclusion) {
  for (const int hidden : {1, 2, 3, 4}) {
    FollowedWorld world;
    const auto path = [&](int k) { return k >= 8 && k < 8 + hidden ? std::nullopt : kWay(k); };
    world.paths = {{"ball", path, path}};
    EXPECT_EQ(JudgePermanence(world.Observe()).reappearances.size(), hidden >= 3 ? 1u : 0u)
        << hidden;
  }
}

}  // namespace
}  // namespace plumb
