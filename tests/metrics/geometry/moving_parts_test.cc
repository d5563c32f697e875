// SPDX-License-Identifier: Apache-2.0
#include "metrics/geometry/moving_parts.h"

#include <cmath>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "core/check.h"
#include "tests/metrics/disc_world.h"
#include "tests/metrics/geometry/geometry_scores.h"
#include "tests/metrics/geometry/synthetic_tracks.h"

namespace plumb {
namespace {

using Place = std::function<Eigen::Vector3d(double share)>;

// A block of 6 × 6 points that is `place` in the world after a share of the clip; its tracks come
// last.
TrackSet WithBlock(const SyntheticTracks& made, const Place& place) {
  TrackSet set = made.set;
  for (int i = 0; i < 36; ++i) {
    const Eigen::Vector3d corner(0.1 * (i % 6), 0.0, 0.1 * (i / 6));
    Track track;
    for (int frame = 0; frame < set.num_frames(); ++frame) {
      const double share = frame / (set.num_frames() - 1.0);
      track.points_px.push_back(Project(made.cameras[frame], place(share) + corner).point_px);
    }
    set.tracks.push_back(std::move(track));
  }
  return set;
}

Place Fixed() {
  return [](double) { return Eigen::Vector3d(-0.3, 0.2, 0.6); };
}
Place Rising(double way_m) {
  return [way_m](double share) { return Eigen::Vector3d(-0.3, 0.2, 0.4 + way_m * share); };
}

SyntheticTracks Made(const CameraPathOf& path) {
  SyntheticTracksOptions options;
  options.noise_px = 0.1;
  return MakeSyntheticTracks(path, options);
}

struct Shares {
  double of_block = 0.0;
  double of_rest = 0.0;
};
Shares Masked(const TrackSet& set) {
  const MovingParts parts = FindMovingParts(set, ClassifyMotion(set, {}));
  Shares shares;
  const size_t first = set.tracks.size() - 36;
  for (size_t i = 0; i < set.tracks.size(); ++i) {
    (i < first ? shares.of_rest : shares.of_block) += parts.moves[i];
  }
  shares.of_rest /= first;
  shares.of_block /= 36;
  return shares;
}

TEST(MovingPartsTest, AThingThatMovesIsTakenOutUnderEveryCamera) {
  for (const CameraPathOf& path : {ArcPath(0.6), YawPath(0.4), StillPath()}) {
    const Shares shares = Masked(WithBlock(Made(path), Rising(1.0)));
    EXPECT_GE(shares.of_block, 0.9);
    EXPECT_LE(shares.of_rest, 0.05);
  }
}

TEST(MovingPartsTest, AThingThatStandsStillStays) {
  for (const CameraPathOf& path : {ArcPath(0.6), YawPath(0.4), StillPath()}) {
    const TrackSet set = WithBlock(Made(path), Fixed());
    EXPECT_EQ(FindMovingParts(set, ClassifyMotion(set, {})).num_tracks(), 0);
  }
}

// Moves tracks of the picture as `bend` says.
TrackSet Bent(TrackSet set, const PictureMotion& bend) {
  for (Track& track : set.tracks) {
    for (int frame = track.first_frame; frame <= track.last_frame(); ++frame) {
      Eigen::Vector2d& at = track.points_px[frame - track.first_frame];
      at = bend(frame, at);
    }
  }
  return set;
}

TEST(MovingPartsTest, AWorldThatBendsIsNotMaskedAway) {
  const TrackSet rigid = WithBlock(Made(ArcPath(0.6)), Fixed());
  for (const double amount_px : {1.0, 2.0, 4.0, 8.0}) {
    const TrackSet set = Bent(rigid, [&](int frame, const Eigen::Vector2d& at) {
      const double wave = std::sin(0.05 * at.x() + frame) * std::sin(0.05 * at.y() + 0.7 * frame);
      return Eigen::Vector2d(at + amount_px * Eigen::Vector2d(wave, -wave));
    });
    EXPECT_LE(FindMovingParts(set, ClassifyMotion(set, {})).masked_share(), 0.02) << amount_px;
  }
}

TEST(MovingPartsTest, HalfAWorldThatSlidesIsNoThing) {
  const TrackSet set =
      Bent(WithBlock(Made(ArcPath(0.6)), Fixed()), [](int frame, const Eigen::Vector2d& at) {
        return Eigen::Vector2d(at + Eigen::Vector2d(0.0, at.x() > 110.0 ? 2.0 * frame : 0.0));
      });
  EXPECT_EQ(FindMovingParts(set, ClassifyMotion(set, {})).num_tracks(), 0);
}

// The same place, but every point goes its own way: something melts, nothing moves.
TEST(MovingPartsTest, APartWithoutAMotionOfItsOwnStays) {
  TrackSet set = WithBlock(Made(ArcPath(0.6)), Fixed());
  for (size_t i = set.tracks.size() - 36; i < set.tracks.size(); ++i) {
    for (int frame = 0; frame < set.num_frames(); ++frame) {
      const double angle = 2.4 * static_cast<double>(i);
      set.tracks[i].points_px[frame] +=
          0.7 * frame * Eigen::Vector2d(std::cos(angle), std::sin(angle));
    }
  }
  EXPECT_EQ(FindMovingParts(set, ClassifyMotion(set, {})).num_tracks(), 0);
}

TEST(MovingPartsTest, TheAreaIsThatOfTheThing) {
  const TrackSet set = MovedGrid(24, 16, [](int frame, const Eigen::Vector2d& start) {
    const bool inside = (start - Eigen::Vector2d(90.0, 90.0)).cwiseAbs().maxCoeff() < 30.0;
    return Eigen::Vector2d(start + Eigen::Vector2d(inside ? 1.5 * frame : 0.0, 0.0));
  });
  const MovingParts parts = FindMovingParts(set, ClassifyMotion(set, {}));
  // 5 × 5 of 16 × 16 tracks; cells without a track count as still.
  EXPECT_EQ(parts.num_tracks(), 25);
  EXPECT_NEAR(parts.masked_share(), 25.0 / (24.0 * 24.0), 0.02);
  const TrackSet rest = WithoutParts(set, parts);
  EXPECT_EQ(rest.tracks.size(), 256u - 25u);
  EXPECT_EQ(rest.num_frames(), 24);
}

TEST(MovingPartsTest, EitherSourceCounts) {
  const MovingParts a{{true, false, false}, {0.1, 0.4}}, b{{false, false, true}, {0.3, 0.2}};
  const MovingParts both = Both(a, b);
  EXPECT_THAT(both.moves, testing::ElementsAre(true, false, true));
  EXPECT_NEAR(both.masked_share(), 0.35, 1e-12);
  EXPECT_THROW(Both(a, {{true}, {0.1, 0.2}}), CheckFailure);
}

TEST(MovingPartsTest, OptionsOutOfRangeAreRefused) {
  MovingPartsOptions options;
  options.min_tracks = 3;
  EXPECT_THROW(options.Validate(), CheckFailure);
  options = {};
  options.max_masked_share = 0.6;
  EXPECT_THROW(options.Validate(), CheckFailure);
}

Truth Rolls(double speed_mps) {
  DiscWorld world;
  world.discs = {{.radius_m = 0.3, .place_m = Rolling({-0.6, 0.4}, speed_mps)}};
  return world.MakeTruth();
}

TEST(MovingPartsTest, TheTruthsMasksSayWhatMoves) {
  const Truth truth = Rolls(0.8);
  ASSERT_TRUE(AnythingMoves(truth));
  const TrackSet set = TrackPoints(truth.video, {}, {});
  const MovingParts parts = MovingInTruth(set, truth.video, truth);
  double moved = 0.0, moved_and_masked = 0.0;
  for (size_t i = 0; i < set.tracks.size(); ++i) {
    const Track& track = set.tracks[i];
    if ((track.points_px.back() - track.points_px.front()).norm() < 3.0) continue;
    moved += 1.0;
    moved_and_masked += parts.moves[i];
  }
  ASSERT_GT(moved, 10.0);
  EXPECT_GE(moved_and_masked, 0.9 * moved);
  EXPECT_LT(parts.num_tracks(), 0.6 * set.tracks.size());
  // A disc of 0.3 m; the share is that of its pixels.
  double pixels = 0.0;
  for (int frame = 0; frame < truth.num_frames(); ++frame) {
    pixels += truth.views[frame].back().modal_area_px;
  }
  const double area = truth.video.width() * truth.video.height();
  EXPECT_NEAR(parts.masked_share(), pixels / truth.num_frames() / area, 0.01);
}

TEST(MovingPartsTest, ATruthInWhichNothingMovesMasksNothing) {
  const Truth truth = Rolls(0.0);
  EXPECT_FALSE(AnythingMoves(truth));
  const TrackSet set = TrackPoints(truth.video, {}, {});
  EXPECT_EQ(MovingInTruth(set, truth.video, truth).num_tracks(), 0);
}

TEST(MovingPartsTest, AStillCamerasBackgroundDoesNotDriftWithWhatMovesBeforeIt) {
  const Truth truth = Rolls(0.8);
  const FamilyReport report = Measured(truth.video);
  EXPECT_EQ(report.motion_class, MotionClass::kStatic);
  EXPECT_LT(Find(report, "background_drift_px").value(), 0.1);
  MetricInput input;
  input.sample = &truth.video;
  input.truth = &truth;
  const FamilyReport informed = MeasureGeometry(input, {});
  EXPECT_GT(Find(informed, "masked_share").value(), 0.01);
  EXPECT_LT(Find(informed, "background_drift_px").value(), 0.1);
}

}  // namespace
}  // namespace plumb
