// SPDX-License-Identifier: Apache-2.0
#include "metrics/geometry/rigidity/focal_course.h"

#include <cmath>

#include <gtest/gtest.h>

#include "core/check.h"
#include "core/statistics.h"
#include "tests/metrics/geometry/rigidity/known_world.h"

namespace plumb {
namespace {

// The lens breathes: picture points move away from the centre and back.
WorldSightings Breathing(const KnownWorldOptions& options, double share) {
  const KnownWorld known = MakeKnownWorld(options);
  WorldSightings seen = SightingsOf(known.set, known.world);
  for (FrameSightings& frame : seen.frames) {
    const double factor = 1.0 + share * std::sin(0.5 * frame.frame);
    for (PointSighting& point : frame.points) {
      point.seen_px = seen.pinhole.centre_px + factor * (point.seen_px - seen.pinhole.centre_px);
    }
  }
  return seen;
}

TEST(FocalCourseTest, OneFocalLengthHasNoSpread) {
  const auto course = FocalCourse(Breathing({}, 0.0), 30);
  ASSERT_EQ(course.size(), 20u);
  EXPECT_NEAR(FocalSpread(course), 0.0, 1e-6);
}

TEST(FocalCourseTest, ABreathingLensIsFoundFrameByFrame) {
  const auto course = FocalCourse(Breathing({}, 0.05), 30);
  for (const FrameFocal& frame : course) {
    EXPECT_NEAR(frame.log_ratio, std::log(1.0 + 0.05 * std::sin(0.5 * frame.frame)), 1e-3);
  }
  EXPECT_NEAR(FocalSpread(course), 0.05 / std::sqrt(2.0), 0.006);
  EXPECT_GT(FocalSpread(FocalCourse(Breathing({}, 0.1), 30)), 1.7 * FocalSpread(course));
}

TEST(FocalCourseTest, ATurningCamerasLensToo) {
  KnownWorldOptions options;
  options.way_m.setZero();
  options.turn_rad = 0.1;
  const KnownWorld known = MakeKnownWorld(options);
  EXPECT_NEAR(FocalSpread(FocalCourse(SightingsOf(known.set, known.world), 30)), 0.0, 1e-6);
  EXPECT_NEAR(FocalSpread(FocalCourse(Breathing(options, 0.05), 30)), 0.035, 0.01);
}

TEST(FocalCourseTest, TheStatedDeviationIsThatOfNoise) {
  KnownWorldOptions options;
  options.noise_px = 0.2;
  options.frames = 80;
  const auto course = FocalCourse(Breathing(options, 0.0), 30);
  std::vector<double> ratios, sds;
  for (const FrameFocal& frame : course) {
    ratios.push_back(frame.log_ratio);
    sds.push_back(frame.sd);
  }
  EXPECT_NEAR(StandardDeviation(ratios) / Mean(sds), 1.0, 0.25);
  EXPECT_LT(FocalSpread(course), 0.5 * StandardDeviation(ratios));
}

TEST(FocalCourseTest, AFlatWallThatIsApproachedLeavesItOpen) {
  KnownWorldOptions flat;
  flat.relief_m = 0.0;
  flat.way_m = {0.0, 0.0, 0.6};
  flat.noise_px = 0.2;
  KnownWorldOptions deep = flat;
  deep.relief_m = 3.0;
  const double vague = FocalCourse(Breathing(flat, 0.0), 30).front().sd;
  EXPECT_GT(vague, 0.05);
  EXPECT_LT(FocalCourse(Breathing(deep, 0.0), 30).front().sd, 0.2 * vague);
}

TEST(FocalCourseTest, FramesThatSeeTooLittleAreLeftOut) {
  EXPECT_TRUE(FocalCourse(Breathing({}, 0.0), 400).empty());
  EXPECT_THROW(FocalSpread({}), CheckFailure);
}

}  // namespace
}  // namespace plumb
