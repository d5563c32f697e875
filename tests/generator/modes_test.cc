// SPDX-License-Identifier: Apache-2.0
// What every mode promises whatever the checkpoint: lengths, given frames untouched, the same bytes
// again. What a trained checkpoint makes of the seams is measured elsewhere (docs/model.md).
#include "generator/native/modes.h"

#include <cstdlib>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "core/errors.h"
#include "tests/generator/test_training.h"

namespace plumb {
namespace {

using testing::HasSubstr;

class ModesTest : public testing::Test {
 protected:
  ModesTest() { model_ = LoadNativeModel(TrainedTestCheckpoint().checkpoint, {.steps = 2}); }

  static Video Discs(uint64_t index) { return DiscClip({}, index).video; }

  // The clip of the test checkpoint: 9 frames of 16x16 at 24 fps.
  static VideoRequest Request() {
    VideoRequest request;
    request.width = request.height = 16;
    request.frames = 9;
    request.fps = 24.0;
    return request;
  }

  std::string Complaint(const VideoRequest& request) {
    try {
      model_->Make(request, {});
    } catch (const UsageError& error) {
      return error.what();
    }
    return "";
  }

  static void ExpectFrames(const Video& video, int first, const Video& expected) {
    for (int i = 0; i < expected.num_frames(); ++i) {
      EXPECT_TRUE(video.frame(first + i) == expected.frame(i)) << i;
    }
  }

  const ModeOptions options_ = {.caption = "A red disc glides to the right.", .overlap = 4};
  std::unique_ptr<NativeModel> model_;
};

TEST_F(ModesTest, AnySizeAspectAndLengthIsMade) {
  for (const auto& [width, height, frames] :
       {std::tuple{16, 32, 1}, std::tuple{48, 16, 13}, std::tuple{32, 32, 5}}) {
    VideoRequest request = Request();
    request.width = width;
    request.height = height;
    request.frames = frames;
    const Video video = model_->Make(request, {});
    EXPECT_EQ(std::tuple(video.width(), video.height(), video.num_frames()),
              std::tuple(width, height, frames));
  }
}

TEST_F(ModesTest, WhatCannotBeMadeNamesTheNearest) {
  VideoRequest request = Request();
  request.width = 30;
  EXPECT_THAT(Complaint(request), HasSubstr("30x16"));
  EXPECT_THAT(Complaint(request), HasSubstr("nearest size is 32x16"));
  request = Request();
  request.frames = 11;
  EXPECT_THAT(Complaint(request), HasSubstr("nearest is 13"));
  request = Request();
  request.references = {Image(18, 16)};
  EXPECT_THAT(Complaint(request), HasSubstr("a reference of 18x16: sides must be multiples of"));
  request.references.assign(100, Image(2048, 2048));
  EXPECT_THAT(Complaint(request), HasSubstr("give smaller or fewer references"));
  request = Request();
  request.width = request.height = 1024;
  request.frames = 401;
  EXPECT_THAT(Complaint(request), HasSubstr("the longest clip of this size has"));
}

TEST_F(ModesTest, AMiddleFrameAndPartsOfFramesComeBackUntouched) {
  VideoRequest request = Request();
  const Video discs = Discs(3);
  std::vector<uint8_t> left(16 * 16, 0);
  for (int y = 0; y < 16; ++y) std::fill_n(left.begin() + 16 * y, 8, 1);
  request.given = {{.frame = 4, .image = discs.frame(4)},
                   {.frame = 8, .image = discs.frame(8), .mask = left}};
  const Video video = model_->Make(request, {});
  EXPECT_TRUE(video.frame(4) == discs.frame(4));
  for (int y = 0; y < 16; ++y) {
    for (int x = 0; x < 8; ++x) {
      EXPECT_EQ(video.frame(8).Pixel(x, y)[0], discs.frame(8).Pixel(x, y)[0]);
    }
  }
}

TEST_F(ModesTest, ReferencesAndCamerasReachThePicture) {
  VideoRequest request = Request();
  const Video plain = model_->Make(request, {});
  request.references = {Discs(1).frame(0)};
  const Video referred = model_->Make(request, {});
  EXPECT_FALSE(plain.frames() == referred.frames());
  EXPECT_EQ(referred.num_frames(), 9);
  request = Request();
  for (int i = 0; i < 9; ++i) {
    const Rigid3 world_from_camera = WorldFromCameraLookingAt({0.2 * i, -3.0, 1.0}, {0, 0, 1});
    request.cameras.push_back(
        {Intrinsics::FromVerticalFov(16, 16, 1.0), Inverse(world_from_camera)});
  }
  EXPECT_FALSE(plain.frames() == model_->Make(request, {}).frames());
}

TEST_F(ModesTest, ForwardGoesOnFrameByFrameInOrder) {
  const Video start = Discs(2);
  std::vector<Image> frames;
  const auto sink = [&](const Image& frame) { frames.push_back(frame); };
  ExtendForward(*model_, start, 31, options_, sink, {});
  ASSERT_EQ(frames.size(), 31U);
  ExpectFrames({frames, 24.0}, 0, start);
  // Fewer than given: cut.
  frames.clear();
  ExtendForward(*model_, start, 5, options_, sink, {});
  EXPECT_EQ(frames.size(), 5U);
}

TEST_F(ModesTest, BackwardLeadsToWhatIsGiven) {
  const Video end = Discs(2);
  const Video video = ExtendBackward(*model_, end, 12, options_, {});
  ASSERT_EQ(video.num_frames(), 12 + 9);
  ExpectFrames(video, 12, end);
}

TEST_F(ModesTest, AConnectionHoldsBothVideos) {
  const Video first = Discs(2), second = Discs(5);
  const Video video = Connect(*model_, first, second, options_, {});
  EXPECT_GT(video.num_frames(), 18);
  ExpectFrames(video, 0, first);
  ExpectFrames(video, video.num_frames() - 9, second);
}

TEST_F(ModesTest, ALoopIsTheVideoAndTheWayBack) {
  const Video start = Discs(2);
  const Video loop = Loop(*model_, start, options_, {});
  EXPECT_GT(loop.num_frames(), 9);
  ExpectFrames(loop, 0, start);
}

TEST_F(ModesTest, AnEditKeepsWhatTheMaskKeeps) {
  const Video video = Discs(2);
  std::vector<uint8_t> mask(16 * 16, 1);
  for (int y = 0; y < 8; ++y) std::fill_n(mask.begin() + 16 * y, 16, 0);
  const Video edited = EditMasked(*model_, video, mask, options_, {});
  ASSERT_EQ(edited.num_frames(), 9);
  EXPECT_FALSE(edited.frames() == video.frames());
  for (int y = 8; y < 16; ++y) {
    EXPECT_EQ(edited.frame(7).Pixel(3, y)[1], video.frame(7).Pixel(3, y)[1]) << y;
  }
}

TEST_F(ModesTest, ARedrawnVideoIsLessLikeTheOldOneTheStrongerItIs) {
  const Video video = Discs(2);
  const auto distance = [&](double strength) {
    const Video made = Redraw(*model_, video, strength, options_, {});
    EXPECT_EQ(made.num_frames(), 9);
    int64_t sum = 0;
    for (int i = 0; i < 9; ++i) {
      for (size_t k = 0; k < made.frame(i).rgb.size(); ++k) {
        sum += std::abs(made.frame(i).rgb[k] - video.frame(i).rgb[k]);
      }
    }
    return sum;
  };
  EXPECT_LT(distance(0.05), distance(1.0));
  VideoRequest request = Request();
  request.caption = options_.caption;
  request.name = "generate/redraw";
  EXPECT_TRUE(Redraw(*model_, video, 1.0, options_, {}).frames() ==
              model_->Make(request, {}).frames());
}

TEST_F(ModesTest, CamerasThatDoNotFitAreNamed) {
  VideoRequest request = Request();
  request.cameras.assign(8, {Intrinsics::FromVerticalFov(16, 16, 1.0), Rigid3()});
  EXPECT_THAT(Complaint(request), HasSubstr("8 cameras for 9 frames"));
  request.cameras.push_back(request.cameras.front());
  request.cameras[4].intrinsics.fx_px = 0.0;
  EXPECT_THAT(Complaint(request), HasSubstr("focal lengths of 0 and"));
}

TEST_F(ModesTest, EditsThatDoNotFitAreNamed) {
  VideoRequest request = Request();
  request.strength = 0.5;
  EXPECT_THAT(Complaint(request), HasSubstr("a strength is for a video that is edited"));
  request.edited = Discs(2).frames();
  request.strength = 0.0;
  EXPECT_THAT(Complaint(request), HasSubstr("strength 0: expected more than 0, at most 1"));
  request.strength = 0.5;
  request.edited.pop_back();
  EXPECT_THAT(Complaint(request), HasSubstr("the edited video has 8 frames, the clip 9"));
  request.edited.push_back(Image(32, 16));
  EXPECT_THAT(Complaint(request), HasSubstr("the edited video is 32x16, the clip 16x16"));
}

TEST_F(ModesTest, ReferencesReachEveryMode) {
  ModeOptions options = options_;
  options.references = {Discs(7).frame(0)};
  EXPECT_FALSE(Loop(*model_, Discs(2), options, {}).frames() ==
               Loop(*model_, Discs(2), options_, {}).frames());
}

TEST_F(ModesTest, ShotsAreOnePerCaption) {
  const std::vector<Video> shots =
      Shots(*model_, {"A red disc.", "A red disc glides.", "A disc."}, {}, Request(), {});
  ASSERT_EQ(shots.size(), 3U);
  EXPECT_FALSE(shots[1].frames() == shots[2].frames());
}

TEST_F(ModesTest, SameModeSameBytes) {
  const Video a = Loop(*model_, Discs(2), options_, {});
  const auto again = LoadNativeModel(TrainedTestCheckpoint().checkpoint, {.steps = 2});
  EXPECT_TRUE(a.frames() == Loop(*again, Discs(2), options_, {}).frames());
}

TEST_F(ModesTest, OptionsThatDoNotFitAreNamed) {
  const auto complaint = [&](ModeOptions options) -> std::string {
    try {
      options.Validate(*model_);
    } catch (const UsageError& error) {
      return error.what();
    }
    return "";
  };
  EXPECT_EQ(complaint(options_), "");
  EXPECT_THAT(complaint({.clip_frames = 8}), HasSubstr("clip_frames 8"));
  EXPECT_THAT(complaint({.clip_frames = 9, .overlap = 5}), HasSubstr("overlap 5: expected 1 to 4"));
  const Video small({Image(16, 16)}, 24.0), large({Image(32, 16)}, 24.0);
  EXPECT_THROW(Connect(*model_, small, large, options_, {}), UsageError);
}

TEST_F(ModesTest, StopsBetweenClips) {
  Progress progress;
  progress.cancelled = [] { return true; };
  EXPECT_THROW(ExtendBackward(*model_, Discs(2), 12, options_, progress), CancelledError);
}

}  // namespace
}  // namespace plumb
