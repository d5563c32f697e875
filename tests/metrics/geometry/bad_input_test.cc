// SPDX-License-Identifier: Apache-2.0
// Clips that no one should have to expect: each ends with a reason or a score, none is called
// consistent, and none takes long.
#include <algorithm>
#include <array>
#include <cmath>

#include <gtest/gtest.h>

#include "core/seed.h"
#include "tests/metrics/geometry/geometry_scores.h"
#include "tests/metrics/geometry/moving_texture.h"
#include "tests/metrics/geometry/room_video.h"

namespace plumb {
namespace {

using PixelLevel = std::function<int(int frame, int x, int y)>;

Video Painted(int width, int height, int frames, const PixelLevel& level) {
  std::vector<Image> pictures(frames, Image(width, height));
  for (int i = 0; i < frames; ++i) {
    for (int y = 0; y < height; ++y) {
      for (int x = 0; x < width; ++x) {
        std::fill_n(
            pictures[i].Pixel(x, y), 3, static_cast<uint8_t>(std::clamp(level(i, x, y), 0, 255)));
      }
    }
  }
  return Video(std::move(pictures), 24.0);
}

int Speckle(int x, int y) {
  Random random(static_cast<uint64_t>(7919 * y + x));
  return random.Index(256);
}

// Even lines show one moment, odd lines the next: two fields of snow woven into each frame.
Video InterlacedNoise() {
  return Painted(128, 128, 20, [](int frame, int x, int y) {
    Random random(static_cast<uint64_t>(1000003 * (frame + y % 2) + 7919 * y + x));
    return random.Index(256);
  });
}

Video Flicker() {
  return Painted(128, 128, 20, [](int frame, int, int) { return frame % 2 == 0 ? 0 : 255; });
}

Video TwoColumns() {
  return Painted(2, 300, 20, [](int frame, int x, int y) { return Speckle(x, y + frame); });
}

Video Textured(int width, int height, int frames) {
  return Painted(width, height, frames, [](int frame, int x, int y) {
    return Speckle((x + 2 * frame) / 4, y / 4);
  });
}

struct BadInput {
  const char* name;
  Video video;
  ReasonCode code;
};

std::vector<BadInput> BadInputs() {
  return {
      {"one frame", Textured(128, 128, 1), ReasonCode::kTooFewFrames},
      {"two frames", Textured(128, 128, 2), ReasonCode::kTooFewFrames},
      {"16x16", Textured(16, 16, 20), ReasonCode::kTooLittleTexture},
      {"one pixel", Textured(1, 1, 20), ReasonCode::kTooLittleTexture},
      {"two columns", TwoColumns(), ReasonCode::kTooLittleTexture},
      {"all black",
       Painted(128, 128, 20, [](int, int, int) { return 0; }),
       ReasonCode::kTooLittleTexture},
      {"all white",
       Painted(128, 128, 20, [](int, int, int) { return 255; }),
       ReasonCode::kTooLittleTexture},
      {"one grey ramp",
       Painted(128, 128, 20, [](int, int x, int) { return x; }),
       ReasonCode::kTooLittleTexture},
      {"black and white in turn", Flicker(), ReasonCode::kTooLittleTexture},
      {"interlaced noise", InterlacedNoise(), ReasonCode::kTooFewTracks},
      {"noise", NoiseVideo({}), ReasonCode::kTooFewTracks},
      {"all equal",
       Painted(128, 128, 20, [](int, int x, int y) { return Speckle(x / 4, y / 4); }),
       ReasonCode::kNoCameraMotion},
  };
}

TEST(BadInputTest, EachEndsWithAReason) {
  for (const BadInput& input : BadInputs()) {
    const FamilyReport report = Measured(input.video);
    ASSERT_EQ(report.scores.size(), GeometryScores().size()) << input.name;
    const Score& consistency = Find(report, "consistency");
    ASSERT_EQ(consistency.status(), ScoreStatus::kNotMeasurable)
        << input.name << " " << ToJson(consistency)["value"] << " "
        << MotionClassName(report.motion_class);
    EXPECT_FALSE(consistency.reason().text.empty()) << input.name;
    EXPECT_EQ(consistency.reason().code, input.code) << input.name;
    for (const Score& score : report.scores) {
      EXPECT_TRUE(!score.measured() || std::isfinite(score.value())) << input.name << score.id();
    }
  }
}

// Rooms filmed from six places, one after the other, every second one in negative.
Video FiveCuts() {
  RoomOptions options;
  options.width = options.height = 128;
  options.frames = 14;
  const std::array<CameraPathOf, 6> paths = {
      ArcPath(0.5), YawPath(0.5), ArcPath(-0.4), YawPath(-0.4), ArcPath(0.7), YawPath(0.3)};
  std::vector<Image> frames;
  for (const CameraPathOf& path : paths) {
    const bool negative = (frames.size() / 14) % 2 == 1;
    const Video shot = RenderRoom(path, options).video;
    for (Image frame : shot.frames()) {
      for (uint8_t& level : frame.rgb) level = negative ? 255 - level : level;
      frames.push_back(std::move(frame));
    }
  }
  return Video(std::move(frames), 24.0);
}

TEST(BadInputTest, FiveCutsAreSixShots) {
  const FamilyReport report = Measured(FiveCuts());
  EXPECT_EQ(report.motion_class, MotionClass::kCut);
  EXPECT_DOUBLE_EQ(Find(report, "shots").value(), 6.0) << report.notes.back();
  const Score& consistency = Find(report, "consistency");
  ASSERT_TRUE(consistency.measured()) << consistency.reason().text;
  EXPECT_GE(consistency.value(), 0.9);
  const Json& shots = consistency.evidence().details["shots"];
  ASSERT_EQ(shots.size(), 6u);
  for (int i = 0; i < 6; ++i) {
    EXPECT_EQ(shots[i]["first_frame"], 14 * i);
    EXPECT_EQ(shots[i]["motion_class"], i % 2 == 0 ? "parallax" : "rotation") << i;
  }
}

// Ten thousand small frames with few points to follow: at most 1,000 are looked at, whatever the
// length.
TEST(BadInputTest, ALongClipIsLookedAtInEvenSteps) {
  std::vector<Image> frames;
  const Video slide = Painted(44, 44, 8, [](int frame, int x, int y) {
    return x > 16 + frame && x < 30 + frame && y > 16 ? 200 : 50;
  });
  for (int i = 0; i < 10000; ++i) frames.push_back(slide.frame(i % 8));
  const FamilyReport report = Measured(Video(std::move(frames), 24.0));
  ASSERT_FALSE(report.notes.empty());
  EXPECT_EQ(report.notes.front(), "geometry: 1000 of 10000 frames, evenly chosen");
  EXPECT_EQ(report.scores.size(), GeometryScores().size());
}

}  // namespace
}  // namespace plumb
