// SPDX-License-Identifier: Apache-2.0
#include "core/video.h"

#include <algorithm>
#include <cmath>
#include <limits>
#include <numeric>

#include <gtest/gtest.h>

#include "core/check.h"
#include "core/seed.h"

namespace plumb {
namespace {

Image RandomImage(int width, int height, uint64_t seed) {
  Image image(width, height);
  Random random(seed);
  for (uint8_t& value : image.rgb) value = static_cast<uint8_t>(random.Index(256));
  return image;
}

TEST(VideoTest, RefusesWhatIsNoVideo) {
  EXPECT_THROW(Video({}, 24), CheckFailure);
  EXPECT_THROW(Video({Image(4, 4), Image(4, 5)}, 24), CheckFailure);
  EXPECT_THROW(Video({Image(4, 4)}, 0), CheckFailure);
  EXPECT_THROW(Video({Image(4, 4)}, std::nan("")), CheckFailure);
  EXPECT_THROW(Video({Image(4, 4), Image(4, 4)}, 24, {0.0, 0.0}), CheckFailure);
  EXPECT_THROW(Image(0, 3), CheckFailure);
}

TEST(VideoTest, EvenTimesFollowTheRate) {
  const Video video({Image(2, 2), Image(2, 2), Image(2, 2)}, 8);
  EXPECT_EQ(video.times_s(), (std::vector<double>{0, 0.125, 0.25}));
  EXPECT_EQ(FirstFrames(video, 2).num_frames(), 2);
  EXPECT_THROW(FirstFrames(video, 4), CheckFailure);
}

TEST(VideoTest, ResizingByAWholeFactorIsTheBlockMean) {
  const Image image = RandomImage(6, 4, 1);
  const Image small = AreaResized(image, 3, 2);
  for (int y = 0; y < 2; ++y) {
    for (int x = 0; x < 3; ++x) {
      for (int c = 0; c < 3; ++c) {
        const int sum = image.Pixel(2 * x, 2 * y)[c] + image.Pixel(2 * x + 1, 2 * y)[c] +
                        image.Pixel(2 * x, 2 * y + 1)[c] + image.Pixel(2 * x + 1, 2 * y + 1)[c];
        EXPECT_NEAR(small.Pixel(x, y)[c], sum / 4.0, 0.51);
      }
    }
  }
}

TEST(VideoTest, ResizingByAnyFactorKeepsTheMean) {
  const Image image = RandomImage(50, 37, 2);
  const Image small = AreaResized(image, 17, 11);
  const auto mean = [](const Image& i) {
    return std::accumulate(i.rgb.begin(), i.rgb.end(), 0.0) / static_cast<double>(i.rgb.size());
  };
  EXPECT_NEAR(mean(small), mean(image), 0.2);
}

TEST(VideoTest, ResizingKeepsAConstantExactlyAndNeverEnlarges) {
  Image image(31, 17);
  std::fill(image.rgb.begin(), image.rgb.end(), uint8_t{201});
  for (const uint8_t value : AreaResized(image, 7, 5).rgb) EXPECT_EQ(value, 201);
  EXPECT_EQ(AreaResized(image, 31, 17), image);
  EXPECT_THROW(AreaResized(image, 32, 17), CheckFailure);
}

TEST(VideoTest, NearestFramesPairsByTime) {
  const std::vector<double> truth = {0, 0.1, 0.2, 0.3, 0.9};
  const std::vector<double> sample = {0, 0.125, 0.25, 0.35};
  EXPECT_EQ(NearestFrames(truth, sample), (std::vector<int>{0, 1, 2, 2, 3}));
  // A tie goes to the earlier frame.
  EXPECT_EQ(NearestFrames(std::vector<double>{0.5}, std::vector<double>{0.0, 1.0}),
            std::vector<int>{0});
}

TEST(VideoTest, StampsMustFitTheFrames) {
  const std::vector<Image> two = {Image(2, 2), Image(2, 2)};
  EXPECT_THROW(Video(two, 24, {0.0}), CheckFailure);
  EXPECT_THROW(Video(two, 24, {0.1, 0.05}), CheckFailure);
  EXPECT_THROW(Video(two, 24, {0.0, std::nan("")}), CheckFailure);
  EXPECT_THROW(Video(two, -1), CheckFailure);
  EXPECT_THROW(Video(two, std::numeric_limits<double>::infinity()), CheckFailure);
  EXPECT_EQ(Video(two, 24, {0.0, 0.5}).times_s().back(), 0.5);
}

TEST(VideoTest, PixelsAreRowMajorRgb) {
  Image image(3, 2);
  image.Pixel(2, 1)[0] = 7;
  EXPECT_EQ(image.rgb[3 * (1 * 3 + 2)], 7);
  EXPECT_EQ(image.rgb.size(), 18u);
  EXPECT_EQ(Image(3, 2).rgb, std::vector<uint8_t>(18, 0));  // black
}

TEST(VideoTest, FirstFramesKeepTheirStampsAndRate) {
  const Video video({Image(2, 2), Image(2, 2), Image(2, 2)}, 10, {0.0, 0.15, 0.2});
  const Video first = FirstFrames(video, 2);
  EXPECT_EQ(first.times_s(), (std::vector<double>{0.0, 0.15}));
  EXPECT_EQ(first.fps(), 10);
  EXPECT_EQ(FirstFrames(video, 3).num_frames(), 3);
  EXPECT_THROW(FirstFrames(video, 0), CheckFailure);
}

// Each output pixel lies between the smallest and largest pixel of the area it covers.
TEST(VideoTest, ResizingNeverLeavesTheRangeOfItsArea) {
  const Image image = RandomImage(29, 23, 4);
  const Image small = AreaResized(image, 11, 7);
  for (int y = 0; y < 7; ++y) {
    for (int x = 0; x < 11; ++x) {
      int low = 255, high = 0;
      for (int v = y * 23 / 7; v < std::min(23, (y + 1) * 23 / 7 + 1); ++v) {
        for (int u = x * 29 / 11; u < std::min(29, (x + 1) * 29 / 11 + 1); ++u) {
          low = std::min<int>(low, image.Pixel(u, v)[1]);
          high = std::max<int>(high, image.Pixel(u, v)[1]);
        }
      }
      EXPECT_GE(small.Pixel(x, y)[1], low);
      EXPECT_LE(small.Pixel(x, y)[1], high);
    }
  }
}

TEST(VideoTest, ResizingToOnePixelIsTheMean) {
  const Image image = RandomImage(13, 9, 5);
  double sum = 0.0;
  for (int i = 2; i < static_cast<int>(image.rgb.size()); i += 3) sum += image.rgb[i];
  EXPECT_NEAR(AreaResized(image, 1, 1).Pixel(0, 0)[2], sum / (13 * 9), 0.51);
}

TEST(VideoTest, ResizingInTwoStepsIsResizingAtOnce) {
  const Image image = RandomImage(48, 36, 6);
  const Image once = AreaResized(image, 12, 9);
  const Image twice = AreaResized(AreaResized(image, 24, 18), 12, 9);
  for (size_t i = 0; i < once.rgb.size(); ++i) EXPECT_NEAR(once.rgb[i], twice.rgb[i], 1);
}

TEST(VideoTest, ResizingAVideoKeepsItsTimes) {
  const Video video({RandomImage(8, 6, 1), RandomImage(8, 6, 2)}, 5, {0.0, 0.3});
  const Video small = AreaResized(video, 4, 3);
  EXPECT_EQ(small.times_s(), video.times_s());
  EXPECT_EQ(small.frame(1), AreaResized(video.frame(1), 4, 3));
  EXPECT_EQ(AreaResized(video, 8, 6).frames(), video.frames());
  EXPECT_THROW(AreaResized(video, 9, 3), CheckFailure);
  EXPECT_THROW(AreaResized(video, 0, 3), CheckFailure);
}

// Against a search through all frames, with random rates and lengths.
TEST(VideoTest, NearestFramesAreTheNearestOfAll) {
  Random random(7);
  for (int trial = 0; trial < 100; ++trial) {
    const auto times = [&](int count) {
      std::vector<double> times_s = {0.0};
      while (static_cast<int>(times_s.size()) < count) {
        // Sixteenths, so that ties are exact and do happen.
        times_s.push_back(times_s.back() + (1 + random.Index(8)) / 16.0);
      }
      return times_s;
    };
    const std::vector<double> truth = times(1 + random.Index(20));
    const std::vector<double> sample = times(1 + random.Index(20));
    const std::vector<int> nearest = NearestFrames(truth, sample);
    ASSERT_EQ(nearest.size(), truth.size());
    for (size_t i = 0; i < truth.size(); ++i) {
      size_t best = 0;
      for (size_t k = 1; k < sample.size(); ++k) {
        if (std::abs(sample[k] - truth[i]) < std::abs(sample[best] - truth[i])) best = k;
      }
      EXPECT_EQ(nearest[i], static_cast<int>(best)) << "trial " << trial << " frame " << i;
    }
  }
  EXPECT_THROW(NearestFrames(std::vector<double>{0.0}, {}), CheckFailure);
  EXPECT_TRUE(NearestFrames({}, std::vector<double>{0.0}).empty());
}

}  // namespace
}  // namespace plumb
