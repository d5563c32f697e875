// SPDX-License-Identifier: Apache-2.0
// The two frames whose matches agree least with the cameras that were found, with the lines on
// which those matches should lie.
#pragma once

#include <array>
#include <optional>
#include <vector>

#include "core/json.h"
#include "metrics/geometry/tracks.h"
#include "metrics/geometry/world_fit.h"

namespace plumb {

// A line across the picture, from border to border: x, y, x, y in tracked pixels.
using LineAcross = std::array<double, 4>;

// A held-out track in both frames. Where the camera travels, its place in one frame makes a line in
// the other (empty when that does not cross the picture); where it only turns, a point.
struct PairMatch {
  int track = 0;
  std::array<Eigen::Vector2d, 2> seen_px;
  std::array<std::optional<LineAcross>, 2> line;
  std::array<std::optional<Eigen::Vector2d>, 2> expected_px;
  double distance_px = 0.0;  // from line or point, mean over both frames
};

struct WorstPair {
  std::array<int, 2> frames = {};  // tracked frames
  double median_px = 0.0;          // distance over all matches
  std::vector<PairMatch> matches;  // by distance, nearest first
};

// Looks at up to 20 posed frames of each world, evenly chosen, and compares every two that share at
// least 12 held-out tracks; the largest median distance wins. Distances are symmetric epipolar
// distances (Hartley & Zisserman 2004, §11.4.3: mean instead of sum of the two), or transfer errors
// where the camera only turns. Empty when no two frames can be compared.
std::optional<WorstPair> FindWorstPair(const TrackSet& set, const WorldFit& fit);

// In sample frames and pixels, with 12 of the matches, evenly chosen from the nearest to the
// farthest: {"frames": [a, b], "median_px", "matches": count, "turns_only", "shown": [{"px",
// "seen":
// [[x, y], [x, y]], "lines": [[x, y, x, y] | null, …] or "expected": [[x, y] | null, …]}, …]}.
Json ToJson(const WorstPair& pair, const TrackSet& set);

}  // namespace plumb
