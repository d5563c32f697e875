// SPDX-License-Identifier: Apache-2.0
#include "metrics/geometry/rigidity/world_scores.h"

#include <algorithm>
#include <cmath>

#include <fmt/format.h>

#include "core/statistics.h"
#include "metrics/geometry/rigidity/breathing.h"
#include "metrics/geometry/rigidity/camera_scores.h"
#include "metrics/geometry/rigidity/focal_course.h"
#include "metrics/geometry/rigidity/local_pose.h"
#include "metrics/geometry/rigidity/loop_drift.h"
#include "metrics/geometry/rigidity/true_camera.h"
#include "metrics/geometry/rigidity/world_sightings.h"
#include "metrics/published/sparse_model.h"

namespace plumb {
namespace {

using enum GeometryScore;

constexpr size_t kMinBreathingGroups = 20;
constexpr int kMinFocalPoints = 30;
constexpr size_t kMinFocalFrames = 6;
constexpr double kVagueFocal = 0.02;  // of a frame, beyond which its focal length says nothing
constexpr size_t kMinReturned = 15;

double RootOfMean(const std::vector<double>& squares) {
  return std::sqrt(std::max(0.0, Mean(squares)));
}

class WorldScores {
 public:
  WorldScores(const ClipWorlds& clip, ScoreSheet& sheet) : clip_(clip), sheet_(sheet) {}

  void Put() {
    if (clip_.motion.motion_class == MotionClass::kStatic) {
      PutStill();
    } else if (clip_.fit == nullptr) {
      PutWithoutWorld();
    } else {
      PutMoving();
    }
  }

 private:
  // --- which scores a clip has ---

  void PutStill() {
    sheet_.LeaveOut({kLoopDrift, kFocalStability, kSubmodels, kCoverage},
                    "the camera stands still");
    if (clip_.motion.frozen) {
      Refuse({kLocalPoseDivergence, kScaleBreathe},
             {ReasonCode::kNoCameraMotion, "the pictures repeat each other"});
    } else {
      PutDivergence(LocalPoseDivergence(StillSightings(clip_.set), {.majority_units = 1.0}));
      PutBreathing();
    }
    PutCameraScores(clip_, {StillPath(*clip_.input.sample, clip_.set)}, sheet_);
  }

  void PutWithoutWorld() {
    RefuseWorlds(clip_.why_not);
    if (clip_.motion.reason) {
      Refuse({kScaleBreathe}, clip_.why_not);
    } else {
      PutBreathing();
    }
  }

  void PutMoving() {
    if (clip_.fit->worlds.empty()) {
      RefuseWorlds({ReasonCode::kTooFewTracks,
                    clip_.fit->why_not.empty() ? "no world was found"
                                               : "no world was found: " + clip_.fit->why_not});
      PutBreathing();
      return;
    }
    std::vector<FrameDivergence> divergence;
    std::vector<FrameFocal> focal;
    std::vector<Trajectory> paths;
    for (const RigidWorld& world : clip_.fit->worlds) {
      const WorldSightings seen = SightingsOf(clip_.set, world);
      const auto frames = LocalPoseDivergence(seen, {});
      divergence.insert(divergence.end(), frames.begin(), frames.end());
      const auto course = FocalCourse(seen, kMinFocalPoints);
      focal.insert(focal.end(), course.begin(), course.end());
      paths.push_back(FoundPath(*clip_.input.sample, clip_.set, world));
    }
    // A world may have been found in a gap of another.
    std::ranges::stable_sort(divergence, {}, &FrameDivergence::frame);
    std::ranges::stable_sort(focal, {}, &FrameFocal::frame);
    PutDivergence(divergence);
    PutFocal(focal);
    PutBreathing();
    PutCameraScores(clip_, paths, sheet_);
    if (clip_.motion.motion_class == MotionClass::kRotation) {
      Refuse({kLoopDrift, kSubmodels, kCoverage},
             {ReasonCode::kNoParallax,
              "the camera only turns: depth leaves no trace in the pictures"});
    } else {
      PutLoop();
      PutSubmodels();
      PutCoverage();
    }
  }

  // --- one score each ---

  void PutDivergence(const std::vector<FrameDivergence>& frames) {
    const auto worst = WorstStretch(frames);
    if (!worst) {
      Refuse({kLocalPoseDivergence},
             {ReasonCode::kTooFewTracks,
              fmt::format("{} frames have two parts with enough points for a pose of their own, "
                          "half of ten in a row are needed",
                          frames.size())});
      return;
    }
    std::vector<double> squares;
    Evidence evidence;
    for (const FrameDivergence& frame : worst->frames) squares.push_back(frame.squared_px2);
    const auto part = *std::max_element(
        worst->frames.begin(),
        worst->frames.end(),
        [](const FrameDivergence& a, const FrameDivergence& b) { return a.worst_px < b.worst_px; });
    evidence.frames = {clip_.set.frames[part.frame]};
    evidence.details["stretch"] = {clip_.set.frames[worst->frames.front().frame],
                                   clip_.set.frames[worst->frames.back().frame]};
    evidence.details["worst_part"] = {{"column", part.worst_part % 3},
                                      {"row", part.worst_part / 3},
                                      {"px", part.worst_px * clip_.set.sample_scale}};
    Json values = Nulls();
    for (const FrameDivergence& frame : frames) {
      values[clip_.set.frames[frame.frame]] =
          Short(std::sqrt(std::max(0.0, frame.squared_px2)) * clip_.set.sample_scale);
    }
    evidence.details["per_frame"] = {
        {"name", "divergence of local poses"}, {"unit", "px"}, {"values", std::move(values)}};
    sheet_.Put(kLocalPoseDivergence,
               Scaled(Bootstrap(squares, RootOfMean, sheet_.BootstrapOf("divergence"))),
               std::move(evidence));
  }

  void PutFocal(const std::vector<FrameFocal>& frames) {
    std::vector<double> sds;
    for (const FrameFocal& frame : frames) sds.push_back(frame.sd);
    if (frames.size() < kMinFocalFrames) {
      Refuse({kFocalStability},
             {ReasonCode::kTooFewTracks,
              fmt::format("{} frames see {} points of the world, {} such frames are needed",
                          frames.size(),
                          kMinFocalPoints,
                          kMinFocalFrames)});
      return;
    }
    if (Median(sds) > kVagueFocal) {
      Refuse({kFocalStability},
             {ReasonCode::kNoParallax,
              fmt::format("what a frame sees leaves its focal length open by {:.1f} %",
                          100.0 * Median(sds))});
      return;
    }
    // Frames are resampled by their index.
    std::vector<double> indices(frames.size());
    for (size_t i = 0; i < frames.size(); ++i) indices[i] = static_cast<double>(i);
    const auto stability = [&](const std::vector<double>& chosen) {
      std::vector<FrameFocal> some;
      for (const double i : chosen) some.push_back(frames[static_cast<size_t>(i)]);
      return std::max(0.0, 1.0 - FocalSpread(some));
    };
    Json values = Nulls();
    for (const FrameFocal& frame : frames) {
      values[clip_.set.frames[frame.frame]] = Short(100.0 * std::expm1(frame.log_ratio));
    }
    Evidence evidence;
    evidence.details["per_frame"] = {
        {"name", "focal length of the frame"}, {"unit", "%"}, {"values", std::move(values)}};
    evidence.details["sd"] = Median(sds);
    sheet_.Put(kFocalStability,
               Bootstrap(indices, stability, sheet_.BootstrapOf("focal")),
               std::move(evidence));
  }

  // The second largest: one group alone may be a mistake of the tracker.
  void PutBreathing() {
    std::vector<BreathingGroup> groups = BreathingGroups(clip_.all, {});
    if (groups.size() < kMinBreathingGroups) {
      Refuse({kScaleBreathe},
             {ReasonCode::kTooFewTracks,
              fmt::format("{} groups of tracks stay together for long enough, {} are needed",
                          groups.size(),
                          kMinBreathingGroups)});
      return;
    }
    std::stable_sort(
        groups.begin(), groups.end(), [](const BreathingGroup& a, const BreathingGroup& b) {
          return a.amplitude > b.amplitude;
        });
    const BreathingGroup& group = groups[1];
    Evidence evidence;
    evidence.frames = {clip_.set.frames[group.first_frame]};
    evidence.details = {{"groups", groups.size()},
                        {"tracks", group.tracks},
                        {"x", Short(group.centre_px.x() * clip_.set.sample_scale)},
                        {"y", Short(group.centre_px.y() * clip_.set.sample_scale)}};
    const double reach = 1.96 * group.sd;
    sheet_.Put(kScaleBreathe,
               {group.amplitude, std::max(0.0, group.amplitude - reach), group.amplitude + reach},
               std::move(evidence));
  }

  void PutLoop() {
    std::string too_few;
    for (const RigidWorld& world : clip_.fit->worlds) {
      const auto visit = FindReturn(clip_.set, world);
      if (!visit) continue;
      const LoopDrift drift = MeasureReturn(*clip_.input.sample, clip_.set, world, *visit);
      const int first = clip_.set.frames[visit->first_frame];
      const int second = clip_.set.frames[visit->second_frame];
      if (drift.drift_px.size() < kMinReturned) {
        too_few = fmt::format(
            "frame {} comes back to the view of frame {}, but only {} points "
            "should be seen again, {} are needed",
            second,
            first,
            drift.drift_px.size(),
            kMinReturned);
        continue;
      }
      std::vector<double> values;
      for (const double px : drift.drift_px) values.push_back(px * clip_.set.sample_scale);
      Evidence evidence;
      evidence.frames = {first, second};
      evidence.details = {{"expected_points", values.size()}, {"found_points", drift.found}};
      sheet_.PutMedian(kLoopDrift, values, std::move(evidence));
      return;
    }
    if (!too_few.empty()) {
      Refuse({kLoopDrift}, {ReasonCode::kTooFewTracks, too_few});
    } else {
      Refuse({kLoopDrift},
             {ReasonCode::kNoEvent, "the camera never leaves a view and comes back to it"});
    }
  }

  // Long clips are cut into parts on purpose; every model of a part beyond its first is a break.
  void PutSubmodels() {
    double breaks = 0.0;
    for (const Segment& part : clip_.motion.segments) {
      const auto models = std::ranges::count_if(clip_.fit->worlds, [&](const RigidWorld& world) {
        return !world.clip.turns_only && world.stretch.first >= part.first &&
               world.stretch.last <= part.last;
      });
      breaks += std::max(0.0, static_cast<double>(models) - 1.0);
    }
    const double value = 1.0 + breaks;
    sheet_.Put(
        kSubmodels,
        {value, value, value},
        {{}, {{"models", clip_.fit->worlds.size()}, {"parts", clip_.motion.segments.size()}}});
  }

  void PutCoverage() {
    double widest = 0.0;
    for (const RigidWorld& world : clip_.fit->worlds) {
      if (world.clip.turns_only) continue;
      SparseModel model;
      for (int frame = world.stretch.first; frame <= world.stretch.last; ++frame) {
        if (!world.clip.posed[frame]) continue;
        model.pictures.push_back({std::to_string(frame), world.clip.camera_from_world[frame]});
      }
      for (const ScenePoint& point : world.points) model.points.push_back(point.x_in_world);
      widest = std::max(widest, *SparseModelValues(model, {}).Find("coverage/pca")->value);
    }
    sheet_.Put(kCoverage, {widest, widest, widest});
  }

  // --- what they share ---

  // Everything that is asked of cameras and points.
  void RefuseWorlds(const Reason& reason) {
    Refuse({kLocalPoseDivergence,
            kLoopDrift,
            kFocalStability,
            kSubmodels,
            kCoverage,
            kCameraRotationError,
            kCameraTranslationError,
            kAte,
            kRpe},
           reason);
  }

  void Refuse(std::initializer_list<GeometryScore> which, const Reason& reason) {
    sheet_.Refuse(which, reason, MotionDetailsOf(clip_.motion));
  }

  Interval Scaled(const Interval& interval) const {
    const double scale = clip_.set.sample_scale;
    return {scale * interval.value, scale * interval.low, scale * interval.high};
  }

  // One entry per frame of the sample.
  Json Nulls() const {
    Json values = Json::array();
    for (int i = 0; i < clip_.input.sample->num_frames(); ++i) values.push_back(nullptr);
    return values;
  }

  static double Short(double value) { return std::round(value * 1000.0) / 1000.0; }

  const ClipWorlds& clip_;
  ScoreSheet& sheet_;
};

}  // namespace

void PutWorldScores(const ClipWorlds& clip, ScoreSheet& sheet) { WorldScores(clip, sheet).Put(); }

}  // namespace plumb
