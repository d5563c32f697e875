// SPDX-License-Identifier: Apache-2.0
#include "metrics/permanence/events.h"

#include <algorithm>
#include <cmath>

#include <fmt/format.h>

#include "metrics/permanence/jumps.h"
#include "metrics/permanence/presence.h"
#include "metrics/permanence/swaps.h"

namespace plumb {
namespace {

constexpr double kJumpRange = 1.0;  // sizes over which identity is lost
constexpr double kChangedCredit = 0.5;
constexpr double kFreeHue = 10.0;    // distance in a*b* that light and pose may cause …
constexpr double kHueRange = 30.0;   // … and over which identity is lost beyond
constexpr double kClearShare = 0.5;  // an object less visible has no reliable mean colour

using Sightings = std::vector<Sighting>;

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
  verdict = WithSwaps(observation, std::move(verdict));
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
