// SPDX-License-Identifier: Apache-2.0
#include <cmath>

#include <gmock/gmock.h>

#include "app/internal_frame_times.h"
#include "core/seed.h"

namespace plumb {
namespace {

using ::testing::DoubleNear;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;

constexpr StatedRates kMilliseconds = {.tick_s = 1e-3};

// The stamps of an even clip, rounded to the container's ticks.
std::vector<double> Rounded(int count, double fps, double tick_s, double first_s = 0.0) {
  std::vector<double> stamps_s;
  for (int i = 0; i < count; ++i) {
    stamps_s.push_back(std::round((first_s + i / fps) / tick_s) * tick_s);
  }
  return stamps_s;
}

TEST(FrameTimesTest, RoundedStampsBecomeTheStatedGrid) {
  for (const double fps : {5.0, 24.0, 30000.0 / 1001.0, 59.94, 120.0}) {
    StatedRates stated = kMilliseconds;
    stated.base_hz = fps;
    const FrameTimes times = TimesOfStamps(Rounded(200, fps, 1e-3), stated);
    EXPECT_EQ(times.fps, fps);
    EXPECT_THAT(times.times_s, IsEmpty());
    EXPECT_EQ(times.note, "");
  }
}

TEST(FrameTimesTest, WithoutAStatedRateTheirOwnMeanIsTried) {
  const FrameTimes times = TimesOfStamps(Rounded(100, 16.083, 1e-3), kMilliseconds);
  EXPECT_THAT(times.times_s, IsEmpty());
  EXPECT_NEAR(times.fps, 16.083, 16.083 * 1e-3 / (99 / 16.083));
}

TEST(FrameTimesTest, AStatedRateThatTheStampsContradictIsNotBelieved) {
  StatedRates stated = kMilliseconds;
  stated.base_hz = 90000.0;
  stated.average_hz = 12.0;
  const FrameTimes times = TimesOfStamps(Rounded(10, 25.0, 1e-3), stated);
  EXPECT_NEAR(times.fps, 25.0, 1e-9);
  EXPECT_THAT(times.times_s, IsEmpty());
}

TEST(FrameTimesTest, ATickOfSlackDecidesBetweenEvenAndUneven) {
  StatedRates stated = kMilliseconds;
  stated.base_hz = 10.0;
  EXPECT_THAT(TimesOfStamps({0.0, 0.101, 0.199, 0.3}, stated).times_s, IsEmpty());
  const FrameTimes uneven = TimesOfStamps({0.0, 0.102, 0.2, 0.3}, stated);
  EXPECT_THAT(uneven.times_s, ElementsAre(0.0, 0.102, 0.2, 0.3));
  EXPECT_NEAR(uneven.fps, 10.0, 1e-9);
  EXPECT_EQ(uneven.note, "variable frame rate, 10 frames a second on average");
}

TEST(FrameTimesTest, TimeBeginsAtTheFirstFrame) {
  const FrameTimes times = TimesOfStamps({5.0, 5.25, 6.0}, kMilliseconds);
  EXPECT_THAT(times.times_s, ElementsAre(0.0, DoubleNear(0.25, 1e-12), DoubleNear(1.0, 1e-12)));
  EXPECT_EQ(times.fps, 2.0);
  StatedRates stated = kMilliseconds;
  stated.base_hz = 24.0;
  EXPECT_EQ(TimesOfStamps(Rounded(48, 24.0, 1e-3, 100.0), stated).fps, 24.0);
}

TEST(FrameTimesTest, StampsThatDoNotRiseAreReplacedAndSaid) {
  StatedRates stated = kMilliseconds;
  stated.base_hz = 30.0;
  stated.average_hz = 15.0;
  const double missing = std::nan("");
  for (const std::vector<double>& stamps_s : {std::vector<double>{0.0, 0.1, 0.1},
                                              std::vector<double>{0.0, 0.2, 0.1},
                                              std::vector<double>{0.0, missing, 0.2},
                                              std::vector<double>{missing, missing},
                                              std::vector<double>{missing}}) {
    const FrameTimes times = TimesOfStamps(stamps_s, stated);
    EXPECT_EQ(times.fps, 15.0) << "the average is nearer to the truth than the clock's rate";
    EXPECT_THAT(times.times_s, IsEmpty());
    EXPECT_EQ(times.note, "stamps missing or not rising: timed evenly at 15 frames a second");
  }
  EXPECT_EQ(TimesOfStamps({0.0, 0.0}, kMilliseconds).fps, 25.0);
}

TEST(FrameTimesTest, OneFrameHasTheStatedRateOrTheUsualOne) {
  StatedRates stated = kMilliseconds;
  stated.average_hz = 12.0;
  EXPECT_EQ(TimesOfStamps({7.0}, stated).fps, 12.0);
  stated = {.tick_s = 1e-3, .base_hz = 1000.0};
  EXPECT_EQ(TimesOfStamps({0.0}, stated).fps, 25.0) << "the clock's own rate is no rate of frames";
  const FrameTimes alone = TimesOfStamps({7.0}, kMilliseconds);
  EXPECT_EQ(alone.fps, 25.0);
  EXPECT_THAT(alone.times_s, IsEmpty());
}

// Whatever the stamps are, what comes out is a video's clock: finite, rising, from 0 on.
TEST(FrameTimesTest, AnyStampsGiveAClock) {
  for (uint64_t seed = 0; seed < 200; ++seed) {
    Random random(seed);
    std::vector<double> stamps_s;
    for (int i = 0, count = 1 + random.Index(8); i < count; ++i) {
      stamps_s.push_back(random.Index(6) == 0 ? std::nan("") : 0.04 * random.Index(20));
    }
    const StatedRates stated = {1e-3, 5.0 * random.Index(3), 5.0 * random.Index(3)};
    const FrameTimes times = TimesOfStamps(stamps_s, stated);
    EXPECT_TRUE(std::isfinite(times.fps) && times.fps > 0.0) << seed;
    if (times.times_s.empty()) continue;
    ASSERT_EQ(times.times_s.size(), stamps_s.size()) << seed;
    EXPECT_EQ(times.times_s.front(), 0.0);
    for (size_t i = 1; i < times.times_s.size(); ++i) {
      EXPECT_GT(times.times_s[i], times.times_s[i - 1]) << seed;
    }
    EXPECT_THAT(times.note, HasSubstr("variable frame rate"));
  }
}

}  // namespace
}  // namespace plumb
