// SPDX-License-Identifier: Apache-2.0
#include "metrics/permanence/events.h"

#include <algorithm>
#include <cmath>

#include <fmt/format.h>

#include "metrics/permanence/jumps.h"

namespace plumb {
namespace {

constexpr int kLostFrames = 3;      // in a row, until an object counts as vanished
constexpr double kJumpSizes = 0.3;  // shorter jumps are noise
constexpr double kJumpRange = 1.0;  // sizes over which identity is lost
constexpr double kLagSizes = 0.5;   // an object this far from the truth's place keeps its own time
constexpr double kChangedCredit = 0.5;
constexpr double kSwapSizes = 0.75;  // an object further than this from its place has left it
constexpr double kTellSizes = 0.4;   // objects nearer than this cannot be told to be swapped
constexpr double kFreeHue = 10.0;    // distance in a*b* that light and pose may cause …
constexpr double kHueRange = 30.0;   // … and over which identity is lost beyond
constexpr double kClearShare = 0.5;  // an object less visible has no reliable mean colour

using Sightings = std::vector<Sighting>;

bool NearOccluder(const Observation& observation, size_t object, size_t pair) {
  if (observation.occluders.empty()) return false;
  const Sighting& sighting = observation.sample_tracks[object].sightings[pair];
  const double reach_px = 0.5 * observation.objects[object].expected[pair].size_px;
  const int width = observation.paired.width;
  const int height = observation.paired.height;
  const auto clamp = [](double v, int limit) {
    return std::clamp(static_cast<int>(v), 0, limit - 1);
  };
  const int left = clamp(sighting.box_px[0] - reach_px, width);
  const int right = clamp(sighting.box_px[0] + sighting.box_px[2] + reach_px, width);
  const int top = clamp(sighting.box_px[1] - reach_px, height);
  const int bottom = clamp(sighting.box_px[1] + sighting.box_px[3] + reach_px, height);
  for (int y = top; y <= bottom; ++y) {
    for (int x = left; x <= right; ++x) {
      if (observation.occluders[pair][y * width + x]) return true;
    }
  }
  return false;
}

// Whether the sample's object may still be behind the occluder beside which it was last seen. Where
// it had kept up with the truth, it has three frames more than the truth needs; a slower or faster
// one has what the truth needs in all and half as much again.
bool MayHide(const Observation& observation, size_t object, size_t last, size_t now) {
  if (!NearOccluder(observation, object, last)) return false;
  const std::vector<ExpectedView>& expected = observation.objects[object].expected;
  int longest = 0;
  int run = 0;
  for (const ExpectedView& view : expected) {
    run = view.visible ? 0 : run + 1;
    longest = std::max(longest, run);
  }
  if (longest == 0) return false;
  const Sighting& sighting = observation.sample_tracks[object].sightings[last];
  const double lag_px = (sighting.centroid_px - observation.TruthPlace(object, last)).norm();
  if (lag_px > kLagSizes * expected[last].size_px) {
    return static_cast<int>(now - last) <= longest + std::max(kLostFrames, longest / 2);
  }
  size_t due = last + 1;
  while (due < now && expected[due].visible) ++due;
  while (due < now && !expected[due].visible) ++due;
  const bool hidden_once = due > last + 1 && !expected[due - 1].visible;
  return hidden_once && static_cast<int>(now - due) < kLostFrames;
}

bool LeavesPicture(const Observation& observation, size_t object, size_t last) {
  const Sightings& sightings = observation.sample_tracks[object].sightings;
  if (last == 0 || !sightings[last - 1].found) return false;
  const Eigen::Vector2d motion = sightings[last].centroid_px - sightings[last - 1].centroid_px;
  const Eigen::Vector4d& box = sightings[last].box_px;
  const double margin_px = 2.0 + 1.5 * motion.norm();
  const double width = observation.paired.width;
  const double height = observation.paired.height;
  return (box[0] <= margin_px && motion.x() < -0.5) || (box[1] <= margin_px && motion.y() < -0.5) ||
         (box[0] + box[2] >= width - margin_px && motion.x() > 0.5) ||
         (box[1] + box[3] >= height - margin_px && motion.y() > 0.5);
}

// Which frames are asked and whether the object is there.
std::vector<FrameVerdict> PresenceOf(const Observation& observation, size_t object) {
  const std::vector<ExpectedView>& expected = observation.objects[object].expected;
  const Sightings& sightings = observation.sample_tracks[object].sightings;
  std::vector<FrameVerdict> verdicts(sightings.size());
  int last = -1;
  for (size_t k = 0; k < sightings.size(); ++k) {
    FrameVerdict& verdict = verdicts[k];
    verdict.asked = static_cast<int>(k) >= observation.first_scored &&
                    observation.trusted[object][k] && expected[k].visible;
    if (sightings[k].found) {
      last = static_cast<int>(k);
      verdict.state = ObjectState::kThere;
      const size_t truth_copies = observation.truth_tracks[object].sightings[k].copies_px.size();
      verdict.copies =
          static_cast<int>(sightings[k].copies_px.size()) - static_cast<int>(truth_copies);
      verdict.copies = std::max(0, verdict.copies);
      continue;
    }
    const bool may_hide = last >= 0 && MayHide(observation, object, last, k);
    const bool left = last >= 0 && LeavesPicture(observation, object, last);
    verdict.state = expected[k].occluded || may_hide ? ObjectState::kOccluded
                    : left                           ? ObjectState::kOutOfView
                                                     : ObjectState::kLost;
    if (may_hide || left) verdict.asked = false;
  }
  return verdicts;
}

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

// Distance of the object's mean colour from the truth's in a*b* (hue and saturation); 0 where
// either is hardly seen.
double HueShift(const Observation& observation, size_t object, size_t pair) {
  const Sighting& sample = observation.sample_tracks[object].sightings[pair];
  const ExpectedView& view = observation.objects[object].expected[pair];
  const bool clear = view.share >= kClearShare && sample.area_px >= kClearShare * view.full_area_px;
  if (!sample.found || !observation.trusted[object][pair] || !clear) return 0.0;
  const Sighting& truth = observation.truth_tracks[object].sightings[pair];
  return (LabColour(sample.mean_rgb) - LabColour(truth.mean_rgb)).tail<2>().norm();
}

void AddTeleports(const Observation& observation, size_t object, PermanenceVerdict& verdict) {
  std::vector<FrameVerdict>& frames = verdict.frames[object];
  for (size_t k = 0; k < frames.size(); ++k) {
    verdict.longest_jump_sizes = std::max(verdict.longest_jump_sizes, frames[k].jump_sizes);
    if (frames[k].jump_sizes <= kJumpSizes) continue;
    verdict.events.push_back({"teleported",
                              static_cast<int>(k),
                              static_cast<int>(object),
                              fmt::format("'{}' jumps {:.2f} object sizes",
                                          observation.objects[object].name,
                                          frames[k].jump_sizes)});
  }
}

// One event for each run of pairs with the property; runs shorter than `fewest` are passed over.
template <typename Property>
void AddRuns(const Observation& observation,
             size_t object,
             const std::string& kind,
             PermanenceVerdict& verdict,
             Property property) {
  const std::vector<FrameVerdict>& frames = verdict.frames[object];
  for (size_t k = 0; k < frames.size(); ++k) {
    if (!property(k)) continue;
    const size_t start = k;
    while (k < frames.size() && property(k)) ++k;
    const size_t length = k - start;
    if (length < kLostFrames) continue;
    verdict.events.push_back(
        {kind,
         static_cast<int>(start),
         static_cast<int>(object),
         fmt::format("'{}' {} for {} frames", observation.objects[object].name, kind, length)});
  }
}

void GiveCredit(const Observation& observation, size_t object, PermanenceVerdict& verdict) {
  double identity = 1.0;
  std::vector<FrameVerdict>& frames = verdict.frames[object];
  for (size_t k = 0; k < frames.size(); ++k) {
    const double lost = (frames[k].jump_sizes - kJumpSizes) / kJumpRange;
    identity *= 1.0 - std::clamp(lost, 0.0, 1.0);
    if (frames[k].state != ObjectState::kThere) continue;
    const double repainted = (frames[k].hue_shift - kFreeHue) / kHueRange;
    frames[k].credit = identity / (1 + frames[k].copies) * (1.0 - std::clamp(repainted, 0.0, 1.0));
    if (frames[k].swapped_with >= 0) frames[k].credit = 0.0;
    if (observation.sample_tracks[object].sightings[k].changed) frames[k].credit *= kChangedCredit;
  }
}

void AddReappearances(const Observation& observation, size_t object, PermanenceVerdict& verdict) {
  const std::vector<ExpectedView>& expected = observation.objects[object].expected;
  const std::vector<FrameVerdict>& frames = verdict.frames[object];
  int hidden_from = -1;
  bool seen = false;
  for (int k = 0; k < static_cast<int>(expected.size()); ++k) {
    if (expected[k].occluded && hidden_from < 0 && seen) hidden_from = k;
    seen |= expected[k].visible;
    if (hidden_from < 0 || expected[k].share < 0.5) continue;
    const int hidden = k - hidden_from;
    Reappearance event{static_cast<int>(object), hidden_from, k};
    hidden_from = -1;
    if (hidden < kLostFrames || k < observation.first_scored) continue;
    const int reach = std::max(5, hidden / 2);
    bool trusted = false;
    for (int f = k; f < std::min<int>(k + reach, static_cast<int>(frames.size())); ++f) {
      trusted |= observation.trusted[object][f] != 0;
      event.reacquired |= frames[f].state == ObjectState::kThere && frames[f].credit >= 0.5;
    }
    if (trusted) verdict.reappearances.push_back(event);
  }
}

}  // namespace

PermanenceVerdict JudgePermanence(const Observation& observation) {
  PermanenceVerdict verdict;
  const size_t n = observation.objects.size();
  for (size_t i = 0; i < n; ++i) {
    verdict.frames.push_back(PresenceOf(observation, i));
    const std::vector<double> jumps = UnexplainedJumps(observation, i);
    for (size_t k = 0; k < jumps.size(); ++k) {
      verdict.frames[i][k].jump_sizes = jumps[k];
      verdict.frames[i][k].hue_shift = HueShift(observation, i, k);
    }
  }
  for (size_t i = 0; i < n; ++i) {
    for (size_t j = i + 1; j < n; ++j) MarkSwaps(observation, i, j, verdict);
  }
  for (size_t i = 0; i < n; ++i) {
    const std::vector<FrameVerdict>& frames = verdict.frames[i];
    const Sightings& sightings = observation.sample_tracks[i].sightings;
    AddTeleports(observation, i, verdict);
    AddRuns(observation, i, "vanished", verdict, [&](size_t k) {
      return frames[k].asked && frames[k].state == ObjectState::kLost && frames[k].swapped_with < 0;
    });
    AddRuns(observation, i, "duplicated", verdict, [&](size_t k) { return frames[k].copies > 0; });
    AddRuns(observation, i, "changed", verdict, [&](size_t k) { return sightings[k].changed; });
    GiveCredit(observation, i, verdict);
    AddReappearances(observation, i, verdict);
  }
  std::stable_sort(
      verdict.events.begin(),
      verdict.events.end(),
      [](const PermanenceEvent& a, const PermanenceEvent& b) { return a.pair < b.pair; });
  return verdict;
}

}  // namespace plumb
