// SPDX-License-Identifier: Apache-2.0
#include "scenes/pictures.h"

#include <gtest/gtest.h>

#include "core/errors.h"
#include "scenes/catalogue.h"

namespace plumb {
namespace {

RenderOptions Small() {
  RenderOptions options;
  options.width = 40;
  options.height = 32;
  options.frames = 4;
  options.fps = 12;
  return options;
}

TEST(PicturesTest, AreTheTruthsVideoAndCameras) {
  for (const char* scenario : {"drop", "orbit_room", "occluder_pass"}) {
    const Scene scene = MakeScene(scenario, 5, 1);
    const Pictures pictures = MakePictures(scene, Small());
    const Truth truth = MakeTruth(scene, Small());
    EXPECT_EQ(pictures.video.frames(), truth.video.frames()) << scenario;
    EXPECT_EQ(pictures.video.fps(), 12.0);
    ASSERT_EQ(pictures.cameras.size(), 4U);
    for (int i = 0; i < 4; ++i) {
      const Camera &a = pictures.cameras[i], &b = truth.cameras[i];
      EXPECT_EQ(a.camera_from_world.translation, b.camera_from_world.translation) << scenario;
      EXPECT_EQ(a.camera_from_world.rotation.coeffs(), b.camera_from_world.rotation.coeffs());
      EXPECT_EQ(a.intrinsics.fx_px, b.intrinsics.fx_px);
    }
  }
}

TEST(PicturesTest, ASenselessProtocolIsRefused) {
  RenderOptions options = Small();
  options.width = 3;
  EXPECT_THROW(MakePictures(MakeScene("drop", 5, 1), options), UsageError);
}

TEST(PicturesTest, StopsWhenAsked) {
  Progress progress;
  progress.cancelled = [] { return true; };
  EXPECT_THROW(MakePictures(MakeScene("drop", 5, 1), Small(), progress), CancelledError);
}

}  // namespace
}  // namespace plumb
