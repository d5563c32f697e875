// SPDX-License-Identifier: Apache-2.0
// A benchmark pack goes out, videos come back, and folder: reads them.
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

}  // namespace
}  // namespace plumb
