// SPDX-License-Identifier: Apache-2.0
#include "tests/metrics/followed_world.h"

namespace plumb {
namespace {

constexpr int kWidth = 200;
constexpr int kHeight = 100;

FollowedObject ObjectOf(const FollowedPath& path, int pairs) {
  static const Look look(std::vector<Rgb>(4, Rgb{210, 50, 40}));
  FollowedObject object{path.name, -1, look, {}};
  Eigen::Vector2d last_px(0.0, 0.0);
  for (int k = 0; k < pairs; ++k) {
    const std::optional<Eigen::Vector2d> place = path.truth_px(k);
    if (place) last_px = *place;
    ExpectedView view;
    view.visible = place.has_value();
    view.occluded = !place;
    view.share = place ? 1.0 : 0.0;
    view.centroid_px = last_px;
    view.size_px = FollowedWorld::kSize_px;
    view.full_area_px = view.size_px * view.size_px;
    object.expected.push_back(view);
  }
  return object;
}

ObjectTrack TrackOf(const std::function<std::optional<Eigen::Vector2d>(int)>& path, int pairs) {
  ObjectTrack track;
  for (int k = 0; k < pairs; ++k) {
    const std::optional<Eigen::Vector2d> place = path(k);
    track.sightings.push_back(place ? Seen(*place) : Sighting{});
  }
  return track;
}

}  // namespace

Observation FollowedWorld::Observe() const {
  Observation observation;
  observation.paired.width = kWidth;
  observation.paired.height = kHeight;
  observation.first_scored = first_scored;
  for (int k = 0; k < pairs; ++k) {
    observation.paired.pairs.push_back({k, k, k / fps});
    observation.times_s.push_back(k / fps);
  }
  for (const FollowedPath& path : paths) {
    observation.objects.push_back(ObjectOf(path, pairs));
    observation.truth_tracks.push_back(TrackOf(path.truth_px, pairs));
    observation.sample_tracks.push_back(TrackOf(path.sample_px, pairs));
    std::vector<uint8_t> trusted;
    for (int k = 0; k < pairs; ++k) trusted.push_back(path.truth_px(k).has_value());
    observation.trusted.push_back(std::move(trusted));
  }
  return observation;
}

std::function<std::optional<Eigen::Vector2d>(int)> Straight(const Eigen::Vector2d& start_px,
                                                            const Eigen::Vector2d& step_px) {
  return [=](int pair) { return Eigen::Vector2d(start_px + pair * step_px); };
}

Sighting Seen(const Eigen::Vector2d& place_px, double size_px) {
  Sighting sighting;
  sighting.found = true;
  sighting.centroid_px = place_px;
  sighting.box_px << place_px.x() - size_px / 2, place_px.y() - size_px / 2, size_px, size_px;
  sighting.area_px = size_px * size_px;
  sighting.mean_rgb = {210.0, 50.0, 40.0};
  return sighting;
}

void PutScreen(int left, int right, Observation& observation) {
  std::vector<uint8_t> mask(static_cast<size_t>(kWidth) * kHeight, 0);
  for (size_t p = 0; p < mask.size(); ++p) {
    const int x = static_cast<int>(p % kWidth);
    mask[p] = x >= left && x < right;
  }
  observation.occluders.assign(observation.times_s.size(), mask);
}

}  // namespace plumb
