// SPDX-License-Identifier: Apache-2.0
// A benchmark pack goes out, videos come back, and folder: reads them.
#include <set>

#include <fmt/format.h>
#include <gmock/gmock.h>

#include "app/folder_model.h"
#include "app/manifest_file.h"
#include "app/suite_file.h"
#include "app/video_io.h"
#include "core/json.h"
#include "tests/app/run_program.h"

namespace plumb {
namespace {

namespace fs = std::filesystem;
using ::testing::HasSubstr;
using ::testing::SizeIs;

constexpr const char* kTinySuite = R"(schema: 1
name: tiny
seed: 3
protocol: {width: 32, height: 32, frames: 6, fps: 24, conditioning_frames: 2}
scenes:
  - {scenario: drop, seeds: [1, 2]}
  - {scenario: bounce, seeds: [1]}
models: [oracle]
)";

class ExportImportTest : public ::testing::Test {
 protected:
  void SetUp() override {
    WriteText(folder_ / "tiny.yaml", kTinySuite);
    const ProgramOutput output = RunPlumb("export " + Path("tiny.yaml") + " --out " + Path("pack"));
    ASSERT_EQ(output.code, 0) << output.err;
  }
  std::string Path(const std::string& name) const { return (folder_ / name).string(); }
  // A clip of the asked size, as an outside model would write it.
  void Answer(const std::string& name, int frames = 6) {
    fs::create_directories(folder_ / "videos");
    WriteLossless(folder_ / ("videos/" + name), {std::vector<Image>(frames, Image(32, 32)), 24.0});
  }
  ProgramOutput Import() {
    return RunPlumb("import " + Path("pack") + " " + Path("videos") + " --out " + Path("back") +
                    " --json");
  }
  TestFolder folder_;
};

TEST_F(ExportImportTest, ThePackHasPromptsAndKnownFrames) {
  const Manifest manifest = ReadManifest(folder_ / "pack");
  ASSERT_THAT(manifest.entries, SizeIs(3));
  const ManifestEntry& entry = manifest.entries[0];
  EXPECT_EQ(entry.cell_id, "drop-1/0");
  EXPECT_FALSE(entry.prompt.empty());
  EXPECT_THAT(entry.conditioning, SizeIs(2));
  EXPECT_THAT(entry.cameras, SizeIs(6));
  EXPECT_EQ(entry.frames, 6);
  EXPECT_EQ(ReadImage(folder_ / ("pack/" + entry.conditioning[1])).width, 32);
  EXPECT_THAT(FileText(folder_ / "pack/README.md"), HasSubstr("lists 3 videos"));
  const ProgramOutput checked = RunPlumb("validate " + Path("pack/manifest.json"));
  EXPECT_EQ(checked.code, 0) << checked.err;
  EXPECT_THAT(checked.out, HasSubstr("manifest of 3 cells"));
}

TEST_F(ExportImportTest, VideosComeBackAndAreReadAsAModel) {
  Answer("drop-1_0.mkv");
  Answer("drop-2.mkv", 5);
  Answer("bounce-1_0.mkv");
  const ProgramOutput output = Import();
  EXPECT_EQ(output.code, 0) << output.err << output.out;
  const Json json = Json::parse(output.out);
  EXPECT_THAT(json["cells"], SizeIs(3));
  EXPECT_EQ(json["cells"][1]["differences"][0], "5 frames instead of 6");
  Prompt prompt;
  prompt.cell_id = "drop-2/0";
  prompt.fps = 24;
  EXPECT_EQ(OpenFolderModel(folder_ / "back")->Generate(prompt, {}).num_frames(), 5);
}

TEST_F(ExportImportTest, MissingVideosLeaveItIncomplete) {
  Answer("drop-1_0.mkv");
  const ProgramOutput output = Import();
  EXPECT_EQ(output.code, 3) << output.out;
  const Manifest back = ReadManifest(folder_ / "back");
  EXPECT_EQ(back.entries[0].status, "done");
  EXPECT_EQ(back.entries[1].status, "failed");
  EXPECT_THAT(back.entries[1].reason, HasSubstr("no video for drop-2/0"));
}

TEST_F(ExportImportTest, AVideoThatIsNoneIsRefused) {
  Answer("drop-1_0.mkv");
  Answer("drop-2_0.mkv");
  WriteText(folder_ / "videos/bounce-1_0.mp4", "no video\n");
  EXPECT_EQ(Import().code, 4);
  EXPECT_EQ(ReadManifest(folder_ / "back").entries[2].status, "failed");
}

TEST_F(ExportImportTest, AManifestThatLeadsOutOfTheFolderIsRefused) {
  WriteText(folder_ / "pack/manifest.json",
            R"({"schema": 1, "cells": [{"cell_id": "a/0", "output": "../../etc/passwd"}]})");
  const ProgramOutput output = Import();
  EXPECT_EQ(output.code, 2);
  EXPECT_THAT(output.err, HasSubstr("manifest.json"));
}

TEST_F(ExportImportTest, TheSamePackHasTheSameBytes) {
  const std::string manifest = FileText(folder_ / "pack/manifest.json");
  ASSERT_EQ(RunPlumb("export " + Path("tiny.yaml") + " --out " + Path("again")).code, 0);
  EXPECT_EQ(FileText(folder_ / "again/manifest.json"), manifest);
  for (const ManifestEntry& entry : ReadManifest(folder_ / "pack").entries) {
    for (const std::string& picture : entry.conditioning) {
      EXPECT_EQ(FileText(folder_ / ("again/" + picture)), FileText(folder_ / ("pack/" + picture)));
    }
  }
}

TEST_F(ExportImportTest, EveryCellHasItsOwnNamesAndSeeds) {
  std::set<std::string> outputs, pictures;
  for (const ManifestEntry& entry : ReadManifest(folder_ / "pack").entries) {
    EXPECT_EQ(entry.status, "");
    EXPECT_THAT(entry.known_frames, ::testing::ElementsAre(0, 1));
    outputs.insert(entry.output);
    pictures.insert(entry.conditioning.begin(), entry.conditioning.end());
  }
  EXPECT_THAT(outputs, SizeIs(3));
  EXPECT_THAT(pictures, SizeIs(6));
}

TEST_F(ExportImportTest, ExportSaysWhatItWrote) {
  const ProgramOutput output =
      RunPlumb("export " + Path("tiny.yaml") + " --json --out " + Path("again"));
  const Json json = Json::parse(output.out);
  EXPECT_EQ(json["schema"], 1);
  EXPECT_EQ(json["suite"], "tiny v1");
  EXPECT_EQ(json["cells"], 3);
  EXPECT_EQ(json["folder"], Path("again"));
  EXPECT_EQ(json["suite_digest"], ReadManifest(folder_ / "pack").suite_digest);
}

TEST_F(ExportImportTest, SuitesAndFoldersThatAreNoneAreRefused) {
  const ProgramOutput suite = RunPlumb("export nosuch.yaml --out " + Path("never"));
  EXPECT_THAT(suite.code, ::testing::AnyOf(2, 4));
  EXPECT_THAT(suite.err, HasSubstr("nosuch.yaml"));
  EXPECT_FALSE(fs::exists(folder_ / "never"));
  WriteText(folder_ / "file", "x");
  EXPECT_EQ(RunPlumb("export " + Path("tiny.yaml") + " --out " + Path("file/pack")).code, 5);
  const ProgramOutput absent =
      RunPlumb("import " + Path("pack") + " " + Path("nowhere") + " --out " + Path("back"));
  EXPECT_EQ(absent.code, 4);
  EXPECT_THAT(absent.err, HasSubstr("nowhere: is no folder"));
  EXPECT_FALSE(fs::exists(folder_ / "back"));
}

TEST_F(ExportImportTest, VideosOfAnotherSizeRateAndLengthAreTakenAndTold) {
  fs::create_directories(folder_ / "videos");
  WriteLossless(folder_ / "videos/drop-1_0.mkv", {std::vector<Image>(3, Image(16, 24)), 12.0});
  Answer("drop-2_0.mkv");
  Answer("bounce-1_0.mkv", 9);
  const ProgramOutput output = Import();
  EXPECT_EQ(output.code, 0) << "a difference is recorded, not refused";
  const Json cells = Json::parse(output.out)["cells"];
  EXPECT_THAT(cells[0]["differences"],
              ::testing::ElementsAre(
                  "16x24 instead of 32x32", "3 frames instead of 6", "12 fps instead of 24"));
  EXPECT_THAT(cells[1]["differences"], SizeIs(0));
  EXPECT_THAT(cells[2]["differences"], ::testing::ElementsAre("9 frames instead of 6"));
}

TEST_F(ExportImportTest, ImportedVideosAreTheSameBytes) {
  Answer("drop-1_0.mkv");
  Answer("drop-2_0.mkv");
  Answer("bounce-1_0.mkv");
  ASSERT_EQ(Import().code, 0);
  const Manifest back = ReadManifest(folder_ / "back");
  EXPECT_EQ(back.suite_digest, ReadManifest(folder_ / "pack").suite_digest);
  for (const ManifestEntry& entry : back.entries) {
    EXPECT_EQ(FileText(folder_ / ("back/" + entry.output)),
              FileText(folder_ / ("videos/" + CellFileStem(entry.cell_id) + ".mkv")));
  }
  const std::string manifest = FileText(folder_ / "back/manifest.json");
  ASSERT_EQ(Import().code, 0) << "twice does no harm";
  EXPECT_EQ(FileText(folder_ / "back/manifest.json"), manifest);
}

TEST_F(ExportImportTest, AShorterFolderOfFramesReplacesTheLongerOne) {
  const auto frames = [&](int count) {
    fs::remove_all(folder_ / "videos");
    fs::create_directories(folder_ / "videos/drop-1_0");
    for (int i = 0; i < count; ++i) {
      WritePng(folder_ / fmt::format("videos/drop-1_0/{}.png", i), Image(32, 32));
    }
    WriteText(folder_ / "videos/manifest.json",
              R"({"schema": 1, "cells": [{"cell_id": "drop-1/0", "output": "drop-1_0"}]})");
    EXPECT_EQ(Import().code, 3) << "the other cells have no video";
    return std::distance(fs::directory_iterator(folder_ / "back/videos/drop-1_0"), {});
  };
  EXPECT_EQ(frames(6), 6);
  EXPECT_EQ(frames(4), 4);
  EXPECT_FALSE(fs::exists(folder_ / "back/videos/drop-1_0.part"));
}

TEST_F(ExportImportTest, TwoVideosForOneCellAreNotChosenBetween) {
  Answer("drop-1_0.mkv");
  Answer("drop-1.mkv");
  Answer("drop-2_0.mkv");
  Answer("bounce-1_0.mkv");
  const ProgramOutput output = Import();
  EXPECT_EQ(output.code, 3);
  const Json cell = Json::parse(output.out)["cells"][0];
  EXPECT_EQ(cell["status"], "failed");
  EXPECT_THAT(cell["reason"].get<std::string>(), HasSubstr("drop-1/0"));
}

TEST_F(ExportImportTest, TheTextGivesEveryCellALineAndACount) {
  Answer("drop-1_0.mkv", 4);
  const ProgramOutput output =
      RunPlumb("import " + Path("pack") + " " + Path("videos") + " --out " + Path("back"));
  EXPECT_EQ(output.code, 3);
  EXPECT_THAT(output.out, HasSubstr("drop-1/0                 done    4 frames instead of 6\n"));
  EXPECT_THAT(output.out, HasSubstr("drop-2/0                 failed  "));
  EXPECT_THAT(output.out, HasSubstr("1 of 3 cells -> folder:"));
}

}  // namespace
}  // namespace plumb
