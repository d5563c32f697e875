// SPDX-License-Identifier: Apache-2.0
// Constants of motion put into pictures and read back: gravity, restitution, contact times, places.
#include <cmath>

#include <gtest/gtest.h>

#include "core/seed.h"
#include "metrics/dynamics/contacts.h"
#include "tests/metrics/disc_scores.h"

namespace plumb {
namespace {

constexpr int kShown = 3;

ScoresByName Dynamics(const Truth& truth, const Video& sample) {
  return DynamicsOf({&truth, nullptr, &sample, kShown});
}

// Thrown up and sideways so that it stays in the picture for the given frames.
DiscWorld Thrown(double gravity_mps2, int frames = 20) {
  DiscWorld world;
  world.frames = frames;
  world.gravity_mps2 = gravity_mps2;
  const double flight_s = 19.0 / 24.0;
  const double up_mps = 0.5 * gravity_mps2 * flight_s;
  const double start_m = 1.0 - 0.0625 * gravity_mps2 * flight_s * flight_s;
  world.discs = {{.place_m = [=](double t) {
    return Eigen::Vector2d(-0.5 + 0.9 * t, start_m + up_mps * t - 0.5 * gravity_mps2 * t * t);
  }}};
  return world;
}

TEST(ClosedFormsTest, TheGravityOfAThrowLiesInItsInterval) {
  for (const double gravity : {1.62, 3.71, 6.0, 9.81}) {
    const Truth truth = Thrown(gravity).MakeTruth();
    const ScoresByName scores = Dynamics(truth, truth.video);
    const Score& recovered = scores.at("gravity_mps2");
    ASSERT_TRUE(recovered.measured()) << gravity;
    EXPECT_LE(recovered.low(), gravity);
    EXPECT_GE(recovered.high(), gravity);
    EXPECT_NEAR(recovered.value(), gravity, 0.15) << gravity;
    EXPECT_LT(scores.at("gravity_error").value(), 0.05);
  }
}

TEST(ClosedFormsTest, AnotherGravityThanTheTruthsIsReadFromTheSample) {
  const DiscWorld world = Thrown(9.81);
  const Truth truth = world.MakeTruth();
  for (const double gravity : {4.0, 7.0, 8.8}) {
    const ScoresByName scores = Dynamics(truth, Continued(world, Thrown(gravity), kShown));
    EXPECT_NEAR(scores.at("gravity_mps2").value(), gravity, 0.5) << gravity;
    EXPECT_NEAR(scores.at("gravity_error").value(), 1.0 - gravity / 9.81, 0.05) << gravity;
  }
}

std::vector<PathPoint> NoisyThrow(int count, uint64_t seed) {
  Random random(seed);
  std::vector<PathPoint> path;
  for (int k = 0; k < count; ++k) {
    const double t = k / 24.0;
    const Eigen::Vector2d noise(random.Normal(0.0, 0.004), random.Normal(0.0, 0.004));
    path.push_back({t, Eigen::Vector2d(0.9 * t, 4.0 * t - 4.905 * t * t) + noise, k});
  }
  return path;
}

TEST(ClosedFormsTest, TheLongerTheFlightTheNarrowerTheInterval) {
  double last = 1e9;
  for (const int count : {6, 9, 14, 20, 30}) {
    double width = 0.0;
    for (uint64_t seed = 0; seed < 20; ++seed) {
      const auto fall = RecoverGravity(NoisyThrow(count, seed), {{0, count - 1}}, 1e-4);
      ASSERT_TRUE(fall.has_value());
      EXPECT_LE(fall->low, fall->value);
      EXPECT_GE(fall->high, fall->value);
      width += (fall->high - fall->low) / 20.0;
    }
    EXPECT_LT(width, 0.6 * last) << count;
    last = width;
  }
}

TEST(ClosedFormsTest, TwoFlightsTellMoreThanOne) {
  const std::vector<PathPoint> path = NoisyThrow(20, 3);
  const auto one = RecoverGravity(path, {{0, 9}}, 1e-4);
  const auto both = RecoverGravity(path, {{0, 9}, {10, 19}}, 1e-4);
  EXPECT_LT(both->high - both->low, one->high - one->low);
}

TEST(ClosedFormsTest, RestitutionIsTheRootOfTheRatioOfHeights) {
  for (const double e : {0.2, 0.35, 0.5, 0.65, 0.8, 0.95}) {
    DiscWorld world = Falling(e);
    world.frames = 40;
    const Truth truth = world.MakeTruth();
    const Score restitution = Dynamics(truth, truth.video).at("restitution");
    ASSERT_TRUE(restitution.measured()) << e;
    // The highest point after the first contact, by the drawn path itself.
    double height_m = 0.0;
    for (double t = FirstGroundContact().time_s + 1e-3; t < 39 / 24.0; t += 1e-3) {
      height_m = std::max(height_m, world.discs[0].place_m(t).y() - 0.15);
    }
    // The lowest bounces are a few pixels high: there only the interval holds.
    const double tolerance = e > 0.3 ? 0.04 : 0.25;
    EXPECT_NEAR(restitution.value(), std::sqrt(height_m / (1.5 - 0.15)), tolerance) << e;
    EXPECT_LE(restitution.low(), e) << e;
    EXPECT_GE(restitution.high(), e) << e;
  }
}

TEST(ClosedFormsTest, AShiftInTimeIsTheContactsError) {
  const DiscWorld world = Falling(0.8);
  const Truth truth = world.MakeTruth();
  for (const int shift : {-4, -2, -1, 1, 2, 4}) {
    // The whole motion some frames later or earlier, also between frames.
    const Video sample = world.Film([&](int f, auto& shown) {
      if (f >= kShown) shown[0].place_m = world.discs[0].place_m(std::max(0, f - shift) / 24.0);
    });
    const Score error = Dynamics(truth, sample).at("contact_frame_error");
    EXPECT_NEAR(error.value(), std::abs(shift), 0.35) << shift;
    EXPECT_LE(error.low(), error.value());
    EXPECT_GE(error.high(), error.value());
  }
}

TEST(ClosedFormsTest, ADisplacementIsTheTrajectoryErrorInObjectSizes) {
  const DiscWorld world = Falling();
  const Truth truth = world.MakeTruth();
  for (const double angle : {0.0, 0.8, 2.0, 3.9}) {
    for (const double sizes : {0.1, 0.4, 1.0}) {
      const Eigen::Vector2d by = 0.3 * sizes * Eigen::Vector2d(std::cos(angle), std::sin(angle));
      const Score error = Dynamics(truth, world.Film([&](int f, auto& shown) {
                            if (f >= kShown) shown[0].place_m += by;
                          })).at("trajectory_error");
      EXPECT_NEAR(error.value(), sizes, 0.02 + 0.03 * sizes) << angle;
    }
  }
}

// Two equal discs meet head on; the one at rest stands to the right.
DiscWorld HeadOn(double e) {
  constexpr double kSpeed_mps = 1.4;
  constexpr double kMeet_s = 0.5;
  DiscWorld world;
  world.frames = 30;
  const auto after = [=](double t) { return std::max(0.0, t - kMeet_s); };
  world.discs = {{.name = "red ball"}, {.name = "blue ball", .rgb = {40, 70, 200}}};
  world.discs[0].place_m = [=](double t) {
    return Eigen::Vector2d(
        -0.85 + kSpeed_mps * std::min(t, kMeet_s) + 0.5 * (1.0 - e) * kSpeed_mps * after(t), 0.8);
  };
  world.discs[1].place_m = [=](double t) {
    return Eigen::Vector2d(0.15 + 0.5 * (1.0 + e) * kSpeed_mps * after(t), 0.8);
  };
  ContactEvent event;
  event.time_s = kMeet_s;
  event.body_a = 1;
  event.body_b = 2;
  event.normal = {-1.0, 0.0, 0.0};
  event.approach_mps = kSpeed_mps;
  world.contacts = {event};
  return world;
}

TEST(ClosedFormsTest, TwoBodiesPartWithTheShareOfTheirClosingSpeed) {
  for (const double e : {0.3, 0.6, 0.9}) {
    const Truth truth = HeadOn(e).MakeTruth();
    const ScoresByName scores = Dynamics(truth, truth.video);
    ASSERT_TRUE(scores.at("restitution").measured()) << e;
    EXPECT_NEAR(scores.at("restitution").value(), e, 0.08) << e;
    EXPECT_LT(scores.at("contact_frame_error").value(), 0.5) << e;
  }
}

TEST(ClosedFormsTest, AContactOfTwoFollowedBodiesIsAskedOnce) {
  const Truth truth = HeadOn(0.6).MakeTruth();
  const ScoresByName scores = Dynamics(truth, truth.video);
  EXPECT_EQ(scores.at("contact_frame_error").evidence().details.at("events").size(), 1u);
}

TEST(ClosedFormsTest, SlowTouchesAreNotAsked) {
  DiscWorld world = Falling();
  world.contacts[0].approach_mps = 0.29;
  const Truth slow = world.MakeTruth();
  const Score none = Dynamics(slow, slow.video).at("contact_frame_error");
  EXPECT_EQ(none.status(), ScoreStatus::kNotTested);
  EXPECT_EQ(none.reason().code, ReasonCode::kNoEvent);
  EXPECT_NE(none.reason().text.find("0.3 m/s"), std::string::npos);
  world.contacts[0].approach_mps = 0.31;
  const Truth quick = world.MakeTruth();
  EXPECT_TRUE(Dynamics(quick, quick.video).at("contact_frame_error").measured());
}

TEST(ClosedFormsTest, WithoutGravityNothingFalls) {
  DiscWorld world = Thrown(9.81);
  world.gravity_mps2 = 0.0;
  world.discs[0].place_m = Rolling({-0.6, 0.8}, 1.0);
  const Truth truth = world.MakeTruth();
  const ScoresByName scores = Dynamics(truth, truth.video);
  EXPECT_EQ(scores.at("gravity_mps2").status(), ScoreStatus::kNotTested);
  EXPECT_EQ(scores.at("gravity_mps2").reason().code, ReasonCode::kLawNotApplicable);
  EXPECT_DOUBLE_EQ(scores.at("lawfulness").value(), 1.0);
}

}  // namespace
}  // namespace plumb
