// SPDX-License-Identifier: Apache-2.0
#include "metrics/dynamics/trajectory.h"

#include <algorithm>
#include <cmath>
#include <limits>

namespace plumb {
namespace {

constexpr double kMovingSizes = 0.25;
constexpr double kBegunSizes = 0.1;
constexpr double kFullWaySizes = 1.0;

double FarthestCorner(const Observation& observation, const Eigen::Vector2d& place_px) {
  const double dx = std::max(place_px.x(), observation.paired.width - place_px.x());
  const double dy = std::max(place_px.y(), observation.paired.height - place_px.y());
  return std::hypot(dx, dy);
}

// How far the truth is from the last place that the conditioning frames showed, in sizes.
std::vector<double> WayInPicture(const Observation& observation, size_t object) {
  const size_t pairs = observation.times_s.size();
  size_t base = std::max(0, observation.first_scored - 1);
  while (base + 1 < pairs && !observation.trusted[object][base]) ++base;
  const Eigen::Vector2d start = observation.TruthPlace(object, base);
  std::vector<double> way(pairs);
  for (size_t k = 0; k < pairs; ++k) {
    way[k] = (observation.TruthPlace(object, k) - start).norm() /
             observation.objects[object].expected[k].size_px;
  }
  return way;
}

std::vector<double> WayInWorld(const Observation& observation, const Truth& truth, int body) {
  const std::vector<FramePair>& pairs = observation.paired.pairs;
  const auto place = [&](size_t k) {
    return truth.StateAtFrame(pairs[k].truth, body).world_from_body.translation;
  };
  const Eigen::Vector3d start = place(std::max(0, observation.first_scored - 1));
  const double size_m = SizeOf(truth.scene.bodies[body].shape);
  std::vector<double> way(pairs.size());
  for (size_t k = 0; k < pairs.size(); ++k) way[k] = (place(k) - start).norm() / size_m;
  return way;
}

std::vector<double> WayOf(const Observation& observation, size_t object, const Truth* truth) {
  const int body = observation.objects[object].body;
  if (truth == nullptr || body < 0) return WayInPicture(observation, object);
  return WayInWorld(observation, *truth, body);
}

void MeasureObject(const Observation& observation,
                   size_t object,
                   const std::vector<double>& way,
                   TrajectoryError& error) {
  const size_t pairs = observation.times_s.size();
  std::vector<double> sizes(pairs, std::numeric_limits<double>::quiet_NaN());
  std::vector<double> credits = sizes;
  bool begun = false;
  for (size_t k = observation.first_scored; k < pairs; ++k) {
    begun |= way[k] >= kBegunSizes;
    if (!begun || !observation.trusted[object][k]) continue;
    const Sighting& sighting = observation.sample_tracks[object].sightings[k];
    const Eigen::Vector2d place = observation.TruthPlace(object, k);
    const double px =
        sighting.found ? (sighting.centroid_px - place).norm() : FarthestCorner(observation, place);
    ++error.asked;
    error.missing += !sighting.found;
    sizes[k] = px / observation.objects[object].expected[k].size_px;
    const double scale = std::clamp(way[k], kMovingSizes, kFullWaySizes);
    credits[k] = std::max(0.0, 1.0 - sizes[k] / scale);
  }
  error.moving.push_back(object);
  error.sizes.push_back(std::move(sizes));
  error.credits.push_back(std::move(credits));
}

}  // namespace

TrajectoryError MeasureTrajectories(const Observation& observation, const Truth* truth) {
  TrajectoryError error;
  for (size_t i = 0; i < observation.objects.size(); ++i) {
    const std::vector<double> way = WayOf(observation, i, truth);
    double farthest = 0.0;
    for (size_t k = observation.first_scored; k < way.size(); ++k) {
      if (observation.trusted[i][k]) farthest = std::max(farthest, way[k]);
    }
    if (farthest >= kMovingSizes) MeasureObject(observation, i, way, error);
  }
  return error;
}

}  // namespace plumb
