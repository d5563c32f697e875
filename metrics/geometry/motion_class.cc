// SPDX-License-Identifier: Apache-2.0
#include "metrics/geometry/motion_class.h"

#include <algorithm>
#include <cmath>

#include <fmt/format.h>

#include "core/check.h"
#include "core/statistics.h"
#include "metrics/geometry/epipolar.h"
#include "metrics/geometry/rotation_model.h"

namespace plumb {
namespace {

using FramePair = std::pair<int, int>;

// Median displacement of the shared tracks, in units; empty when they are too few.
std::optional<double> MedianMotion(const TrackSet& set, int a, int b, int min_tracks) {
  const PointPairs pairs = PairsBetween(set, a, b);
  if (static_cast<int>(pairs.a_px.size()) < min_tracks) return std::nullopt;
  std::vector<double> motion;
  for (size_t i = 0; i < pairs.a_px.size(); ++i) {
    motion.push_back((pairs.b_px[i] - pairs.a_px[i]).norm());
  }
  return Median(motion) / set.UnitPx();
}

double Survival(const Transition& transition) {
  return transition.before == 0 ? 0.0
                                : static_cast<double>(transition.survivors) / transition.before;
}

// A cut is one step that almost no track outlives between steps that most outlive, in a full
// picture.
std::vector<int> FindCuts(const TrackSet& set, const MotionOptions& options) {
  std::vector<double> before;
  for (const Transition& transition : set.transitions) before.push_back(transition.before);
  const double full = 0.5 * Median(before);
  std::vector<int> cuts;
  for (int i = 1; i < set.num_frames(); ++i) {
    const Transition& step = set.transitions[i];
    if (step.before < std::max<double>(full, options.min_tracks)) continue;
    if (Survival(step) >= options.cut_survival || step.change_levels < 6.0) continue;
    const bool calm_before = i == 1 || Survival(set.transitions[i - 1]) > 2 * options.cut_survival;
    const bool calm_after =
        i + 1 == set.num_frames() || Survival(set.transitions[i + 1]) > 2 * options.cut_survival;
    if (calm_before && calm_after) cuts.push_back(i);
  }
  return cuts;
}

// Splits where too few tracks lead on, for example behind something that fills the picture for a
// moment.
std::vector<Segment> FindSegments(const TrackSet& set, const MotionOptions& options) {
  std::vector<Segment> segments;
  Segment current{0, 0};
  for (int i = 1; i <= set.num_frames(); ++i) {
    const bool linked =
        i < set.num_frames() && set.transitions[i].survivors >= options.min_tracks / 2;
    if (linked) {
      current.last = i;
      continue;
    }
    if (current.size() >= options.min_frames) segments.push_back(current);
    current = {i, i};
  }
  return segments;
}

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

// A new keyframe after the stated motion, or when less than half of the tracks are left.
std::vector<int> ChooseKeyframes(const TrackSet& set,
                                 const Segment& segment,
                                 const MotionOptions& options) {
  std::vector<int> keyframes = {segment.first};
  for (int frame = segment.first + 1; frame <= segment.last; ++frame) {
    const int from = keyframes.back();
    const std::optional<double> motion = MedianMotion(set, from, frame, options.min_tracks);
    const size_t common = CommonTracks(set, from, frame).size();
    const size_t all = CommonTracks(set, from, std::min(from + 1, segment.last)).size();
    const bool far = !motion || *motion > options.keyframe_units || common < all / 2;
    if (far || frame == segment.last) keyframes.push_back(frame);
  }
  return keyframes;
}

// Segments with more keyframes than one reconstruction should have are cut into equal parts at
// keyframes.
void ChooseAllKeyframes(const TrackSet& set,
                        const MotionOptions& options,
                        MotionEvidence& evidence) {
  std::vector<Segment> parts;
  for (const Segment& segment : evidence.segments) {
    const std::vector<int> keyframes = ChooseKeyframes(set, segment, options);
    const int count = static_cast<int>(keyframes.size());
    const int pieces = (count + options.max_keyframes - 1) / options.max_keyframes;
    for (int piece = 0; piece < pieces; ++piece) {
      const int from = piece * count / pieces;
      const int to = (piece + 1) * count / pieces;  // the next part's first keyframe
      std::vector<int> part(keyframes.begin() + from, keyframes.begin() + to);
      const int last = to < count ? keyframes[to] - 1 : segment.last;
      if (part.back() != last) part.push_back(last);
      parts.push_back({part.front(), last});
      evidence.keyframes.push_back(std::move(part));
    }
  }
  evidence.segments = std::move(parts);
}

// From every keyframe to the farthest one that still shares enough tracks.
std::vector<FramePair> LongPairs(const TrackSet& set,
                                 const std::vector<std::vector<int>>& keyframes,
                                 int min_tracks) {
  std::vector<FramePair> pairs;
  for (const std::vector<int>& frames : keyframes) {
    for (size_t a = 0; a < frames.size(); ++a) {
      for (size_t b = frames.size() - 1; b > a; --b) {
        if (static_cast<int>(CommonTracks(set, frames[a], frames[b]).size()) < min_tracks) continue;
        pairs.emplace_back(frames[a], frames[b]);
        break;
      }
    }
  }
  return pairs;
}

void MeasureParallax(const TrackSet& set, const MotionOptions& options, MotionEvidence& evidence) {
  const std::vector<FramePair> pairs = LongPairs(set, evidence.keyframes, options.min_tracks);
  if (pairs.empty()) return;
  evidence.rotation_focal_px = BestRotationFocal(set, pairs);
  const CentredPinhole pinhole{evidence.rotation_focal_px, {0.5 * set.width, 0.5 * set.height}};
  std::vector<double> motion, parallax, epipolar;
  for (const auto& [a, b] : pairs) {
    const PointPairs points = PairsBetween(set, a, b);
    const PairRotation fit = FitPairRotation(points, pinhole, set.UnitPx());
    parallax.push_back(Quantile(fit.residuals_px, 0.75) / set.UnitPx());
    motion.push_back(*MedianMotion(set, a, b, 1));
    const std::vector<double> residuals = EpipolarResidualsPx(points);
    if (!residuals.empty()) epipolar.push_back(Quantile(residuals, 0.75) / set.UnitPx());
  }
  evidence.long_motion_units = Median(motion);
  evidence.parallax_units = Median(parallax);
  if (!epipolar.empty()) evidence.epipolar_units = Median(epipolar);
}

Reason CutReason(const TrackSet& set, const std::vector<int>& cuts) {
  return {ReasonCode::kShotCut,
          fmt::format("the shot changes at frame {}{}: {} of {} tracks outlive that step",
                      set.frames[cuts.front()],
                      cuts.size() > 1 ? fmt::format(" and {} more times", cuts.size() - 1) : "",
                      set.transitions[cuts.front()].survivors,
                      set.transitions[cuts.front()].before)};
}

// Reasons that hold before any motion is looked at.
std::optional<Reason> Unreadable(const TrackSet& set,
                                 const MotionEvidence& evidence,
                                 const MotionOptions& options) {
  if (set.num_frames() < options.min_frames) {
    return Reason{
        ReasonCode::kTooFewFrames,
        fmt::format("{} frames, at least {} are needed", set.num_frames(), options.min_frames)};
  }
  double most = 0.0;
  for (const Transition& transition : set.transitions)
    most = std::max<double>(most, transition.before);
  if (most < options.min_tracks) {
    return Reason{
        ReasonCode::kTooLittleTexture,
        fmt::format(
            "{:.0f} points to follow at most, at least {} are needed", most, options.min_tracks)};
  }
  if (evidence.median_survival < options.unstable_survival) {
    return Reason{
        ReasonCode::kTooFewTracks,
        fmt::format("half of the steps keep less than {:.0f} % of the tracks: the pictures do not "
                    "continue each other",
                    100.0 * evidence.median_survival + 0.5)};
  }
  return std::nullopt;
}

// Four of five pictures repeat the one before them, bit for bit.
bool Frozen(const TrackSet& set) {
  const auto repeats =
      std::count_if(set.transitions.begin() + 1, set.transitions.end(), [](const Transition& step) {
        return step.change_levels == 0.0;
      });
  return 5 * repeats >= 4 * (set.num_frames() - 1);
}

// A camera that moves through a world is nearer to where it was one picture ago than to where it
// was three ago. The ratio of the median motions over one and over three steps: 1/3 for a steady
// camera, 1 for pictures in disorder.
struct StepRatio {
  double ratio = 0.0;
  double step_units = 0.0;
};
std::optional<StepRatio> MeasureSteps(const TrackSet& set, int min_tracks) {
  std::vector<double> one, three;
  for (int i = 0; i + 3 < set.num_frames(); ++i) {
    const std::optional<double> near = MedianMotion(set, i, i + 1, min_tracks);
    const std::optional<double> far = MedianMotion(set, i, i + 3, min_tracks);
    if (!near || !far) continue;
    one.push_back(*near);
    three.push_back(*far);
  }
  if (one.size() < 3) return std::nullopt;
  return StepRatio{Median(one) / std::max(1e-9, Median(three)), Median(one)};
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
  std::vector<double> survival;
  for (int i = 1; i < set.num_frames(); ++i) survival.push_back(Survival(set.transitions[i]));
  if (!survival.empty()) evidence.median_survival = Median(survival);
  evidence.reason = Unreadable(set, evidence, options);
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
    evidence.reason =
        Reason{ReasonCode::kNoCameraMotion,
               evidence.frozen
                   ? std::string("the pictures repeat each other")
                   : fmt::format("half of the points move less than {:.2f} px in a 256 px picture",
                                 evidence.motion_units + 0.005)};
    return evidence;
  }
  const std::optional<StepRatio> steps = MeasureSteps(set, options.min_tracks / 2);
  if (steps && steps->ratio > options.disorder_ratio &&
      steps->step_units > options.disorder_units) {
    evidence.motion_class = MotionClass::kCut;
    evidence.reason = Reason{
        ReasonCode::kShotCut,
        fmt::format("the pictures jump to and fro: points move {:.1f} px in one step and {:.1f} px "
                    "in three (in a 256 px picture)",
                    steps->step_units,
                    steps->step_units / steps->ratio)};
    return evidence;
  }
  ChooseAllKeyframes(set, options, evidence);
  MeasureParallax(set, options, evidence);
  const double allowed =
      std::max(options.rotation_units, options.rotation_ratio * evidence.epipolar_units);
  evidence.motion_class =
      evidence.parallax_units < allowed ? MotionClass::kRotation : MotionClass::kParallax;
  evidence.either = evidence.parallax_units >= options.rotation_units &&
                    evidence.parallax_units < options.clear_ratio * allowed;
  return evidence;
}

Json ToJson(const MotionEvidence& evidence) {
  Json json;
  json["motion_units"] = evidence.motion_units;
  json["median_survival"] = evidence.median_survival;
  json["long_motion_units"] = evidence.long_motion_units;
  json["parallax_units"] = evidence.parallax_units;
  json["epipolar_units"] = evidence.epipolar_units;
  json["rotation_focal_px"] = evidence.rotation_focal_px;
  json["segments"] = static_cast<int>(evidence.segments.size());
  return json;
}

}  // namespace plumb
