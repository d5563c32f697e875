// SPDX-License-Identifier: Apache-2.0
#include "scenes/catalogue.h"

#include <set>

#include <gmock/gmock.h>

#include "core/errors.h"
#include "core/scene_json.h"
#include "scenes/checks.h"
#include "scenes/render.h"
#include "scenes/simulate.h"

namespace plumb {
namespace {

using ::testing::HasSubstr;

constexpr uint64_t kSuiteSeed = 11;
constexpr int kSeeds = 12;

class CatalogueTestOfScenario : public ::testing::TestWithParam<std::string> {};

std::vector<std::string> AllIds() {
  std::vector<std::string> ids;
  for (const ScenarioInfo& info : ListScenarios()) ids.emplace_back(info.id);
  return ids;
}

TEST(CatalogueTest, ListsTheScenariosWithWhatTheyCheck) {
  const std::vector<std::string> ids = AllIds();
  EXPECT_EQ(std::set<std::string>(ids.begin(), ids.end()).size(), ids.size());
  EXPECT_THAT(ids,
              ::testing::IsSupersetOf(
                  {"drop", "bounce", "collide", "incline_slide", "occluder_pass", "orbit_room"}));
  for (const ScenarioInfo& info : ListScenarios()) {
    EXPECT_FALSE(info.group.empty());
    EXPECT_FALSE(info.summary.empty());
    EXPECT_FALSE(info.check.empty());
  }
}

TEST(CatalogueTest, NamesTheNearestScenario) {
  try {
    MakeScene("bounc", kSuiteSeed, 1);
    FAIL() << "no exception";
  } catch (const UsageError& error) {
    EXPECT_THAT(error.what(), HasSubstr("'bounc'"));
    EXPECT_THAT(error.what(), HasSubstr("did you mean 'bounce'"));
  }
}

TEST_P(CatalogueTestOfScenario, IsAFunctionOfItsSeeds) {
  const std::string once = DumpJson(ToJson(MakeScene(GetParam(), kSuiteSeed, 3)));
  EXPECT_EQ(once, DumpJson(ToJson(MakeScene(GetParam(), kSuiteSeed, 3))));
  EXPECT_NE(once, DumpJson(ToJson(MakeScene(GetParam(), kSuiteSeed, 4))));
  EXPECT_NE(once, DumpJson(ToJson(MakeScene(GetParam(), kSuiteSeed + 1, 3))));
}

TEST_P(CatalogueTestOfScenario, LooksVary) {
  std::set<std::string> colours, floors, captions;
  std::set<double> sizes, eyes;
  for (int seed = 0; seed < kSeeds; ++seed) {
    const Scene scene = MakeScene(GetParam(), kSuiteSeed, seed);
    captions.insert(scene.caption);
    floors.insert(scene.bodies.front().material.name);
    eyes.insert(scene.camera.eye_m.x());
    for (const Body& body : scene.bodies) {
      if (body.role != Role::kObject) continue;
      colours.insert(body.name);
      sizes.insert(body.shape.size_m.x());
    }
  }
  EXPECT_GE(colours.size(), 4u);
  EXPECT_GE(floors.size(), 3u);
  EXPECT_EQ(captions.size(), kSeeds);
  EXPECT_EQ(eyes.size(), kSeeds);
  EXPECT_GE(sizes.size(), kSeeds);
}

TEST_P(CatalogueTestOfScenario, CaptionNamesTheObjectsAndNotTheOutcome) {
  for (int seed = 0; seed < kSeeds; ++seed) {
    const Scene scene = MakeScene(GetParam(), kSuiteSeed, seed);
    ASSERT_FALSE(scene.caption.empty());
    EXPECT_THAT(scene.caption, HasSubstr("camera"));
    EXPECT_EQ(scene.caption.back(), '.');
    for (const Body& body : scene.bodies) {
      if (body.role != Role::kObject) continue;
      // "red ball" stands in the caption as "red rubber ball".
      EXPECT_THAT(scene.caption, HasSubstr(body.name.substr(0, body.name.find(' '))));
      EXPECT_THAT(scene.caption, HasSubstr(body.name.substr(body.name.find(' ') + 1)));
      EXPECT_THAT(scene.caption, HasSubstr(body.material.name));
    }
    for (const char* outcome : {"fall",
                                "bounc",
                                "hit",
                                "collid",
                                "land",
                                "slide",
                                "slid ",
                                "reappear",
                                "disappear",
                                "hidden",
                                "vanish",
                                "emerge",
                                "stop"}) {
      EXPECT_THAT(scene.caption, ::testing::Not(HasSubstr(outcome)));
    }
  }
}

TEST_P(CatalogueTestOfScenario, ObjectsAreLargeAndInsideThePictureAtTheStart) {
  RenderOptions options;
  options.frames = 1;
  for (int seed = 0; seed < kSeeds; ++seed) {
    const Scene scene = MakeScene(GetParam(), kSuiteSeed, seed);
    const Truth truth = Render(scene,
                               Motion{24.0, {Simulate(scene, {}).states.front()}, {}},
                               RenderOptions::PicturesOnly(options));
    double largest_px = 0;
    for (size_t b = 0; b < scene.bodies.size(); ++b) {
      if (scene.bodies[b].role != Role::kObject) continue;
      const Eigen::Vector4d& box = truth.views[0][b].amodal_box_px;
      largest_px = std::max({largest_px, box[2], box[3]});
      EXPECT_GT(box[0], 0) << scene.bodies[b].name << " in " << scene.id;
      EXPECT_GT(box[1], 0);
      EXPECT_LT(box[0] + box[2], options.width) << scene.bodies[b].name << " in " << scene.id;
      EXPECT_LT(box[1] + box[3], options.height);
    }
    EXPECT_GE(largest_px, 0.1 * options.height) << scene.id;
  }
}

INSTANTIATE_TEST_SUITE_P(All,
                         CatalogueTestOfScenario,
                         ::testing::ValuesIn(AllIds()),
                         [](const auto& info) { return info.param; });

TEST(CatalogueTest, ADropLeavesThreeTenthsOfASecondOfFallAfterFiveFrames) {
  for (int seed = 0; seed < kSeeds; ++seed) {
    const Motion motion = Simulate(MakeScene("drop", kSuiteSeed, seed), {});
    ASSERT_FALSE(motion.contacts.empty());
    EXPECT_GE(motion.contacts.front().time_s - 5 / 24.0, 0.3);
  }
}

TEST(CatalogueTest, ABounceHasTwoImpactsInTwoSeconds) {
  for (int seed = 0; seed < kSeeds; ++seed) {
    EXPECT_GE(Simulate(MakeScene("bounce", kSuiteSeed, seed), {}).contacts.size(), 2u);
  }
}

TEST(CatalogueTest, ARoomOffersManyObjectsThatStandApart) {
  for (int seed = 0; seed < kSeeds; ++seed) {
    const Scene scene = MakeScene("orbit_room", kSuiteSeed, seed);
    int objects = 0;
    for (const Body& body : scene.bodies) objects += body.role == Role::kObject;
    EXPECT_GE(objects, 5) << scene.id;
    EXPECT_EQ(scene.camera.motion, CameraMotion::kArc);
  }
}

}  // namespace
}  // namespace plumb
