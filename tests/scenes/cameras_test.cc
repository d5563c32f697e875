// SPDX-License-Identifier: Apache-2.0
#include "scenes/cameras.h"

#include <set>

#include <gmock/gmock.h>

#include "core/errors.h"
#include "scenes/catalogue.h"
#include "scenes/render.h"
#include "scenes/simulate.h"

namespace plumb {
namespace {

using ::testing::HasSubstr;
using ::testing::Not;

RenderOptions Small(int frames) {
  RenderOptions options;
  options.width = options.height = 64;
  options.frames = frames;
  return RenderOptions::PicturesOnly(options);
}

// The scene as it stands, for one picture without a simulation.
Motion AtStart(const Scene& scene) {
  Motion motion;
  motion.rate_hz = 24;
  motion.states.resize(1);
  for (const Body& body : scene.bodies) motion.states[0].push_back({body.world_from_body});
  return motion;
}

std::vector<std::string> AllScenarioIds() {
  std::vector<std::string> ids;
  for (const ScenarioInfo& info : ListScenarios()) ids.emplace_back(info.id);
  return ids;
}

class CamerasTestOfScenario : public ::testing::TestWithParam<std::string> {};

TEST_P(CamerasTestOfScenario, EveryCameraShowsEveryObject) {
  for (const std::string_view view : ListCameraViews()) {
    const Scene scene = WithCamera(MakeScene(GetParam(), 5, 2), view);
    const Truth truth = Render(scene, AtStart(scene), Small(1));
    for (size_t b = 0; b < scene.bodies.size(); ++b) {
      if (scene.bodies[b].role != Role::kObject) continue;
      const BodyView& seen = truth.views[0][b];
      EXPECT_NE(seen.presence, Presence::kOutOfView) << scene.bodies[b].name << " " << view;
      EXPECT_GT(seen.amodal_box_px[0], 0) << scene.bodies[b].name << " " << view;
      EXPECT_LT(seen.amodal_box_px[0] + seen.amodal_box_px[2], 64) << scene.bodies[b].name;
      EXPECT_GT(seen.amodal_box_px[1], 0) << scene.bodies[b].name << " " << view;
      EXPECT_LT(seen.amodal_box_px[1] + seen.amodal_box_px[3], 64) << scene.bodies[b].name;
    }
  }
}

TEST_P(CamerasTestOfScenario, TheWordsAboutTheCameraAreReplaced) {
  const Scene before = MakeScene(GetParam(), 5, 3);
  for (const std::string_view view : ListCameraViews()) {
    const Scene scene = WithCamera(before, view);
    const std::string looks = view == "top"       ? "camera looks down from above"
                              : view == "oblique" ? "camera looks down at an angle"
                                                  : "camera looks from the front";
    EXPECT_THAT(scene.caption, HasSubstr(looks));
    EXPECT_NE(scene.caption, before.caption);
    std::set<std::string> texts(scene.paraphrases.begin(), scene.paraphrases.end());
    texts.insert(scene.caption);
    EXPECT_EQ(texts.size(), scene.paraphrases.size() + 1);
    for (const std::string& text : texts) {
      EXPECT_THAT(text, HasSubstr(looks));
      EXPECT_THAT(text, Not(HasSubstr("he camera does not move")));
      EXPECT_EQ(text.back(), '.');
    }
    EXPECT_EQ(scene.outcome, before.outcome);
    EXPECT_EQ(scene.bodies.size(), before.bodies.size());
  }
}

INSTANTIATE_TEST_SUITE_P(All,
                         CamerasTestOfScenario,
                         ::testing::ValuesIn(AllScenarioIds()),
                         [](const auto& info) { return info.param; });

TEST(CamerasTest, LooksFromWhereTheNameSays) {
  const Scene scene = MakeScene("drop", 5, 0);
  const auto direction = [&](std::string_view view) {
    const CameraPath path = WithCamera(scene, view).camera;
    return Eigen::Vector3d((path.eye_m - path.target_m).normalized());
  };
  EXPECT_LT(direction("front").y(), -0.9);
  EXPECT_NEAR(direction("oblique").x(), -direction("oblique").y(), 1e-9);
  EXPECT_GT(direction("top").z(), 0.95);
  EXPECT_EQ(WithCamera(scene, "moving").camera.motion, CameraMotion::kArc);
  EXPECT_EQ(ListCameraViews().size(), 4u);
}

TEST(CamerasTest, AnUnknownCameraIsRefusedWithTheNearestName) {
  try {
    WithCamera(MakeScene("drop", 5, 0), "frnt");
    FAIL() << "no exception";
  } catch (const UsageError& error) {
    EXPECT_THAT(error.what(), HasSubstr("did you mean 'front'"));
  }
}

TEST(CamerasTest, ASceneWithoutWordsGetsThemAndOneWithoutObjectsIsSeen) {
  Scene scene = MakeScene("drop", 5, 0);
  scene.caption = "A ball hangs in the air.";
  EXPECT_EQ(WithCamera(scene, "front").caption,
            "A ball hangs in the air. The camera looks from the front and does not move.");
  for (Body& body : scene.bodies) body.role = Role::kStructure;
  EXPECT_NO_THROW(WithCamera(scene, "top"));
}

struct Protocol {
  int width, height, frames;
  double fps, duration_s;
};

class CamerasTestOfProtocol : public ::testing::TestWithParam<Protocol> {};

TEST_P(CamerasTestOfProtocol, ASampleOfTheCatalogueRunsAtAnySizeRateAndLength) {
  const Protocol& protocol = GetParam();
  for (const char* scenario : {"bounce", "screen_falls", "look_away", "loop_room"}) {
    Scene scene = MakeScene(scenario, 5, 1);
    scene.duration_s = protocol.duration_s;
    RenderOptions options = Small(protocol.frames);
    options.width = protocol.width;
    options.height = protocol.height;
    options.fps = protocol.fps;
    const Truth truth = MakeTruth(scene, options);
    EXPECT_EQ(truth.num_frames(), protocol.frames);
    EXPECT_EQ(truth.video.width(), protocol.width);
    EXPECT_EQ(truth.video.height(), protocol.height);
    EXPECT_GE(truth.motion.states.size(),
              static_cast<size_t>(protocol.duration_s * truth.motion.rate_hz));
    for (size_t b = 0; b < scene.bodies.size(); ++b) {
      if (scene.bodies[b].role != Role::kObject) continue;
      EXPECT_NE(truth.views[0][b].presence, Presence::kOutOfView) << scenario;
    }
  }
}

INSTANTIATE_TEST_SUITE_P(All,
                         CamerasTestOfProtocol,
                         ::testing::Values(Protocol{64, 64, 8, 8, 1},
                                           Protocol{64, 64, 40, 8, 20},
                                           Protocol{48, 96, 6, 60, 2},
                                           Protocol{96, 48, 6, 30, 3},
                                           Protocol{512, 288, 1, 24, 2},
                                           Protocol{1280, 720, 1, 24, 2},
                                           Protocol{720, 1280, 1, 24, 2}));

}  // namespace
}  // namespace plumb
