// SPDX-License-Identifier: Apache-2.0
#include "metrics/geometry/motion_class.h"

#include <algorithm>

#include <fmt/format.h>

#include "core/check.h"
#include "core/statistics.h"
#include "metrics/geometry/continuity.h"
#include "metrics/geometry/keyframes.h"
#include "metrics/geometry/pair_rotation.h"
#include "metrics/geometry/two_view.h"

namespace plumb {
namespace {

// Median motion from frames all over the clip to one up to half a segment later; the upper quartile
// of them, so that something that once fills the picture is not taken for the camera.
double CameraMotionUnits(const TrackSet& set,
                         const std::vector<Segment>& segments,
                         int min_tracks) {
  std::vector<double> motions;
  for (const Segment& segment : segments) {
    const int window = std::max(1, segment.size() / 2);
    for (int a = segment.first; a < segment.last; a += std::max(1, segment.size() / 12)) {
      int b = std::min(a + window, segment.last);
      // Shorter windows where the long one shares too few tracks.
      while (b > a) {
        const std::optional<double> motion = MedianMotion(set, a, b, min_tracks);
        if (motion) motions.push_back(*motion);
        if (motion) break;
        b = a + (b - a) / 2;
      }
    }
  }
  return motions.empty() ? 0.0 : Quantile(motions, 0.75);
}

void Count(TwoViewType type, MotionEvidence& evidence) {
  evidence.panoramic_pairs += type == TwoViewType::kPanoramic;
  evidence.planar_pairs += type == TwoViewType::kPlanar;
  evidence.general_pairs += type == TwoViewType::kGeneral;
}

void MeasureParallax(const TrackSet& set, const MotionOptions& options, MotionEvidence& evidence) {
  const std::vector<std::pair<int, int>> pairs =
      LongPairs(set, evidence.keyframes, options.min_tracks);
  evidence.noise_units = TrackNoiseUnits(set);
  if (pairs.empty()) return;
  evidence.rotation_focal_px = BestRotationFocal(set, pairs);
  const CentredPinhole pinhole = PinholeOf(set, evidence.rotation_focal_px);
  TwoViewOptions views;
  views.noise_units = std::max(views.noise_units, evidence.noise_units);
  views.rotation_units = options.rotation_units;
  views.rotation_ratio = options.rotation_ratio;
  std::vector<double> motion, parallax, epipolar, homography, on_plane, on_lines;
  for (const auto& [a, b] : pairs) {
    const TwoView view = LookAtPair(PairsBetween(set, a, b), pinhole, set.UnitPx(), views);
    parallax.push_back(view.rotation_units);
    motion.push_back(*MedianMotion(set, a, b, 1));
    Count(view.type, evidence);
    if (view.type == TwoViewType::kDegenerate) continue;
    epipolar.push_back(view.epipolar_units);
    homography.push_back(view.homography_units);
    on_plane.push_back(view.homography_inliers);
    on_lines.push_back(view.epipolar_inliers);
  }
  evidence.long_motion_units = Median(motion);
  evidence.parallax_units = Median(parallax);
  if (epipolar.empty()) return;
  evidence.epipolar_units = Median(epipolar);
  evidence.homography_units = Median(homography);
  evidence.homography_inliers = Median(on_plane);
  evidence.epipolar_inliers = Median(on_lines);
}

// Most pairs show one plane, and hardly any depth. Or all could be a turn, but only by a lens that
// few cameras have.
bool ShowsOnePlane(const TrackSet& set,
                   const MotionOptions& options,
                   const MotionEvidence& evidence) {
  const int flat = evidence.panoramic_pairs + evidence.planar_pairs;
  const bool long_lens = evidence.rotation_focal_px > options.long_lens_widths * set.width;
  return flat > 0 && flat >= 4 * evidence.general_pairs &&
         (evidence.planar_pairs > evidence.panoramic_pairs || long_lens);
}

Reason StandsStill(const MotionEvidence& evidence) {
  return {ReasonCode::kNoCameraMotion,
          evidence.frozen
              ? std::string("the pictures repeat each other")
              : fmt::format("half of the points move less than {:.2f} px in a 256 px picture",
                            evidence.motion_units + 0.005)};
}

// Turning or travelling: whether one rotation, or one plane, explains the points about as well as
// any rigid world could.
void TellTurningFromTravelling(const TrackSet& set,
                               const MotionOptions& options,
                               MotionEvidence& evidence) {
  KeyframedParts cut = CutIntoParts(set, evidence.segments, options);
  evidence.segments = std::move(cut.parts);
  evidence.keyframes = std::move(cut.keyframes);
  MeasureParallax(set, options, evidence);
  const double allowed =
      std::max(options.rotation_units, options.rotation_ratio * evidence.epipolar_units);
  evidence.motion_class =
      evidence.parallax_units < allowed ? MotionClass::kRotation : MotionClass::kParallax;
  evidence.either = evidence.parallax_units >= options.rotation_units &&
                    evidence.parallax_units < options.clear_ratio * allowed;
  if (ShowsOnePlane(set, options, evidence)) {
    evidence.motion_class = MotionClass::kPlanar;
    evidence.either = false;
  }
}

}  // namespace

void MotionOptions::Validate() const {
  PLUMB_CHECK(min_frames >= 3, "min_frames {}", min_frames);
  PLUMB_CHECK(min_tracks >= 8, "min_tracks {}", min_tracks);
  PLUMB_CHECK(static_units > 0.0 && keyframe_units > static_units,
              "static_units {}, keyframe_units {}",
              static_units,
              keyframe_units);
  PLUMB_CHECK(max_keyframes >= 3, "max_keyframes {}", max_keyframes);
}

MotionEvidence ClassifyMotion(const TrackSet& set, const MotionOptions& options) {
  options.Validate();
  MotionEvidence evidence;
  evidence.median_survival = MedianSurvival(set);
  evidence.reason = Unreadable(set, evidence.median_survival, options);
  if (evidence.reason) return evidence;

  evidence.frozen = Frozen(set);
  evidence.cuts = FindCuts(set, options);
  if (!evidence.cuts.empty()) {
    evidence.motion_class = MotionClass::kCut;
    evidence.reason = CutReason(set, evidence.cuts);
    return evidence;
  }
  evidence.segments = FindSegments(set, options);
  if (evidence.segments.empty()) {
    evidence.reason = Reason{
        ReasonCode::kTooFewTracks,
        fmt::format(
            "no {} frames in a row share {} tracks", options.min_frames, options.min_tracks / 2)};
    return evidence;
  }
  evidence.motion_units = CameraMotionUnits(set, evidence.segments, options.min_tracks / 2);
  if (evidence.motion_units < options.static_units) {
    evidence.motion_class = MotionClass::kStatic;
    evidence.reason = StandsStill(evidence);
    return evidence;
  }
  evidence.reason = Disorder(set, options);
  if (evidence.reason) {
    evidence.motion_class = MotionClass::kCut;
    return evidence;
  }
  TellTurningFromTravelling(set, options, evidence);
  return evidence;
}

Json ToJson(const MotionEvidence& evidence) {
  Json json;
  json["motion_units"] = evidence.motion_units;
  json["median_survival"] = evidence.median_survival;
  json["long_motion_units"] = evidence.long_motion_units;
  json["parallax_units"] = evidence.parallax_units;
  json["epipolar_units"] = evidence.epipolar_units;
  json["homography_units"] = evidence.homography_units;
  json["epipolar_inliers"] = evidence.epipolar_inliers;
  json["homography_inliers"] = evidence.homography_inliers;
  json["noise_units"] = evidence.noise_units;
  json["parallax_noises"] =
      evidence.noise_units > 0.0 ? evidence.parallax_units / evidence.noise_units : 0.0;
  json["panoramic_pairs"] = evidence.panoramic_pairs;
  json["planar_pairs"] = evidence.planar_pairs;
  json["general_pairs"] = evidence.general_pairs;
  json["rotation_focal_px"] = evidence.rotation_focal_px;
  json["segments"] = static_cast<int>(evidence.segments.size());
  return json;
}

Json MotionDetailsOf(const MotionEvidence& evidence) {
  Json details;
  details["motion"] = ToJson(evidence);
  return details;
}

}  // namespace plumb
