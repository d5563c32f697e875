// SPDX-License-Identifier: Apache-2.0
// What is hidden, out of view and back in the scenarios of the group, over seeds.
#include <algorithm>

#include <gmock/gmock.h>

#include "scenes/catalogue.h"
#include "scenes/catalogue/permanence/internal_makers.h"
#include "scenes/checks.h"
#include "scenes/render.h"
#include "scenes/simulate.h"
#include "tests/scenes/internal_test_scenes.h"

namespace plumb {
namespace {

constexpr int kSeeds = 3;

RenderOptions Protocol() {
  RenderOptions options;
  options.width = options.height = 64;
  return options;
}

std::vector<int> ObjectsOf(const Scene& scene) {
  std::vector<int> objects;
  for (size_t b = 0; b < scene.bodies.size(); ++b) {
    if (scene.bodies[b].role == Role::kObject) objects.push_back(static_cast<int>(b));
  }
  return objects;
}

int FramesWith(const Truth& truth, int body, Presence presence) {
  int count = 0;
  for (const auto& views : truth.views) count += views[body].presence == presence;
  return count;
}

struct Story {
  const char* scenario;
  int objects;
  int occluded;     // objects that are occluded for six frames or more
  int out_of_view;  // objects that leave the picture for six frames or more
  int back;         // objects that are visible at the end
};

class PermanenceScenariosTest : public ::testing::TestWithParam<Story> {};

TEST_P(PermanenceScenariosTest, TellsItsStoryAndKeepsItsLaws) {
  const Story& story = GetParam();
  for (int seed = 0; seed < kSeeds; ++seed) {
    const Truth truth = MakeTruth(MakeScene(story.scenario, 31, seed), Protocol());
    for (const LawCheck& check : CheckTruth(truth)) {
      EXPECT_TRUE(check.passed) << truth.scene.id << ": " << check.name << " is " << check.measured
                                << ", expected " << check.expected;
    }
    const std::vector<int> objects = ObjectsOf(truth.scene);
    EXPECT_EQ(objects.size(), story.objects);
    int occluded = 0, out = 0, back = 0;
    for (const int body : objects) {
      EXPECT_EQ(truth.views.front()[body].presence, Presence::kVisible) << truth.scene.id;
      EXPECT_EQ(FramesWith(truth, body, Presence::kAbsent), 0);
      occluded += FramesWith(truth, body, Presence::kOccluded) >= 6;
      out += FramesWith(truth, body, Presence::kOutOfView) >= 6;
      back += truth.views.back()[body].presence == Presence::kVisible;
    }
    EXPECT_EQ(occluded, story.occluded) << truth.scene.id;
    EXPECT_EQ(out, story.out_of_view) << truth.scene.id;
    EXPECT_EQ(back, story.back) << truth.scene.id;
  }
}

INSTANTIATE_TEST_SUITE_P(All,
                         PermanenceScenariosTest,
                         ::testing::Values(Story{"occluder_pass", 2, 1, 0, 2},
                                           Story{"occluder_stop", 1, 1, 0, 0},
                                           Story{"occluder_two", 2, 2, 0, 2},
                                           Story{"tunnel", 1, 1, 0, 1},
                                           Story{"screen_falls", 1, 1, 0, 1},
                                           Story{"rotating_screen", 2, 1, 0, 2},
                                           Story{"look_away", 3, 0, 3, 3},
                                           Story{"crowd_count", 6, 3, 0, 6}),
                         [](const auto& info) { return info.param.scenario; });

// The checks must be able to fail.
TEST(PermanenceScenariosTestOfChecks, AnEarlyStopIsNoticed) {
  const Scene scene = MakeScene("occluder_stop", 31, 0);
  Motion motion = Simulate(scene, {});
  EXPECT_TRUE(AllPassed(CheckOccluderStop(scene, motion)));
  const int ball = ObjectsOf(scene).front();
  for (size_t k = 300; k < motion.states.size(); ++k) motion.states[k] = motion.states[299];
  EXPECT_FALSE(AllPassed(CheckOccluderStop(scene, motion)));
  EXPECT_FALSE(scene.bodies[ball].fixed);
}

TEST(PermanenceScenariosTestOfChecks, AScreenThatFallsTooSlowlyIsNoticed) {
  Scene scene = MakeScene("screen_falls", 31, 1);
  EXPECT_TRUE(AllPassed(CheckScreenFalls(scene, Simulate(scene, {}))));
  Body& screen = scene.bodies[FindBody(scene, "screen")];
  const double start_s = screen.path[1].time_s;
  Scene slow = scene;
  for (PoseKey& key : slow.bodies[FindBody(scene, "screen")].path) {
    if (key.time_s > start_s) key.time_s = start_s + 1.05 * (key.time_s - start_s);
  }
  EXPECT_FALSE(AllPassed(CheckScreenFalls(scene, Simulate(slow, {}))));
}

TEST(PermanenceScenariosTestOfChecks, AnUnevenTurnIsNoticed) {
  const Scene scene = MakeScene("rotating_screen", 31, 1);
  Scene uneven = scene;
  uneven.bodies[FindBody(scene, "screen")].path[2].time_s += 0.05;
  EXPECT_TRUE(AllPassed(CheckRotatingScreen(scene, Simulate(scene, {}))));
  EXPECT_FALSE(AllPassed(CheckRotatingScreen(scene, Simulate(uneven, {}))));
}

TEST(PermanenceScenariosTestOfChecks, ACameraThatLooksElsewhereIsNoticed) {
  Truth truth = MakeTruth(MakeScene("look_away", 31, 2), Protocol());
  EXPECT_TRUE(AllPassed(CheckLookAway(truth)));
  truth.cameras[20].camera_from_world.translation.x() += 0.01;
  EXPECT_FALSE(AllPassed(CheckLookAway(truth)));
}

}  // namespace
}  // namespace plumb
