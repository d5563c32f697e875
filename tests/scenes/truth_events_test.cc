// SPDX-License-Identifier: Apache-2.0
#include "scenes/truth_events.h"

#include <algorithm>
#include <cmath>

#include <gmock/gmock.h>

#include "scenes/simulate.h"
#include "tests/scenes/internal_test_scenes.h"

namespace plumb {
namespace {

int CountOf(const std::vector<TruthEvent>& events, TruthEventKind kind) {
  return static_cast<int>(std::count_if(
      events.begin(), events.end(), [&](const TruthEvent& event) { return event.kind == kind; }));
}

TEST(TruthEventsTest, ABounceIsAContactThenASeparation) {
  const Scene scene = BallAboveFloor(0.5, 0.8);
  const std::vector<TruthEvent> events = MotionEvents(scene, Simulate(scene, {.duration_s = 0.6}));
  ASSERT_EQ(events.size(), 2u);
  EXPECT_EQ(events[0].kind, TruthEventKind::kFirstContact);
  EXPECT_NEAR(events[0].time_s, std::sqrt(2 * 0.5 / 9.81), 2e-3);
  EXPECT_EQ(events[1].kind, TruthEventKind::kSeparation);
  EXPECT_NEAR(events[1].time_s, events[0].time_s, 5e-3);
  EXPECT_EQ(events[1].body, 0);
  EXPECT_EQ(events[1].other, 1);
}

TEST(TruthEventsTest, ASlidingBlockComesToRestAfterItsSpeedOverFriction) {
  Scene scene = BallAboveFloor(-1e-6, 0);
  scene.bodies[1].shape = {ShapeKind::kBox, {0.5, 0.5, 0.3}};
  scene.bodies[1].material.friction = 0.4;
  scene.bodies[1].velocity_mps = {2, 0, 0};
  const std::vector<TruthEvent> events = MotionEvents(scene, Simulate(scene, {.duration_s = 1.5}));
  ASSERT_EQ(CountOf(events, TruthEventKind::kRest), 1);
  EXPECT_NEAR(events.back().time_s, 2 / (0.4 * 9.81), 0.01);
  EXPECT_EQ(CountOf(events, TruthEventKind::kSeparation), 0);
}

TEST(TruthEventsTest, ARenderedTruthListsItsEvents) {
  const Scene scene = BallAboveFloor(0.5, 0.8);
  RenderOptions options = RenderOptions::PicturesOnly(SmallOptions(12));
  options.width = options.height = 16;
  const Truth truth = MakeTruth(scene, options);
  ASSERT_FALSE(truth.events.empty());
  EXPECT_EQ(truth.events.size(), EventsOf(truth).size());
  EXPECT_EQ(CountOf(truth.events, TruthEventKind::kFirstContact), 1);
  EXPECT_TRUE(std::is_sorted(truth.events.begin(), truth.events.end(), [](auto& a, auto& b) {
    return a.time_s < b.time_s;
  }));
}

TEST(TruthEventsTest, SightEventsFollowPresence) {
  using enum Presence;
  Truth truth{.scene = {},
              .motion = {},
              .video = Video(std::vector<Image>(6, Image(8, 8)), 10),
              .cameras = {},
              .views = {},
              .passes = {}};
  for (const Presence presence : {kOutOfView, kVisible, kOccluded, kOccluded, kVisible, kAbsent}) {
    truth.views.emplace_back(1);
    truth.views.back()[0].presence = presence;
  }
  const std::vector<TruthEvent> events = SightEvents(truth);
  ASSERT_EQ(events.size(), 4u);
  EXPECT_EQ(events[0].kind, TruthEventKind::kEntersView);
  EXPECT_EQ(events[1].kind, TruthEventKind::kHidden);
  EXPECT_NEAR(events[1].time_s, 0.2, 1e-12);
  EXPECT_EQ(events[2].kind, TruthEventKind::kShown);
  EXPECT_EQ(events[3].kind, TruthEventKind::kLeavesView);
}

}  // namespace
}  // namespace plumb
