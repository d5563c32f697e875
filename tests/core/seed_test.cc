// SPDX-License-Identifier: Apache-2.0
#include "core/seed.h"

#include <array>
#include <bit>
#include <cmath>
#include <set>
#include <string>

#include <gtest/gtest.h>

#include "core/check.h"

namespace plumb {
namespace {

TEST(SeedTest, EveryArgumentMatters) {
  const std::set<uint64_t> seeds = {DeriveSeed(0, "drop-1", "light"),
                                    DeriveSeed(1, "drop-1", "light"),
                                    DeriveSeed(0, "drop-2", "light"),
                                    DeriveSeed(0, "drop-1", "noise"),
                                    DeriveSeed(0, "drop-1l", "ight")};
  EXPECT_EQ(seeds.size(), 5u);
}

// Published results depend on these values: a change here is a change of every suite.
TEST(SeedTest, ValuesArePinned) {
  EXPECT_EQ(DeriveSeed(0, "drop-1", "light"), DeriveSeed(0, "drop-1", "light"));
  Random random(42);
  EXPECT_EQ(random.NextBits(),
            13679457532755275413ULL);  // SplitMix64's published first output for 42
  EXPECT_EQ(random.NextBits(), 2949826092126892291ULL);
}

TEST(SeedTest, UniformHasItsMeanAndStaysInRange) {
  Random random(3);
  double sum = 0;
  for (int i = 0; i < 20000; ++i) {
    const double x = random.Uniform(2.0, 4.0);
    ASSERT_GE(x, 2.0);
    ASSERT_LT(x, 4.0);
    sum += x;
  }
  EXPECT_NEAR(sum / 20000, 3.0, 0.02);  // 5 sigma of the mean is 0.02
}

TEST(SeedTest, NormalHasItsMoments) {
  Random random(4);
  double sum = 0;
  double squares = 0;
  for (int i = 0; i < 20000; ++i) {
    const double x = random.Normal(1.0, 2.0);
    sum += x;
    squares += (x - 1.0) * (x - 1.0);
  }
  EXPECT_NEAR(sum / 20000, 1.0, 0.07);
  EXPECT_NEAR(squares / 20000, 4.0, 0.2);
}

TEST(SeedTest, IndexCoversAllValues) {
  Random random(5);
  std::set<int> seen;
  for (int i = 0; i < 200; ++i) seen.insert(random.Index(7));
  EXPECT_EQ(seen, (std::set<int>{0, 1, 2, 3, 4, 5, 6}));
  EXPECT_THROW(random.Index(0), CheckFailure);
}

// Computed by another program from the description of the two functions.
TEST(SeedTest, DerivedSeedsArePinned) {
  EXPECT_EQ(DeriveSeed(0, "", ""), 1045587827746614142ULL);
  EXPECT_EQ(DeriveSeed(0, "drop-1", "light"), 3137475526376841453ULL);
  EXPECT_EQ(DeriveSeed(7, "orbit_room-12", "scene parameters"), 12087161464298764314ULL);
  Random random(DeriveSeed(0, "drop-1", "light"));
  EXPECT_EQ(random.Uniform(), 0.1956572292135349);
  EXPECT_EQ(random.Index(1000), 608);
}

TEST(SeedTest, AHundredThousandIdsDoNotCollide) {
  std::set<uint64_t> seeds;
  int asked = 0;
  for (const char* scenario : {"drop", "bounce", "collide", "orbit_room", "occluder_pass"}) {
    for (int scene = 0; scene < 10000; ++scene) {
      const std::string id = std::string(scenario) + "-" + std::to_string(scene);
      seeds.insert(DeriveSeed(3, id, "scene parameters"));
      seeds.insert(DeriveSeed(3, id, "initial noise"));
      asked += 2;
    }
  }
  EXPECT_EQ(asked, 100000);
  EXPECT_EQ(seeds.size(), 100000u);
}

// One changed character, or one more in the suite's seed, turns about half of the 64 bits.
TEST(SeedTest, EveryBitDependsOnEveryCharacter) {
  const std::string id = "occluder_pass-17";
  std::array<int, 64> flips{};
  int changes = 0;
  for (size_t at = 0; at < id.size(); ++at) {
    for (const char c : {'a', 'b', '0', '1', '~'}) {
      std::string other = id;
      if (other[at] == c) continue;
      other[at] = c;
      const uint64_t difference = DeriveSeed(1, id, "noise") ^ DeriveSeed(1, other, "noise");
      EXPECT_GE(std::popcount(difference), 12) << other;
      EXPECT_LE(std::popcount(difference), 52) << other;
      for (int bit = 0; bit < 64; ++bit) flips[bit] += (difference >> bit) & 1;
      ++changes;
    }
  }
  for (const int count : flips) EXPECT_NEAR(count, changes / 2.0, 0.5 * 5 * std::sqrt(changes));
}

// The first draws of neighbouring scenes are as unrelated as the draws of one generator.
TEST(SeedTest, NeighbouringScenesAreIndependent) {
  constexpr int kScenes = 20000;
  double sum = 0.0, products = 0.0, last = 0.0;
  for (int scene = 0; scene < kScenes; ++scene) {
    Random random(DeriveSeed(0, "drop-" + std::to_string(scene), "scene parameters"));
    const double x = random.Uniform() - 0.5;
    sum += x;
    products += x * last;
    last = x;
  }
  // Standard errors: σ = 1/√12 of a draw, 1/12 of a product of two.
  EXPECT_NEAR(sum / kScenes, 0.0, 4 / std::sqrt(12.0 * kScenes));
  EXPECT_NEAR(products / kScenes, 0.0, 4 / (12.0 * std::sqrt(kScenes)));
}

TEST(SeedTest, IndexIsEven) {
  Random random(6);
  std::array<int, 10> counts{};
  constexpr int kDraws = 50000;
  for (int i = 0; i < kDraws; ++i) ++counts[random.Index(10)];
  double chi_square = 0.0;
  for (const int count : counts) chi_square += std::pow(count - kDraws / 10.0, 2) / (kDraws / 10.0);
  EXPECT_LT(chi_square, 27.9);  // 0.1 % of nine degrees of freedom
}

TEST(SeedTest, NormalHasItsTailsAndStaysFinite) {
  Random random(8);
  int beyond_two = 0;
  constexpr int kDraws = 50000;
  for (int i = 0; i < kDraws; ++i) {
    const double x = random.Normal();
    ASSERT_TRUE(std::isfinite(x));
    beyond_two += std::abs(x) > 2.0;
  }
  EXPECT_NEAR(beyond_two / static_cast<double>(kDraws), 0.0455, 4 * std::sqrt(0.0455 / kDraws));
  EXPECT_EQ(Random(1).Normal(3.0, 0.0), 3.0);
}

TEST(SeedTest, UniformOfAnEmptyRangeIsItsStart) {
  Random random(9);
  EXPECT_EQ(random.Uniform(2.5, 2.5), 2.5);
  EXPECT_EQ(random.Index(1), 0);
  EXPECT_THROW(random.Index(-3), CheckFailure);
}

TEST(SeedTest, EqualSeedsDrawEqually) {
  Random a(77), b(77);
  for (int i = 0; i < 1000; ++i) EXPECT_EQ(a.NextBits(), b.NextBits());
}

}  // namespace
}  // namespace plumb
