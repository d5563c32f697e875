// SPDX-License-Identifier: Apache-2.0
#include "app/reconstruction_folder.h"

#include <set>

#include <gmock/gmock.h>

#include "app/published/colmap_files.h"
#include "app/published/reconstruction_metric.h"
#include "app/video_io.h"
#include "core/errors.h"
#include "tests/app/made_world.h"
#include "tests/app/rejection.h"
#include "tests/test_folder.h"

namespace plumb {
namespace {

namespace fs = std::filesystem;
using ::testing::HasSubstr;

Reconstruction TwoWorlds() {
  Reconstruction reconstruction{40, {MadeWorld(), MadeWorld()}, ""};
  for (ReconstructedFrame& frame : reconstruction.worlds[1].frames) frame.frame += 12;
  return reconstruction;
}

TEST(ReconstructionFolderTest, AModelPerWorldAndThePictures) {
  const TestFolder folder;
  const Video video(std::vector<Image>(40, Image(64, 48)), 24.0);
  WriteReconstruction(folder / "model", TwoWorlds(), &video);
  for (const char* world : {"0", "1"}) {
    EXPECT_EQ(ReadSparseModel(folder / "model" / world).points.size(), 30u);
    for (const char* file : {"cameras.bin", "points.ply", "cameras.ply"}) {
      EXPECT_TRUE(fs::exists(folder / "model" / world / file)) << file;
    }
  }
  const SparseModel second = ReadSparseModel(folder / "model/1");
  for (const SparseModel::Picture& picture : second.pictures) {
    EXPECT_EQ(ReadImage(folder / "model/images" / picture.name).width, 64);
  }
}

TEST(ReconstructionFolderTest, WithoutAWorldTheFolderIsEmpty) {
  const TestFolder folder;
  const Video video({Image(8, 8)}, 24.0);
  WriteReconstruction(folder / "none", {1, {}, "one frame"}, &video);
  EXPECT_TRUE(fs::is_empty(folder / "none"));
  EXPECT_EQ(ReconstructionNote({1, {}, "one frame"}), "no reconstruction: one frame");
}

TEST(ReconstructionFolderTest, TheNoteCounts) {
  EXPECT_EQ(ReconstructionNote(TwoWorlds()),
            "reconstruction: 2 worlds, 12 of 40 frames posed, 60 points");
}

TEST(ReconstructionFolderTest, AFolderWithSomethingInItIsRefused) {
  const TestFolder folder;
  EXPECT_NO_THROW(RequireEmptyFolder(folder.path()));
  EXPECT_NO_THROW(RequireEmptyFolder(folder / "new"));
  WriteText(folder / "0/cameras.bin", "old");
  EXPECT_THROW(RequireEmptyFolder(folder.path()), UsageError);
  EXPECT_THROW(RequireEmptyFolder(folder / "0/cameras.bin"), UsageError);
}

TEST(ReconstructionFolderTest, WhatCannotBeWrittenIsTheEnvironmentsFault) {
  EXPECT_THROW(WriteReconstruction("/proc/no/such", TwoWorlds()), EnvironmentError);
}

TEST(ReconstructionFolderTest, OneClipTakesTheFolderManyShareIt) {
  const auto names = [](const std::vector<CellKey>& cells) {
    std::vector<std::string> names;
    for (const fs::path& path : ReconstructionFolders("out", cells)) names.push_back(path.string());
    return names;
  };
  using Names = std::vector<std::string>;
  EXPECT_EQ(names({{"video", "a/clip.mp4", 0}}), Names{"out"});
  EXPECT_EQ(
      names({{"video", "a/clip.mp4", 0}, {"video", "b/clip.mp4", 0}, {"video", "frames/", 0}}),
      (Names{"out/clip", "out/clip-2", "out/frames"}));
  EXPECT_EQ(names({{"m 1", "x.mp4", 0}, {"m2", "x.mp4", 0}}), (Names{"out/m_1/x", "out/m2/x"}));
  // Nothing leads out of the folder.
  EXPECT_EQ(names({{"..", "..", 0}, {"b", "c", 0}}), (Names{"out/clip../clip..", "out/b/c"}));
}

double ValueOf(const NamedValues& values, const std::string& name) {
  return values.Find(name)->value.value();
}

TEST(ReconstructionFolderTest, ValuesAreCountedOverAllWorlds) {
  const NamedValues values = ReconstructionValues(TwoWorlds());
  EXPECT_EQ(ValueOf(values, "worlds"), 2.0);
  EXPECT_EQ(ValueOf(values, "frames"), 40.0);
  EXPECT_EQ(ValueOf(values, "posed_frames"), 12.0);
  EXPECT_EQ(ValueOf(values, "points"), 60.0);
  EXPECT_EQ(ValueOf(values, "views"), 360.0);
  EXPECT_DOUBLE_EQ(ValueOf(values, "mean_track_length"), 6.0);
  EXPECT_DOUBLE_EQ(ValueOf(values, "mean_reprojection_px"), 0.25);
  EXPECT_DOUBLE_EQ(ValueOf(values, "focal_px"), 60.0);
}

TEST(ReconstructionFolderTest, WithoutAWorldEveryValueHasTheReason) {
  const NamedValues values = ReconstructionValues({9, {}, "the camera stands still"});
  EXPECT_FALSE(values.HasNumber());
  for (const NamedValue& value : values.values())
    EXPECT_EQ(value.reason, "the camera stands still");
}

TEST(ReconstructionFolderTest, ATurningCameraHasNoTracks) {
  Reconstruction turning{6, {MadeWorld()}, ""};
  turning.worlds[0].points.clear();
  for (ReconstructedFrame& frame : turning.worlds[0].frames) frame.views.clear();
  const NamedValues values = ReconstructionValues(turning);
  EXPECT_EQ(ValueOf(values, "posed_frames"), 6.0);
  EXPECT_EQ(ValueOf(values, "points"), 0.0);
  EXPECT_THAT(values.Find("mean_reprojection_px")->reason, HasSubstr("only turns"));
}

TEST(ReconstructionFolderTest, SettingsThatMakeNoSenseAreNamed) {
  const PublishedMetric metric = ReconstructionMetric();
  const auto refused = [&](const Json& settings) {
    try {
      metric.measure({.folder = "", .inputs = {{"video", "no.mp4"}}, .settings = settings});
    } catch (const UsageError& error) {
      return std::string(error.what());
    }
    return std::string("accepted");
  };
  EXPECT_THAT(refused({{"frames", "maybe"}, {"out", "x"}}), HasSubstr("there are yes and no"));
  EXPECT_THAT(refused({{"frames", "yes"}}), HasSubstr("needs 'out'"));
}

}  // namespace
}  // namespace plumb
