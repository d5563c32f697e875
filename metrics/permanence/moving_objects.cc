// SPDX-License-Identifier: Apache-2.0
#include "metrics/permanence/moving_objects.h"

#include <algorithm>
#include <cmath>
#include <cstdlib>

#include <fmt/format.h>
#include <opencv2/imgproc.hpp>

#include "core/statistics.h"
#include "metrics/permanence/finder.h"

namespace plumb {
namespace {

constexpr int kChangedLevels = 25;
constexpr double kCameraMovesShare = 0.4;  // of the pixels that change
constexpr double kSmallestShare = 3e-4;    // of the picture
constexpr float kSameLookLevels = 12.0f;
constexpr float kPlateLookLevels = 16.0f;
constexpr int kRing_px = 5;
constexpr int kMostObjects = 12;
constexpr double kFarthestMatch = 3.0;

using Mask = std::vector<uint8_t>;

cv::Mat View(const Mask& mask, int width) {
  return {static_cast<int>(mask.size()) / width, width, CV_8U, const_cast<uint8_t*>(mask.data())};
}

std::vector<size_t> SpreadFrames(size_t count) {
  std::vector<size_t> chosen;
  const size_t n = std::min<size_t>(count, 15);
  for (size_t i = 0; i < n; ++i) chosen.push_back(n > 1 ? i * (count - 1) / (n - 1) : 0);
  return chosen;
}

Image TemporalMedian(const std::vector<Image>& frames) {
  Image median = frames.front();
  const std::vector<size_t> chosen = SpreadFrames(frames.size());
  std::vector<uint8_t> levels(chosen.size());
  for (size_t i = 0; i < median.rgb.size(); ++i) {
    for (size_t k = 0; k < chosen.size(); ++k) levels[k] = frames[chosen[k]].rgb[i];
    std::nth_element(levels.begin(), levels.begin() + levels.size() / 2, levels.end());
    median.rgb[i] = levels[levels.size() / 2];
  }
  return median;
}

int LargestDifference(const uint8_t* a, const uint8_t* b) {
  return std::max({std::abs(a[0] - b[0]), std::abs(a[1] - b[1]), std::abs(a[2] - b[2])});
}

Mask ChangedPixels(const Image& first, const Image& other) {
  Mask mask(first.rgb.size() / 3);
  for (size_t p = 0; p < mask.size(); ++p) {
    mask[p] = LargestDifference(&first.rgb[3 * p], &other.rgb[3 * p]) > kChangedLevels;
  }
  return mask;
}

std::vector<Mask> Components(const Mask& mask, int width, double smallest_px) {
  cv::Mat closed;
  cv::morphologyEx(View(mask, width), closed, cv::MORPH_CLOSE, cv::Mat::ones(3, 3, CV_8U));
  cv::Mat labels;
  cv::Mat stats;
  cv::Mat centroids;
  const int count = cv::connectedComponentsWithStats(closed, labels, stats, centroids, 8, CV_32S);
  std::vector<Mask> components;
  for (int i = 1; i < count; ++i) {
    if (stats.at<int>(i, cv::CC_STAT_AREA) < smallest_px) continue;
    Mask component(mask.size());
    for (size_t p = 0; p < component.size(); ++p) component[p] = labels.at<int>(p) == i;
    components.push_back(std::move(component));
  }
  return components;
}

int Count(const Mask& mask) { return static_cast<int>(std::count(mask.begin(), mask.end(), 1)); }

// Mean colour step across the right and lower border of the region.
double BorderContrast(const Image& image, const Mask& region) {
  double sum = 0.0;
  int steps = 0;
  const auto add = [&](size_t p, size_t q) {
    if (region[p] == region[q]) return;
    sum += LargestDifference(&image.rgb[3 * p], &image.rgb[3 * q]);
    ++steps;
  };
  for (int y = 0; y + 1 < image.height; ++y) {
    for (int x = 0; x + 1 < image.width; ++x) {
      const size_t p = static_cast<size_t>(y) * image.width + x;
      add(p, p + 1);
      add(p, p + image.width);
    }
  }
  return steps > 0 ? sum / steps : 0.0;
}

std::vector<Rgb> InnerColours(const Image& image, const Mask& region) {
  cv::Mat inner;
  cv::erode(View(region, image.width), inner, cv::Mat::ones(3, 3, CV_8U));
  const bool thin = cv::countNonZero(inner) < 12;
  std::vector<Rgb> colours;
  for (size_t p = 0; p < region.size(); ++p) {
    if (!(thin ? region[p] : inner.at<uint8_t>(p))) continue;
    colours.push_back({image.rgb[3 * p], image.rgb[3 * p + 1], image.rgb[3 * p + 2]});
  }
  return colours;
}

// A slow object uncovers only part of its first place: the rest is what touches that part and looks
// the same.
Mask Completed(const Image& first, const Mask& part) {
  const Look look(InnerColours(first, part));
  Mask alike(part.size());
  for (size_t p = 0; p < alike.size(); ++p) {
    alike[p] = part[p] || look.Distance(&first.rgb[3 * p]) < kSameLookLevels;
  }
  Mask whole = part;
  for (const Mask& component : Components(alike, first.width, 1.0)) {
    for (size_t p = 0; p < part.size(); ++p) {
      if (!component[p] || !part[p]) continue;
      whole = component;
      break;
    }
  }
  const bool spilt = Count(whole) > 8 * Count(part) || Count(whole) > 0.25 * part.size();
  return spilt ? part : whole;
}

bool Overlaps(const Mask& mask, const std::vector<Mask>& others) {
  const int area = Count(mask);
  for (const Mask& other : others) {
    int both = 0;
    for (size_t p = 0; p < mask.size(); ++p) both += mask[p] && other[p];
    if (both > 0.3 * std::min(area, Count(other))) return true;
  }
  return false;
}

// The pixels of a changed region that stand out from the background around it in the first frame. A
// region may hold both the first place of an object and the place it goes to.
Mask StandingOut(const Image& first, const Mask& region, const Mask& changed) {
  const Mask wide = Dilated(region, first.width, kRing_px);
  std::vector<Rgb> around;
  for (size_t p = 0; p < region.size(); ++p) {
    if (!wide[p] || changed[p]) continue;
    around.push_back({first.rgb[3 * p], first.rgb[3 * p + 1], first.rgb[3 * p + 2]});
  }
  if (around.empty()) return region;
  const Look background(around);
  Mask out(region.size());
  for (size_t p = 0; p < region.size(); ++p) {
    out[p] = region[p] && background.Distance(&first.rgb[3 * p]) > kSameLookLevels;
  }
  return out;
}

// Parts of objects of the first frame that a later frame no longer shows.
std::vector<Mask> UncoveredParts(const Image& first, const Image& later, double smallest_px) {
  const Mask changed = ChangedPixels(first, later);
  std::vector<Mask> parts;
  for (const Mask& region : Components(changed, first.width, smallest_px)) {
    std::vector<Mask> pieces =
        Components(StandingOut(first, region, changed), first.width, smallest_px);
    // Where all that is around is the object itself, the stronger border tells in which frame it is
    // there.
    if (pieces.empty() && BorderContrast(first, region) > BorderContrast(later, region)) {
      pieces.push_back(region);
    }
    std::move(pieces.begin(), pieces.end(), std::back_inserter(parts));
  }
  return parts;
}

// Regions of the first frame that are gone from it later.
std::vector<Mask> MovingRegions(const std::vector<Image>& frames) {
  const Image& first = frames.front();
  const double smallest_px = std::max(25.0, kSmallestShare * first.width * first.height);
  std::vector<Mask> regions;
  for (const Image& later : {TemporalMedian(frames), frames.back(), frames[frames.size() / 2]}) {
    for (const Mask& part : UncoveredParts(first, later, smallest_px)) {
      Mask whole = Completed(first, part);
      if (!Overlaps(whole, regions)) regions.push_back(std::move(whole));
    }
  }
  std::stable_sort(regions.begin(), regions.end(), [](const Mask& a, const Mask& b) {
    return Count(a) > Count(b);
  });
  if (regions.size() > kMostObjects) regions.resize(kMostObjects);
  return regions;
}

ExpectedView ViewOf(const Mask& region, int width) {
  ExpectedView view;
  Eigen::Vector2d sum = Eigen::Vector2d::Zero();
  for (size_t p = 0; p < region.size(); ++p) {
    if (region[p]) sum += Eigen::Vector2d(p % width + 0.5, p / width + 0.5);
  }
  view.full_area_px = Count(region);
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
  const std::vector<size_t> chosen = SpreadFrames(frames.size());
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
  return Count(changed) > kCameraMovesShare * changed.size();
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
