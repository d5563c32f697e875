// SPDX-License-Identifier: Apache-2.0
#include "app/reencoding.h"

#include <cmath>

#include <gtest/gtest.h>

#include "core/check.h"
#include "core/seed.h"

namespace plumb {
namespace {

// A textured square that moves over a slope.
Video Sample() {
  std::vector<Image> frames;
  for (int f = 0; f < 12; ++f) {
    Image image(64, 48);
    Random random(7);
    for (int y = 0; y < 48; ++y) {
      for (int x = 0; x < 64; ++x) {
        const double grain = random.Uniform(-6, 6);
        const bool inside = x > 8 + f && x < 28 + f && y > 10 && y < 30;
        for (int c = 0; c < 3; ++c) {
          image.Pixel(x, y)[c] = static_cast<uint8_t>((inside ? 150 : 60 + x + 20 * c) + grain);
        }
      }
    }
    frames.push_back(image);
  }
  return {std::move(frames), 24};
}

double Distance(const Video& a, const Video& b) {
  double sum = 0;
  for (int f = 0; f < a.num_frames(); ++f) {
    for (size_t i = 0; i < a.frame(f).rgb.size(); ++i) {
      sum += std::abs(a.frame(f).rgb[i] - b.frame(f).rgb[i]);
    }
  }
  return sum / (a.num_frames() * a.frame(0).rgb.size());
}

TEST(ReencodingTest, KeepsFramesTimesAndSize) {
  const Video video = Sample();
  const Video back = Reencoded(video, 23);
  EXPECT_EQ(back.num_frames(), video.num_frames());
  EXPECT_EQ(back.times_s(), video.times_s());
  EXPECT_EQ(back.width(), 64);
  EXPECT_EQ(back.height(), 48);
}

TEST(ReencodingTest, AHigherFactorLosesMore) {
  const Video video = Sample();
  double last = 0;
  for (const int crf : {8, 23, 40}) {
    const double distance = Distance(video, Reencoded(video, crf));
    EXPECT_GT(distance, last) << crf;
    last = distance;
  }
  EXPECT_LT(last, 25);
}

TEST(ReencodingTest, TheSameVideoGivesTheSameBytes) {
  EXPECT_EQ(Reencoded(Sample(), 28).frames(), Reencoded(Sample(), 28).frames());
}

TEST(ReencodingTest, RefusesFactorsThatAreNone) {
  EXPECT_THROW(Reencoded(Sample(), 0), CheckFailure);
  EXPECT_THROW(Reencoded(Sample(), 52), CheckFailure);
}

}  // namespace
}  // namespace plumb
