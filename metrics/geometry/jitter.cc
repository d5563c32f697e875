// SPDX-License-Identifier: Apache-2.0
#include "metrics/geometry/jitter.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <map>
#include <optional>

#include "core/statistics.h"

namespace plumb {
namespace {

constexpr size_t kNeighbours = 8;
constexpr size_t kMinNeighbours = 3;
constexpr double kReachUnits = 48.0;
constexpr double kLostUnits = 8.0;  // offsets beyond are no noise of anything
constexpr size_t kMinDifferences = 3;
constexpr size_t kMinTracks = 10;
// Median of |x| for a normal x of standard deviation 1, times that of a fourth difference, times
// what the neighbours' own mean adds.
const double kMedianOfDifference = 0.6745 * std::sqrt(70.0) * std::sqrt(1.0 + 1.0 / kNeighbours);

struct Sighting {
  size_t track = 0;
  size_t index = 0;  // in the track
};

double MedianOf(std::vector<double>& values) {
  std::nth_element(values.begin(), values.begin() + values.size() / 2, values.end());
  return values[values.size() / 2];
}

// The mean of the nearest others, which follows a bend smoothly; nothing when too few are near.
std::optional<Eigen::Vector2d> SharedOffset(const std::vector<TrackOffsets>& tracks,
                                            const std::vector<Sighting>& frame,
                                            size_t own) {
  const auto seen = [&](const Sighting& s) { return tracks[s.track].seen_units[s.index]; };
  std::vector<std::pair<double, size_t>> near;
  for (size_t i = 0; i < frame.size(); ++i) {
    const double distance = (seen(frame[i]) - seen(frame[own])).norm();
    if (i != own && distance <= kReachUnits) near.emplace_back(distance, i);
  }
  if (near.size() < kMinNeighbours) return std::nullopt;
  const size_t count = std::min(kNeighbours, near.size());
  std::partial_sort(near.begin(), near.begin() + count, near.end());
  Eigen::Vector2d sum = Eigen::Vector2d::Zero();
  for (size_t k = 0; k < count; ++k) {
    const Sighting& s = frame[near[k].second];
    sum += tracks[s.track].offset_units[s.index];
  }
  return Eigen::Vector2d(sum / static_cast<double>(count));
}

// Per track and sighting, the offset without what the neighbours share.
std::vector<std::vector<std::optional<Eigen::Vector2d>>> OwnOffsets(
    const std::vector<TrackOffsets>& tracks) {
  std::map<int, std::vector<Sighting>> frames;
  std::vector<std::vector<std::optional<Eigen::Vector2d>>> own(tracks.size());
  for (size_t t = 0; t < tracks.size(); ++t) {
    own[t].resize(tracks[t].frames.size());
    for (size_t i = 0; i < tracks[t].frames.size(); ++i) {
      if (tracks[t].offset_units[i].norm() < kLostUnits)
        frames[tracks[t].frames[i]].push_back({t, i});
    }
  }
  for (const auto& [frame, sightings] : frames) {
    for (size_t k = 0; k < sightings.size(); ++k) {
      const auto shared = SharedOffset(tracks, sightings, k);
      const auto [t, i] = sightings[k];
      if (shared) own[t][i] = tracks[t].offset_units[i] - *shared;
    }
  }
  return own;
}

// The median fourth difference of one track, both axes together; nothing when it is too short.
std::optional<double> JitterOf(const std::vector<std::optional<Eigen::Vector2d>>& own) {
  constexpr std::array<double, 5> kWeights = {1.0, -4.0, 6.0, -4.0, 1.0};
  std::vector<double> differences;
  for (size_t i = 0; i + kWeights.size() <= own.size(); ++i) {
    Eigen::Vector2d fourth = Eigen::Vector2d::Zero();
    bool whole = true;
    for (size_t k = 0; k < kWeights.size(); ++k) {
      whole = whole && own[i + k].has_value();
      if (whole) fourth += kWeights[k] * *own[i + k];
    }
    if (!whole) continue;
    differences.push_back(std::abs(fourth.x()));
    differences.push_back(std::abs(fourth.y()));
  }
  if (differences.size() < 2 * kMinDifferences) return std::nullopt;
  return MedianOf(differences);
}

}  // namespace

double JitterUnits(const std::vector<TrackOffsets>& tracks) {
  std::vector<double> jitter;
  for (const auto& own : OwnOffsets(tracks)) {
    if (const std::optional<double> one = JitterOf(own)) jitter.push_back(*one);
  }
  return jitter.size() < kMinTracks ? 0.0 : Median(std::move(jitter)) / kMedianOfDifference;
}

}  // namespace plumb
