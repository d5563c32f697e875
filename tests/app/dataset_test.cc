// SPDX-License-Identifier: Apache-2.0
#include "app/dataset.h"

#include <algorithm>
#include <cmath>

#include <gmock/gmock.h>

#include "app/store.h"
#include "app/truth_store.h"
#include "app/video_io.h"
#include "core/errors.h"
#include "core/training_clip.h"
#include "scenes/catalogue.h"
#include "tests/app/run_program.h"

namespace plumb {
namespace {

namespace fs = std::filesystem;
using ::testing::HasSubstr;
using ::testing::SizeIs;

DatasetOptions Tiny(const fs::path& folder) {
  DatasetOptions options;
  options.folder = folder;
  options.scenarios = {"drop", "bounce"};
  options.seeds = 2;
  options.clips_per_shard = 3;
  options.render.width = 32;
  options.render.height = 24;
  options.render.frames = 3;
  return options;
}

std::vector<Json> Lines(const fs::path& path) {
  std::vector<Json> lines;
  std::string text = FileText(path);
  for (size_t end; (end = text.find('\n')) != std::string::npos; text.erase(0, end + 1)) {
    lines.push_back(Json::parse(text.substr(0, end)));
  }
  return lines;
}

TEST(DatasetTest, EveryStretchHasAllScenarios) {
  const TestFolder folder;
  const DatasetSummary summary = ExportDataset(Tiny(folder / "set"));
  EXPECT_EQ(summary.clips, 4);
  EXPECT_EQ(summary.rendered, 4);
  const std::vector<Json> lines = Lines(folder / "set/clips.jsonl");
  ASSERT_THAT(lines, SizeIs(4));
  const char* folders[] = {
      "shards/0000/drop-0", "shards/0000/bounce-0", "shards/0000/drop-1", "shards/0001/bounce-1"};
  for (int i = 0; i < 4; ++i) {
    EXPECT_EQ(lines[i]["folder"], folders[i]);
    const fs::path clip = folder / "set" / lines[i]["folder"].get<std::string>();
    EXPECT_EQ(ReadVideo(clip / lines[i]["video"].get<std::string>()).video.num_frames(), 3);
    const Json captions = Json::parse(FileText(clip / "captions.json"));
    EXPECT_EQ(captions["caption"], lines[i]["caption"]);
    EXPECT_TRUE(captions.contains("paraphrases") && captions.contains("outcome"));
  }
  EXPECT_THAT(FileText(folder / "set/README.md"), HasSubstr("# 4 simulated clips"));
  EXPECT_THAT(FileText(folder / "set/README.md"), HasSubstr("| drop |"));
}

TEST(DatasetTest, TruthHasTheStatesOfEveryFrame) {
  const TestFolder folder;
  ExportDataset(Tiny(folder / "set"));
  const Json truth = Json::parse(FileText(folder / "set/shards/0000/drop-1/truth.json"));
  const Scene scene = MakeScene("drop", 0, 1);
  RenderOptions render = Tiny("").render;
  const Truth expected = MakeTruth(scene, RenderOptions::PicturesOnly(render));
  ASSERT_THAT(truth["states"], SizeIs(3));
  ASSERT_THAT(truth["cameras"], SizeIs(3));
  EXPECT_THAT(truth["predictable_horizons_s"], SizeIs(scene.bodies.size()));
  EXPECT_THAT(truth["events"], SizeIs(expected.events.size()));
  for (int frame = 0; frame < 3; ++frame) {
    for (size_t body = 0; body < scene.bodies.size(); ++body) {
      const Json& row = truth["states"][frame][body];
      ASSERT_THAT(row, SizeIs(13));
      const BodyState& state = expected.StateAtFrame(frame, static_cast<int>(body));
      EXPECT_EQ(row[3], state.world_from_body.rotation.w());
      EXPECT_EQ(row[6], state.world_from_body.translation.z());
      EXPECT_EQ(row[9], state.velocity_mps.z());
    }
  }
}

TEST(DatasetTest, WhatIsThereIsNotMadeAgainAndWhatIsMissingIs) {
  const TestFolder folder;
  DatasetOptions options = Tiny(folder / "set");
  ExportDataset(options);
  const std::string index = FileText(folder / "set/clips.jsonl");
  const std::string truth = FileText(folder / "set/shards/0000/bounce-0/truth.json");
  fs::remove_all(folder / "set/shards/0000/bounce-0");
  fs::remove(folder / "set/clips.jsonl");
  options.threads = 2;
  EXPECT_EQ(ExportDataset(options).rendered, 1);
  EXPECT_EQ(FileText(folder / "set/clips.jsonl"), index);
  EXPECT_EQ(FileText(folder / "set/shards/0000/bounce-0/truth.json"), truth);
  options.seeds = 3;
  EXPECT_EQ(ExportDataset(options).rendered, 2);
}

TEST(DatasetTest, AnInterruptedExportLeavesWholeClipsOnly) {
  const TestFolder folder;
  Progress progress;
  int asked = 0;
  progress.cancelled = [&] { return ++asked > 3; };
  DatasetOptions options = Tiny(folder / "set");
  options.seeds = 50;
  options.render.frames = 24;
  EXPECT_THROW(ExportDataset(options, progress), CancelledError);
  EXPECT_FALSE(fs::exists(folder / "set/clips.jsonl"));
  for (const auto& entry : fs::recursive_directory_iterator(folder / "set")) {
    EXPECT_EQ(entry.path().string().find(".part"), std::string::npos) << entry.path();
    if (!entry.is_directory() || entry.path().parent_path().filename() != "0000") continue;
    EXPECT_TRUE(fs::exists(entry.path() / "truth.json")) << entry.path();
  }
}

TEST(DatasetTest, WhatAKilledExportLeftIsRemovedAndTheRestGoesOn) {
  const TestFolder folder;
  ExportDataset(Tiny(folder / "set"));
  const fs::path shard = folder / "set/shards/0000";
  const std::string truth = FileText(shard / "drop-1/truth.json");
  fs::rename(shard / "drop-1", shard / "drop-1.123-0.part");
  fs::remove(shard / "drop-1.123-0.part/truth.json");
  EXPECT_EQ(ExportDataset(Tiny(folder / "set")).rendered, 1);
  EXPECT_FALSE(fs::exists(shard / "drop-1.123-0.part"));
  EXPECT_EQ(FileText(shard / "drop-1/truth.json"), truth);
}

TEST(DatasetTest, TwoExportsIntoOneFolderAreRefused) {
  const TestFolder folder;
  ExportDataset(Tiny(folder / "set"));
  const RunLock other(folder / "set/.lock");
  EXPECT_THROW(ExportDataset(Tiny(folder / "set")), EnvironmentError);
}

TEST(DatasetTest, OtherSettingsAreRefused) {
  const TestFolder folder;
  ExportDataset(Tiny(folder / "set"));
  for (const auto& change : {+[](DatasetOptions& o) { o.render.width = 48; },
                             +[](DatasetOptions& o) { o.lossless = true; },
                             +[](DatasetOptions& o) { o.scenarios = {"drop"}; },
                             +[](DatasetOptions& o) { o.first_seed = 7; }}) {
    DatasetOptions other = Tiny(folder / "set");
    change(other);
    EXPECT_THROW(ExportDataset(other), UsageError);
  }
}

TEST(DatasetTest, PassesComeAsPicturesOfSixteenBits) {
  const TestFolder folder;
  DatasetOptions options = Tiny(folder / "set");
  options.scenarios = {"orbit_room"};
  options.seeds = 1;
  options.depth = options.flow = options.masks = options.lossless = options.full_truth = true;
  ExportDataset(options);
  const fs::path clip = folder / "set/shards/0000/orbit_room-0";
  const Truth truth = ReadTruth(clip / "truth");
  EXPECT_EQ(ReadVideo(clip / "video.mkv").video.frames(), truth.video.frames());
  const auto instances = truth.passes.instances.As<uint8_t>();
  const Image mask = ReadImage(clip / "masks/000001.png");
  for (int i = 0; i < 32 * 24; ++i) EXPECT_EQ(mask.rgb[3 * i], instances[32 * 24 + i]);
  // Sixteen bits reduced to eight on reading: the upper byte of millimetres.
  const auto depth_m = truth.passes.depth_m.As<float>();
  const Image depth = ReadImage(clip / "depth/000002.png");
  for (int i = 0; i < 32 * 24; ++i) {
    const double value = depth_m[2 * 32 * 24 + i];
    const double upper = std::isinf(value) || value > 65.5 ? 0 : std::round(1000 * value) / 256;
    EXPECT_NEAR(depth.rgb[3 * i], upper, 1.01) << i;
  }
  EXPECT_TRUE(fs::exists(clip / "flow/000001.png"));
  EXPECT_FALSE(fs::exists(clip / "flow/000002.png")) << "nothing follows the last frame";
}

TEST(DatasetTest, TensorsHoldPicturesCaptionsAndCameras) {
  const TestFolder folder;
  DatasetOptions options = Tiny(folder / "set");
  options.tensors = true;
  ExportDataset(options);
  const std::vector<ListedClip> clips = ReadClipList(folder / "set");
  ASSERT_THAT(clips, SizeIs(4));
  const Scene scene = MakeScene("drop", 0, 1);
  const Truth truth = MakeTruth(scene, RenderOptions::PicturesOnly(options.render));
  const CaptionedClip clip = TrainingClipFrom(ReadSafetensors(clips[2].file), "clip");
  EXPECT_EQ(clip.video.frames(), truth.video.frames());
  EXPECT_EQ(clip.video.fps(), options.render.fps);
  EXPECT_EQ(clip.source, "drop-1");
  EXPECT_EQ(clip.captions.front(), scene.caption);
  EXPECT_EQ(clip.captions, clips[2].captions);
  EXPECT_THAT(clip.captions, SizeIs(1 + scene.paraphrases.size()));
  ASSERT_THAT(clip.cameras, SizeIs(3));
  EXPECT_EQ(clip.cameras[2].camera_from_world.translation,
            truth.cameras[2].camera_from_world.translation);
  EXPECT_EQ(clips[2].width, 32);
  EXPECT_EQ(clips[2].height, 24);
  EXPECT_THAT(FileText(folder / "set/README.md"), HasSubstr("video.safetensors"));
  options.lossless = true;
  EXPECT_THROW(ExportDataset(options), UsageError);
}

TEST(DatasetTest, ThePythonExampleReadsIt) {
  const TestFolder folder;
  ExportDataset(Tiny(folder / "set"));
  const fs::path script = SourceFolder() / "examples/read_dataset.py";
  const ProgramOutput output =
      RunShell("python3 " + script.string() + " " + (folder / "set").string());
  ASSERT_EQ(output.code, 0) << output.err;
  EXPECT_EQ(std::count(output.out.begin(), output.out.end(), '\n'), 4);
  EXPECT_THAT(output.out, HasSubstr("bounce-1: "));
  EXPECT_THAT(output.out, HasSubstr("3 frames"));
  EXPECT_THAT(FileText(SourceFolder() / "docs/dataset.md"), HasSubstr(FileText(script)))
      << "the page shows the example as it is";
}

}  // namespace
}  // namespace plumb
