// SPDX-License-Identifier: Apache-2.0
#include "app/published/colmap_files.h"

#include <filesystem>
#include <fstream>

#include <gmock/gmock.h>

#include "tests/app/rejection.h"
#include "tests/paths.h"
#include "tests/test_folder.h"

namespace plumb {
namespace {

namespace fs = std::filesystem;
using ::testing::HasSubstr;

fs::path Case(const std::string& name) {
  return SourceFolder() / "tests/metrics/published/cases" / name;
}

TEST(ColmapFilesTest, TextAndBinaryModelsAreRead) {
  const SparseModel text = ReadSparseModel(Case("syscon-ring/sparse"));
  const SparseModel binary = ReadSparseModel(Case("syscon-binary/model"));
  ASSERT_EQ(text.pictures.size(), 5u);
  ASSERT_EQ(binary.pictures.size(), 5u);
  EXPECT_EQ(binary.pictures[4].name, "frame_004.png");
  EXPECT_EQ(text.pictures[4].name, "frame_004.png");
  EXPECT_EQ(text.points.size(), 15u);
  ASSERT_EQ(binary.points.size(), 15u);
  EXPECT_EQ(text.points[14], binary.points[14]);
}

TEST(ColmapFilesTest, ABinaryModelCutAnywhereIsRefused) {
  for (const char* name : {"images.bin", "points3D.bin"}) {
    const std::string whole = FileText(Case("syscon-binary/model") / name);
    for (size_t size = 0; size < whole.size(); size += 7) {
      const TestFolder folder;
      fs::copy(Case("syscon-binary/model"), folder / "model");
      std::ofstream(folder / "model" / name, std::ios::binary) << whole.substr(0, size);
      EXPECT_THAT(Rejection([&] { ReadSparseModel(folder / "model"); }), HasSubstr(name)) << size;
    }
  }
}

TEST(ColmapFilesTest, ABinaryModelThatTellsOfMoreThanItHoldsIsRefused) {
  const TestFolder folder;
  fs::copy(Case("syscon-binary/model"), folder / "model");
  std::string bytes = FileText(folder / "model/points3D.bin");
  bytes[6] = 1;  // 2⁴⁸ points more
  std::ofstream(folder / "model/points3D.bin", std::ios::binary) << bytes;
  EXPECT_THAT(Rejection([&] { ReadSparseModel(folder / "model"); }), HasSubstr("can't hold"));
}

TEST(ColmapFilesTest, ABrokenTextModelIsRefusedWithItsLine) {
  const auto refused = [](const std::string& images, const std::string& points) {
    const TestFolder folder;
    std::ofstream(folder / "images.txt") << images;
    std::ofstream(folder / "points3D.txt") << points;
    return Rejection([&] { ReadSparseModel(folder.path()); });
  };
  EXPECT_EQ(refused("1 1 0 0 0 0 0 0 1 a b.png\n\n", "1 0 0 0 9 9 9 0.5\n"), "accepted");
  EXPECT_THAT(refused("# c\n1 1 0 0\n", ""), HasSubstr("images.txt:2: expected 'IMAGE_ID"));
  EXPECT_THAT(refused("1 0 0 0 0 0 0 0 1 a.png\n\n", ""),
              HasSubstr("images.txt:1: the quaternion"));
  EXPECT_THAT(refused("", "1 0 0 zero 9 9 9 0.5\n"), HasSubstr("points3D.txt:1: 'zero'"));
  EXPECT_THAT(refused("", "1 0\n"), HasSubstr("points3D.txt:1: expected 'POINT3D_ID"));
  EXPECT_THAT(Rejection([] { ReadSparseModel("/no/such"); }), HasSubstr("is no folder"));
  const TestFolder empty;
  EXPECT_THAT(Rejection([&] { ReadSparseModel(empty.path()); }), HasSubstr("holds no images"));
}

TEST(ColmapFilesTest, ANameIsTheTenthWordHoweverShort) {
  const TestFolder folder;
  std::ofstream(folder / "images.txt")
      << "1 1 0 0 0 0 0 0 1 1\n\n2 1 0 0 0 0 0.0001 0 1  0001 b\n\n";
  std::ofstream(folder / "points3D.txt") << "1 0 0 0 9 9 9 0.5\n";
  const SparseModel model = ReadSparseModel(folder.path());
  ASSERT_EQ(model.pictures.size(), 2u);
  EXPECT_EQ(model.pictures[0].name, "1");
  EXPECT_EQ(model.pictures[1].name, "0001 b");
}

TEST(ColmapFilesTest, MatchesRunFromEachPictureToTheNextByName) {
  const auto matches = MatchesOfNeighbours(Case("tsed-reversed-ids/database.db"));
  ASSERT_EQ(matches.size(), 3u);
  EXPECT_EQ(matches[0].size(), 30u);
  EXPECT_EQ(PicturesOfDatabase(Case("tsed-noise/database.db")).size(), 6u);
}

TEST(ColmapFilesTest, WhatIsNoDatabaseIsRefused) {
  const TestFolder folder;
  std::ofstream(folder / "text.db") << "no database at all, but long enough to be looked at";
  std::ofstream(folder / "empty.db") << "";
  for (const char* name : {"text.db", "empty.db", "absent.db"}) {
    const fs::path path = folder / name;
    EXPECT_THAT(Rejection([&] { PicturesOfDatabase(path); }), HasSubstr(name));
    EXPECT_THAT(Rejection([&] { MatchesOfNeighbours(path); }), HasSubstr(name));
  }
}

TEST(ColmapFilesTest, ADatabaseThatIsCutOrOverwrittenNeverCrashes) {
  const std::string whole = FileText(Case("tsed-noise/database.db"));
  int refused = 0;
  for (size_t at = 100; at < whole.size(); at += whole.size() / 40) {
    const TestFolder folder;
    std::ofstream(folder / "cut.db", std::ios::binary) << whole.substr(0, at);
    std::string bytes = whole;
    for (size_t i = at; i < std::min(at + 64, bytes.size()); ++i) bytes[i] = '\x7f';
    std::ofstream(folder / "wrong.db", std::ios::binary) << bytes;
    for (const char* name : {"cut.db", "wrong.db"}) {
      refused += Rejection([&] { MatchesOfNeighbours(folder / name); }) != "accepted";
    }
  }
  EXPECT_GT(refused, 20);
}

}  // namespace
}  // namespace plumb
