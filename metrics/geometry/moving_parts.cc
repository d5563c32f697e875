// SPDX-License-Identifier: Apache-2.0
#include "metrics/geometry/moving_parts.h"

#include <algorithm>
#include <cmath>
#include <optional>

#include "core/check.h"
#include "core/statistics.h"
#include "metrics/geometry/compact_parts.h"
#include "metrics/geometry/continuity.h"
#include "metrics/geometry/epipolar.h"
#include "metrics/geometry/pair_rotation.h"

namespace plumb {
namespace {

constexpr size_t kMinPairTracks = 24;  // of a pair of frames that is looked at
constexpr int kMaxStep = 10;     // frames between windows: tracks that live as long are in one
constexpr int kStillReach = 10;  // frames that are compared before a still camera
constexpr int kAreaCells = 24;   // along the longer side

std::vector<double> StillResidualsPx(const PointPairs& points) {
  std::vector<double> residuals;
  for (size_t i = 0; i < points.a_px.size(); ++i) {
    residuals.push_back((points.b_px[i] - points.a_px[i]).norm());
  }
  return residuals;
}

std::vector<double> DominantResidualsPx(const PointPairs& points, MotionClass motion_class) {
  if (motion_class == MotionClass::kStatic) return StillResidualsPx(points);
  if (motion_class == MotionClass::kParallax) return EpipolarResidualsPx(points);
  return HomographyResidualsPx(points);
}

// The first frame after `a` to which the camera has moved far enough, or the last one in reach that
// shares enough tracks.
int WindowEnd(const TrackSet& set, int a, int last, double window_units) {
  int end = a;
  for (int b = a + 1; b <= last; ++b) {
    const std::optional<double> motion = MedianMotion(set, a, b, static_cast<int>(kMinPairTracks));
    if (!motion) break;
    end = b;
    if (*motion >= window_units) break;
  }
  return end;
}

// A moving camera may need a third of the segment to get away; before a still one, what moves is
// soon elsewhere.
int Reach(const Segment& segment, MotionClass motion_class) {
  const int third = std::max(2, segment.size() / 3);
  return motion_class == MotionClass::kStatic ? std::min(kStillReach, third) : third;
}

std::vector<ComparedPair> ComparePairs(const TrackSet& set,
                                       const MotionEvidence& motion,
                                       const MovingPartsOptions& options) {
  std::vector<ComparedPair> pairs;
  for (const Segment& segment : motion.segments) {
    const int step = std::clamp(segment.size() / options.windows, 1, kMaxStep);
    for (int a = segment.first; a < segment.last; a += step) {
      const int last = std::min(segment.last, a + Reach(segment, motion.motion_class));
      const int b = WindowEnd(set, a, last, options.window_units);
      ComparedPair pair{CommonTracks(set, a, b), PairsBetween(set, a, b), {}};
      if (b == a || pair.tracks.size() < kMinPairTracks) continue;
      pair.residuals_px = DominantResidualsPx(pair.points, motion.motion_class);
      if (!pair.residuals_px.empty()) pairs.push_back(std::move(pair));
    }
  }
  return pairs;
}

struct Votes {
  std::vector<int> seen, moving;  // per track, in how many pairs
  int points = 0, masked = 0, loose = 0, pairs_with_parts = 0;

  bool Decided(size_t track) const { return seen[track] > 0; }
  bool Moves(size_t track) const { return 2 * moving[track] >= seen[track] && moving[track] > 0; }
};

Votes Vote(const TrackSet& set,
           const std::vector<ComparedPair>& pairs,
           const MovingPartsOptions& options) {
  Votes votes;
  votes.seen.assign(set.tracks.size(), 0);
  votes.moving.assign(set.tracks.size(), 0);
  for (const ComparedPair& pair : pairs) {
    const auto [disagrees, found] = FindCompactParts(set, pair, options);
    for (size_t i = 0; i < found.size(); ++i) {
      ++votes.seen[pair.tracks[i]];
      votes.moving[pair.tracks[i]] += found[i];
      ++votes.points;
      votes.masked += found[i];
      votes.loose += disagrees[i] && !found[i];
    }
    votes.pairs_with_parts += std::find(found.begin(), found.end(), true) != found.end();
  }
  return votes;
}

bool Trustworthy(const Votes& votes, const MovingPartsOptions& options) {
  const int others = votes.points - votes.masked;
  return votes.pairs_with_parts >= 2 && votes.masked <= options.max_masked_share * votes.points &&
         votes.loose <= options.max_loose_share * others;
}

// A track too short for any pair goes with the tracks beside it.
bool GoesWithNeighbours(const TrackSet& set, const Votes& votes, size_t index, double near_px) {
  const Track& track = set.tracks[index];
  const int frame = (track.first_frame + track.last_frame()) / 2;
  std::vector<std::pair<double, bool>> beside;  // distance, moves
  for (size_t i = 0; i < set.tracks.size(); ++i) {
    if (i == index || !votes.Decided(i) || !set.tracks[i].Sees(frame)) continue;
    const double apart_px = (set.tracks[i].At(frame) - track.At(frame)).norm();
    if (apart_px <= near_px) beside.emplace_back(apart_px, votes.Moves(i));
  }
  std::sort(beside.begin(), beside.end());
  if (beside.size() > 3) beside.resize(3);
  const auto moving = std::count_if(
      beside.begin(), beside.end(), [](const auto& neighbour) { return neighbour.second; });
  return moving >= 2;
}

// Cells of a grid in which most tracks move, as a share of all cells.
double AreaShare(const TrackSet& set, const std::vector<bool>& moves, int frame) {
  const double cell_px = static_cast<double>(std::max(set.width, set.height)) / kAreaCells;
  const int columns = static_cast<int>(std::ceil(set.width / cell_px));
  const int rows = static_cast<int>(std::ceil(set.height / cell_px));
  std::vector<int> balance(static_cast<size_t>(columns) * rows, 0);
  for (size_t i = 0; i < set.tracks.size(); ++i) {
    if (!set.tracks[i].Sees(frame)) continue;
    const Eigen::Vector2d& at = set.tracks[i].At(frame);
    const int column = std::clamp(static_cast<int>(at.x() / cell_px), 0, columns - 1);
    const int row = std::clamp(static_cast<int>(at.y() / cell_px), 0, rows - 1);
    balance[row * columns + column] += moves[i] ? 1 : -1;
  }
  return static_cast<double>(
             std::count_if(balance.begin(), balance.end(), [](int tracks) { return tracks > 0; })) /
         static_cast<double>(balance.size());
}

}  // namespace

void MovingPartsOptions::Validate() const {
  PLUMB_CHECK(window_units > 0.0, "window_units {}", window_units);
  PLUMB_CHECK(windows >= 1, "windows {}", windows);
  PLUMB_CHECK(disagree_units > 0.0 && disagree_ratio > 1.0,
              "disagree_units {}, disagree_ratio {}",
              disagree_units,
              disagree_ratio);
  PLUMB_CHECK(min_tracks >= 4, "min_tracks {}", min_tracks);  // an affine motion fits any three
  PLUMB_CHECK(max_masked_share < 0.5, "max_masked_share {}", max_masked_share);
}

int MovingParts::num_tracks() const {
  return static_cast<int>(std::count(moves.begin(), moves.end(), true));
}

double MovingParts::masked_share() const { return area_share.empty() ? 0.0 : Mean(area_share); }

MovingParts FindMovingParts(const TrackSet& set,
                            const MotionEvidence& motion,
                            const MovingPartsOptions& options) {
  options.Validate();
  MovingParts parts{std::vector<bool>(set.tracks.size(), false),
                    std::vector<double>(set.frames.size(), 0.0)};
  const Votes votes = Vote(set, ComparePairs(set, motion, options), options);
  if (!Trustworthy(votes, options)) return parts;
  const double near_px = options.near_share * std::max(set.width, set.height);
  for (size_t i = 0; i < set.tracks.size(); ++i) {
    parts.moves[i] = votes.Decided(i) ? votes.Moves(i) : GoesWithNeighbours(set, votes, i, near_px);
  }
  for (int frame = 0; frame < set.num_frames(); ++frame) {
    parts.area_share[frame] = AreaShare(set, parts.moves, frame);
  }
  return parts;
}

MovingParts Both(const MovingParts& a, const MovingParts& b) {
  PLUMB_CHECK(a.moves.size() == b.moves.size() && a.area_share.size() == b.area_share.size());
  MovingParts both = a;
  for (size_t i = 0; i < b.moves.size(); ++i) both.moves[i] = a.moves[i] || b.moves[i];
  for (size_t i = 0; i < b.area_share.size(); ++i) {
    both.area_share[i] = std::max(a.area_share[i], b.area_share[i]);
  }
  return both;
}

Evidence EvidenceOf(const MovingParts& parts, const TrackSet& set, int sample_frames) {
  Json values = Json::array();
  for (int i = 0; i < sample_frames; ++i) values.push_back(nullptr);
  for (int i = 0; i < set.num_frames(); ++i) values[set.frames[i]] = parts.area_share[i];
  Evidence evidence;
  evidence.details["masked_tracks"] = parts.num_tracks();
  evidence.details["all_tracks"] = set.tracks.size();
  evidence.details["per_frame"] = {
      {"name", "part that moves by itself"}, {"unit", "share"}, {"values", std::move(values)}};
  return evidence;
}

TrackSet WithoutParts(const TrackSet& set, const MovingParts& parts) {
  PLUMB_CHECK(parts.moves.size() == set.tracks.size());
  TrackSet rest = set;
  rest.tracks.clear();
  for (size_t i = 0; i < set.tracks.size(); ++i) {
    if (!parts.moves[i]) rest.tracks.push_back(set.tracks[i]);
  }
  return rest;
}

}  // namespace plumb
