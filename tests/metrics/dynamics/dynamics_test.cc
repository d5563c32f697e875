// SPDX-License-Identifier: Apache-2.0
// dynamics.* as a whole, on discs that fall and bounce by closed form.
#include <gtest/gtest.h>

#include "tests/metrics/disc_scores.h"

namespace plumb {
namespace {

constexpr int kShown = 3;
ScoresByName Dynamics(const Truth& truth, const Video& sample) {
  return DynamicsOf({&truth, nullptr, &sample, kShown});
}

const Score& Get(const ScoresByName& scores, const std::string& name) { return scores.at(name); }

TEST(DynamicsTest, TheTruthItselfIsLawful) {
  const Truth truth = Falling().MakeTruth();
  const auto scores = Dynamics(truth, truth.video);
  EXPECT_DOUBLE_EQ(Get(scores, "lawfulness").value(), 1.0);
  EXPECT_DOUBLE_EQ(Get(scores, "trajectory_error").value(), 0.0);
  EXPECT_LT(Get(scores, "contact_frame_error").value(), 0.3);
  EXPECT_LT(Get(scores, "gravity_error").value(), 0.02);
  EXPECT_DOUBLE_EQ(Get(scores, "restitution_error").value(), 0.0);
}

TEST(DynamicsTest, GravityAndRestitutionComeBackWithinTheirIntervals) {
  for (const double restitution : {0.5, 0.7, 0.85}) {
    for (const double gravity : {6.0, 9.81}) {
      const Truth truth = Falling(restitution, gravity).MakeTruth();
      const auto scores = Dynamics(truth, truth.video);
      const Score& g = Get(scores, "gravity_mps2");
      EXPECT_LE(g.low(), gravity);
      EXPECT_GE(g.high(), gravity);
      EXPECT_LT(g.high() - g.low(), 0.1 * gravity);
      EXPECT_NEAR(Get(scores, "restitution").value(), restitution, 0.03);
    }
  }
}

TEST(DynamicsTest, TheWeakerTheGravityTheWorse) {
  const DiscWorld world = Falling();
  const Truth truth = world.MakeTruth();
  double last_error = 0.0;
  double last_lawfulness = 1.0;
  for (const double factor : {0.9, 0.7, 0.5, 0.25}) {
    const auto scores = Dynamics(truth, Continued(world, Falling(0.7, 9.81 * factor), kShown));
    EXPECT_NEAR(Get(scores, "gravity_error").value(), 1.0 - factor, 0.08) << factor;
    EXPECT_GT(Get(scores, "trajectory_error").value(), last_error) << factor;
    EXPECT_LT(Get(scores, "lawfulness").value(), last_lawfulness) << factor;
    last_error = Get(scores, "trajectory_error").value();
    last_lawfulness = Get(scores, "lawfulness").value();
  }
  EXPECT_LT(last_lawfulness, 0.5);
}

TEST(DynamicsTest, TheDeaderTheBounceTheWorse) {
  const DiscWorld world = Falling(0.8);
  const Truth truth = world.MakeTruth();
  double last = 0.0;
  for (const double restitution : {0.8, 0.7, 0.55, 0.4}) {
    const auto scores = Dynamics(truth, Continued(world, Falling(restitution), kShown));
    EXPECT_NEAR(Get(scores, "restitution_error").value(), 0.8 - restitution, 0.05) << restitution;
    EXPECT_GE(Get(scores, "trajectory_error").value(), last) << restitution;
    last = Get(scores, "trajectory_error").value();
  }
  EXPECT_GT(last, 0.1);
}

TEST(DynamicsTest, ALateContactIsCountedInFrames) {
  const DiscWorld world = Falling();
  const Truth truth = world.MakeTruth();
  for (const int late : {1, 2, 4}) {
    const Video sample = world.Film([&](int frame, auto& shown) {
      if (frame >= kShown) shown = world.Shown(std::max(kShown - 1, frame - late));
    });
    EXPECT_NEAR(Get(Dynamics(truth, sample), "contact_frame_error").value(), late, 0.4) << late;
  }
}

TEST(DynamicsTest, ABallThatIsNotThereIsAsBadAsCanBe) {
  const DiscWorld world = Falling();
  const Truth truth = world.MakeTruth();
  const auto scores = Dynamics(truth, world.Film([](int frame, auto& shown) {
    if (frame >= kShown) shown.clear();
  }));
  EXPECT_DOUBLE_EQ(Get(scores, "lawfulness").value(), 0.0);
  EXPECT_GT(Get(scores, "trajectory_error").value(), 3.0);
  EXPECT_EQ(Get(scores, "gravity_error").reason().code, ReasonCode::kObjectNotFound);
  EXPECT_FALSE(Get(scores, "restitution").measured());
}

TEST(DynamicsTest, VanishingNeverPays) {
  // A poor trajectory that is shown to the end is better than one that is cut off.
  const DiscWorld world = Falling();
  const Truth truth = world.MakeTruth();
  const DiscWorld weak = Falling(0.7, 7.0);
  const auto shown_to_the_end = Dynamics(truth, Continued(world, weak, kShown));
  const auto cut_off = Dynamics(truth, world.Film([&](int frame, auto& shown) {
    if (frame >= kShown) shown = weak.Shown(frame);
    if (frame >= 12) shown.clear();
  }));
  EXPECT_GT(Get(shown_to_the_end, "lawfulness").value(), Get(cut_off, "lawfulness").value());
  EXPECT_LT(Get(shown_to_the_end, "trajectory_error").value(),
            Get(cut_off, "trajectory_error").value());
}

TEST(DynamicsTest, FrozenIsAtTheBottom) {
  const DiscWorld world = Falling();
  const Truth truth = world.MakeTruth();
  const auto still = world.Shown(kShown - 1);
  const auto scores = Dynamics(truth, world.Film([&](int frame, auto& shown) {
    if (frame >= kShown) shown = still;
  }));
  EXPECT_LT(Get(scores, "lawfulness").value(), 0.05);
  EXPECT_NEAR(Get(scores, "gravity_error").value(), 1.0, 0.05);
  EXPECT_GT(Get(scores, "contact_frame_error").value(), 10.0);
}

TEST(DynamicsTest, BrightnessAndNoiseDoNotMatter) {
  const Truth truth = Falling().MakeTruth();
  const Video noisy = Filtered(truth.video, [](double v, size_t i) {
    return 0.95 * v + static_cast<double>((i * 2654435761u >> 7) % 7) - 3.0;
  });
  const auto scores = Dynamics(truth, noisy);
  EXPECT_GT(Get(scores, "lawfulness").value(), 0.95);
  EXPECT_LT(Get(scores, "trajectory_error").value(), 0.03);
}

TEST(DynamicsTest, WhereNothingMovesTheLawsDoNotApply) {
  DiscWorld world;
  world.frames = 12;
  world.discs = {{.place_m = Rolling({0.0, 0.5}, 0.0)}};
  const Truth truth = world.MakeTruth();
  for (const auto& [id, score] : Dynamics(truth, truth.video)) {
    EXPECT_EQ(score.status(), ScoreStatus::kNotTested) << id;
    EXPECT_EQ(score.reason().code, ReasonCode::kLawNotApplicable) << id;
  }
}

TEST(DynamicsTest, WithoutFreeFlightThereIsNoGravity) {
  DiscWorld world;
  world.discs = {{.place_m = Rolling({-0.7, 0.5}, 0.8)}};
  const Truth truth = world.MakeTruth();
  const auto scores = Dynamics(truth, truth.video);
  EXPECT_EQ(Get(scores, "gravity_error").reason().code, ReasonCode::kLawNotApplicable);
  EXPECT_EQ(Get(scores, "contact_frame_error").reason().code, ReasonCode::kNoEvent);
  EXPECT_DOUBLE_EQ(Get(scores, "lawfulness").value(), 1.0);
}

TEST(DynamicsTest, ABareTruthVideoGivesTrajectoriesOnly) {
  const DiscWorld world = Falling();
  const Video truth = world.Film();
  const Video weak = Continued(world, Falling(0.7, 5.0), kShown);
  const ScoresByName scores = DynamicsOf({nullptr, &truth, &weak, 0});
  EXPECT_GT(Get(scores, "trajectory_error").value(), 0.05);
  EXPECT_LT(Get(scores, "lawfulness").value(), 1.0);
  for (const char* name : {"gravity_mps2", "gravity_error", "restitution", "contact_frame_error"}) {
    EXPECT_EQ(Get(scores, name).reason().code, ReasonCode::kNoStates) << name;
  }
}

TEST(DynamicsTest, TwiceTheSameIsTheSame) {
  const DiscWorld world = Falling();
  const Truth truth = world.MakeTruth();
  const Video sample = Continued(world, Falling(0.5, 8.0), kShown);
  const auto once = Dynamics(truth, sample);
  const auto twice = Dynamics(truth, sample);
  for (const auto& [id, score] : once) {
    EXPECT_EQ(ToJson(score).dump(), ToJson(twice.at(id)).dump()) << id;
  }
}

}  // namespace
}  // namespace plumb
