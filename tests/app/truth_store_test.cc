// SPDX-License-Identifier: Apache-2.0
#include "app/truth_store.h"

#include <functional>
#include <iterator>
#include <set>
#include <tuple>

#include <gmock/gmock.h>

#include "core/errors.h"
#include "core/safetensors.h"
#include "scenes/catalogue.h"
#include "scenes/ensemble.h"
#include "scenes/render.h"
#include "scenes/sabotage.h"
#include "tests/app/run_program.h"

namespace plumb {
namespace {

namespace fs = std::filesystem;
using ::testing::HasSubstr;

const Truth& SmallTruth() {
  static const Truth truth = [] {
    RenderOptions options;
    options.width = 48;
    options.height = 40;
    options.frames = 8;
    return MakeTruth(MakeScene("collide", 1, 2), options);
  }();
  return truth;
}

bool SamePose(const Rigid3& a, const Rigid3& b) {
  return a.rotation.coeffs() == b.rotation.coeffs() && a.translation == b.translation;
}

TEST(TruthStoreTest, EverythingComesBackToTheLastBit) {
  const TestFolder folder;
  const Truth& truth = SmallTruth();
  WriteTruth(folder / "t", truth);
  const Truth read = ReadTruth(folder / "t");
  EXPECT_TRUE(read.video.frames() == truth.video.frames());
  EXPECT_EQ(read.video.times_s(), truth.video.times_s());
  EXPECT_EQ(read.motion.rate_hz, truth.motion.rate_hz);
  ASSERT_EQ(read.motion.states.size(), truth.motion.states.size());
  for (size_t step = 0; step < truth.motion.states.size(); ++step) {
    for (size_t body = 0; body < truth.scene.bodies.size(); ++body) {
      const BodyState& a = read.motion.states[step][body];
      const BodyState& b = truth.motion.states[step][body];
      ASSERT_TRUE(SamePose(a.world_from_body, b.world_from_body)) << step << " " << body;
      ASSERT_EQ(a.velocity_mps, b.velocity_mps);
      ASSERT_EQ(a.angular_velocity_radps, b.angular_velocity_radps);
    }
  }
  ASSERT_EQ(read.motion.contacts.size(), truth.motion.contacts.size());
  for (size_t i = 0; i < truth.motion.contacts.size(); ++i) {
    EXPECT_EQ(read.motion.contacts[i].time_s, truth.motion.contacts[i].time_s);
    EXPECT_EQ(read.motion.contacts[i].normal, truth.motion.contacts[i].normal);
  }
  ASSERT_EQ(read.cameras.size(), truth.cameras.size());
  for (size_t i = 0; i < truth.cameras.size(); ++i) {
    EXPECT_TRUE(SamePose(read.cameras[i].camera_from_world, truth.cameras[i].camera_from_world));
    EXPECT_EQ(read.cameras[i].intrinsics.fx_px, truth.cameras[i].intrinsics.fx_px);
  }
  for (size_t frame = 0; frame < truth.views.size(); ++frame) {
    for (size_t body = 0; body < truth.views[frame].size(); ++body) {
      EXPECT_EQ(read.views[frame][body].presence, truth.views[frame][body].presence);
      EXPECT_EQ(read.views[frame][body].visible_share, truth.views[frame][body].visible_share);
      EXPECT_EQ(read.views[frame][body].centroid_px, truth.views[frame][body].centroid_px);
    }
  }
  EXPECT_EQ(read.passes.instances, truth.passes.instances);
  EXPECT_EQ(read.passes.amodal, truth.passes.amodal);
  EXPECT_EQ(read.passes.depth_m, truth.passes.depth_m);
  EXPECT_EQ(read.passes.flow_px, truth.passes.flow_px);
}

TEST(TruthStoreTest, EnergiesAndTouchesComeBack) {
  const TestFolder folder;
  const Truth& truth = SmallTruth();
  const Motion& motion = truth.motion;
  ASSERT_EQ(motion.energies.size(), motion.states.size());
  WriteTruth(folder / "t", truth);
  const Motion read = ReadTruth(folder / "t").motion;
  ASSERT_EQ(read.energies.size(), motion.energies.size());
  for (size_t step = 0; step < motion.energies.size(); ++step) {
    for (size_t body = 0; body < motion.energies[step].size(); ++body) {
      ASSERT_EQ(read.energies[step][body].kinetic_j, motion.energies[step][body].kinetic_j);
      ASSERT_EQ(read.energies[step][body].potential_j, motion.energies[step][body].potential_j);
    }
  }
  ASSERT_EQ(read.step_contacts.size(), motion.step_contacts.size());
  for (size_t i = 0; i < motion.step_contacts.size(); ++i) {
    const StepContact& a = read.step_contacts[i];
    const StepContact& b = motion.step_contacts[i];
    EXPECT_EQ(std::tie(a.step, a.body_a, a.body_b, a.impulse_ns, a.depth_m),
              std::tie(b.step, b.body_a, b.body_b, b.impulse_ns, b.depth_m));
    EXPECT_EQ(a.point_m, b.point_m);
    EXPECT_EQ(a.normal, b.normal);
  }
}

TEST(TruthStoreTest, EventsAndHorizonsComeBack) {
  const TestFolder folder;
  const Scene scene = MakeScene("occluder_pass", 1, 2);
  const Truth stored = LoadOrMakeTruth(folder.path(), scene, {48, 48, 40, 24.0});
  const Truth fresh = MakeTruthWithHorizons(scene, {.width = 48, .height = 48, .frames = 40});
  ASSERT_EQ(stored.events.size(), fresh.events.size());
  std::set<TruthEventKind> kinds;
  for (size_t i = 0; i < fresh.events.size(); ++i) {
    const TruthEvent& a = stored.events[i];
    const TruthEvent& b = fresh.events[i];
    EXPECT_EQ(std::tie(a.time_s, a.kind, a.body, a.other),
              std::tie(b.time_s, b.kind, b.body, b.other));
    kinds.insert(a.kind);
  }
  EXPECT_TRUE(kinds.contains(TruthEventKind::kFirstContact));
  EXPECT_TRUE(kinds.contains(TruthEventKind::kHidden));
  EXPECT_EQ(stored.predictable_horizons_s, fresh.predictable_horizons_s);
  EXPECT_EQ(stored.predictable_horizons_s.size(), scene.bodies.size());
}

// What is simulated again from a stored truth must not differ from what is simulated from the fresh
// one.
TEST(TruthStoreTest, SabotageOfAStoredTruthGivesTheSameBytes) {
  const TestFolder folder;
  WriteTruth(folder / "t", SmallTruth());
  const Sabotage sabotage = ParseSabotage("restitution=0.5");
  EXPECT_TRUE(MakeSabotaged(ReadTruth(folder / "t"), sabotage, 3).video.frames() ==
              MakeSabotaged(SmallTruth(), sabotage, 3).video.frames());
}

TEST(TruthStoreTest, PassesThatWereNotKeptAreEmpty) {
  const TestFolder folder;
  const Truth truth = LoadOrMakeTruth(folder.path(), MakeScene("drop", 1, 1), {32, 32, 4, 24.0});
  EXPECT_EQ(truth.passes.depth_m.num_elements(), 0);
  EXPECT_EQ(truth.passes.instances.num_elements(), 4 * 32 * 32);
}

TEST(TruthStoreTest, ASecondCallReadsWhatTheFirstStored) {
  const TestFolder folder;
  const Scene scene = MakeScene("drop", 1, 1);
  const TruthProtocol protocol = {32, 32, 4, 24.0};
  const Truth first = LoadOrMakeTruth(folder.path(), scene, protocol);
  const fs::path facts = folder / TruthDigest(scene, protocol) / "truth.json";
  const auto written = fs::last_write_time(facts);
  const Truth second = LoadOrMakeTruth(folder.path(), scene, protocol);
  EXPECT_EQ(fs::last_write_time(facts), written);
  EXPECT_TRUE(first.video.frames() == second.video.frames());
}

TEST(TruthStoreTest, TheDigestFollowsSceneAndProtocol) {
  const Scene scene = MakeScene("drop", 1, 1);
  const std::string digest = TruthDigest(scene, {});
  EXPECT_EQ(digest, TruthDigest(MakeScene("drop", 1, 1), {}));
  EXPECT_NE(digest, TruthDigest(MakeScene("drop", 1, 2), {}));
  EXPECT_NE(digest, TruthDigest(scene, {.frames = 47}));
}

std::string ReadError(const fs::path& folder) {
  try {
    ReadTruth(folder);
  } catch (const Error& error) {
    return error.what();
  }
  return "no error";
}

TEST(TruthStoreTest, EnergiesThatDoNotFitAreNamed) {
  const TestFolder folder;
  WriteTruth(folder / "t", SmallTruth());
  Safetensors states = ReadSafetensors(folder / "t/states.safetensors");
  states.tensors["energies"] = Tensor(DType::kF64, {1, 1, 2});
  WriteSafetensors(folder / "t/states.safetensors", states);
  EXPECT_THAT(ReadError(folder / "t"), HasSubstr("energies do not fit"));
}

TEST(TruthStoreTest, BrokenFoldersAreNamed) {
  const TestFolder folder;
  WriteTruth(folder / "t", SmallTruth());
  EXPECT_THAT(ReadError(folder / "none"), HasSubstr("none"));
  const std::string facts = FileText(folder / "t" / "truth.json");
  WriteText(folder / "t" / "truth.json", facts.substr(0, facts.size() / 2));
  EXPECT_THAT(ReadError(folder / "t"), HasSubstr("truth.json:"));
  WriteText(folder / "t" / "truth.json", "{\"schema\": 1}");
  EXPECT_THAT(ReadError(folder / "t"), HasSubstr("truth.json"));
  WriteText(folder / "t" / "truth.json", facts);
  fs::remove(folder / "t" / "states.safetensors");
  EXPECT_THAT(ReadError(folder / "t"), HasSubstr("states.safetensors"));
}

// A stored truth of which single things are changed.
class TruthStoreTestDamage : public ::testing::Test {
 protected:
  TruthStoreTestDamage() { WriteTruth(folder_ / "t", SmallTruth()); }

  std::string ErrorWith(const std::function<void(Json&)>& change) {
    const fs::path path = folder_ / "t" / "truth.json";
    const std::string before = FileText(path);
    Json facts = Json::parse(before);
    change(facts);
    WriteText(path, facts.dump());
    const std::string error = ReadError(folder_ / "t");
    WriteText(path, before);
    return error;
  }
  std::string ErrorWithFile(const std::string& name, const std::string& text) {
    const fs::path path = folder_ / "t" / name;
    const std::string before = FileText(path);
    WriteText(path, text);
    const std::string error = ReadError(folder_ / "t");
    WriteText(path, before);
    return error;
  }
  TestFolder folder_;
};

TEST_F(TruthStoreTestDamage, EveryMissingKeyIsNamed) {
  EXPECT_EQ(ErrorWith([](Json&) {}), "no error");
  for (const char* key : {"schema",
                          "scene",
                          "fps",
                          "times_s",
                          "physics_hz",
                          "contacts",
                          "events",
                          "predictable_horizons_s",
                          "cameras",
                          "views",
                          "passes"}) {
    const std::string error = ErrorWith([&](Json& facts) { facts.erase(key); });
    EXPECT_THAT(error, HasSubstr("truth.json")) << key;
    EXPECT_THAT(error, HasSubstr(key));
  }
  EXPECT_THAT(ErrorWith([](Json& facts) { facts["cameras"][0].erase("fx_px"); }),
              HasSubstr("fx_px"));
  EXPECT_THAT(ErrorWith([](Json& facts) { facts["views"][0][0].erase("visible_share"); }),
              HasSubstr("visible_share"));
  EXPECT_THAT(ErrorWith([](Json& facts) { facts["contacts"][0].erase("impulse_ns"); }),
              HasSubstr("impulse_ns"));
}

TEST_F(TruthStoreTestDamage, ContradictionsAreNamed) {
  EXPECT_THAT(ErrorWith([](Json& facts) { facts["schema"] = 1; }),
              HasSubstr("has schema 1; this version of Plumb reads schema 2"));
  EXPECT_THAT(ErrorWith([](Json& facts) { facts["views"][0][0]["presence"] = "hiding"; }),
              HasSubstr("presence 'hiding'"));
  EXPECT_THAT(ErrorWith([](Json& facts) { facts["events"][0]["body"] = 99; }),
              HasSubstr("bodies 99 and"));
  EXPECT_THAT(ErrorWith([](Json& facts) { facts["predictable_horizons_s"] = {1.0}; }),
              HasSubstr("expected none or"));
  EXPECT_THAT(ErrorWith([](Json& facts) { facts["cameras"].erase(0); }),
              HasSubstr("8 frames, 7 cameras, 8 views"));
  EXPECT_THAT(ErrorWith([](Json& facts) { facts["views"].erase(0); }),
              HasSubstr("8 frames, 8 cameras, 7 views"));
  EXPECT_THAT(ErrorWith([](Json& facts) { facts["views"][3].erase(0); }),
              HasSubstr("do not belong together"));
  EXPECT_THAT(ErrorWith([](Json& facts) {
                facts["scene"]["bodies"].erase(0);
                facts["events"] = Json::array();
              }),
              HasSubstr("states do not fit"));
  EXPECT_NE(ErrorWith([](Json& facts) { facts["times_s"].erase(0); }), "no error");
}

TEST_F(TruthStoreTestDamage, FilesThatWereCutShortAreNamed) {
  for (const char* name : {"states.safetensors", "instances.safetensors"}) {
    const std::string whole = FileText(folder_ / "t" / name);
    for (const size_t length : {size_t{0}, size_t{7}, whole.size() / 2, whole.size() - 1}) {
      EXPECT_THAT(ErrorWithFile(name, whole.substr(0, length)), HasSubstr(name)) << length;
    }
  }
  const std::string video = FileText(folder_ / "t" / "rgb.mkv");
  EXPECT_THAT(ErrorWithFile("rgb.mkv", video.substr(0, video.size() / 2)), HasSubstr("rgb.mkv"));
  EXPECT_THAT(ErrorWithFile("rgb.mkv", ""), HasSubstr("rgb.mkv"));
}

TEST_F(TruthStoreTestDamage, APassWithAnotherTensorIsNamed) {
  fs::copy_file(folder_ / "t" / "amodal.safetensors",
                folder_ / "t" / "instances.safetensors",
                fs::copy_options::overwrite_existing);
  EXPECT_THAT(
      ReadError(folder_ / "t"),
      ::testing::AllOf(HasSubstr("instances.safetensors"), HasSubstr("no tensor 'instances'")));
}

TEST(TruthStoreTest, AFolderThatIsThereIsLeftAsItIs) {
  const TestFolder folder;
  WriteText(folder / "t" / "truth.json", "mine");
  WriteTruth(folder / "t", SmallTruth());
  EXPECT_EQ(FileText(folder / "t" / "truth.json"), "mine");
  EXPECT_FALSE(fs::exists(folder / "t" / "rgb.mkv"));
}

TEST(TruthStoreTest, WhatCannotBeWrittenLeavesNoPart) {
  const TestFolder folder;
  WriteText(folder / "file", "x");
  EXPECT_THROW(WriteTruth(folder / "file" / "t", SmallTruth()), EnvironmentError);
  EXPECT_EQ(std::distance(fs::directory_iterator(folder.path()), fs::directory_iterator()), 1);
}

// A truth is found by what it holds, so its name can be told from its contents: in every scenario.
TEST(TruthStoreTest, TheNameOfEveryStoredTruthFollowsFromItsContents) {
  const TestFolder folder;
  const TruthProtocol protocol = {32, 32, 3, 24.0};
  for (const ScenarioInfo& info : ListScenarios()) {
    const Scene scene = MakeScene(std::string(info.id), 3, 2);
    const std::string digest = TruthDigest(scene, protocol);
    LoadOrMakeTruth(folder.path(), scene, protocol);
    EXPECT_EQ(ReadStoredTruth(folder.path(), digest).scene.id, scene.id);
    EXPECT_EQ(TruthDigest(ReadTruth(folder / digest).scene, protocol), digest) << info.id;
  }
}

TEST(TruthStoreTest, AFolderUnderAnotherNameIsRefused) {
  const TestFolder folder;
  const Scene scene = MakeScene("drop", 1, 1);
  const TruthProtocol protocol = {32, 32, 3, 24.0};
  LoadOrMakeTruth(folder.path(), scene, protocol);
  const Scene other = MakeScene("drop", 1, 2);
  fs::rename(folder / TruthDigest(scene, protocol), folder / TruthDigest(other, protocol));
  try {
    LoadOrMakeTruth(folder.path(), other, protocol);
    FAIL();
  } catch (const InputError& error) {
    EXPECT_THAT(error.what(),
                HasSubstr("holds scene drop-1 with 3 frames of 32x32, which is not what its name"));
  }
}

}  // namespace
}  // namespace plumb
