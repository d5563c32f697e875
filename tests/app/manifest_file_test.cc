// SPDX-License-Identifier: Apache-2.0
#include "app/manifest_file.h"

#include <gmock/gmock.h>

#include "core/errors.h"
#include "tests/app/run_program.h"

namespace plumb {
namespace {

using ::testing::AllOf;
using ::testing::HasSubstr;

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
  EXPECT_THROW(PathInside(folder / "in", std::string(5000, 'x')), InputError);
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

// What reading a folder with this manifest says.
std::string RefusalOf(const std::string& text) {
  const TestFolder folder;
  WriteText(folder / "manifest.json", text);
  try {
    ReadManifest(folder.path());
  } catch (const Error& error) {
    return error.what();
  }
  return "not refused";
}

std::string WithCell(const std::string& members) {
  return R"({"schema": 1, "cells": [{"cell_id": "a/0")" + members + "}]}";
}

TEST(ManifestFileTest, MistakesAreToldWithFileKeyAndNearestName) {
  EXPECT_EQ(RefusalOf(WithCell("")), "not refused");
  EXPECT_THAT(RefusalOf(WithCell(R"(, "promt": "A ball.")")),
              AllOf(HasSubstr("manifest.json"), HasSubstr("promt"), HasSubstr("'prompt'")));
  EXPECT_THAT(RefusalOf(R"({"schema": 1, "cell": []})"),
              AllOf(HasSubstr("manifest.json"), HasSubstr("'cells'")));
  EXPECT_THAT(RefusalOf(R"({"schema": 2, "cells": []})"),
              AllOf(HasSubstr("manifest.json"), HasSubstr("schema")));
  EXPECT_THAT(RefusalOf(R"({"schema": 1, "cells": [{"prompt": "A ball."}]})"),
              HasSubstr("cell_id"));
  EXPECT_THAT(RefusalOf(R"({"schema": 1, "cells": [{"cell_id": "a/0"}, {"cell_id": "a/0"}]})"),
              AllOf(HasSubstr("manifest.json"), HasSubstr("a/0")));
  for (const char* broken : {"", "{", "[]", "null", "{\"schema\": 1", "\xff\xfe"}) {
    EXPECT_THAT(RefusalOf(broken), HasSubstr("manifest.json")) << broken;
  }
}

TEST(ManifestFileTest, NumbersOutsideTheirRangeAreNamed) {
  EXPECT_THAT(RefusalOf(WithCell(R"(, "width": -1)")), HasSubstr("width"));
  EXPECT_THAT(RefusalOf(WithCell(R"(, "height": 65537)")), HasSubstr("height"));
  EXPECT_THAT(RefusalOf(WithCell(R"(, "frames": 1000001)")), HasSubstr("frames"));
  EXPECT_THAT(RefusalOf(WithCell(R"(, "fps": -24)")), HasSubstr("fps"));
  EXPECT_THAT(RefusalOf(WithCell(R"(, "status": "don")")), HasSubstr("status"));
  EXPECT_THAT(RefusalOf(WithCell(R"(, "conditioning": ["a.png"])")), HasSubstr("known_frames"));
  EXPECT_THAT(RefusalOf(WithCell(R"(, "width": "wide")")), HasSubstr("width"));
}

TEST(ManifestFileTest, NoPathLeadsOutOfTheFolder) {
  for (const char* path : {"/etc/passwd", "..", "../a.mp4", "videos/../../a.mp4", "./../a.mp4"}) {
    EXPECT_THAT(RefusalOf(WithCell(std::string(R"(, "output": ")") + path + "\"")),
                AllOf(HasSubstr("output"), HasSubstr(path)));
    EXPECT_THAT(RefusalOf(WithCell(std::string(R"(, "known_frames": [0], "conditioning": [")") +
                                   path + "\"]")),
                HasSubstr("conditioning"));
  }
}

TEST(ManifestFileTest, AManifestIsReplacedWhole) {
  const TestFolder folder;
  WriteManifest(folder.path(), TwoCells());
  Manifest one = TwoCells();
  one.entries.pop_back();
  WriteManifest(folder.path(), one);
  EXPECT_EQ(ReadManifest(folder.path()).entries.size(), 1u);
  size_t files = 0;
  for ([[maybe_unused]] const auto& entry : std::filesystem::directory_iterator(folder.path())) {
    ++files;
  }
  EXPECT_EQ(files, 1u) << "nothing is left beside it";
  EXPECT_THROW(WriteManifest(folder / "absent", one), EnvironmentError);
}

}  // namespace
}  // namespace plumb
