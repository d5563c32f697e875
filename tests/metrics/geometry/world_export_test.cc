// SPDX-License-Identifier: Apache-2.0
// From a fit to the video's own pixels and frame numbers, and to what a report shows of it.
#include "metrics/geometry/world_export.h"

#include <gtest/gtest.h>

#include "metrics/geometry/reconstruct.h"
#include "metrics/geometry/world_view.h"
#include "tests/metrics/geometry/synthetic_tracks.h"

namespace plumb {
namespace {

constexpr int kFrames = 24;

// Exact tracks of every second frame of a video twice as large, with the world that made them.
struct Exported {
  SyntheticTracks truth = MakeSyntheticTracks(ArcPath(0.5), {});
  WorldFit fit;
  std::vector<Image> frames = std::vector<Image>(2 * kFrames, Image(512, 512));

  Exported() {
    for (int i = 0; i < kFrames; ++i) truth.set.frames[i] = 2 * i;
    truth.set.sample_scale = 2.0;
    const SegmentModel model =
        Reconstruct(truth.set, AllTracks(truth.set), {0, 4, 8, 12, 16, 20, 23}, {});
    fit.worlds.push_back({{0, kFrames - 1}, model.clip, model.points});
  }
  Reconstruction Run() const { return ReconstructionOf(truth.set, fit, Video(frames, 24.0)); }
};

TEST(WorldExportTest, ProjectedPointsFallOnTheirViews) {
  const Exported input;
  const Reconstruction reconstruction = input.Run();
  ASSERT_EQ(reconstruction.worlds.size(), 1u);
  const ReconstructedWorld& world = reconstruction.worlds[0];
  EXPECT_EQ(reconstruction.PosedFrames(), kFrames);
  EXPECT_EQ(world.intrinsics.width, 512);
  EXPECT_NEAR(world.intrinsics.fx_px / (2.0 * input.truth.cameras[0].intrinsics.fx_px), 1.0, 5e-3);
  size_t views = 0;
  for (const ReconstructedFrame& frame : world.frames) {
    EXPECT_EQ(frame.frame % 2, 0);
    for (const PointView& view : frame.views) {
      const Projection projection =
          Project({world.intrinsics, frame.camera_from_world}, world.points[view.point].x_in_world);
      EXPECT_LT((projection.point_px - view.seen_px).norm(), 0.5);
      EXPECT_GT(projection.depth_m, 0.0);
    }
    views += frame.views.size();
  }
  EXPECT_GT(views, 10 * world.points.size());
}

TEST(WorldExportTest, ErrorsAreMeansOverTheViews) {
  const Reconstruction reconstruction = Exported().Run();
  const ReconstructedWorld& world = reconstruction.worlds[0];
  double sum = 0.0;
  int views = 0;
  for (const ReconstructedFrame& frame : world.frames) {
    for (const PointView& view : frame.views) {
      if (view.point != 7) continue;
      const Projection projection =
          Project({world.intrinsics, frame.camera_from_world}, world.points[7].x_in_world);
      sum += (projection.point_px - view.seen_px).norm();
      ++views;
    }
  }
  ASSERT_GE(views, 2);
  EXPECT_NEAR(world.points[7].error_px, sum / views, 1e-9);
}

TEST(WorldExportTest, ColoursComeFromThePixelThatShowsThePoint) {
  Exported input;
  for (Image& frame : input.frames) {
    for (int y = 0; y < frame.height; ++y) {
      for (int x = 0; x < frame.width; ++x) {
        frame.Pixel(x, y)[0] = static_cast<uint8_t>(x / 2);
        frame.Pixel(x, y)[1] = static_cast<uint8_t>(y / 2);
      }
    }
  }
  const Reconstruction reconstruction = input.Run();
  const ReconstructedWorld& world = reconstruction.worlds[0];
  for (size_t i = 0; i < world.points.size(); ++i) {
    bool seen_there = false;
    for (const ReconstructedFrame& frame : world.frames) {
      for (const PointView& view : frame.views) {
        seen_there |= view.point == static_cast<int>(i) &&
                      static_cast<int>(view.seen_px.x()) / 2 == world.points[i].rgb[0] &&
                      static_cast<int>(view.seen_px.y()) / 2 == world.points[i].rgb[1];
      }
    }
    EXPECT_TRUE(seen_there) << i;
  }
}

TEST(WorldExportTest, SightingsFarFromTheirPointAreLeftOut) {
  Exported input;
  const int track = input.fit.worlds[0].points[0].track;
  for (Eigen::Vector2d& point : input.truth.set.tracks[track].points_px) point.x() += 9.0;
  const size_t before = Exported().Run().worlds[0].points.size();
  EXPECT_EQ(input.Run().worlds[0].points.size(), before - 1);
}

TEST(WorldExportTest, OnlyPosedFramesOfTheStretchAreThere) {
  Exported input;
  input.fit.worlds[0].stretch = {4, 20};
  input.fit.worlds[0].clip.posed[10] = false;
  const Reconstruction reconstruction = input.Run();
  EXPECT_EQ(reconstruction.PosedFrames(), 16);
  EXPECT_EQ(reconstruction.worlds[0].frames.front().frame, 8);
  for (const ReconstructedFrame& frame : reconstruction.worlds[0].frames)
    EXPECT_NE(frame.frame, 20);
}

TEST(WorldExportTest, WorldsComeInTheOrderOfTheirFrames) {
  Exported input;
  RigidWorld late = input.fit.worlds[0];
  input.fit.worlds[0].stretch = {12, 23};
  late.stretch = {0, 11};
  input.fit.worlds.push_back(late);
  const Reconstruction reconstruction = input.Run();
  ASSERT_EQ(reconstruction.worlds.size(), 2u);
  EXPECT_EQ(reconstruction.worlds[0].frames.front().frame, 0);
  EXPECT_EQ(reconstruction.worlds[1].frames.front().frame, 24);
}

TEST(WorldExportTest, WithoutAWorldThereIsASentence) {
  Exported input;
  input.fit.worlds.clear();
  input.fit.why_not = "no good initial pair";
  EXPECT_TRUE(input.Run().worlds.empty());
  EXPECT_EQ(input.Run().why_not, "no good initial pair");
}

TEST(WorldExportTest, TheViewIsUprightAndOfOneSize) {
  Exported input;
  // The same world turned upside down, moved away and ten times as large looks the same.
  const Json view = WorldViews(input.Run())[0];
  RigidWorld& world = input.fit.worlds[0];
  const Rigid3 moved(Eigen::Quaterniond(0.0, 1.0, 0.0, 0.0), {30.0, -20.0, 5.0});
  for (ScenePoint& point : world.points) point.x_in_world = moved * (10.0 * point.x_in_world);
  for (Rigid3& pose : world.clip.camera_from_world) {
    pose.translation *= 10.0;
    pose = pose * Inverse(moved);
  }
  const Json other = WorldViews(input.Run())[0];
  ASSERT_EQ(view["cameras"].size(), static_cast<size_t>(kFrames));
  double lowest_up = 1000.0;
  for (size_t i = 0; i < view["cameras"].size(); ++i) {
    const Json& camera = view["cameras"][i];
    const Eigen::Quaterniond turn(camera[4].get<double>(),
                                  camera[5].get<double>(),
                                  camera[6].get<double>(),
                                  camera[7].get<double>());
    lowest_up = std::min(lowest_up, (turn.normalized() * -Eigen::Vector3d::UnitY()).y());
    EXPECT_EQ(camera[0], 2 * static_cast<int>(i));
    // Height and distance from the axis through the middle survive any turn about it.
    EXPECT_NEAR(camera[2].get<double>(), other["cameras"][i][2].get<double>(), 60.0);
  }
  EXPECT_GT(lowest_up, 0.9);
  EXPECT_EQ(view["found"][0], kFrames);
  EXPECT_GT(view["points"].size(), 100u);
  EXPECT_LE(view["points"].size(), 800u);
  EXPECT_NEAR(view["half_view"][0].get<double>(), std::tan(0.45), 0.01);
}

TEST(WorldExportTest, ATurningCameraStandsInTheMiddle) {
  Exported input;
  RigidWorld& world = input.fit.worlds[0];
  world.points.clear();
  world.clip.turns_only = true;
  for (Rigid3& pose : world.clip.camera_from_world) pose.translation.setZero();
  const Json view = WorldViews(input.Run())[0];
  EXPECT_TRUE(view["turns_only"].get<bool>());
  EXPECT_TRUE(view["points"].empty());
  for (const Json& camera : view["cameras"]) {
    for (const int axis : {1, 2, 3}) EXPECT_EQ(camera[axis], 0);
  }
}

}  // namespace
}  // namespace plumb
