// SPDX-License-Identifier: Apache-2.0
// The group "planes": its laws hold on many seeds and notice what breaks them.
#include <cmath>

#include <gmock/gmock.h>

#include "scenes/catalogue/internal_ramp.h"
#include "scenes/catalogue/planes/internal_planes.h"
#include "scenes/checks/internal_motion_laws.h"
#include "scenes/simulate.h"
#include "tests/scenes/catalogue/internal_scenario_tests.h"

namespace plumb {
namespace {

class PlanesTestOfScenario : public ::testing::TestWithParam<std::string> {};

TEST_P(PlanesTestOfScenario, KeepsItsLaws) { ExpectLawsKept(GetParam(), 4); }
TEST_P(PlanesTestOfScenario, IsToldInManyWays) { ExpectToldInManyWays(GetParam()); }

TEST_P(PlanesTestOfScenario, NoticesAJump) {
  Intervention change;
  change.time_s = 0.3;
  change.body = FirstMover(MakeScene(GetParam(), kSuiteSeed, 1));
  change.jump_m = {0.1, 0, 0.08};
  EXPECT_FALSE(AllPassed(ChecksWith(GetParam(), change)));
}

INSTANTIATE_TEST_SUITE_P(
    All,
    PlanesTestOfScenario,
    ::testing::Values("incline_slide", "incline_hold", "u_slope", "slide_stop", "ramp_launch"),
    [](const auto& info) { return info.param; });

// The check of a scene on the motion of the same scene made of something else.
std::vector<LawCheck> ChecksWithFriction(const std::string& scenario, double factor) {
  const Scene scene = MakeScene(scenario, kSuiteSeed, 1);
  Scene other = scene;
  other.bodies[FirstMover(other)].material.friction *= factor;
  return CheckMotion(scene, Simulate(other, {}));
}

TEST(PlanesTest, OtherFrictionIsNoticed) {
  EXPECT_TRUE(Fails(ChecksWithFriction("slide_stop", 1.02), "acceleration"));
  EXPECT_TRUE(Fails(ChecksWithFriction("slide_stop", 1.02), "way until"));
  EXPECT_TRUE(Fails(ChecksWithFriction("incline_hold", 0.3), "largest movement"));
  EXPECT_TRUE(Fails(ChecksWithFriction("ramp_launch", 0.05), "acceleration on the ramp"));
  EXPECT_TRUE(Fails(ChecksWithFriction("u_slope", 0.0), "time to the lowest point"));
}

TEST(PlanesTest, TheRaceKeepsItsLawsAndNoticesSlipAndInertia) {
  ExpectLawsKept("incline_roll", 4);
  ExpectToldInManyWays("incline_roll");
  EXPECT_TRUE(Fails(ChecksWithFriction("incline_roll", 0.02), "slip of the"));
  Intervention change;
  change.body = FirstMover(MakeScene("incline_roll", kSuiteSeed, 1));
  change.inertia_factor = 1.5;
  EXPECT_TRUE(Fails(ChecksWith("incline_roll", change), "acceleration of the"));
}

TEST(PlanesTest, OtherGravityIsNoticedOnTheTrack) {
  Intervention change;
  change.gravity_factor = 0.99;
  EXPECT_TRUE(Fails(ChecksWith("u_slope", change), "time to the lowest point"));
  EXPECT_TRUE(Fails(ChecksWith("u_slope", change), "speed at the lowest point"));
  change.gravity_factor = 0.97;
  EXPECT_TRUE(Fails(ChecksWith("ramp_launch", change), "acceleration"));
}

TEST(PlanesTest, ABlockThatHoldsStandsBelowItsFrictionAngle) {
  for (int seed = 0; seed < 20; ++seed) {
    const Scene scene = MakeScene("incline_hold", 7, seed);
    const Body& block = scene.bodies[FirstMover(scene)];
    const double up = (block.world_from_body.rotation * Eigen::Vector3d::UnitZ()).z();
    EXPECT_LT(std::tan(std::acos(up)), 0.95 * block.material.friction) << scene.id;
    EXPECT_GT(std::acos(up), 0.15);
  }
}

TEST(PlanesTest, ASlidingBlockStopsInsideThePictureWithinTheClip) {
  for (int seed = 0; seed < 20; ++seed) {
    const Scene scene = MakeScene("slide_stop", 7, seed);
    const Body& block = scene.bodies[FirstMover(scene)];
    const double a = block.material.friction * 9.81;
    EXPECT_LT(block.velocity_mps.norm() / a, 0.95 * scene.duration_s) << scene.id;
    // It doesn't topple: the grip's lever is shorter than half of its foot.
    EXPECT_LT(block.material.friction * block.shape.size_m.z(), block.shape.size_m.x());
  }
}

TEST(PlanesTest, ARampPlacesThingsOnItsSurface) {
  Ramp ramp;
  ramp.angle_rad = 0.3;
  for (const double side : {-1.0, 1.0}) {
    ramp.side = side;
    EXPECT_GT(ramp.Downhill().x() * side, 0);
    EXPECT_LT(ramp.Downhill().z(), 0);
    EXPECT_NEAR(ramp.Downhill().dot(ramp.Normal()), 0, 1e-12);
    const Rigid3 high = ramp.Place(0.2, 0.1, 0.15);
    const Rigid3 low = ramp.Place(1.2, 0.1, 0.15);
    // A metre downhill, and as high above the slab as asked for.
    EXPECT_NEAR((low.translation - high.translation - ramp.Downhill()).norm(), 0, 1e-12);
    const Eigen::Vector3d in_slab = Inverse(ramp.Slab().world_from_body) * high.translation;
    EXPECT_NEAR(in_slab.z(), ramp.thick_m / 2 + 0.15, 2e-6);
    EXPECT_NEAR(in_slab.y(), 0.1, 1e-12);
  }
}

TEST(PlanesTest, ALiftedRampHangsHigher) {
  Ramp ramp;
  const double on_floor_m = ramp.Slab().world_from_body.translation.z();
  ramp.lift_m = 0.4;
  EXPECT_NEAR(ramp.Slab().world_from_body.translation.z(), on_floor_m + 0.4, 1e-12);
  for (const Body& post : ramp.Posts()) {
    EXPECT_NEAR(post.world_from_body.translation.z(), post.shape.size_m.z() / 2, 1e-12);
  }
}

}  // namespace
}  // namespace plumb
