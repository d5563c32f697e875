// SPDX-License-Identifier: Apache-2.0
#include "metrics/permanence/follow.h"

#include <algorithm>
#include <cmath>
#include <limits>

#include "core/check.h"
#include "metrics/permanence/finder.h"

namespace plumb {
namespace {

// Shares of the unhidden area, and distances in object sizes.
constexpr double kSmallestShare = 0.10;  // of a region that may be the object where it is expected
constexpr double kFarShare = 0.40;       // … where it is not
constexpr double kSolidShare = 0.50;     // regions this large are preferred to smaller ones
constexpr double kCopyShare = 0.35;      // of a region that is a second object
constexpr double kLargestShare = 4.0;
constexpr double kMergeSizes = 0.7;    // parts of one look closer than this are one object
constexpr double kNearSizes = 1.5;     // "where it is expected"
constexpr double kChangedSizes = 0.8;  // how far from its place a changed object is looked for

// What a track knows before a frame is looked at.
struct TrackState {
  bool seen = false;
  size_t last = 0;  // frame of the last sighting
  Eigen::Vector2d place_px = Eigen::Vector2d::Zero();
  Eigen::Vector2d velocity_pxps = Eigen::Vector2d::Zero();
};

Eigen::Vector2d Predicted(const TrackState& state,
                          const FollowedObject& object,
                          size_t frame,
                          const std::vector<double>& times_s) {
  if (!state.seen) return object.expected[frame].centroid_px;
  if (state.last + 1 == frame) {
    return state.place_px + state.velocity_pxps * (times_s[frame] - times_s[state.last]);
  }
  // After a gap the truth says how far an object moves meanwhile.
  return state.place_px + object.expected[frame].centroid_px -
         object.expected[state.last].centroid_px;
}

struct Place {
  Eigen::Vector2d centre_px;
  double area_px;  // unhidden
  double size_px;

  double Sizes(const Region& region) const {
    return (region.centroid_px - centre_px).norm() / size_px;
  }
  double Share(const Region& region) const { return region.area_px / area_px; }
};

// Index of the region that is the object, or -1: the nearest of the solid ones, else the nearest of
// the smaller ones.
int ChooseRegion(const std::vector<Region>& regions, int look, const Place& place) {
  int chosen = -1;
  double chosen_cost = std::numeric_limits<double>::infinity();
  constexpr double kSmallerCost = 1e6;
  for (size_t i = 0; i < regions.size(); ++i) {
    if (regions[i].look != look) continue;
    const double sizes = place.Sizes(regions[i]);
    const double share = place.Share(regions[i]);
    const double needed = sizes <= kNearSizes ? kSmallestShare : kFarShare;
    if (share < needed || share > kLargestShare) continue;
    const double cost = sizes + (share < kSolidShare ? kSmallerCost : 0.0);
    if (cost < chosen_cost) {
      chosen = static_cast<int>(i);
      chosen_cost = cost;
    }
  }
  return chosen;
}

void Absorb(const Region& part, Region& whole) {
  const double total = whole.area_px + part.area_px;
  whole.centroid_px = (whole.centroid_px * whole.area_px + part.centroid_px * part.area_px) / total;
  whole.mean_rgb = (whole.mean_rgb * whole.area_px + part.mean_rgb * part.area_px) / total;
  const Eigen::Vector2d first = whole.box_px.head<2>().cwiseMin(part.box_px.head<2>());
  const Eigen::Vector2d last = (whole.box_px.head<2>() + whole.box_px.tail<2>())
                                   .cwiseMax(part.box_px.head<2>() + part.box_px.tail<2>());
  whole.box_px << first, last - first;
  whole.area_px = total;
}

Sighting SightingOf(const Region& region) {
  Sighting sighting;
  sighting.found = true;
  sighting.centroid_px = region.centroid_px;
  sighting.box_px = region.box_px;
  sighting.area_px = region.area_px;
  sighting.mean_rgb = region.mean_rgb;
  return sighting;
}

// The object by its look; marks the regions that it used up.
Sighting FindByLook(const std::vector<Region>& regions,
                    int look,
                    const Place& place,
                    std::vector<uint8_t>& used) {
  const int chosen = ChooseRegion(regions, look, place);
  if (chosen < 0) return {};
  Region whole = regions[chosen];
  used[chosen] = 1;
  std::vector<Eigen::Vector2d> copies_px;
  for (size_t i = 0; i < regions.size(); ++i) {
    if (regions[i].look != look || used[i]) continue;
    const double sizes =
        (regions[i].centroid_px - regions[chosen].centroid_px).norm() / place.size_px;
    if (sizes < kMergeSizes && place.Share(whole) + place.Share(regions[i]) < 1.5) {
      Absorb(regions[i], whole);
      used[i] = 1;
    } else if (place.Share(regions[i]) >= kCopyShare) {
      copies_px.push_back(regions[i].centroid_px);
    }
  }
  Sighting sighting = SightingOf(whole);
  sighting.copies_px = std::move(copies_px);
  return sighting;
}

// An object of which only a part has its look still: the unnamed rest beside that part belongs to
// it.
void AbsorbUnnamed(const std::vector<Region>& regions,
                   const Place& place,
                   std::vector<uint8_t>& used,
                   Sighting& sighting) {
  if (!sighting.found || sighting.area_px >= kSolidShare * place.area_px) return;
  Region whole{0, sighting.area_px, sighting.centroid_px, sighting.box_px, sighting.mean_rgb};
  for (size_t i = 0; i < regions.size(); ++i) {
    const double sizes = (regions[i].centroid_px - sighting.centroid_px).norm() / place.size_px;
    const bool fits = place.Share(whole) + place.Share(regions[i]) < 1.5;
    if (used[i] || regions[i].look >= 0 || sizes >= kMergeSizes || !fits) continue;
    Absorb(regions[i], whole);
    used[i] = 1;
  }
  const std::vector<Eigen::Vector2d> copies_px = sighting.copies_px;
  sighting = SightingOf(whole);
  sighting.copies_px = copies_px;
}

// The object by its place, when what stands there has no look that is missed elsewhere.
Sighting FindByPlace(const std::vector<Region>& regions,
                     const Place& place,
                     std::vector<uint8_t>& used) {
  int chosen = -1;
  for (size_t i = 0; i < regions.size(); ++i) {
    const double share = place.Share(regions[i]);
    if (used[i] || share < kCopyShare || share > kLargestShare / 2) continue;
    if (place.Sizes(regions[i]) > kChangedSizes) continue;
    if (chosen < 0 || place.Sizes(regions[i]) < place.Sizes(regions[chosen])) {
      chosen = static_cast<int>(i);
    }
  }
  if (chosen < 0) return {};
  used[chosen] = 1;
  Sighting sighting = SightingOf(regions[chosen]);
  sighting.changed = true;
  return sighting;
}

void Update(TrackState& state,
            const Sighting& sighting,
            size_t frame,
            const std::vector<double>& times_s) {
  if (!sighting.found) return;
  const bool follows = state.seen && state.last + 1 == frame;
  state.velocity_pxps = follows ? Eigen::Vector2d((sighting.centroid_px - state.place_px) /
                                                  (times_s[frame] - times_s[state.last]))
                                : Eigen::Vector2d::Zero();
  state.place_px = sighting.centroid_px;
  state.last = frame;
  state.seen = true;
}

std::vector<Sighting> FindAll(const Image& frame,
                              size_t index,
                              const KnownScene& scene,
                              const std::vector<Eigen::Vector2d>& predicted) {
  const size_t n = scene.objects.size();
  std::vector<KnownLook> looks;
  std::vector<Place> places;
  for (size_t i = 0; i < n; ++i) {
    const ExpectedView& view = scene.objects[i].expected[index];
    looks.push_back({&scene.objects[i].look, predicted[i]});
    places.push_back({predicted[i], view.full_area_px, view.size_px});
  }
  const std::vector<Region> regions = FindRegions(frame, scene.PlateAt(index), looks);
  std::vector<uint8_t> used(regions.size(), 0);
  std::vector<Sighting> sightings(n);
  for (size_t i = 0; i < n; ++i) {
    sightings[i] = FindByLook(regions, static_cast<int>(i), places[i], used);
  }
  for (size_t i = 0; i < n; ++i) AbsorbUnnamed(regions, places[i], used, sightings[i]);
  for (size_t i = 0; i < n; ++i) {
    if (!sightings[i].found) sightings[i] = FindByPlace(regions, places[i], used);
  }
  // What stands in for another object is no copy.
  for (size_t i = 0; i < n; ++i) {
    if (!sightings[i].changed) continue;
    for (Sighting& other : sightings) {
      std::erase(other.copies_px, sightings[i].centroid_px);
    }
  }
  return sightings;
}

}  // namespace

std::vector<ObjectTrack> FollowObjects(const std::vector<Image>& frames,
                                       const std::vector<double>& times_s,
                                       const KnownScene& scene,
                                       const Progress& progress) {
  PLUMB_CHECK(
      frames.size() == times_s.size(), "{} frames, {} stamps", frames.size(), times_s.size());
  const size_t n = scene.objects.size();
  std::vector<ObjectTrack> tracks(n);
  std::vector<TrackState> states(n);
  std::vector<Eigen::Vector2d> predicted(n);
  for (size_t f = 0; f < frames.size(); ++f) {
    progress.ThrowIfCancelled();
    for (size_t i = 0; i < n; ++i) {
      predicted[i] = Predicted(states[i], scene.objects[i], f, times_s);
    }
    std::vector<Sighting> sightings = FindAll(frames[f], f, scene, predicted);
    for (size_t i = 0; i < n; ++i) {
      Update(states[i], sightings[i], f, times_s);
      tracks[i].sightings.push_back(std::move(sightings[i]));
    }
  }
  return tracks;
}

}  // namespace plumb
