// SPDX-License-Identifier: Apache-2.0
#include "metrics/permanence/swaps.h"

#include <algorithm>

#include <fmt/format.h>

namespace plumb {
namespace {

constexpr double kSwapSizes = 0.75;  // an object further than this from its place has left it
constexpr double kTellSizes = 0.4;   // objects nearer than this cannot be told to be swapped

double DistanceInTruth(const Observation& observation, size_t i, size_t j, size_t pair) {
  const double size_px = std::max(observation.objects[i].expected[pair].size_px,
                                  observation.objects[j].expected[pair].size_px);
  return (observation.TruthPlace(i, pair) - observation.TruthPlace(j, pair)).norm() / size_px;
}

// Whether two objects stand in each other's places in a pair.
bool Exchanged(const Observation& observation, size_t i, size_t j, size_t pair) {
  const Sighting& a = observation.sample_tracks[i].sightings[pair];
  const Sighting& b = observation.sample_tracks[j].sightings[pair];
  if (!a.found || !b.found) return false;
  const Eigen::Vector2d place_a = observation.TruthPlace(i, pair);
  const Eigen::Vector2d place_b = observation.TruthPlace(j, pair);
  if (DistanceInTruth(observation, i, j, pair) < kTellSizes) return false;
  const double own = (a.centroid_px - place_a).norm() + (b.centroid_px - place_b).norm();
  const double other = (a.centroid_px - place_b).norm() + (b.centroid_px - place_a).norm();
  return other < 0.5 * own;
}

// One stands in the other's place while that one is nowhere (it may be hidden in the first one's
// place).
bool HalfExchanged(const Observation& observation, size_t i, size_t j, size_t pair) {
  const auto stands_in = [&](size_t one, size_t other) {
    const Sighting& sighting = observation.sample_tracks[one].sightings[pair];
    if (!sighting.found || observation.sample_tracks[other].sightings[pair].found) return false;
    const double size_px = observation.objects[other].expected[pair].size_px;
    const Eigen::Vector2d place = observation.TruthPlace(other, pair);
    const double own_px = (sighting.centroid_px - observation.TruthPlace(one, pair)).norm();
    return (sighting.centroid_px - place).norm() < 0.5 * size_px && own_px > kSwapSizes * size_px;
  };
  return stands_in(i, j) || stands_in(j, i);
}

// The way out of its own place was no motion: since it was last there the object jumped or was not
// seen.
bool LeftByJump(const Observation& observation,
                const PermanenceVerdict& verdict,
                size_t object,
                size_t start) {
  for (size_t k = start + 1; k-- > 0;) {
    const Sighting& sighting = observation.sample_tracks[object].sightings[k];
    if (!sighting.found || verdict.frames[object][k].jump_sizes > kJumpSizes) return true;
    const double off_px = (sighting.centroid_px - observation.TruthPlace(object, k)).norm();
    if (off_px < kSwapSizes * observation.objects[object].expected[k].size_px) return false;
  }
  return true;
}

// Length of the run of pairs from `start` in which the two are in each other's places, or too near
// to tell.
size_t SwapRun(const Observation& observation, size_t i, size_t j, size_t start) {
  size_t end = start;
  size_t sure = 0;
  for (size_t k = start; k < observation.times_s.size(); ++k) {
    const bool swapped = Exchanged(observation, i, j, k) || HalfExchanged(observation, i, j, k);
    const bool too_near = k > start && DistanceInTruth(observation, i, j, k) < kSwapSizes;
    if (!swapped && !too_near) break;
    if (!swapped) continue;
    ++sure;
    end = k + 1;
  }
  return sure >= kLostFrames || end == observation.times_s.size() ? end - start : 0;
}

// Marks runs of exchanged pairs into which both came by a jump or unseen, and explains these jumps.
void MarkSwaps(const Observation& observation, size_t i, size_t j, PermanenceVerdict& verdict) {
  const size_t pairs = observation.times_s.size();
  for (size_t start = observation.first_scored; start < pairs; ++start) {
    const size_t length = SwapRun(observation, i, j, start);
    if (length == 0 || !LeftByJump(observation, verdict, i, start) ||
        !LeftByJump(observation, verdict, j, start)) {
      continue;
    }
    const size_t end = start + length;
    for (size_t k = start; k < std::min(end + 1, pairs); ++k) {
      verdict.frames[i][k].jump_sizes = 0.0;
      verdict.frames[j][k].jump_sizes = 0.0;
      if (k == end) continue;
      verdict.frames[i][k].swapped_with = static_cast<int>(j);
      verdict.frames[j][k].swapped_with = static_cast<int>(i);
    }
    verdict.events.push_back(
        {"swapped",
         static_cast<int>(start),
         static_cast<int>(i),
         fmt::format("'{}' and '{}' stand in each other's places for {} frames",
                     observation.objects[i].name,
                     observation.objects[j].name,
                     length)});
    start = end;
  }
}

}  // namespace

PermanenceVerdict WithSwaps(const Observation& observation, PermanenceVerdict verdict) {
  const size_t n = observation.objects.size();
  for (size_t i = 0; i < n; ++i) {
    for (size_t j = i + 1; j < n; ++j) MarkSwaps(observation, i, j, verdict);
  }
  return verdict;
}

}  // namespace plumb
