// SPDX-License-Identifier: Apache-2.0
#include "app/folder_model.h"

#include <gmock/gmock.h>

#include "app/manifest_file.h"
#include "app/video_io.h"
#include "core/errors.h"
#include "tests/app/run_program.h"

namespace plumb {
namespace {

using ::testing::HasSubstr;

Video GreyClip(int grey, int frames = 4) {
  Image image(16, 16);
  std::fill(image.rgb.begin(), image.rgb.end(), static_cast<uint8_t>(grey));
  return {std::vector<Image>(frames, image), 24.0};
}

Prompt PromptFor(const std::string& cell_id) {
  Prompt prompt;
  prompt.cell_id = cell_id;
  prompt.width = prompt.height = 16;
  prompt.frames = 4;
  prompt.fps = 24;
  return prompt;
}

std::string WhyRefused(const std::filesystem::path& folder, const std::string& cell_id) {
  try {
    FindCellVideo(folder, cell_id);
  } catch (const InputError& error) {
    return error.what();
  }
  return "";
}

TEST(FolderModelTest, FindsVideosByTheCellsName) {
  const TestFolder folder;
  std::filesystem::create_directories(folder / "bounce-2");
  WriteLossless(folder / "drop-3_0.mkv", GreyClip(10));
  WriteLossless(folder / "bounce-2/1.mkv", GreyClip(20));
  WriteLossless(folder / "collide-1.mkv", GreyClip(30));
  const auto model = OpenFolderModel(folder.path());
  EXPECT_EQ(model->Generate(PromptFor("drop-3/0"), {}).frame(0).rgb[0], 10);
  EXPECT_EQ(model->Generate(PromptFor("bounce-2/1"), {}).frame(0).rgb[0], 20);
  EXPECT_EQ(model->Generate(PromptFor("collide-1/0"), {}).frame(0).rgb[0], 30);
}

TEST(FolderModelTest, ABareSceneNameStandsForTheFirstSampleOnly) {
  const TestFolder folder;
  WriteLossless(folder / "drop-3.mkv", GreyClip(10));
  EXPECT_THAT(WhyRefused(folder.path(), "drop-3/1"), HasSubstr("has no video for drop-3/1"));
}

TEST(FolderModelTest, TwoFilesForOneCellAreRefused) {
  const TestFolder folder;
  WriteText(folder / "drop-3_0.mp4", "x");
  WriteText(folder / "drop-3.gif", "x");
  EXPECT_THAT(WhyRefused(folder.path(), "drop-3/0"), HasSubstr("2 videos"));
}

TEST(FolderModelTest, TheManifestDecidesWhenThereIsOne) {
  const TestFolder folder;
  std::filesystem::create_directories(folder / "videos");
  WriteLossless(folder / "videos/any_name.mkv", GreyClip(40));
  Manifest manifest;
  for (const char* cell_id : {"drop-1/0", "drop-2/0", "drop-3/0"}) {
    ManifestEntry entry;
    entry.cell_id = cell_id;
    entry.width = entry.height = 16;
    entry.frames = 4;
    entry.fps = 24;
    manifest.entries.push_back(entry);
  }
  manifest.entries[0].output = "videos/any_name.mkv";
  manifest.entries[0].status = "done";
  manifest.entries[1].status = "refused";
  manifest.entries[1].reason = "no balls allowed";
  manifest.entries[2].output = "videos/absent.mkv";
  WriteManifest(folder.path(), manifest);
  const auto model = OpenFolderModel(folder.path());
  EXPECT_EQ(model->Generate(PromptFor("drop-1/0"), {}).frame(0).rgb[0], 40);
  EXPECT_THAT(WhyRefused(folder.path(), "drop-2/0"), HasSubstr("refused: no balls allowed"));
  EXPECT_THAT(WhyRefused(folder.path(), "drop-3/0"), HasSubstr("absent.mkv is not there"));
  EXPECT_THAT(WhyRefused(folder.path(), "drop-4/0"), HasSubstr("has no cell drop-4/0"));
}

TEST(FolderModelTest, AFolderOfPicturesTakesTheRateThatWasAskedFor) {
  const TestFolder folder;
  for (int i = 0; i < 3; ++i) {
    std::filesystem::create_directories(folder / "frames");
    WritePng(folder / ("frames/" + std::to_string(i) + ".png"), GreyClip(50).frame(0));
  }
  Manifest manifest;
  ManifestEntry entry;
  entry.cell_id = "drop-1/0";
  entry.width = entry.height = 16;
  entry.frames = 3;
  entry.fps = 10;
  entry.output = "frames";
  manifest.entries = {entry};
  WriteManifest(folder.path(), manifest);
  Prompt prompt = PromptFor("drop-1/0");
  prompt.fps = 10;
  const Video video = OpenFolderModel(folder.path())->Generate(prompt, {});
  EXPECT_EQ(video.num_frames(), 3);
  EXPECT_DOUBLE_EQ(video.fps(), 10.0);
}

TEST(FolderModelTest, AnAbsentFolderIsRefused) {
  EXPECT_THROW(OpenFolderModel("no/such/folder"), InputError);
}

}  // namespace
}  // namespace plumb
