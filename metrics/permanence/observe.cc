// SPDX-License-Identifier: Apache-2.0
#include "metrics/permanence/observe.h"

#include <algorithm>
#include <cmath>
#include <cstdlib>

#include <fmt/format.h>

#include "core/statistics.h"
#include "metrics/permanence/known_scene.h"
#include "metrics/permanence/moving_objects.h"

namespace plumb {
namespace {

constexpr int kFewestPairs = 4;
constexpr int kFewestScored = 2;
constexpr double kRelatedAgreement =
    0.4;  // below it in the median frame the sample shows something else
constexpr double kTrustSizes = 0.5;
constexpr double kTrustedShare = 0.5;  // of an object's visible frames, else it is left out
constexpr int kChangeLevels = 14;
constexpr double kStillShare = 2e-4;  // of the pixels
constexpr double kMovingShare = 2e-3;

Reason Because(ReasonCode code, std::string text) { return {code, std::move(text)}; }

// Largest share of pixels in which a later frame differs from the one before the first scored.
double LargestChange(const std::vector<Image>& frames, int first_scored) {
  const size_t base = std::max(0, first_scored - 1);
  double largest = 0.0;
  for (size_t k = base + 1; k < frames.size(); ++k) {
    const size_t bytes = frames[k].rgb.size();
    size_t changed = 0;
    for (size_t i = 1; i < bytes; i += 3) {
      changed += std::abs(frames[k].rgb[i] - frames[base].rgb[i]) > kChangeLevels;
    }
    largest = std::max(largest, 3.0 * changed / bytes);
  }
  return largest;
}

// Fewer frames than anything can be said from.
std::optional<Reason> TooShort(const Observation& observation) {
  const int pairs = static_cast<int>(observation.paired.pairs.size());
  const int scored = pairs - observation.first_scored;
  if (pairs >= kFewestPairs && scored >= kFewestScored) return std::nullopt;
  return Because(ReasonCode::kTooFewFrames,
                 fmt::format("{} frames shared with the truth, {} of them after the conditioning "
                             "frames; at least {} and {} are needed",
                             pairs,
                             std::max(0, scored),
                             kFewestPairs,
                             kFewestScored));
}

// Where the finder is right about the truth.
std::vector<uint8_t> TrustedFrames(const FollowedObject& object, const ObjectTrack& track) {
  std::vector<uint8_t> trusted(track.sightings.size(), 0);
  for (size_t k = 0; k < trusted.size(); ++k) {
    const Sighting& sighting = track.sightings[k];
    const ExpectedView& view = object.expected[k];
    if (!sighting.found || sighting.changed || !view.visible) continue;
    const double sizes = (sighting.centroid_px - view.centroid_px).norm() / view.size_px;
    trusted[k] = sizes < kTrustSizes;
  }
  return trusted;
}

// Leaves out the objects that the finder cannot follow in the truth itself.
void KeepTrusted(Observation& observation) {
  std::vector<FollowedObject> objects;
  std::vector<ObjectTrack> truth_tracks;
  std::vector<ObjectTrack> sample_tracks;
  for (size_t i = 0; i < observation.objects.size(); ++i) {
    std::vector<uint8_t> trusted =
        TrustedFrames(observation.objects[i], observation.truth_tracks[i]);
    int visible = 0;
    int followed = 0;
    for (size_t k = 0; k < trusted.size(); ++k) {
      visible += observation.objects[i].expected[k].visible;
      followed += trusted[k];
    }
    if (followed == 0 || followed < kTrustedShare * visible) {
      observation.notes.push_back(
          fmt::format("'{}' is left out: in the truth itself it is found in {} of {} frames",
                      observation.objects[i].name,
                      followed,
                      visible));
      continue;
    }
    observation.trusted.push_back(std::move(trusted));
    objects.push_back(std::move(observation.objects[i]));
    truth_tracks.push_back(std::move(observation.truth_tracks[i]));
    sample_tracks.push_back(std::move(observation.sample_tracks[i]));
  }
  observation.objects = std::move(objects);
  observation.truth_tracks = std::move(truth_tracks);
  observation.sample_tracks = std::move(sample_tracks);
}

std::optional<Reason> Unrelated(const Observation& observation) {
  const std::vector<double> scored(
      observation.background_agreement.begin() + observation.first_scored,
      observation.background_agreement.end());
  const double median = Median(scored);
  if (median >= kRelatedAgreement) return std::nullopt;
  return Because(ReasonCode::kUnrelated,
                 fmt::format("the sample does not show the scene: in its median frame {:.0f} % of "
                             "the background is the truth's, {:.0f} % are needed",
                             100 * median,
                             100 * kRelatedAgreement));
}

void FollowBoth(const KnownScene& truth_scene,
                const KnownScene& sample_scene,
                Observation& observation,
                const Progress& progress) {
  for (size_t k = 0; k < observation.paired.sample_frames.size(); ++k) {
    observation.background_agreement.push_back(
        BackgroundAgreement(observation.paired.sample_frames[k], sample_scene.PlateAt(k)));
  }
  observation.unmeasurable = Unrelated(observation);
  if (observation.unmeasurable) return;
  progress.Report("follow objects in the truth", 0, 2);
  observation.truth_tracks =
      FollowObjects(observation.paired.truth_frames, observation.times_s, truth_scene, progress);
  progress.Report("follow objects in the sample", 1, 2);
  observation.sample_tracks =
      FollowObjects(observation.paired.sample_frames, observation.times_s, sample_scene, progress);
  observation.objects = truth_scene.objects;
  const size_t before = observation.objects.size();
  KeepTrusted(observation);
  if (observation.objects.empty()) {
    observation.unmeasurable =
        Because(ReasonCode::kObjectNotFound,
                fmt::format("none of {} objects can be followed in the truth itself", before));
  }
}

void ObserveMasks(const MetricInput& input, Observation& observation, const Progress& progress) {
  const KnownScene scene = KnownSceneFromTruth(*input.truth, observation.paired);
  if (scene.objects.empty()) {
    observation.unmeasurable = Because(ReasonCode::kNoObjects, "the scene has no object in view");
    return;
  }
  observation.occluders = OccluderMasks(*input.truth, observation.paired);
  FollowBoth(scene, scene, observation, progress);
}

void ObserveVideos(Observation& observation, const Progress& progress) {
  const MovingObjects moving = FindMovingObjects(observation.paired, observation.times_s);
  observation.notes.insert(observation.notes.end(), moving.notes.begin(), moving.notes.end());
  if (moving.unmeasurable) {
    observation.unmeasurable = moving.unmeasurable;
    return;
  }
  FollowBoth(moving.truth, moving.sample, observation, progress);
}

}  // namespace

Eigen::Vector2d Observation::TruthPlace(size_t object, size_t pair) const {
  return trusted[object][pair] ? truth_tracks[object].sightings[pair].centroid_px
                               : objects[object].expected[pair].centroid_px;
}

bool Observation::SampleStandsStill() const {
  return sample_change < kStillShare && truth_change > kMovingShare;
}

Observation Observe(const MetricInput& input, const Progress& progress) {
  Observation observation;
  const bool has_masks = input.truth != nullptr && HasMasks(*input.truth);
  const Video* truth_video = input.truth != nullptr ? &input.truth->video : input.truth_video;
  if (truth_video == nullptr) {
    observation.unmeasurable = Because(
        ReasonCode::kNoTruth, "only the sample is known: which objects should be where is not");
    return observation;
  }
  observation.paired = PairFrames(*input.sample, *truth_video);
  observation.notes = observation.paired.notes;
  for (const FramePair& pair : observation.paired.pairs) {
    observation.times_s.push_back(pair.time_s);
    observation.first_scored += pair.truth < input.conditioning_frames;
  }
  observation.unmeasurable = TooShort(observation);
  if (observation.unmeasurable) return observation;
  observation.truth_change =
      LargestChange(observation.paired.truth_frames, observation.first_scored);
  observation.sample_change =
      LargestChange(observation.paired.sample_frames, observation.first_scored);
  if (has_masks) {
    ObserveMasks(input, observation, progress);
  } else {
    ObserveVideos(observation, progress);
  }
  return observation;
}

}  // namespace plumb
