// SPDX-License-Identifier: Apache-2.0
#include "app/published/plain_files.h"

#include <fstream>

#include <gmock/gmock.h>

#include "tests/app/rejection.h"
#include "tests/test_folder.h"

namespace plumb {
namespace {

using ::testing::HasSubstr;

class PlainFilesTest : public ::testing::Test {
 protected:
  std::filesystem::path Write(const std::string& name, const std::string& text) {
    std::ofstream(folder_ / name, std::ios::binary) << text;
    return folder_ / name;
  }

 private:
  TestFolder folder_;
};

TEST_F(PlainFilesTest, TumPosesAreReadWithTheirQuaternionsNormalised) {
  const auto path = ReadTumTrajectory(
      Write("a.tum", "\xEF\xBB\xBF# a comment\r\n\n0.5 1 2 3 0 0 0 2\r\n1e0\t4 5  6 0 0 1 0\n"));
  ASSERT_EQ(path.size(), 2u);
  EXPECT_EQ(path[0].time_s, 0.5);
  EXPECT_EQ(path[0].world_from_body.rotation.w(), 1);
  EXPECT_EQ(path[1].world_from_body.translation, Eigen::Vector3d(4, 5, 6));
  EXPECT_EQ(path[1].world_from_body.rotation.z(), 1);
}

TEST_F(PlainFilesTest, ABrokenTumFileIsRefusedWithItsLine) {
  const auto refused = [&](const std::string& text) {
    return Rejection([&] { ReadTumTrajectory(Write("b.tum", text)); });
  };
  EXPECT_THAT(refused("# c\n0 1 2 3 0 0 0\n"), HasSubstr("b.tum:2: 7 words"));
  EXPECT_THAT(refused("0 1 2 x 0 0 0 1\n"), HasSubstr("b.tum:1: 'x' is no finite number"));
  EXPECT_THAT(refused("0 1 2 nan 0 0 0 1\n"), HasSubstr("b.tum:1: 'nan' is no finite number"));
  EXPECT_THAT(refused("0 1 2 1e999 0 0 0 1\n"), HasSubstr("'1e999'"));
  EXPECT_THAT(refused("0 1 2 3 0 0 0 0\n"), HasSubstr("b.tum:1: the quaternion"));
  EXPECT_THAT(refused("# nothing\n"), HasSubstr("b.tum: holds no pose"));
  EXPECT_THAT(refused(std::string("\0\0\0\n", 4)), HasSubstr("b.tum:1: "));
  EXPECT_THAT(Rejection([] { ReadTumTrajectory("/no/such.tum"); }), HasSubstr("/no/such.tum"));
  EXPECT_THAT(Rejection([] { ReadTumTrajectory("/"); }), HasSubstr("is no file"));
}

TEST_F(PlainFilesTest, MatchesMaySayWhichAreInliers) {
  const auto with = ReadPointMatches(Write("a.csv", "x1,y1,x2,y2,inlier\n1,2,3,4,0\n5,6,7,8,1\n"));
  ASSERT_EQ(with.size(), 2u);
  EXPECT_FALSE(with[0].inlier);
  EXPECT_EQ(with[1].second_px, Eigen::Vector2d(7, 8));
  const auto without = ReadPointMatches(Write("b.csv", "x1,y1,x2,y2\n1,2,3,4\n"));
  EXPECT_TRUE(without[0].inlier);
  EXPECT_TRUE(ReadPointMatches(Write("c.csv", "x1,y1,x2,y2\n")).empty());
}

TEST_F(PlainFilesTest, BrokenMatchesAreRefusedWithTheirLine) {
  const auto refused = [&](const std::string& text) {
    return Rejection([&] { ReadPointMatches(Write("m.csv", text)); });
  };
  EXPECT_THAT(refused(""), HasSubstr("m.csv:1: expected the header"));
  EXPECT_THAT(refused("x,y,u,v\n"), HasSubstr("m.csv:1: expected the header"));
  EXPECT_THAT(refused("x1,y1,x2,y2\n1,2,3\n"), HasSubstr("m.csv:2: 3 columns, the header has 4"));
  EXPECT_THAT(refused("x1,y1,x2,y2\n1,2,3,\n"), HasSubstr("m.csv:2: '' is no finite number"));
  EXPECT_THAT(refused("x1,y1,x2,y2,inlier\n1,2,3,4,2\n"), HasSubstr("m.csv:2: inlier is 2"));
}

TEST_F(PlainFilesTest, AMatrixMayBeAbsentButNotCrooked) {
  EXPECT_EQ((*ReadFundamentalMatrix(Write("f.json", R"({"F": [[1,2,3],[4,5,6],[7,8,9]]})")))(1, 2),
            6);
  EXPECT_FALSE(ReadFundamentalMatrix(Write("n.json", R"({"F": null})")));
  const auto refused = [&](const std::string& text) {
    return Rejection([&] { ReadFundamentalMatrix(Write("g.json", text)); });
  };
  EXPECT_THAT(refused("{}"), HasSubstr("the key 'F'"));
  EXPECT_THAT(refused("{\"F\":\n[[1,2,3],[4,5,6]]}"), HasSubstr("expected 3 rows of 3 numbers"));
  EXPECT_THAT(refused("{\"F\": [[1,2,3],[4,5,6],[7,8,\"9\"]]}"), HasSubstr("3 rows of 3 numbers"));
  EXPECT_THAT(refused("{\"F\": ["), HasSubstr("g.json:1"));
}

TEST_F(PlainFilesTest, ACameraPathNeedsAFocalLengthAndPosesThatCanBeUndone) {
  const std::string pose = "[[1,0,0,4],[0,1,0,0],[0,0,1,0],[0,0,0,1]]";
  const auto path = ReadCameraPathFile(
      Write("p.json", "{\"poses\": [" + pose + "], \"focal_y\": 0.9, \"note\": 1}"));
  EXPECT_EQ(path.world_from_camera.at(0)(0, 3), 4);
  EXPECT_EQ(path.focal_y, 0.9);
  const auto refused = [&](const std::string& text) {
    return Rejection([&] { ReadCameraPathFile(Write("q.json", text)); });
  };
  EXPECT_THAT(refused("{\"poses\": [" + pose + "]}"), HasSubstr("'focal_y'"));
  EXPECT_THAT(refused("{\"focal_y\": 1}"), HasSubstr("'poses'"));
  EXPECT_THAT(refused("{\"focal_y\": 1, \"poses\": [[1]]}"), HasSubstr("4 rows of 4 numbers"));
  EXPECT_THAT(refused("{\"focal_y\": 1, \"poses\": [[[0,0,0,4],[0,1,0,0],[0,0,1,0],[0,0,0,1]]]}"),
              HasSubstr("has no inverse"));
}

}  // namespace
}  // namespace plumb
