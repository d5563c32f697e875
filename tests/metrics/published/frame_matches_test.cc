// SPDX-License-Identifier: Apache-2.0
// Matching pictures: a texture and its shifted copy agree with one matrix, noise with none.
#include "metrics/published/frame_matches.h"

#include <cmath>

#include <gmock/gmock.h>

#include "core/seed.h"
#include "metrics/published/gvgc.h"
#include "metrics/published/sampson.h"
#include "tests/metrics/published/value_of.h"

namespace plumb {
namespace {

using ::testing::HasSubstr;

// Blobs on grey, all moved by `shift_px` to the right.
Image Blobs(double shift_px, uint64_t seed = 5) {
  Image image(320, 240);
  std::fill(image.rgb.begin(), image.rgb.end(), uint8_t{120});
  Random random(seed);
  for (int blob = 0; blob < 220; ++blob) {
    const double x = random.Uniform(0, 320) + shift_px, y = random.Uniform(0, 240);
    const double radius = random.Uniform(2, 7), level = random.Uniform(0, 255);
    for (int v = std::max(0, static_cast<int>(y - 9)); v < std::min(240.0, y + 9); ++v) {
      for (int u = std::max(0, static_cast<int>(x - 9)); u < std::min(320.0, x + 9); ++u) {
        const double far = std::hypot(u - x, v - y) / radius;
        if (far >= 1) continue;
        for (int c = 0; c < 3; ++c) image.Pixel(u, v)[c] = static_cast<uint8_t>(level);
      }
    }
  }
  return image;
}

Video Sliding(int frames) {
  std::vector<Image> images;
  for (int i = 0; i < frames; ++i) images.push_back(Blobs(2.0 * i));
  return {images, 10};
}

Video Unrelated(int frames) {
  std::vector<Image> images;
  for (int i = 0; i < frames; ++i) images.push_back(Blobs(0, 100 + i));
  return {images, 10};
}

TEST(FrameMatchesTest, AShiftedTextureIsMatchedWhereItIs) {
  for (const auto search : {NeighbourSearch::kExact, NeighbourSearch::kFlann}) {
    auto matches = MatchFrames(Blobs(0), Blobs(6), {.ratio = 0.7, .search = search});
    ASSERT_GT(matches.size(), 60u);
    int right = 0;
    for (const PointMatch& match : matches) {
      right += (match.second_px - match.first_px - Eigen::Vector2d(6, 0)).norm() < 1;
    }
    EXPECT_GT(right, 0.9 * static_cast<double>(matches.size()));
    EXPECT_TRUE(RansacFundamental(matches, 3));
    EXPECT_GT(std::count_if(matches.begin(), matches.end(), [](auto& m) { return m.inlier; }), 50);
  }
}

TEST(FrameMatchesTest, AnEmptyPictureHasNoMatches) {
  auto matches = MatchFrames(Image(64, 64), Blobs(0), {});
  EXPECT_TRUE(matches.empty());
  EXPECT_FALSE(RansacFundamental(matches, 3));
}

TEST(FrameMatchesTest, GvgcOfASlidingTextureKeepsMoreThanOfUnrelatedPictures) {
  const GvgcVideoSettings settings = {.interval = 3};
  const NamedValues rigid = GvgcOfVideo(Sliding(5), settings, {});
  const NamedValues unrelated = GvgcOfVideo(Unrelated(5), settings, {});
  EXPECT_EQ(ValueOf(rigid, "pairs"), 2);
  EXPECT_GT(ValueOf(rigid, "video/keep_ratio"), 0.8);
  EXPECT_LT(ValueOf(rigid, "video/mean_error"), 1.5);
  const NamedValue* keep = unrelated.Find("video/keep_ratio");
  EXPECT_LT(keep->value.value_or(0), 0.5);
  // The same again, to the last bit.
  EXPECT_EQ(ValueOf(GvgcOfVideo(Sliding(5), settings, {}), "video/rmse"),
            ValueOf(rigid, "video/rmse"));
}

TEST(FrameMatchesTest, GvgcOfAShortVideoIsUndefined) {
  const NamedValues values = GvgcOfVideo(Sliding(3), {}, {});
  EXPECT_EQ(ValueOf(values, "pairs"), 0);
  EXPECT_THAT(values.Find("video/mean_error")->reason, HasSubstr("3 frames have no two"));
}

TEST(FrameMatchesTest, SampsonOfAVideoIsTheMeanOfItsPairs) {
  const NamedValues values = SampsonOfVideo(Sliding(31), {}, {});
  EXPECT_EQ(ValueOf(values, "pairs"), 2);
  EXPECT_EQ(ValueOf(values, "valid_pairs"), 2);
  EXPECT_NEAR(ValueOf(values, "video/mean_error"),
              (ValueOf(values, "pair0/mean_error") + ValueOf(values, "pair1/mean_error")) / 2,
              1e-12);
  const NamedValues none = SampsonOfVideo(Sliding(10), {}, {});
  EXPECT_EQ(ValueOf(none, "pairs"), 0);
  EXPECT_THAT(none.Find("video/mean_error")->reason, HasSubstr("none of the 0 pairs"));
}

}  // namespace
}  // namespace plumb
