// SPDX-License-Identifier: Apache-2.0
#include "metrics/permanence/swaps.h"

#include <gtest/gtest.h>

#include "tests/metrics/followed_world.h"

namespace plumb {
namespace {

using Path = std::function<std::optional<Eigen::Vector2d>(int)>;

const Path kUpper = Straight({40.0, 20.0}, {3.0, 0.0});
const Path kLower = Straight({40.0, 80.0}, {3.0, 0.0});

// One path, and from `from` up to but without `to` another.
Path Between(const Path& path, const Path& other, int from, int to) {
  return [=](int k) { return k >= from && k < to ? other(k) : path(k); };
}

const Path kNowhere = [](int) { return std::nullopt; };

PermanenceVerdict Judged(const Path& upper, const Path& lower) {
  FollowedWorld world;
  world.paths = {{"upper", kUpper, upper}, {"lower", kLower, lower}};
  return JudgePermanence(world.Observe());
}

std::vector<std::string> Kinds(const PermanenceVerdict& verdict) {
  std::vector<std::string> kinds;
  for (const PermanenceEvent& event : verdict.events) kinds.push_back(event.kind);
  return kinds;
}

TEST(SwapsTest, ExchangedPlacesAreOneEventAndNoJump) {
  const PermanenceVerdict verdict =
      Judged(Between(kUpper, kLower, 12, 24), Between(kLower, kUpper, 12, 24));
  ASSERT_EQ(Kinds(verdict), std::vector<std::string>{"swapped"});
  EXPECT_EQ(verdict.events[0].pair, 12);
  EXPECT_EQ(verdict.events[0].object, 0);
  EXPECT_NE(verdict.events[0].text.find("12 frames"), std::string::npos);
  EXPECT_EQ(verdict.longest_jump_sizes, 0.0);
  for (int k = 0; k < 24; ++k) {
    EXPECT_EQ(verdict.frames[0][k].swapped_with, k >= 12 ? 1 : -1) << k;
    EXPECT_EQ(verdict.frames[1][k].swapped_with, k >= 12 ? 0 : -1) << k;
    EXPECT_EQ(verdict.frames[0][k].credit, k >= 12 ? 0.0 : 1.0) << k;
  }
}

TEST(SwapsTest, SwappedBackIsTheEndOfTheEvent) {
  const PermanenceVerdict verdict =
      Judged(Between(kUpper, kLower, 8, 14), Between(kLower, kUpper, 8, 14));
  ASSERT_EQ(Kinds(verdict), std::vector<std::string>{"swapped"});
  EXPECT_NE(verdict.events[0].text.find("6 frames"), std::string::npos);
  EXPECT_EQ(verdict.frames[0][13].swapped_with, 1);
  EXPECT_EQ(verdict.frames[0][14].swapped_with, -1);
  EXPECT_EQ(verdict.longest_jump_sizes, 0.0);  // the way back is explained too
  EXPECT_EQ(verdict.frames[0][20].credit, 1.0);
}

TEST(SwapsTest, TwoFramesInTheMiddleAreJumpsTwoAtTheEndAreASwap) {
  const PermanenceVerdict middle =
      Judged(Between(kUpper, kLower, 10, 12), Between(kLower, kUpper, 10, 12));
  for (const std::string& kind : Kinds(middle)) EXPECT_EQ(kind, "teleported");
  EXPECT_EQ(middle.events.size(), 4u);  // both, there and back
  const PermanenceVerdict end =
      Judged(Between(kUpper, kLower, 22, 24), Between(kLower, kUpper, 22, 24));
  EXPECT_EQ(Kinds(end), std::vector<std::string>{"swapped"});
}

TEST(SwapsTest, WalkingIntoTheOthersPlaceIsNoSwap) {
  // Both glide across within the clip, a fifth of the way a frame.
  const auto glide = [](double from, double to) {
    return [=](int k) -> std::optional<Eigen::Vector2d> {
      const double share = std::clamp((k - 6) / 10.0, 0.0, 1.0);
      return Eigen::Vector2d(40.0 + 3.0 * k, from + share * (to - from));
    };
  };
  const PermanenceVerdict verdict = Judged(glide(20.0, 80.0), glide(80.0, 20.0));
  for (const std::string& kind : Kinds(verdict)) EXPECT_NE(kind, "swapped");
  for (const FrameVerdict& frame : verdict.frames[0]) EXPECT_EQ(frame.swapped_with, -1);
}

TEST(SwapsTest, StandingWhereAMissingOneBelongsIsASwap) {
  const PermanenceVerdict verdict =
      Judged(Between(kUpper, kLower, 12, 24), Between(kLower, kNowhere, 12, 24));
  ASSERT_EQ(Kinds(verdict), std::vector<std::string>{"swapped"});
  EXPECT_EQ(verdict.frames[0][20].swapped_with, 1);
  EXPECT_EQ(verdict.frames[1][20].swapped_with, 0);
}

TEST(SwapsTest, OneThatJumpsAwayAloneIsNotSwapped) {
  const Path elsewhere = Straight({120.0, 50.0}, {1.0, 0.0});
  const PermanenceVerdict verdict = Judged(Between(kUpper, elsewhere, 12, 24), kLower);
  ASSERT_EQ(Kinds(verdict), std::vector<std::string>{"teleported"});
  EXPECT_EQ(verdict.events[0].pair, 12);
}

TEST(SwapsTest, InARingOfThreeNobodyKeepsItsIdentity) {
  FollowedWorld world;
  const Path third = Straight({120.0, 50.0}, {3.0, 0.0});
  world.paths = {{"a", kUpper, Between(kUpper, kLower, 12, 24)},
                 {"b", kLower, Between(kLower, third, 12, 24)},
                 {"c", third, Between(third, kUpper, 12, 24)}};
  const PermanenceVerdict verdict = JudgePermanence(world.Observe());
  for (const auto& frames : verdict.frames) {
    EXPECT_EQ(frames[11].credit, 1.0);
    for (int k = 12; k < 24; ++k) EXPECT_EQ(frames[k].credit, 0.0) << k;
  }
}

TEST(SwapsTest, TheVerdictWithoutSwapsComesBackAsItWas) {
  FollowedWorld world;
  world.paths = {{"upper", kUpper, kUpper}, {"lower", kLower, kLower}};
  const Observation observation = world.Observe();
  const PermanenceVerdict before = JudgePermanence(observation);
  const PermanenceVerdict after = WithSwaps(observation, before);
  EXPECT_TRUE(after.events.empty());
  for (const FrameVerdict& frame : after.frames[0]) EXPECT_EQ(frame.swapped_with, -1);
}

}  // namespace
}  // namespace plumb
