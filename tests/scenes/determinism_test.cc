// SPDX-License-Identifier: Apache-2.0
// The same arguments give the same bytes, whatever else the program does.
#include <thread>

#include <gmock/gmock.h>
#include <immintrin.h>

#include "scenes/catalogue.h"
#include "scenes/render.h"
#include "scenes/rendering/internal_frame_renderer.h"
#include "scenes/sabotage.h"
#include "scenes/simulate.h"
#include "tests/scenes/internal_test_scenes.h"

namespace plumb {
namespace {

RenderOptions TinyOptions(int frames) {
  RenderOptions options = SmallOptions(frames);
  options.width = options.height = 48;
  return options;
}

uint64_t DigestOfScenario(const std::string& scenario) {
  return DigestOf(MakeTruth(MakeScene(scenario, 29, 3), TinyOptions(4)));
}

// Bits of all states and contacts.
std::vector<double> NumbersOf(const Motion& motion) {
  std::vector<double> numbers = {motion.rate_hz};
  const auto add = [&](const auto& values) {
    numbers.insert(numbers.end(), values.data(), values.data() + values.size());
  };
  for (const auto& states : motion.states) {
    for (const BodyState& state : states) {
      add(state.world_from_body.translation);
      add(state.world_from_body.rotation.coeffs());
      add(state.velocity_mps);
      add(state.angular_velocity_radps);
    }
  }
  for (const ContactEvent& contact : motion.contacts) {
    numbers.push_back(contact.time_s);
    add(contact.point_m);
    add(contact.normal);
    numbers.push_back(contact.impulse_ns);
    numbers.push_back(contact.approach_mps);
  }
  return numbers;
}

class DeterminismTestOfScenario : public ::testing::TestWithParam<std::string> {};

TEST_P(DeterminismTestOfScenario, MotionRepeatsBitForBit) {
  const Scene scene = MakeScene(GetParam(), 29, 3);
  EXPECT_EQ(NumbersOf(Simulate(scene, {})), NumbersOf(Simulate(scene, {})));
}

TEST_P(DeterminismTestOfScenario, AnotherSceneInBetweenChangesNothing) {
  const Scene scene = MakeScene(GetParam(), 29, 3);
  const auto alone = NumbersOf(Simulate(scene, {}));
  Simulate(MakeScene("drop", 1, 1), {});
  Simulate(MakeScene("collide", 1, 1), {.fps = 30});
  EXPECT_EQ(alone, NumbersOf(Simulate(scene, {})));
}

TEST_P(DeterminismTestOfScenario, ALongerMotionBeginsWithTheShorter) {
  const Scene scene = MakeScene(GetParam(), 29, 3);
  const Motion brief = Simulate(scene, {.duration_s = 0.5});
  Motion longer = Simulate(scene, {.duration_s = 1.0});
  longer.states.resize(brief.states.size());
  longer.contacts.resize(brief.contacts.size());
  EXPECT_EQ(NumbersOf(brief), NumbersOf(longer));
}

TEST_P(DeterminismTestOfScenario, PicturesAndPassesDoNotDependOnThreads) {
  const uint64_t alone = DigestOfScenario(GetParam());
  uint64_t first = 0, second = 0;
  std::thread one([&] { first = DigestOfScenario(GetParam()); });
  std::thread two([&] { second = DigestOfScenario(GetParam()); });
  one.join();
  two.join();
  EXPECT_EQ(alone, first);
  EXPECT_EQ(alone, second);
}

INSTANTIATE_TEST_SUITE_P(
    All,
    DeterminismTestOfScenario,
    ::testing::Values("drop", "bounce", "collide", "incline_slide", "occluder_pass", "orbit_room"),
    [](const auto& info) { return info.param; });

TEST(DeterminismTest, InterleavedRenderingsDoNotMeet) {
  // Two motions, rendered in turn and again in the other order.
  const uint64_t collide = DigestOfScenario("collide");
  const uint64_t room = DigestOfScenario("orbit_room");
  EXPECT_NE(collide, room);
  EXPECT_EQ(DigestOfScenario("orbit_room"), room);
  EXPECT_EQ(DigestOfScenario("collide"), collide);
}

TEST(DeterminismTest, WhereARenderingStartsDoesNotShow) {
  // What is kept of a still camera's first frame must not depend on which frame that was.
  for (const char* scenario : {"drop", "occluder_pass", "orbit_room"}) {
    const Scene scene = MakeScene(scenario, 29, 4);
    const Motion motion = Simulate(scene, {});
    const RenderOptions options = RenderOptions::PicturesOnly(TinyOptions(8));
    const std::vector<Image> all = RenderPictures({scene, motion, options, {}, 0}, {});
    for (const int first : {3, 7}) {
      const std::vector<Image> rest = RenderPictures({scene, motion, options, {}, first}, {});
      EXPECT_EQ(rest, std::vector<Image>(all.begin() + first, all.end())) << scenario;
    }
    EXPECT_EQ(all, MakeTruth(scene, TinyOptions(8)).video.frames());
  }
}

TEST(DeterminismTest, TheCallersFloatModeDoesNotMatter) {
  const Scene scene = MakeScene("occluder_pass", 29, 3);
  const Motion motion = Simulate(scene, {});
  const uint64_t usual = DigestOf(Render(scene, motion, TinyOptions(3)));
  const unsigned int saved = _mm_getcsr();
  _mm_setcsr(saved ^ 0x8040u);
  const uint64_t other = DigestOf(Render(scene, motion, TinyOptions(3)));
  _mm_setcsr(saved);
  EXPECT_EQ(usual, other);
}

TEST(DeterminismTest, ProgressIsToldAndChangesNothing) {
  const Scene scene = MakeScene("bounce", 29, 3);
  std::vector<std::string> stages;
  Progress progress;
  int last = -1;
  progress.report = [&](const std::string& what, int done, int total) {
    if (stages.empty() || stages.back() != what) {
      stages.push_back(what);
      last = -1;
    }
    EXPECT_GT(done, last);
    EXPECT_LT(done, total);
    last = done;
  };
  const uint64_t told = DigestOf(MakeTruth(scene, TinyOptions(3), progress));
  EXPECT_EQ(told, DigestOf(MakeTruth(scene, TinyOptions(3))));
  EXPECT_THAT(stages, ::testing::ElementsAre("simulate", "render"));
}

TEST(DeterminismTest, ASuiteSeedChangesEverySceneOfItsFamily) {
  for (const ScenarioInfo& info : ListScenarios()) {
    const Scene first = MakeScene(info.id, 1, 5);
    const Scene second = MakeScene(info.id, 2, 5);
    EXPECT_EQ(first.id, second.id);
    EXPECT_NE(first.camera.eye_m, second.camera.eye_m) << first.id;
    EXPECT_NE(first.lighting.side_m, second.lighting.side_m) << first.id;
  }
}

}  // namespace
}  // namespace plumb
