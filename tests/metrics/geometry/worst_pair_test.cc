// SPDX-License-Identifier: Apache-2.0
#include "metrics/geometry/worst_pair.h"

#include <cmath>

#include <gtest/gtest.h>

#include "tests/metrics/geometry/synthetic_tracks.h"

namespace plumb {
namespace {

constexpr int kBent = 15;  // the frame in which the tests move what is seen

// The world of the true cameras, with every second track held out.
WorldFit TrueWorld(const SyntheticTracks& truth, bool turns_only = false) {
  WorldFit fit;
  PosedClip clip;
  clip.pinhole = PinholeOf(truth.set, truth.cameras[0].intrinsics.fx_px);
  clip.turns_only = turns_only;
  for (const Camera& camera : truth.cameras) {
    clip.camera_from_world.push_back(camera.camera_from_world);
    clip.posed.push_back(true);
  }
  fit.worlds.push_back({{0, truth.set.num_frames() - 1}, clip, {}});
  for (size_t i = 1; i < truth.set.tracks.size(); i += 2) {
    fit.tracks.push_back({static_cast<int>(i), {}});
  }
  return fit;
}

SyntheticTracks Arc() { return MakeSyntheticTracks(ArcPath(0.5), {}); }

void Shift(TrackSet& set, int frame, const Eigen::Vector2d& by_px) {
  for (Track& track : set.tracks) {
    if (track.Sees(frame)) track.points_px[frame - track.first_frame] += by_px;
  }
}

double DistancePx(const LineAcross& line, const Eigen::Vector2d& point) {
  const Eigen::Vector2d from(line[0], line[1]);
  const Eigen::Vector2d along = (Eigen::Vector2d(line[2], line[3]) - from).normalized();
  const Eigen::Vector2d off = point - from;
  return std::abs(along.x() * off.y() - along.y() * off.x());
}

TEST(WorstPairTest, ExactTracksLieOnTheirLines) {
  const SyntheticTracks truth = Arc();
  const auto pair = FindWorstPair(truth.set, TrueWorld(truth));
  ASSERT_TRUE(pair.has_value());
  EXPECT_LT(pair->matches.back().distance_px, 1e-6);
  for (const PairMatch& match : pair->matches) {
    EXPECT_EQ(match.track % 2, 1);
    for (const int side : {0, 1}) {
      ASSERT_TRUE(match.line[side].has_value());
      EXPECT_LT(DistancePx(*match.line[side], match.seen_px[side]), 1e-6);
      EXPECT_FALSE(match.expected_px[side].has_value());
    }
  }
}

TEST(WorstPairTest, TheFrameThatIsOffIsInThePairByItsAmount) {
  SyntheticTracks truth = Arc();
  Shift(truth.set, kBent, {0.0, 5.0});  // across the lines of a camera that moves sideways
  const auto pair = FindWorstPair(truth.set, TrueWorld(truth));
  ASSERT_TRUE(pair.has_value());
  EXPECT_TRUE(pair->frames[0] == kBent || pair->frames[1] == kBent);
  EXPECT_NEAR(pair->median_px, 5.0, 0.7);
  for (const PairMatch& match : pair->matches) {
    const double mean = 0.5 * (DistancePx(*match.line[0], match.seen_px[0]) +
                               DistancePx(*match.line[1], match.seen_px[1]));
    EXPECT_NEAR(match.distance_px, mean, 1e-6);
  }
}

TEST(WorstPairTest, LinesEndOnTheBorderOfThePicture) {
  const SyntheticTracks truth = Arc();
  const auto pair = FindWorstPair(truth.set, TrueWorld(truth));
  for (const PairMatch& match : pair.value().matches) {
    const LineAcross& line = match.line[0].value();
    for (const int end : {0, 2}) {
      const auto on = [](double value) {
        return std::abs(value) < 1e-6 || std::abs(value - 256) < 1e-6;
      };
      EXPECT_TRUE(on(line[end]) || on(line[end + 1])) << line[end] << " " << line[end + 1];
    }
  }
}

TEST(WorstPairTest, ATurningCameraPredictsPoints) {
  SyntheticTracks truth = MakeSyntheticTracks(YawPath(0.3), {});
  Shift(truth.set, kBent, {3.0, 0.0});
  const auto pair = FindWorstPair(truth.set, TrueWorld(truth, /*turns_only=*/true));
  ASSERT_TRUE(pair.has_value());
  EXPECT_TRUE(pair->frames[0] == kBent || pair->frames[1] == kBent);
  EXPECT_NEAR(pair->median_px, 3.0, 0.4);
  for (const PairMatch& match : pair->matches) {
    EXPECT_FALSE(match.line[0].has_value());
    EXPECT_NEAR((match.expected_px[1].value() - match.seen_px[1]).norm(), 3.0, 1.2);
  }
}

TEST(WorstPairTest, FramesWithoutAPoseAreNotCompared) {
  SyntheticTracks truth = Arc();
  Shift(truth.set, kBent, {0.0, 5.0});
  WorldFit fit = TrueWorld(truth);
  fit.worlds[0].clip.posed[kBent] = false;
  EXPECT_LT(FindWorstPair(truth.set, fit).value().median_px, 1e-6);
}

TEST(WorstPairTest, NothingToCompareGivesNoPair) {
  const SyntheticTracks truth = Arc();
  WorldFit fit = TrueWorld(truth);
  EXPECT_FALSE(FindWorstPair(truth.set, WorldFit()).has_value());
  fit.tracks.resize(11);  // one match too few
  EXPECT_FALSE(FindWorstPair(truth.set, fit).has_value());
  // All cameras in one place, and yet no turning camera: there are no lines.
  WorldFit still = TrueWorld(truth);
  for (Rigid3& pose : still.worlds[0].clip.camera_from_world) pose = Rigid3();
  EXPECT_FALSE(FindWorstPair(truth.set, still).has_value());
}

TEST(WorstPairTest, JsonIsInSampleFramesAndPixels) {
  SyntheticTracks truth = Arc();
  Shift(truth.set, kBent, {0.0, 5.0});
  for (int i = 0; i < truth.set.num_frames(); ++i) truth.set.frames[i] = 2 * i;
  truth.set.sample_scale = 2.0;
  const WorstPair pair = FindWorstPair(truth.set, TrueWorld(truth)).value();
  const Json json = ToJson(pair, truth.set);
  EXPECT_EQ(json["frames"], (Json{2 * pair.frames[0], 2 * pair.frames[1]}));
  EXPECT_NEAR(json["median_px"].get<double>(), 2.0 * pair.median_px, 0.006);
  EXPECT_EQ(json["matches"], pair.matches.size());
  ASSERT_EQ(json["shown"].size(), 12u);
  EXPECT_NEAR(json["shown"][0]["seen"][1][0].get<double>(),
              2.0 * pair.matches.front().seen_px[1].x(),
              0.06);
  EXPECT_EQ(json["shown"][0]["lines"].size(), 2u);
  EXPECT_FALSE(json["shown"][0].contains("expected"));
}

}  // namespace
}  // namespace plumb
