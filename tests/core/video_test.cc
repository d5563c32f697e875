// SPDX-License-Identifier: Apache-2.0
#include "core/video.h"

#include <cmath>
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

}  // namespace
}  // namespace plumb
