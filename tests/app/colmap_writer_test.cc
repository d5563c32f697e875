// SPDX-License-Identifier: Apache-2.0
// What we write, our own reader reads, and COLMAP's program where it is installed.
#include "app/colmap_writer.h"

#include <sstream>

#include <gmock/gmock.h>

#include "app/published/colmap_files.h"
#include "tests/app/made_world.h"
#include "tests/app/run_program.h"

namespace plumb {
namespace {

using ::testing::HasSubstr;

void Write(const TestFolder& folder, const ReconstructedWorld& world) {
  const ColmapModel model = ColmapModelOf(world);
  WriteText(folder / "cameras.bin", model.cameras);
  WriteText(folder / "images.bin", model.images);
  WriteText(folder / "points3D.bin", model.points);
}

TEST(ColmapWriterTest, OurReaderReadsWhatWasWritten) {
  const TestFolder folder;
  const ReconstructedWorld world = MadeWorld();
  Write(folder, world);
  const SparseModel model = ReadSparseModel(folder.path());
  ASSERT_EQ(model.pictures.size(), 6u);
  EXPECT_EQ(model.pictures[1].name, "frame_00012.png");
  EXPECT_EQ(model.pictures[5].camera_from_world.translation,
            world.frames[5].camera_from_world.translation);
  ASSERT_EQ(model.points.size(), 30u);
  for (int i = 0; i < 30; ++i) EXPECT_EQ(model.points[i], world.points[i].x_in_world);
}

TEST(ColmapWriterTest, FilesHaveTheLengthsOfTheFormat) {
  const ColmapModel model = ColmapModelOf(MadeWorld());
  EXPECT_EQ(model.cameras.size(), 8u + 4 + 4 + 8 + 8 + 4 * 8);
  EXPECT_EQ(model.images.size(), 8 + 6 * (4 + 7 * 8 + 4 + 16 + 8 + 30 * 24u));
  EXPECT_EQ(model.points.size(), 8 + 30 * (8 + 3 * 8 + 3 + 8 + 8 + 6 * 8u));
}

TEST(ColmapWriterTest, AWorldWithoutPointsIsAModelToo) {
  const TestFolder folder;
  ReconstructedWorld world = MadeWorld();
  world.points.clear();
  for (ReconstructedFrame& frame : world.frames) frame.views.clear();
  Write(folder, world);
  EXPECT_EQ(ReadSparseModel(folder.path()).pictures.size(), 6u);
  EXPECT_TRUE(ReadSparseModel(folder.path()).points.empty());
}

TEST(ColmapWriterTest, ColmapItselfReadsIt) {
  if (RunShell("command -v colmap").code != 0) GTEST_SKIP() << "colmap is not installed";
  const TestFolder folder;
  Write(folder, MadeWorld());
  const ProgramOutput analysed = RunShell("colmap model_analyzer --path " + folder.path().string());
  const std::string said = analysed.out + analysed.err;
  ASSERT_EQ(analysed.code, 0) << said;
  EXPECT_THAT(said, HasSubstr("Cameras: 1"));
  EXPECT_THAT(said, HasSubstr("Registered images: 6"));
  EXPECT_THAT(said, HasSubstr("Points: 30"));
  EXPECT_THAT(said, HasSubstr("Observations: 180"));
  EXPECT_THAT(said, HasSubstr("Mean track length: 6.0"));
  EXPECT_THAT(said, HasSubstr("Mean reprojection error: 0.25"));
}

// What COLMAP writes as text after reading ours, line by line.
TEST(ColmapWriterTest, ColmapFindsTheSameNumbers) {
  if (RunShell("command -v colmap").code != 0) GTEST_SKIP() << "colmap is not installed";
  const TestFolder folder, text;
  Write(folder, MadeWorld());
  const ProgramOutput converted =
      RunShell("colmap model_converter --output_type TXT --input_path " + folder.path().string() +
               " --output_path " + text.path().string());
  ASSERT_EQ(converted.code, 0) << converted.out << converted.err;
  EXPECT_THAT(FileText(text / "cameras.txt"), HasSubstr("1 PINHOLE 64 48 60 60 32 24"));
  EXPECT_THAT(FileText(text / "images.txt"), HasSubstr("frame_00020.png"));
  EXPECT_THAT(FileText(text / "points3D.txt"), HasSubstr(" 232 100 7 0.25 "));
}

// Vertices of a text PLY, by line.
std::vector<std::vector<double>> Vertices(const std::string& ply) {
  std::istringstream lines(ply);
  std::string line;
  while (std::getline(lines, line) && line != "end_header") {
  }
  std::vector<std::vector<double>> vertices;
  while (std::getline(lines, line)) {
    std::istringstream words(line);
    vertices.emplace_back(std::istream_iterator<double>(words), std::istream_iterator<double>());
  }
  return vertices;
}

TEST(ColmapWriterTest, PointsInPlyHavePlaceAndColour) {
  const ReconstructedWorld world = MadeWorld();
  const std::string ply = PointsPly(world);
  EXPECT_THAT(ply, HasSubstr("element vertex 30\n"));
  const auto vertices = Vertices(ply);
  ASSERT_EQ(vertices.size(), 30u);
  const Eigen::Vector3d& last = world.points[29].x_in_world;
  EXPECT_EQ(vertices[29], (std::vector<double>{last.x(), last.y(), last.z(), 232, 100, 7}));
}

TEST(ColmapWriterTest, CamerasInPlyStandAtTheirCentres) {
  const auto vertices = Vertices(CamerasPly(MadeWorld()));
  ASSERT_EQ(vertices.size(), 6u);
  EXPECT_EQ(vertices[5][3], 20.0);
  EXPECT_NEAR(vertices[5][0], -0.5, 1e-12);  // minus the translation: nothing turns
  EXPECT_NEAR(vertices[5][2], -0.05, 1e-12);
}

}  // namespace
}  // namespace plumb
