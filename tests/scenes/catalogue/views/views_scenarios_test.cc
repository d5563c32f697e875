// SPDX-License-Identifier: Apache-2.0
// The cameras of the group "views" and what pictures show under them, over seeds.
#include <gmock/gmock.h>

#include "scenes/catalogue.h"
#include "scenes/catalogue/views/internal_camera_checks.h"
#include "scenes/catalogue/views/internal_makers.h"
#include "scenes/checks.h"
#include "scenes/render.h"
#include "tests/scenes/internal_test_scenes.h"

namespace plumb {
namespace {

RenderOptions Protocol(int frames) {
  RenderOptions options;
  options.width = options.height = 64;
  options.frames = frames;
  options.fps = frames / 2.0;  // the whole of the two seconds
  return options;
}

class ViewsScenariosTest : public ::testing::TestWithParam<const char*> {};

TEST_P(ViewsScenariosTest, KeepsItsLaws) {
  for (int seed = 0; seed < 3; ++seed) {
    const Truth truth = MakeTruth(MakeScene(GetParam(), 31, seed), Protocol(8));
    const std::vector<LawCheck> checks = CheckTruth(truth);
    EXPECT_GE(checks.size(), 5u);
    for (const LawCheck& check : checks) {
      EXPECT_TRUE(check.passed) << truth.scene.id << ": " << check.name << " is " << check.measured
                                << ", expected " << check.expected;
    }
  }
}

TEST_P(ViewsScenariosTest, ShowsSeveralObjectsAtTheStart) {
  for (int seed = 0; seed < 6; ++seed) {
    const Scene scene = MakeScene(GetParam(), 31, seed);
    const Truth truth = MakeTruth(scene, RenderOptions::PicturesOnly(Protocol(1)));
    int visible = 0;
    for (size_t b = 0; b < scene.bodies.size(); ++b) {
      if (scene.bodies[b].role != Role::kObject) continue;
      visible += truth.views[0][b].presence == Presence::kVisible;
    }
    EXPECT_GE(visible, 3) << scene.id;
  }
}

INSTANTIATE_TEST_SUITE_P(All,
                         ViewsScenariosTest,
                         ::testing::Values("orbit_room",
                                           "dolly_room",
                                           "loop_room",
                                           "yaw_room",
                                           "static_room",
                                           "handheld_room",
                                           "planar_wall",
                                           "low_texture_room",
                                           "dynamic_room",
                                           "corridor"),
                         [](const auto& info) { return std::string(info.param); });

// Each check must be able to fail: the exported cameras are moved by a millimetre.
TEST(ViewsScenariosTestOfChecks, ACameraOffItsPathIsNoticed) {
  for (const char* scenario : {"orbit_room", "dolly_room", "yaw_room", "static_room"}) {
    Truth truth = MakeTruth(MakeScene(scenario, 31, 0), Protocol(4));
    EXPECT_TRUE(AllPassed(CheckCameraPath(truth))) << scenario;
    truth.cameras[2].camera_from_world.translation.z() += 0.001;
    EXPECT_FALSE(AllPassed(CheckCameraPath(truth))) << scenario;
  }
}

TEST(ViewsScenariosTestOfChecks, ALoopThatDoesNotCloseIsNoticed) {
  Truth truth = MakeTruth(MakeScene("loop_room", 31, 0), Protocol(4));
  EXPECT_TRUE(AllPassed(CheckLoopRoom(truth)));
  truth.scene.camera.keys.back().eye_m.x() += 0.01;
  EXPECT_FALSE(AllPassed(CheckLoopRoom(truth)));
}

TEST(ViewsScenariosTestOfChecks, PointsBesideTheExportedCameraAreNoticed) {
  Truth truth = MakeTruth(MakeScene("dolly_room", 31, 1), Protocol(4));
  EXPECT_TRUE(AllPassed(CheckScenePoints(truth)));
  // A depth that is wrong by one percent.
  for (float& depth : truth.passes.depth_m.As<float>()) depth *= 1.01f;
  EXPECT_FALSE(AllPassed(CheckScenePoints(truth)));
}

TEST(ViewsScenariosTestOfChecks, ParallaxUnderARestingEyeIsNoticed) {
  Truth truth = MakeTruth(MakeScene("yaw_room", 31, 1), Protocol(4));
  EXPECT_TRUE(AllPassed(CheckNoParallax(truth)));
  for (float& flow : truth.passes.flow_px.As<float>()) flow += 0.02f;
  EXPECT_FALSE(AllPassed(CheckNoParallax(truth)));
  EXPECT_TRUE(CheckNoParallax(MakeTruth(MakeScene("dolly_room", 31, 1), Protocol(4))).empty());
}

TEST(ViewsScenariosTestOfChecks, APictureThatChangesIsNoticed) {
  Truth truth = MakeTruth(MakeScene("static_room", 31, 1), Protocol(4));
  EXPECT_TRUE(AllPassed(CheckStaticRoom(truth)));
  std::vector<Image> frames;
  for (int f = 0; f < 4; ++f) frames.push_back(truth.video.frame(f));
  frames[2].Pixel(5, 5)[0] ^= 1;
  truth.video = Video(frames, truth.video.fps());
  EXPECT_FALSE(AllPassed(CheckStaticRoom(truth)));
}

TEST(ViewsScenariosTestOfChecks, TravelIsMeasuredFromTheFirstCamera) {
  std::vector<Camera> cameras(3);
  cameras[1].camera_from_world.translation = {0, 0, 2};
  cameras[2].camera_from_world.translation = {0, 1, 0};
  const CameraTravel travel = TravelOf(cameras);
  EXPECT_EQ(travel.eye_m, 2);
  EXPECT_EQ(travel.eye_end_m, 1);
  EXPECT_EQ(travel.turn_rad, 0);
}

}  // namespace
}  // namespace plumb
