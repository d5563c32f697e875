// SPDX-License-Identifier: Apache-2.0
// The checks of the truth notice every break, each by its own name.
#include <algorithm>
#include <cmath>

#include <gmock/gmock.h>

#include "core/check.h"
#include "scenes/catalogue.h"
#include "scenes/checks.h"
#include "scenes/checks/internal_checks.h"
#include "scenes/render.h"
#include "scenes/simulate.h"
#include "tests/scenes/internal_test_scenes.h"

namespace plumb {
namespace {

using ::testing::Contains;
using ::testing::IsEmpty;

// Names of the checks that fail.
std::vector<std::string> Failed(const std::vector<LawCheck>& checks) {
  std::vector<std::string> names;
  for (const LawCheck& check : checks) {
    if (!check.passed) names.push_back(check.name);
  }
  return names;
}

int Mover(const Scene& scene) {
  for (size_t i = 0; i < scene.bodies.size(); ++i) {
    if (!scene.bodies[i].fixed) return static_cast<int>(i);
  }
  return -1;
}

struct Simulated {
  Scene scene;
  Motion motion;
};
Simulated SimulatedScene(const std::string& scenario) {
  const Scene scene = MakeScene(scenario, 31, 4);
  return {scene, Simulate(scene, {})};
}

// The motion with one body's states changed by a function of state and time.
template <typename Change>
Motion Changed(const Simulated& simulated, int body, Change change) {
  Motion motion = simulated.motion;
  for (size_t k = 0; k < motion.states.size(); ++k) {
    change(motion.states[k][body], k / motion.rate_hz);
  }
  return motion;
}

TEST(ChecksBrokenTest, ACheckPassesUpToItsToleranceAndNoFurther) {
  EXPECT_TRUE(Compare("a", "m", {1.0, 1.5, 0.5}).passed);
  EXPECT_TRUE(Compare("a", "m", {1.0, 0.5, 0.5}).passed);
  EXPECT_FALSE(Compare("a", "m", {1.0, 1.5001, 0.5}).passed);
  EXPECT_FALSE(Compare("a", "m", {1.0, std::nan(""), 0.5}).passed);
  const LawCheck check = Compare("height", "m", {1, 2, 3});
  EXPECT_EQ(check.name, "height");
  EXPECT_EQ(check.unit, "m");
  EXPECT_EQ(check.expected, 1);
  EXPECT_EQ(check.measured, 2);
  EXPECT_EQ(check.tolerance, 3);
}

TEST(ChecksBrokenTest, AllPassedNeedsAll) {
  LawCheck good, bad;
  good.passed = true;
  EXPECT_TRUE(AllPassed({}));
  EXPECT_TRUE(AllPassed({good, good}));
  EXPECT_FALSE(AllPassed({good, bad}));
}

TEST(ChecksBrokenTest, ADropThatIsSlowLateOrNeverLands) {
  const Simulated drop = SimulatedScene("drop");
  const int body = Mover(drop.scene);
  EXPECT_THAT(Failed(CheckMotion(drop.scene, drop.motion)), IsEmpty());
  Motion late = drop.motion;
  late.contacts[0].time_s += 0.01;
  EXPECT_THAT(Failed(CheckMotion(drop.scene, late)),
              ::testing::ElementsAre("time of first contact"));
  Motion never = drop.motion;
  never.contacts.clear();
  EXPECT_THAT(Failed(CheckMotion(drop.scene, never)), Contains("time of first contact"));
  const Motion high = Changed(drop, body, [](BodyState& state, double time_s) {
    if (time_s > 0.1) state.world_from_body.translation.z() += 1e-4;
  });
  EXPECT_THAT(Failed(CheckMotion(drop.scene, high)), ::testing::ElementsAre("height fallen"));
  const Motion slow =
      Changed(drop, body, [](BodyState& state, double) { state.velocity_mps *= 0.999; });
  EXPECT_THAT(Failed(CheckMotion(drop.scene, slow)), ::testing::ElementsAre("speed of fall"));
}

TEST(ChecksBrokenTest, ABounceWithTheWrongRestitutionOrRhythm) {
  const Simulated bounce = SimulatedScene("bounce");
  const int ball = Mover(bounce.scene);
  EXPECT_THAT(Failed(CheckMotion(bounce.scene, bounce.motion)), IsEmpty());
  const Motion lively = Changed(bounce, ball, [](BodyState& state, double) {
    if (state.velocity_mps.z() > 0) state.velocity_mps.z() *= 1.02;
  });
  EXPECT_THAT(Failed(CheckMotion(bounce.scene, lively)), Contains("restitution at impact 1"));
  Motion early = bounce.motion;
  ASSERT_GE(early.contacts.size(), 2u);
  early.contacts[1].time_s -= 0.02;
  EXPECT_THAT(Failed(CheckMotion(bounce.scene, early)), Contains("flight after impact 1"));
  Motion once = bounce.motion;
  once.contacts.resize(1);
  EXPECT_THAT(Failed(CheckMotion(bounce.scene, once)),
              Contains("impacts in the clip, two at least"));
}

TEST(ChecksBrokenTest, ACollisionThatLosesMomentumOrNeverHappens) {
  const Simulated collide = SimulatedScene("collide");
  EXPECT_THAT(Failed(CheckMotion(collide.scene, collide.motion)), IsEmpty());
  Motion passing = collide.motion;
  std::erase_if(passing.contacts, [&](const ContactEvent& contact) {
    return !collide.scene.bodies[contact.body_a].fixed &&
           !collide.scene.bodies[contact.body_b].fixed;
  });
  EXPECT_THAT(Failed(CheckMotion(collide.scene, passing)), ::testing::ElementsAre("the two meet"));
  const auto impact = std::find_if(
      collide.motion.contacts.begin(), collide.motion.contacts.end(), [&](const auto& contact) {
        return !collide.scene.bodies[contact.body_a].fixed;
      });
  ASSERT_NE(impact, collide.motion.contacts.end());
  const double impact_s = impact->time_s;
  const auto scaled_after = [&](const Eigen::Vector3d& added_mps) {
    return Changed(collide, impact->body_a, [=](BodyState& state, double time_s) {
      if (time_s > impact_s) state.velocity_mps += added_mps;
    });
  };
  EXPECT_THAT(Failed(CheckMotion(collide.scene, scaled_after({0.1, 0, 0}))),
              Contains("momentum along the motion"));
  EXPECT_THAT(Failed(CheckMotion(collide.scene, scaled_after({0, 0.1, 0}))),
              Contains("momentum across the motion"));
  EXPECT_THAT(Failed(CheckMotion(collide.scene, scaled_after({0.1, 0, 0}))),
              Contains("separation over closing speed"));
}

TEST(ChecksBrokenTest, ASlideThatIsTooFastOrLiftsOff) {
  const Simulated slide = SimulatedScene("incline_slide");
  const int block = Mover(slide.scene);
  EXPECT_THAT(Failed(CheckMotion(slide.scene, slide.motion)), IsEmpty());
  const Motion fast =
      Changed(slide, block, [](BodyState& state, double) { state.velocity_mps *= 1.2; });
  EXPECT_THAT(Failed(CheckMotion(slide.scene, fast)),
              ::testing::ElementsAre("acceleration down the ramp"));
  const Eigen::Vector3d up =
      slide.scene.bodies[block].world_from_body.rotation * Eigen::Vector3d::UnitZ();
  const Motion floating = Changed(slide, block, [&](BodyState& state, double time_s) {
    if (time_s > 0) state.world_from_body.translation += 0.01 * up;
  });
  EXPECT_THAT(Failed(CheckMotion(slide.scene, floating)), Contains("distance off the ramp"));
  const Motion ahead = Changed(slide, block, [](BodyState& state, double time_s) {
    state.world_from_body.translation.y() += time_s;
  });
  EXPECT_THAT(Failed(CheckMotion(slide.scene, ahead)), Contains("distance down the ramp"));
  Scene rampless = slide.scene;
  rampless.bodies[FindBody(rampless, "ramp")].name = "plank";
  EXPECT_THROW(CheckMotion(rampless, slide.motion), CheckFailure);
}

TEST(ChecksBrokenTest, ARollThatSlipsOrSlows) {
  const Simulated pass = SimulatedScene("occluder_pass");
  const int ball = Mover(pass.scene);
  EXPECT_THAT(Failed(CheckMotion(pass.scene, pass.motion)), IsEmpty());
  const Motion slipping =
      Changed(pass, ball, [](BodyState& state, double) { state.angular_velocity_radps *= 0.9; });
  EXPECT_THAT(Failed(CheckMotion(pass.scene, slipping)),
              ::testing::ElementsAre("slip between ball and floor"));
  const Motion slowing =
      Changed(pass, ball, [](BodyState& state, double) { state.velocity_mps *= 0.98; });
  EXPECT_THAT(Failed(CheckMotion(pass.scene, slowing)), Contains("speed at the end"));
  const Motion jumping = Changed(pass, ball, [](BodyState& state, double time_s) {
    if (time_s > 1) state.world_from_body.translation.x() += 0.02;
  });
  EXPECT_THAT(Failed(CheckMotion(pass.scene, jumping)),
              ::testing::ElementsAre("distance from where constant speed leads"));
}

TEST(ChecksBrokenTest, ARoomInWhichAnythingStirs) {
  const Simulated room = SimulatedScene("orbit_room");
  EXPECT_THAT(Failed(CheckMotion(room.scene, room.motion)), IsEmpty());
  Motion stirred = room.motion;
  stirred.states[100].back().world_from_body.translation.x() += 1e-9;
  EXPECT_THAT(Failed(CheckMotion(room.scene, stirred)),
              ::testing::ElementsAre("largest movement of any body"));
}

TEST(ChecksBrokenTest, MotionsThatDoNotBelongToTheSceneAreRefused) {
  const Simulated drop = SimulatedScene("drop");
  EXPECT_THROW(CheckMotion(drop.scene, Motion()), CheckFailure);
  Motion other = drop.motion;
  for (auto& states : other.states) states.pop_back();
  EXPECT_THROW(CheckMotion(drop.scene, other), CheckFailure);
  Scene still = drop.scene;
  for (Body& body : still.bodies) body.fixed = true;
  EXPECT_THROW(CheckMotion(still, drop.motion), CheckFailure);
}

class ChecksBrokenTestOfPictures : public ::testing::Test {
 protected:
  ChecksBrokenTestOfPictures()
      : truth_(MakeTruth(MakeScene("occluder_pass", 31, 1), SmallOptions(48))) {}
  Truth truth_;
};

TEST_F(ChecksBrokenTestOfPictures, AFlowThatIsOffByAHundredthOfAPixel) {
  for (float& value : truth_.passes.flow_px.As<float>()) value += 0.02f;
  EXPECT_THAT(Failed(CheckTruth(truth_)), Contains("largest reprojection error of the flow"));
}

TEST_F(ChecksBrokenTestOfPictures, ADepthThatDoesNotFitTheFlow) {
  // A ball at another depth would flow at another speed.
  for (float& value : truth_.passes.depth_m.As<float>()) value *= 1.2f;
  EXPECT_THAT(Failed(CheckTruth(truth_)), Contains("largest reprojection error of the flow"));
}

TEST_F(ChecksBrokenTestOfPictures, AnAmodalMaskWithAHole) {
  auto amodal = truth_.passes.amodal.As<uint8_t>();
  std::fill(amodal.begin(), amodal.end(), 0);
  EXPECT_THAT(Failed(CheckTruth(truth_)), Contains("seen pixels outside the amodal mask"));
}

TEST_F(ChecksBrokenTestOfPictures, AnObjectAtTheBorder) {
  truth_.views[0][Mover(truth_.scene)].amodal_box_px[0] = 0;
  EXPECT_THAT(Failed(CheckTruth(truth_)), Contains("objects at the border of the first picture"));
}

TEST_F(ChecksBrokenTestOfPictures, AnOcclusionThatComesLateOrNeverEnds) {
  const int ball = Mover(truth_.scene);
  EXPECT_THAT(Failed(CheckTruth(truth_)), IsEmpty());
  Truth never = truth_;
  for (auto& views : never.views) {
    views[ball].presence = Presence::kVisible;
    views[ball].visible_share = 1;
  }
  EXPECT_THAT(Failed(CheckTruth(never)), Contains("first picture without the ball"));
  EXPECT_THAT(Failed(CheckTruth(never)), Contains("last picture without the ball"));
  Truth endless = truth_;
  endless.views.back()[ball].visible_share = 0.5;
  EXPECT_THAT(Failed(CheckTruth(endless)), ::testing::ElementsAre("visible share at the end"));
}

}  // namespace
}  // namespace plumb
