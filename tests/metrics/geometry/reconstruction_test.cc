// SPDX-License-Identifier: Apache-2.0
// The public entry: a video in, cameras and coloured points out.
#include "metrics/geometry/reconstruction.h"

#include <numbers>

#include <gtest/gtest.h>

#include "core/errors.h"
#include "tests/metrics/geometry/room_video.h"

namespace plumb {
namespace {

RoomVideo Room() { return RenderRoom(ArcPath(0.6), {}); }

TEST(ReconstructionTest, CamerasOfARoomTurnAsTheTrueOnes) {
  const RoomVideo room = Room();
  const Reconstruction found = ReconstructVideo(room.video);
  ASSERT_EQ(found.worlds.size(), 1u) << found.why_not;
  const ReconstructedWorld& world = found.worlds[0];
  EXPECT_EQ(found.video_frames, room.video.num_frames());
  EXPECT_EQ(found.PosedFrames(), room.video.num_frames());
  EXPECT_TRUE(found.why_not.empty());
  EXPECT_FALSE(world.turns_only);
  EXPECT_NEAR(world.intrinsics.fx_px / room.cameras[0].intrinsics.fx_px, 1.0, 0.03);
  EXPECT_GT(world.points.size(), 60u);
  const auto turned = [](const Rigid3& last, const Rigid3& first) {
    return last.rotation.angularDistance(first.rotation) * 180.0 / std::numbers::pi;
  };
  EXPECT_NEAR(turned(world.frames.back().camera_from_world, world.frames[0].camera_from_world),
              turned(room.cameras.back().camera_from_world, room.cameras[0].camera_from_world),
              1.0);
}

TEST(ReconstructionTest, ATurningCameraHasNoPoints) {
  const Reconstruction found = ReconstructVideo(RenderRoom(YawPath(0.5), {}).video);
  ASSERT_EQ(found.worlds.size(), 1u) << found.why_not;
  EXPECT_TRUE(found.worlds[0].turns_only);
  EXPECT_TRUE(found.worlds[0].points.empty());
  EXPECT_GT(found.PosedFrames(), 25);
}

TEST(ReconstructionTest, AStillCameraGivesASentence) {
  const Reconstruction found = ReconstructVideo(RenderRoom(StillPath(), {}).video);
  EXPECT_TRUE(found.worlds.empty());
  EXPECT_FALSE(found.why_not.empty());
  EXPECT_EQ(found.video_frames, 30);
}

TEST(ReconstructionTest, OneFrameGivesASentence) {
  const Reconstruction found = ReconstructVideo(Video({Image(64, 64)}, 24.0));
  EXPECT_TRUE(found.worlds.empty());
  EXPECT_FALSE(found.why_not.empty());
}

TEST(ReconstructionTest, StopsWhenCancelled) {
  Progress progress;
  progress.cancelled = [] { return true; };
  EXPECT_THROW(ReconstructVideo(Room().video, {}, progress), CancelledError);
}

}  // namespace
}  // namespace plumb
