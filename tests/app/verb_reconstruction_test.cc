// SPDX-License-Identifier: Apache-2.0
// `plumb score --save-reconstruction` and `plumb measure reconstruction` from the outside.
#include <cmath>

#include <gmock/gmock.h>

#include "app/published/colmap_files.h"
#include "app/video_io.h"
#include "core/json.h"
#include "core/seed.h"
#include "tests/app/run_program.h"

namespace plumb {
namespace {

namespace fs = std::filesystem;
using ::testing::HasSubstr;

constexpr int kFrames = 16;
constexpr int kTexels = 64;      // of the painted surroundings, along both axes
constexpr double kTexel = 0.03;  // radians

// Grey levels between random corners, so that every patch looks different.
double Painted(const std::vector<double>& corners, double x, double y) {
  const int column = static_cast<int>(std::floor(x)), row = static_cast<int>(std::floor(y));
  const double u = x - column, v = y - row;
  const auto at = [&](int i, int j) {
    return corners[((row + j) & (kTexels - 1)) * kTexels + ((column + i) & (kTexels - 1))];
  };
  return (1 - v) * ((1 - u) * at(0, 0) + u * at(1, 0)) + v * ((1 - u) * at(0, 1) + u * at(1, 1));
}

// What a camera sees that turns by 0.3 radians about the vertical.
Video TurningClip() {
  Random random(3);
  std::vector<double> corners(kTexels * kTexels);
  for (double& corner : corners) corner = random.Uniform(20.0, 235.0);
  std::vector<Image> frames;
  for (int k = 0; k < kFrames; ++k) {
    Image image(128, 96);
    for (int y = 0; y < image.height; ++y) {
      for (int x = 0; x < image.width; ++x) {
        const double right = (x + 0.5 - 64.0) / 130.0, down = (y + 0.5 - 48.0) / 130.0;
        const double azimuth = std::atan(right) + 0.02 * k;
        const double elevation = std::atan(down / std::hypot(1.0, right));
        const double level = Painted(corners, azimuth / kTexel + 32.0, elevation / kTexel + 32.0);
        for (int c = 0; c < 3; ++c) image.Pixel(x, y)[c] = static_cast<uint8_t>(level);
      }
    }
    frames.push_back(std::move(image));
  }
  return {frames, 24.0};
}

class VerbReconstructionTest : public ::testing::Test {
 protected:
  std::string Clip(const std::string& name, const Video& video) {
    WriteLossless(folder_ / name, video);
    return (folder_ / name).string();
  }
  std::string Turning() { return Clip("turning.mkv", TurningClip()); }
  std::string Still() {
    return Clip("still.mkv", Video(std::vector<Image>(kFrames, TurningClip().frame(0)), 24.0));
  }
  std::string Path(const std::string& name) { return (folder_ / name).string(); }
  TestFolder folder_;
};

TEST_F(VerbReconstructionTest, ScoreWritesEveryPosedFrameAndItsPicture) {
  const ProgramOutput output = RunPlumb("score --families geometry --json --save-reconstruction " +
                                        Path("model") + " --with-frames " + Turning());
  ASSERT_EQ(output.code, 0) << output.err;
  const SparseModel model = ReadSparseModel(folder_ / "model");
  ASSERT_EQ(model.pictures.size(), static_cast<size_t>(kFrames));
  EXPECT_EQ(model.pictures[7].name, "frame_00007.png");
  EXPECT_EQ(ReadImage(folder_ / "model/images/frame_00007.png"), TurningClip().frame(7));
  // 0.02 radians a frame, about the vertical.
  const Eigen::Quaterniond turned = model.pictures[10].camera_from_world.rotation *
                                    model.pictures[0].camera_from_world.rotation.conjugate();
  EXPECT_NEAR(turned.angularDistance(Eigen::Quaterniond::Identity()), 0.2, 0.02);
  const Json json = Json::parse(output.out);
  EXPECT_THAT(json["samples"][0]["notes"].dump(),
              HasSubstr("reconstruction: 1 world, 16 of 16 frames posed, 0 points"));
}

TEST_F(VerbReconstructionTest, ClipsGetFoldersAndAReasonWhereNothingWasFound) {
  const ProgramOutput output = RunPlumb("score --families geometry --json --save-reconstruction " +
                                        Path("models") + " " + Turning() + " " + Still());
  ASSERT_EQ(output.code, 0) << output.err;
  EXPECT_TRUE(fs::exists(folder_ / "models/turning/0/images.bin"));
  EXPECT_TRUE(fs::is_empty(folder_ / "models/still"));
  EXPECT_FALSE(fs::exists(folder_ / "models/turning/images"));
  EXPECT_THAT(Json::parse(output.out)["samples"][1]["notes"].dump(),
              HasSubstr("no reconstruction: "));
}

TEST_F(VerbReconstructionTest, MeasureWritesTheSameModel) {
  const std::string clip = Turning();
  ASSERT_EQ(
      RunPlumb("score --families geometry --save-reconstruction " + Path("a") + " " + clip).code,
      0);
  const ProgramOutput output =
      RunPlumb("measure reconstruction --json video=" + clip + " --set out=" + Path("b"));
  ASSERT_EQ(output.code, 0) << output.err;
  const Json json = Json::parse(output.out);
  EXPECT_EQ(json["values"]["posed_frames"], 16.0);
  EXPECT_NEAR(json["values"]["focal_px"].get<double>(), 130.0, 6.0);
  EXPECT_TRUE(json["values"]["mean_reprojection_px"].is_null());
  for (const char* file : {"cameras.bin", "images.bin", "points3D.bin", "cameras.ply"}) {
    EXPECT_EQ(FileText(folder_ / "a/0" / file), FileText(folder_ / "b/0" / file)) << file;
  }
}

TEST_F(VerbReconstructionTest, MeasureOfAStillCameraHasNoNumber) {
  const ProgramOutput output = RunPlumb("measure reconstruction video=" + Still());
  EXPECT_EQ(output.code, 3);
  EXPECT_THAT(output.out, HasSubstr("posed_frames                     undefined: "));
}

TEST_F(VerbReconstructionTest, AFolderInUseAndAFlagAloneAreRefused) {
  WriteText(folder_ / "used/0/cameras.bin", "old");
  const std::string clip = Still();
  const ProgramOutput used = RunPlumb("score --save-reconstruction " + Path("used") + " " + clip);
  EXPECT_EQ(used.code, 2);
  EXPECT_THAT(used.err, HasSubstr("is not empty"));
  EXPECT_EQ(FileText(folder_ / "used/0/cameras.bin"), "old");
  EXPECT_EQ(RunPlumb("measure reconstruction video=" + clip + " --set out=" + Path("used")).code,
            2);
  EXPECT_EQ(RunPlumb("score --with-frames " + clip).code, 2);
}

}  // namespace
}  // namespace plumb
