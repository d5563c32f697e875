// SPDX-License-Identifier: Apache-2.0
#include "metrics/permanence/moving_objects.h"

#include <algorithm>
#include <cmath>

#include <fmt/format.h>

#include "metrics/permanence/moving_regions.h"
#include "metrics/permanence/plate.h"

namespace plumb {
namespace {

constexpr double kCameraMovesShare = 0.4;  // of the pixels that change
constexpr float kPlateLookLevels = 16.0f;
constexpr int kPlateFrames = 15;
constexpr double kFarthestMatch = 3.0;

using Mask = std::vector<uint8_t>;

double AreaOf(const Mask& mask) {
  return static_cast<double>(std::count(mask.begin(), mask.end(), 1));
}

ExpectedView ViewOf(const Mask& region, int width) {
  ExpectedView view;
  Eigen::Vector2d sum = Eigen::Vector2d::Zero();
  for (size_t p = 0; p < region.size(); ++p) {
    if (region[p]) sum += Eigen::Vector2d(p % width + 0.5, p / width + 0.5);
  }
  view.full_area_px = AreaOf(region);
  view.centroid_px = sum / view.full_area_px;
  view.size_px = 2.0 * std::sqrt(view.full_area_px / M_PI);
  view.visible = true;
  view.share = 1.0;
  return view;
}

// The first frame without its moving objects.
Plate PlateWithout(const std::vector<Image>& frames,
                   const std::vector<Mask>& regions,
                   const std::vector<FollowedObject>& objects) {
  Plate plate{frames.front(), Mask(frames.front().rgb.size() / 3, 1)};
  const std::vector<int> chosen = EvenlyChosen(static_cast<int>(frames.size()), kPlateFrames);
  const auto has_look = [&](const uint8_t* rgb) {
    return std::any_of(objects.begin(), objects.end(), [&](const FollowedObject& object) {
      return object.look.Distance(rgb) < kPlateLookLevels;
    });
  };
  for (const Mask& region : regions) {
    const Mask hole = Dilated(region, plate.picture.width, 3);
    for (size_t p = 0; p < hole.size(); ++p) {
      if (!hole[p]) continue;
      plate.known[p] = 0;
      for (auto f = chosen.rbegin(); f != chosen.rend() && !plate.known[p]; ++f) {
        if (has_look(&frames[*f].rgb[3 * p])) continue;
        std::copy_n(&frames[*f].rgb[3 * p], 3, &plate.picture.rgb[3 * p]);
        plate.known[p] = 1;
      }
    }
  }
  return plate;
}

KnownScene Discover(const std::vector<Image>& frames) {
  const std::vector<Mask> regions = MovingRegions(frames);
  KnownScene scene;
  for (const Mask& region : regions) {
    const ExpectedView view = ViewOf(region, frames.front().width);
    scene.objects.push_back({fmt::format("object {}", scene.objects.size() + 1),
                             -1,
                             Look(InnerColours(frames.front(), region)),
                             std::vector<ExpectedView>(frames.size(), view)});
  }
  scene.plates = {PlateWithout(frames, regions, scene.objects)};
  return scene;
}

// What tells two objects of two clips apart; 0 for the same.
double MatchCost(const FollowedObject& a, const FollowedObject& b, double diagonal_px) {
  const ExpectedView& x = a.expected.front();
  const ExpectedView& y = b.expected.front();
  const double place = (x.centroid_px - y.centroid_px).norm() / (0.25 * diagonal_px);
  const double size = std::abs(std::log(x.size_px / y.size_px));
  const double colour = (LabColour(a.look.mean_rgb()) - LabColour(b.look.mean_rgb())).norm() / 40.0;
  return place + size + colour;
}

// For every truth object the index of its counterpart or -1; the cheapest pair of all first.
std::vector<int> MatchObjects(const KnownScene& truth,
                              const KnownScene& sample,
                              double diagonal_px) {
  std::vector<int> match(truth.objects.size(), -1);
  std::vector<uint8_t> taken(sample.objects.size(), 0);
  while (true) {
    double cheapest = kFarthestMatch;
    int truth_index = -1;
    int sample_index = -1;
    for (size_t i = 0; i < match.size(); ++i) {
      for (size_t j = 0; j < taken.size() && match[i] < 0; ++j) {
        if (taken[j]) continue;
        const double cost = MatchCost(truth.objects[i], sample.objects[j], diagonal_px);
        if (cost >= cheapest) continue;
        cheapest = cost;
        truth_index = static_cast<int>(i);
        sample_index = static_cast<int>(j);
      }
    }
    if (truth_index < 0) return match;
    match[truth_index] = sample_index;
    taken[sample_index] = 1;
  }
}

// The truth's places over time replace the first one.
void ExpectWhatIsFollowed(const std::vector<Image>& frames,
                          const std::vector<double>& times_s,
                          KnownScene& scene) {
  const std::vector<ObjectTrack> tracks = FollowObjects(frames, times_s, scene, {});
  for (size_t i = 0; i < tracks.size(); ++i) {
    for (size_t k = 0; k < frames.size(); ++k) {
      const Sighting& sighting = tracks[i].sightings[k];
      ExpectedView& view = scene.objects[i].expected[k];
      view.visible = sighting.found && !sighting.changed;
      if (view.visible) {
        view.centroid_px = sighting.centroid_px;
        view.share = std::min(1.0, sighting.area_px / view.full_area_px);
      } else if (k > 0) {
        view.centroid_px = scene.objects[i].expected[k - 1].centroid_px;
        view.share = 0.0;
      }
    }
  }
}

bool CameraMoves(const std::vector<Image>& frames) {
  const Mask changed = ChangedPixels(frames.front(), frames.back());
  return AreaOf(changed) > kCameraMovesShare * changed.size();
}

}  // namespace

MovingObjects FindMovingObjects(const PairedVideo& paired, const std::vector<double>& times_s) {
  MovingObjects result;
  if (CameraMoves(paired.truth_frames)) {
    result.unmeasurable = {ReasonCode::kNoStates,
                           "most of the truth's picture changes, so the camera moves, and without "
                           "masks objects cannot be told from background"};
    return result;
  }
  result.truth = Discover(paired.truth_frames);
  if (result.truth.objects.empty()) {
    result.unmeasurable = {ReasonCode::kNoObjects, "nothing moves in the truth's video"};
    return result;
  }
  ExpectWhatIsFollowed(paired.truth_frames, times_s, result.truth);
  KnownScene own = Discover(paired.sample_frames);
  const std::vector<int> match =
      MatchObjects(result.truth, own, std::hypot(paired.width, paired.height));
  result.sample.plates = own.plates;
  int matched = 0;
  for (size_t i = 0; i < match.size(); ++i) {
    FollowedObject object = result.truth.objects[i];
    if (match[i] >= 0) {
      object.look = own.objects[match[i]].look;
      for (ExpectedView& view : object.expected) {
        view.full_area_px = own.objects[match[i]].expected.front().full_area_px;
        view.size_px = own.objects[match[i]].expected.front().size_px;
      }
      ++matched;
    }
    result.sample.objects.push_back(std::move(object));
  }
  result.sample_only = static_cast<int>(own.objects.size()) - matched;
  result.notes.push_back(fmt::format(
      "objects known by their motion only: {} move in the truth, {} in the sample, {} matched",
      match.size(),
      own.objects.size(),
      matched));
  return result;
}

}  // namespace plumb
