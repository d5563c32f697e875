// SPDX-License-Identifier: Apache-2.0
// What is carried in boxes and under cups: the laws of the group "containers".
#include <numbers>
#include <set>

#include "scenes/catalogue/containers/internal_vessels.h"
#include "scenes/render.h"
#include "tests/scenes/catalogue/internal_scenario_tests.h"

namespace plumb {
namespace {

TEST(ContainersTest, FallingThingsKeepTheirLawsAndWords) {
  ExpectLawsKept("contain", 3);
  ExpectToldInManyWays("contain");
}

TEST(ContainersTest, BothKindsOfContainerAreThereAndClosedAllRound) {
  std::set<size_t> sides;
  for (int seed = 0; seed < 20; ++seed) {
    const Scene scene = MakeScene("contain", kSuiteSeed, seed);
    size_t count = 0;
    for (const Body& body : scene.bodies) count += body.name.starts_with("side ");
    sides.insert(count);
    // From the middle outwards at half the height a board is met in every direction.
    for (int k = 0; k < 360; ++k) {
      const Eigen::AngleAxisd turn(k * std::numbers::pi / 180, Eigen::Vector3d::UnitZ());
      bool met = false;
      for (double out_m = 0.3; out_m < 0.8 && !met; out_m += 0.005) {
        const Eigen::Vector3d x = turn * Eigen::Vector3d(out_m, 0, 0.18);
        for (const Body& body : scene.bodies) {
          if (!body.name.starts_with("side ")) continue;
          const Eigen::Vector3d in_board = Inverse(body.world_from_body) * x;
          met |= (in_board.cwiseAbs() - body.shape.size_m / 2).maxCoeff() < 0;
        }
      }
      EXPECT_TRUE(met) << scene.id << " " << k;
    }
  }
  EXPECT_EQ(sides, (std::set<size_t>{4, 12}));
}

TEST(ContainersTest, AThingThatGoesThroughTheSideIsNoticed) {
  const Scene scene = MakeScene("contain", kSuiteSeed, 1);
  Motion motion = Simulate(scene, {});
  motion.states.back().back().world_from_body.translation = {0.9, 0, 0.2};
  const auto checks = CheckMotion(scene, motion);
  EXPECT_TRUE(Fails(checks, "beyond a side"));
  EXPECT_TRUE(Fails(checks, "at the end"));
}

TEST(ContainersTest, AThingThatSinksInIsNoticed) {
  const Scene scene = MakeScene("contain", kSuiteSeed, 1);
  Motion motion = Simulate(scene, {});
  ASSERT_FALSE(motion.step_contacts.empty());
  motion.step_contacts.back().depth_m = 0.0012;
  EXPECT_TRUE(Fails(CheckMotion(scene, motion), "overlap"));
}

TEST(ContainersTest, CarriedThingsKeepTheirLawsAndWords) {
  ExpectLawsKept("carry_in_box", 3);
  ExpectToldInManyWays("carry_in_box");
}

TEST(ContainersTest, SomeBoxesCarryAMugAndItKeepsItsPlace) {
  int mugs = 0;
  for (int seed = 0; seed < 20; ++seed) {
    const Scene scene = MakeScene("carry_in_box", kSuiteSeed, seed);
    const Body& stander = scene.bodies.back();
    if (stander.shape.kind == ShapeKind::kBox) continue;
    EXPECT_THAT(stander.name, ::testing::HasSubstr("mug"));
    EXPECT_THAT(scene.caption, ::testing::HasSubstr("mug"));
    if (mugs++ == 0) EXPECT_TRUE(AllPassed(CheckMotion(scene, Simulate(scene, {}))));
  }
  EXPECT_GT(mugs, 3);
  EXPECT_LT(mugs, 17);
}

TEST(ContainersTest, ShuffledCupsKeepTheirLawsAndWords) {
  ExpectLawsKept("cup_and_ball", 3);
  ExpectToldInManyWays("cup_and_ball");
}

TEST(ContainersTest, ABallThatLeavesTheBoxIsNoticed) {
  const Scene scene = MakeScene("carry_in_box", kSuiteSeed, 1);
  Motion motion = Simulate(scene, {});
  const int ball = static_cast<int>(scene.bodies.size()) - 2;
  motion.states.back()[ball].world_from_body.translation.y() += 0.8;
  EXPECT_TRUE(Fails(CheckMotion(scene, motion), "beyond the walls"));
}

TEST(ContainersTest, ABallThatSlidesWithTheBoxIsNoticed) {
  Scene scene = MakeScene("carry_in_box", kSuiteSeed, 1);
  // Of even density it would roll 2/7 of the way; a much larger moment of inertia holds it back.
  Intervention change;
  change.body = static_cast<int>(scene.bodies.size()) - 2;
  change.inertia_factor = 5 / 2.0;
  EXPECT_TRUE(Fails(CheckMotion(scene, Simulate(scene, {.interventions = {change}})), "2/7"));
}

TEST(ContainersTest, ASlipperyBlockIsNoticed) {
  Scene scene = MakeScene("carry_in_box", kSuiteSeed, 1);
  scene.bodies.back().material.friction = 0.02;
  EXPECT_TRUE(Fails(CheckMotion(scene, Simulate(scene, {})), "what stands"));
}

TEST(ContainersTest, ABallThatStaysBehindIsNoticed) {
  const Scene scene = MakeScene("cup_and_ball", kSuiteSeed, 1);
  Motion motion = Simulate(scene, {});
  const int ball = FindBody(scene, scene.bodies[4].name);
  ASSERT_EQ(scene.bodies[ball].role, Role::kObject);
  for (auto& states : motion.states) states[ball] = motion.states.front()[ball];
  const auto checks = CheckMotion(scene, motion);
  EXPECT_TRUE(Fails(checks, "beyond the inside"));
  EXPECT_TRUE(Fails(checks, "at the end"));
  EXPECT_TRUE(Fails(checks, "overlap"));
}

TEST(ContainersTest, TheCupsEndInAnyPlaceAndTheOutcomeSaysIt) {
  std::set<std::string> places;
  for (int seed = 0; seed < 12; ++seed) {
    const Scene scene = MakeScene("cup_and_ball", kSuiteSeed, seed);
    const BodyState end = Simulate(scene, {}).states.back()[4];
    const double x_m = end.world_from_body.translation.x();
    const std::string place = x_m < -0.26 ? "left" : (x_m < 0.26 ? "middle" : "right");
    EXPECT_THAT(scene.outcome, ::testing::HasSubstr(place)) << scene.id;
    places.insert(place);
  }
  EXPECT_EQ(places.size(), 3u);
}

TEST(ContainersTest, TheBallIsHiddenUnderItsCup) {
  const Scene scene = MakeScene("cup_and_ball", kSuiteSeed, 2);
  RenderOptions options;
  options.width = options.height = 96;
  options.fps = 8;
  options.frames = 24;
  const Truth truth = Render(scene, Simulate(scene, {.fps = 8}), options);
  EXPECT_EQ(truth.views.front()[4].presence, Presence::kVisible);
  EXPECT_EQ(truth.views[10][4].presence, Presence::kOccluded);
  EXPECT_EQ(FailuresOf(CheckTruth(truth)), "");
}

TEST(ContainersTest, OpenBoxIsOpenAboveAndClosedBelow) {
  Body box;
  box.shape = OpenBoxShape({{0.6, 0.4, 0.2}, 0.02});
  EXPECT_EQ(FaultOf(box.shape), "");
  EXPECT_NEAR(
      VolumeOf(box.shape), 0.64 * 0.44 * 0.02 + 2 * (0.02 * 0.44 * 0.2 + 0.6 * 0.02 * 0.2), 1e-12);
  const auto overlap_m = [&](const Eigen::Vector3d& x) {
    return OverlapWithBoards_m(box, {}, x, 0.05);
  };
  EXPECT_NEAR(overlap_m({0, 0, 0.07}), 0, 1e-12);
  EXPECT_NEAR(overlap_m({0.26, 0, 0.12}), 0.01, 1e-12);
  EXPECT_NEAR(overlap_m({0, 0, 0.06}), 0.01, 1e-12);
  EXPECT_LT(overlap_m({0, 0, 0.4}), 0);
}

TEST(ContainersTest, CupIsClosedRoundAndAbove) {
  Body cup;
  const CupSpec spec;
  cup.shape = CupShape(spec);
  EXPECT_EQ(FaultOf(cup.shape), "");
  // Its inside at the open end, all round.
  for (double angle = 0; angle < 6.28; angle += 0.1) {
    const Eigen::Vector3d out(std::cos(angle), std::sin(angle), 0);
    const Eigen::Vector3d wall = (spec.inner_radius_m + spec.wall_m / 2) * out;
    EXPECT_GT(OverlapWithBoards_m(cup, {}, wall + Eigen::Vector3d(0, 0, 0.01), 0.005), 0) << angle;
    EXPECT_LT(OverlapWithBoards_m(cup, {}, 0.9 * spec.inner_radius_m * out, 0.01), 0) << angle;
  }
  EXPECT_EQ(cup.shape.parts.back().shape.kind, ShapeKind::kCylinder);
  EXPECT_GT(cup.shape.parts.back().shape.size_m.x(), 2 * 0.12);
}

TEST(ContainersTest, LeadingIsSmoothAndEndsAtTheEnd) {
  EXPECT_EQ(Ease(-1), 0);
  EXPECT_EQ(Ease(2), 1);
  EXPECT_NEAR(Ease(0.5), 0.5, 1e-15);
  for (const double end : {0.0, 1.0}) EXPECT_NEAR(Ease(end + 1e-4) - Ease(end - 1e-4), 0, 1e-10);
  const auto keys = LeadAlong(1.01, 100, [](double time_s) {
    return Rigid3(Eigen::Quaterniond::Identity(), {time_s, 0, 0});
  });
  ASSERT_EQ(keys.size(), 102u);
  EXPECT_EQ(keys.front().time_s, 0);
  EXPECT_EQ(keys.back().time_s, 1.01);
  EXPECT_EQ(keys[7].world_from_body.translation.x(), keys[7].time_s);
}

}  // namespace
}  // namespace plumb
