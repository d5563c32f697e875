// SPDX-License-Identifier: Apache-2.0
#include "metrics/permanence/presence.h"

#include <algorithm>

namespace plumb {
namespace {

constexpr double kLagSizes = 0.5;  // an object this far from the truth's place keeps its own time

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
  const std::vector<Sighting>& sightings = observation.sample_tracks[object].sightings;
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

}  // namespace

std::vector<FrameVerdict> PresenceOf(const Observation& observation, size_t object) {
  const std::vector<ExpectedView>& expected = observation.objects[object].expected;
  const std::vector<Sighting>& sightings = observation.sample_tracks[object].sightings;
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

}  // namespace plumb
