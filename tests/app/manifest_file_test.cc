// SPDX-License-Identifier: Apache-2.0
#include "app/manifest_file.h"

#include <gtest/gtest.h>

#include "core/errors.h"
#include "tests/app/run_program.h"

namespace plumb {
namespace {

Manifest TwoCells() {
  Manifest manifest;
  manifest.suite = "quick v1";
  for (const char* cell_id : {"drop-1/0", "bounce-1/0"}) {
    ManifestEntry entry;
    entry.cell_id = cell_id;
    entry.prompt = "A ball.";
    entry.width = entry.height = 64;
    entry.fps = 24;
    entry.frames = 9;
    entry.output = "videos/" + CellFileStem(cell_id) + ".mp4";
    manifest.entries.push_back(entry);
  }
  return manifest;
}

TEST(ManifestFileTest, ComesBackAsItWasWritten) {
  const TestFolder folder;
  WriteManifest(folder.path(), TwoCells());
  const Manifest read = ReadManifest(folder.path());
  ASSERT_EQ(read.entries.size(), 2u);
  EXPECT_EQ(DumpJson(ToJson(read)), DumpJson(ToJson(TwoCells())));
}

TEST(ManifestFileTest, AnAbsentManifestIsRefusedByName) {
  const TestFolder folder;
  try {
    ReadManifest(folder.path());
    FAIL();
  } catch (const Error& error) {
    EXPECT_NE(std::string(error.what()).find("manifest.json"), std::string::npos) << error.what();
  }
}

TEST(ManifestFileTest, PathsStayInsideTheFolder) {
  const TestFolder folder;
  std::filesystem::create_directories(folder / "in");
  EXPECT_EQ(PathInside(folder / "in", "videos/a.mp4"),
            std::filesystem::weakly_canonical(folder / "in/videos/a.mp4"));
  EXPECT_THROW(PathInside(folder / "in", "../a.mp4"), InputError);
  EXPECT_THROW(PathInside(folder / "in", "/etc/passwd"), InputError);
}

TEST(ManifestFileTest, ALinkThatLeadsOutIsRefused) {
  const TestFolder folder;
  std::filesystem::create_directories(folder / "in");
  WriteText(folder / "secret.mp4", "x");
  std::filesystem::create_symlink(folder / "secret.mp4", folder / "in/a.mp4");
  EXPECT_THROW(PathInside(folder / "in", "a.mp4"), InputError);
}

TEST(ManifestFileTest, CellsHaveNamesThatAreFiles) {
  EXPECT_EQ(CellFileStem("drop-3/0"), "drop-3_0");
}

}  // namespace
}  // namespace plumb
