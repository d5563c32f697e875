// SPDX-License-Identifier: Apache-2.0
#include "metrics/geometry/jitter.h"

#include <cmath>

#include <gtest/gtest.h>

#include "core/seed.h"

namespace plumb {
namespace {

constexpr int kSide = 14;       // tracks on a grid of so many by so many
constexpr int kSightings = 12;  // of each, two frames apart

// Tracks all over the picture; `offset` of a place and a time gives what the model misses.
template <typename Offset>
std::vector<TrackOffsets> Grid(const Offset& offset) {
  std::vector<TrackOffsets> tracks;
  for (int i = 0; i < kSide * kSide; ++i) {
    TrackOffsets track;
    const Eigen::Vector2d place(256.0 * (i % kSide + 0.5) / kSide,
                                256.0 * (i / kSide + 0.5) / kSide);
    for (int k = 0; k < kSightings; ++k) {
      track.frames.push_back(2 * k);
      track.seen_units.push_back(place);
      track.offset_units.push_back(offset(place, 2 * k));
    }
    tracks.push_back(std::move(track));
  }
  return tracks;
}

TEST(JitterTest, WhiteNoiseIsFoundAtItsSize) {
  for (const double sigma : {0.05, 0.3, 1.0}) {
    Random random(7);
    const double noise = JitterUnits(Grid([&](const Eigen::Vector2d&, int) {
      return Eigen::Vector2d(random.Normal(0, sigma), random.Normal(0, sigma));
    }));
    EXPECT_NEAR(noise, sigma, 0.1 * sigma);
  }
}

TEST(JitterTest, WhatNeighboursShareIsNoNoise) {
  Random random(8);
  std::vector<Eigen::Vector2d> shake(2 * kSightings);
  for (Eigen::Vector2d& one : shake) one = {random.Normal(0, 2), random.Normal(0, 2)};
  EXPECT_NEAR(JitterUnits(Grid([&](const Eigen::Vector2d&, int frame) { return shake[frame]; })),
              0.0,
              1e-9);
}

TEST(JitterTest, WhatGoesOnBendingIsNoNoise) {
  // A wave as the sabotage warp_px makes them: 160 units long, 0.3 radians a frame.
  const double noise = JitterUnits(Grid([](const Eigen::Vector2d& place, int frame) {
    const double phase = 2.0 * M_PI * place.x() / 160.0 + 0.3 * frame;
    return Eigen::Vector2d(4.0 * std::sin(phase), 4.0 * std::cos(phase));
  }));
  EXPECT_LT(noise, 0.1);
  // Every track its own drift.
  Random random(9);
  EXPECT_LT(JitterUnits(Grid([&](const Eigen::Vector2d& place, int frame) {
              const double speed = 0.01 * std::fmod(place.x() * 7.0 + place.y() * 3.0, 13.0);
              return Eigen::Vector2d(speed * frame, -speed * frame);
            })),
            1e-9);
}

TEST(JitterTest, AMinorityOfLostTracksDoesNotCount) {
  Random random(10);
  std::vector<TrackOffsets> tracks = Grid([&](const Eigen::Vector2d&, int) {
    return Eigen::Vector2d(random.Normal(0, 0.1), random.Normal(0, 0.1));
  });
  for (size_t t = 0; t < tracks.size(); t += 6) {
    for (Eigen::Vector2d& offset : tracks[t].offset_units) {
      offset = {random.Normal(0, 200), random.Normal(0, 8)};
    }
  }
  EXPECT_NEAR(JitterUnits(tracks), 0.1, 0.03);
}

TEST(JitterTest, TooFewTracksShowNone) {
  Random random(11);
  std::vector<TrackOffsets> tracks = Grid([&](const Eigen::Vector2d&, int) {
    return Eigen::Vector2d(random.Normal(0, 1), random.Normal(0, 1));
  });
  tracks.resize(9);
  EXPECT_EQ(JitterUnits(tracks), 0.0);
  EXPECT_EQ(JitterUnits({}), 0.0);
}

}  // namespace
}  // namespace plumb
