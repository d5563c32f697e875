// SPDX-License-Identifier: Apache-2.0
// What every mode promises whatever the checkpoint: lengths, given frames untouched, the same bytes
// again. What a trained checkpoint makes of the seams is measured elsewhere (docs/model.md).
#include "generator/native/modes.h"

#include <cstdlib>
#include <functional>
#include <map>
#include <sys/resource.h>

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

// Cameras whose x says which frame of the path they are.
std::vector<Camera> Path(int count) {
  std::vector<Camera> path;
  for (int i = 0; i < count; ++i) {
    path.push_back({Intrinsics::FromVerticalFov(16, 16, 1.0),
                    Rigid3(Eigen::Quaterniond::Identity(), {1.0 * i, 0.0, 0.0})});
  }
  return path;
}

// Keeps what it is asked for.
class Listener : public NativeModel {
 public:
  TrainedClip Trained() const override { return {16, 16, 9, 24.0}; }
  int SizeStep() const override { return 16; }
  int FrameStep() const override { return 4; }
  Video Make(const VideoRequest& request, const Progress&) override {
    requests.push_back(request);
    return {std::vector<Image>(request.frames, Image(16, 16)), request.fps};
  }
  Video Generate(const Prompt&, const Progress&) override { throw UsageError("not asked for"); }
  ClipShape PlanClip(const Prompt&) const override { return {}; }
  Json Manifest() const override { return {}; }

  // Clip by clip, which cameras of Path.
  std::vector<std::vector<int>> Cameras() const {
    std::vector<std::vector<int>> heard;
    for (const VideoRequest& request : requests) {
      heard.emplace_back();
      for (const Camera& camera : request.cameras) {
        heard.back().push_back(static_cast<int>(camera.camera_from_world.translation.x()));
      }
    }
    return heard;
  }
  std::vector<VideoRequest> requests;
};

// Frames whose first byte says which they are.
Video Numbered(int first, int count) {
  std::vector<Image> frames(count, Image(16, 16));
  for (int i = 0; i < count; ++i) frames[i].rgb[0] = static_cast<uint8_t>(first + i);
  return {std::move(frames), 24.0};
}

// Which of them is given as which frame of the clip.
std::map<int, int> GivenIn(const VideoRequest& request) {
  std::map<int, int> given;
  for (const GivenFrame& frame : request.given) given[frame.frame] = frame.image.rgb[0];
  return given;
}

// Given frames come back because they are copied; that the clip is made from them shows here alone.
TEST_F(ModesTest, EveryClipIsMadeFromTheFramesAtItsSeams) {
  const Video first = Numbered(0, 9), second = Numbered(20, 9);
  const Image friendly = Numbered(99, 1).frame(0);
  const ModeOptions options = {.clip_frames = 17, .overlap = 8, .references = {friendly}};
  Listener model;
  const auto heard = [&](const std::function<void()>& mode) {
    model.requests.clear();
    mode();
    EXPECT_EQ(model.requests.size(), 1U);
    EXPECT_TRUE(model.requests[0].references == std::vector<Image>{friendly});
    return GivenIn(model.requests[0]);
  };
  // A beginning of 4k + 1 frames, an end of 4k.
  const std::map<int, int> beginning = {{0, 4}, {1, 5}, {2, 6}, {3, 7}, {4, 8}};
  const auto with_end = [](std::map<int, int> given, int from) {
    for (int i = 0; i < 8; ++i) given[9 + i] = from + i;
    return given;
  };
  EXPECT_EQ(heard([&] { ExtendForward(model, first, 12, options, [](const Image&) {}, {}); }),
            beginning);
  EXPECT_EQ(heard([&] { ExtendBackward(model, first, 3, options, {}); }), with_end({}, 0));
  EXPECT_EQ(heard([&] { Connect(model, first, second, options, {}); }), with_end(beginning, 20));
  EXPECT_EQ(heard([&] { Loop(model, first, options, {}); }), with_end(beginning, 0));
  heard([&] { Redraw(model, first, 0.5, options, {}); });
  EXPECT_EQ(model.requests[0].edited.size(), 9U);
}

TEST_F(ModesTest, LaterShotsAreShownTheFirstOne) {
  Listener model;
  Shots(model, {"a", "b", "c"}, {}, Request(), {});
  ASSERT_EQ(model.requests.size(), 3U);
  EXPECT_TRUE(model.requests[0].references.empty());
  for (int i : {1, 2}) {
    EXPECT_TRUE(model.requests[i].references == std::vector<Image>{Image(16, 16)}) << i;
  }
  model.requests.clear();
  const std::vector<Image> cast = {Numbered(7, 1).frame(0)};
  Shots(model, {"a", "b"}, cast, Request(), {});
  for (const VideoRequest& request : model.requests) EXPECT_TRUE(request.references == cast);
}

TEST_F(ModesTest, SeamsThatLeaveNothingToSeeOrToMakeAreRefused) {
  Listener model;
  const Video nine = Numbered(0, 9), three = Numbered(0, 3);
  const auto complaint = [](const std::function<void()>& mode) -> std::string {
    try {
      mode();
    } catch (const UsageError& error) {
      return error.what();
    }
    return "";
  };
  const ModeOptions plain = {.overlap = 4};
  // Less than a latent frame at the end of a clip is not seen.
  const std::string too_short = "a video of 3 frames can't be led to: expected 4 or more";
  EXPECT_EQ(complaint([&] { Connect(model, nine, three, plain, {}); }), too_short);
  EXPECT_EQ(complaint([&] { Loop(model, three, plain, {}); }), too_short);
  EXPECT_EQ(complaint([&] { ExtendBackward(model, three, 5, plain, {}); }), too_short);
  EXPECT_EQ(complaint([&] { Connect(model, three, nine, plain, {}); }), "");
  const ModeOptions full = {.clip_frames = 5, .overlap = 2};
  EXPECT_THAT(complaint([&] { Loop(model, nine, full, {}); }),
              HasSubstr("of a clip of 5 frames 5 are given and none is made: expected clips of 9"));
  EXPECT_THAT(complaint([&] { Connect(model, nine, nine, full, {}); }), HasSubstr("clips of 9"));
  // An edit has no seam.
  EXPECT_EQ(complaint([&] { Redraw(model, nine, 0.5, {.clip_frames = 1}, {}); }), "");
}

TEST_F(ModesTest, EveryClipIsToldItsPartOfTheCameraPath) {
  using Clips = std::vector<std::vector<int>>;
  const Video nine = Discs(2);
  Listener model;
  const auto heard = [&](const std::function<void(const ModeOptions&)>& mode, int cameras) {
    model.requests.clear();
    mode({.overlap = 4, .cameras = Path(cameras)});
    return model.Cameras();
  };
  // One given frame at every seam: 4 of the last 4 do not cover a latent frame more.
  EXPECT_EQ(heard([&](auto& o) { ExtendForward(model, nine, 20, o, [](const Image&) {}, {}); }, 20),
            (Clips{{8, 9, 10, 11, 12, 13, 14, 15, 16}, {16, 17, 18, 19, 19, 19, 19, 19, 19}}));
  // Four given frames at the end of each clip; before the first frame the camera stands.
  EXPECT_EQ(heard([&](auto& o) { ExtendBackward(model, nine, 7, o, {}); }, 16),
            (Clips{{2, 3, 4, 5, 6, 7, 8, 9, 10}, {0, 0, 0, 0, 1, 2, 3, 4, 5}}));
  EXPECT_EQ(heard([&](auto& o) { Connect(model, nine, nine, o, {}); }, 22),
            (Clips{{8, 9, 10, 11, 12, 13, 14, 15, 16}}));
  // A loop comes back to the first cameras.
  EXPECT_EQ(heard([&](auto& o) { Loop(model, nine, o, {}); }, 13),
            (Clips{{8, 9, 10, 11, 12, 0, 1, 2, 3}}));
  EXPECT_EQ(heard([&](auto& o) { Redraw(model, nine, 0.5, o, {}); }, 9),
            (Clips{{0, 1, 2, 3, 4, 5, 6, 7, 8}}));
  EXPECT_EQ(heard([&](auto& o) { Redraw(model, nine, 0.5, o, {}); }, 0), (Clips{{}}));
  EXPECT_THROW(heard([&](auto& o) { Loop(model, nine, o, {}); }, 12), UsageError);
}

TEST_F(ModesTest, CamerasThatDoNotFitAreNamed) {
  VideoRequest request = Request();
  request.cameras = Path(8);
  EXPECT_THAT(Complaint(request), HasSubstr("8 cameras for 9 frames"));
  request.cameras = Path(9);
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

// A model that takes no time and whose frames are large.
class PlainModel : public NativeModel {
 public:
  TrainedClip Trained() const override { return {512, 512, 25, 12.0}; }
  int SizeStep() const override { return 16; }
  int FrameStep() const override { return 4; }
  Video Make(const VideoRequest& request, const Progress&) override {
    most_given_ = std::max(most_given_, request.given.size());
    return {std::vector<Image>(request.frames, Image(request.width, request.height)), request.fps};
  }
  Video Generate(const Prompt&, const Progress&) override { throw UsageError("not asked for"); }
  ClipShape PlanClip(const Prompt&) const override { return {}; }
  Json Manifest() const override { return {}; }
  size_t most_given_ = 0;
};

// The most memory this process had so far.
int64_t PeakBytes() {
  rusage usage = {};
  getrusage(RUSAGE_SELF, &usage);
  return int64_t{1024} * usage.ru_maxrss;
}

TEST_F(ModesTest, AMinuteTakesNoMoreMemoryThanSeconds) {
  PlainModel model;
  const Video start({Image(512, 512)}, 12.0);
  int frames = 0;
  const auto extend = [&](int count) {
    frames = 0;
    ExtendForward(model, start, count, {}, [&](const Image&) { ++frames; }, {});
    return PeakBytes();
  };
  const int64_t seconds = extend(5 * 12);
  const int64_t minute = extend(60 * 12);
  EXPECT_EQ(frames, 60 * 12);
  EXPECT_EQ(model.most_given_, 9U);
  // Whole it would be 566 MB; a clip is 20 MB.
  EXPECT_LT(minute - seconds, 64'000'000);
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
