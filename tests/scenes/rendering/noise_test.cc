// SPDX-License-Identifier: Apache-2.0
#include <cmath>
#include <set>

#include <gmock/gmock.h>

#include "core/seed.h"
#include "scenes/rendering/internal_noise.h"

namespace plumb {
namespace {

Eigen::Vector3f RandomPoint(Random& random) {
  Eigen::Vector3f x;
  for (int i = 0; i < 3; ++i) x[i] = static_cast<float>(random.Uniform(-100.0, 100.0));
  return x;
}

TEST(NoiseTest, ValuesStayBetweenZeroAndOne) {
  Random random(1);
  float low = 1, high = 0;
  for (int k = 0; k < 20000; ++k) {
    const float value = ValueNoise(RandomPoint(random));
    low = std::min(low, value);
    high = std::max(high, value);
  }
  EXPECT_GE(low, 0);
  EXPECT_LE(high, 1);
  EXPECT_LT(low, 0.1);
  EXPECT_GT(high, 0.9);
}

TEST(NoiseTest, TheMeanIsOneHalf) {
  Random random(2);
  double value = 0, fractal = 0;
  constexpr int kCount = 20000;
  for (int k = 0; k < kCount; ++k) {
    value += ValueNoise(RandomPoint(random)) / kCount;
    fractal += FractalNoise(RandomPoint(random), 0.01f) / kCount;
  }
  EXPECT_NEAR(value, 0.5, 0.02);
  EXPECT_NEAR(fractal, 0.5, 0.02);
}

TEST(NoiseTest, IsContinuous) {
  Random random(3);
  for (int k = 0; k < 2000; ++k) {
    const Eigen::Vector3f x = RandomPoint(random);
    const Eigen::Vector3f near = x + Eigen::Vector3f(1e-3f, -1e-3f, 1e-3f);
    EXPECT_NEAR(ValueNoise(x), ValueNoise(near), 0.02);
  }
}

TEST(NoiseTest, IsContinuousAcrossCellsAndNegativeNumbers) {
  for (const float edge : {-3.0f, -1.0f, 0.0f, 1.0f, 255.0f, 256.0f}) {
    const float below = ValueNoise({edge - 1e-4f, 0.3f, -0.7f});
    const float above = ValueNoise({edge + 1e-4f, 0.3f, -0.7f});
    EXPECT_NEAR(below, above, 0.01) << edge;
  }
}

TEST(NoiseTest, RepeatsAfter256Cells) {
  EXPECT_NEAR(ValueNoise({1.25f, 2.5f, 3.75f}), ValueNoise({257.25f, 258.5f, 259.75f}), 1e-5);
}

TEST(NoiseTest, OctavesFinerThanAPixelFadeToTheMean) {
  Random random(4);
  for (int k = 0; k < 100; ++k) EXPECT_EQ(FractalNoise(RandomPoint(random), 2.0f), 0.5f);
}

TEST(NoiseTest, ASmallerFootprintAddsContrast) {
  double coarse = 0, fine = 0;
  Random random(5);
  for (int k = 0; k < 5000; ++k) {
    const Eigen::Vector3f x = RandomPoint(random);
    coarse += std::pow(FractalNoise(x, 0.6f) - 0.5, 2);
    fine += std::pow(FractalNoise(x, 0.02f) - 0.5, 2);
  }
  EXPECT_GT(fine, 1.2 * coarse);
}

TEST(NoiseTest, CellsDiffer) {
  std::set<uint32_t> hashes;
  for (int x = -20; x < 20; ++x) {
    for (int y = -20; y < 20; ++y) hashes.insert(HashCell(x, y, 7));
  }
  EXPECT_EQ(hashes.size(), 1600u);
  EXPECT_NE(HashCell(1, 2, 7), HashCell(1, 2, 8));
  EXPECT_NE(HashCell(1, 2, 7), HashCell(2, 1, 7));
}

TEST(NoiseTest, CellValuesAreEvenlySpread) {
  std::array<int, 10> bins{};
  for (int x = 0; x < 100; ++x) {
    for (int y = 0; y < 100; ++y) {
      const float value = CellValue(x, y, 3);
      ASSERT_GE(value, 0);
      ASSERT_LT(value, 1);
      ++bins[static_cast<int>(10 * value)];
    }
  }
  for (const int count : bins) EXPECT_NEAR(count, 1000, 150);
}

}  // namespace
}  // namespace plumb
