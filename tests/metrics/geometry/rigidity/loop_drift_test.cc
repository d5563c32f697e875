// SPDX-License-Identifier: Apache-2.0
// A room seen by known cameras that go away and come back: what the second visit finds is where the
// first left it, within what a tracker can tell.
#include "metrics/geometry/rigidity/loop_drift.h"

#include <cmath>
#include <numbers>

#include <Eigen/Cholesky>
#include <gtest/gtest.h>

#include "core/statistics.h"
#include "tests/metrics/geometry/room_video.h"

namespace plumb {
namespace {

RoomOptions Room() {
  RoomOptions options;
  options.width = options.height = 160;
  options.frames = 32;
  return options;
}

// Forth and back again on an arc.
CameraPathOf ThereAndBack() {
  return [](double share) { return ArcPath(1.6)(0.5 * std::sin(std::numbers::pi * share)); };
}

struct LoopClip {
  RoomVideo room;
  TrackSet set;
  RigidWorld world;
};

// The point nearest to the rays of a track.
Eigen::Vector3d Triangulated(const Track& track, const PosedClip& clip) {
  Eigen::Matrix3d normal = Eigen::Matrix3d::Identity() * 1e-9;
  Eigen::Vector3d sum = Eigen::Vector3d::Zero();
  for (int frame = track.first_frame; frame <= track.last_frame(); ++frame) {
    const Rigid3 world_from_camera = Inverse(clip.camera_from_world[frame]);
    const Eigen::Vector3d ray = world_from_camera.rotation * clip.pinhole.Ray(track.At(frame));
    const Eigen::Matrix3d across = Eigen::Matrix3d::Identity() - ray * ray.transpose();
    normal += across;
    sum += across * world_from_camera.translation;
  }
  return normal.ldlt().solve(sum);
}

LoopClip MakeClip(const CameraPathOf& path) {
  LoopClip clip{RenderRoom(path, Room()), {}, {}};
  clip.set = TrackPoints(clip.room.video, {}, {});
  clip.world.stretch = {0, clip.set.num_frames() - 1};
  clip.world.clip.pinhole = PinholeOf(clip.set, clip.room.cameras[0].intrinsics.fx_px);
  for (const Camera& camera : clip.room.cameras) {
    clip.world.clip.camera_from_world.push_back(camera.camera_from_world);
    clip.world.clip.posed.push_back(true);
  }
  for (size_t i = 0; i < clip.set.tracks.size(); ++i) {
    if (clip.set.tracks[i].points_px.size() < 6) continue;
    clip.world.points.push_back(
        {static_cast<int>(i), Triangulated(clip.set.tracks[i], clip.world.clip)});
  }
  return clip;
}

const LoopClip& Loop() {
  static const LoopClip clip = MakeClip(ThereAndBack());
  return clip;
}

TEST(LoopDriftTest, ACameraThatComesBackIsFoundOut) {
  const auto visit = FindReturn(Loop().set, Loop().world);
  ASSERT_TRUE(visit.has_value());
  // The same place on the way forth and on the way back.
  EXPECT_NEAR(visit->first_frame + visit->second_frame, 31, 2);
  EXPECT_GE(visit->second_frame - visit->first_frame, 12);
}

TEST(LoopDriftTest, ARigidRoomStandsWhereItStood) {
  const auto visit = FindReturn(Loop().set, Loop().world);
  const LoopDrift drift = MeasureReturn(Loop().room.video, Loop().set, Loop().world, *visit);
  EXPECT_GE(drift.drift_px.size(), 30u);
  EXPECT_GT(drift.found, 0.6 * static_cast<double>(drift.drift_px.size()));
  EXPECT_LT(Median(drift.drift_px), 0.3);
}

TEST(LoopDriftTest, ARoomThatMovedIsOffByAsMuch) {
  const auto visit = FindReturn(Loop().set, Loop().world);
  for (const double shift_px : {1.0, 4.0}) {
    // The second camera is told to look aside; the picture stays.
    RigidWorld turned = Loop().world;
    Rigid3& camera_from_world = turned.clip.camera_from_world[visit->second_frame];
    const Eigen::Quaterniond aside(
        Eigen::AngleAxisd(shift_px / turned.clip.pinhole.focal_px, Eigen::Vector3d::UnitY()));
    camera_from_world = Rigid3(aside, Eigen::Vector3d::Zero()) * camera_from_world;
    const LoopDrift drift = MeasureReturn(Loop().room.video, Loop().set, turned, *visit);
    EXPECT_NEAR(Median(drift.drift_px), shift_px, 0.3 + 0.1 * shift_px);
  }
}

TEST(LoopDriftTest, ARoomThatBecameAnotherIsFarOff) {
  const auto visit = FindReturn(Loop().set, Loop().world);
  std::vector<Image> frames;
  for (int i = 0; i < Loop().room.video.num_frames(); ++i) {
    const bool back = Loop().set.frames[visit->second_frame] == i;
    // On return the lights are out.
    Image shown = Loop().room.video.frame(i);
    if (back) shown = Image(shown.width, shown.height);
    frames.push_back(std::move(shown));
  }
  const Video other(std::move(frames), Loop().room.video.fps());
  const LoopDrift drift = MeasureReturn(other, Loop().set, Loop().world, *visit);
  EXPECT_LT(drift.found, 0.3 * static_cast<double>(drift.drift_px.size()));
  EXPECT_DOUBLE_EQ(Median(drift.drift_px), kFarthestDrift_units * Loop().set.UnitPx());
}

TEST(LoopDriftTest, ACameraThatGoesOnNeverComesBack) {
  const LoopClip onwards = MakeClip(ArcPath(0.8));
  EXPECT_FALSE(FindReturn(onwards.set, onwards.world).has_value());
}

TEST(LoopDriftTest, WithoutPointsThereIsNoView) {
  RigidWorld empty = Loop().world;
  empty.points.clear();
  EXPECT_FALSE(FindReturn(Loop().set, empty).has_value());
  EXPECT_EQ(MeasureReturn(Loop().room.video, Loop().set, empty, {0, 31}).drift_px.size(), 0u);
}

}  // namespace
}  // namespace plumb
