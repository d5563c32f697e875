// SPDX-License-Identifier: Apache-2.0
#include "core/seed.h"

#include <cmath>
#include <set>

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

}  // namespace
}  // namespace plumb
