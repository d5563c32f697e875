// SPDX-License-Identifier: Apache-2.0
// What every mode asks of the model, clip by clip: given frames, references, cameras.
#include <functional>
#include <map>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "core/errors.h"
#include "generator/native/modes.h"
#include "tests/peak_memory.h"

namespace plumb {
namespace {

using testing::HasSubstr;

// Cameras whose x says which frame of the path they are.
std::vector<Camera> Path(int count) {
  std::vector<Camera> path;
  for (int i = 0; i < count; ++i) {
    path.push_back({Intrinsics::FromVerticalFov(16, 16, 1.0),
                    Rigid3(Eigen::Quaterniond::Identity(), {1.0 * i, 0.0, 0.0})});
  }
  return path;
}

VideoRequest Shape() {
  VideoRequest request;
  request.width = request.height = 16;
  request.frames = 9;
  request.fps = 24.0;
  return request;
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
TEST(ModeRequestsTest, EveryClipIsMadeFromTheFramesAtItsSeams) {
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

TEST(ModeRequestsTest, LaterShotsAreShownTheFirstOne) {
  Listener model;
  Shots(model, {"a", "b", "c"}, {}, Shape(), {});
  ASSERT_EQ(model.requests.size(), 3U);
  EXPECT_TRUE(model.requests[0].references.empty());
  for (int i : {1, 2}) {
    EXPECT_TRUE(model.requests[i].references == std::vector<Image>{Image(16, 16)}) << i;
  }
  model.requests.clear();
  const std::vector<Image> cast = {Numbered(7, 1).frame(0)};
  Shots(model, {"a", "b"}, cast, Shape(), {});
  for (const VideoRequest& request : model.requests) EXPECT_TRUE(request.references == cast);
}

TEST(ModeRequestsTest, SeamsThatLeaveNothingToSeeOrToMakeAreRefused) {
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

TEST(ModeRequestsTest, EveryClipIsToldItsPartOfTheCameraPath) {
  using Clips = std::vector<std::vector<int>>;
  const Video nine = Numbered(0, 9);
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

TEST(ModeRequestsTest, AMinuteTakesNoMoreMemoryThanSeconds) {
  if (kFreedMemoryIsHeld) GTEST_SKIP() << "the sanitizer keeps what is freed";
  PlainModel model;
  const Video start({Image(512, 512)}, 12.0);
  int frames = 0;
  const auto peak_of = [&](int count, const FrameSink& sink) {
    frames = 0;
    const auto make = [&] { ExtendForward(model, start, count, {}, sink, {}); };
    return PeakBytesOf(make);
  };
  const auto pass = [&](const Image&) { ++frames; };
  const int64_t seconds = peak_of(5 * 12, pass);
  const int64_t minute = peak_of(60 * 12, pass);
  EXPECT_EQ(frames, 60 * 12);
  EXPECT_EQ(model.most_given_, 9U);
  // A clip is 20 MB, the whole video 566 MB; where a third of it is kept, the peak says so.
  constexpr int64_t kMore = 64'000'000;
  EXPECT_LT(minute - seconds, kMore);
  std::vector<Image> kept;
  EXPECT_GT(peak_of(20 * 12, [&](const Image& frame) { kept.push_back(frame); }) - seconds, kMore);
}

}  // namespace
}  // namespace plumb
