// SPDX-License-Identifier: Apache-2.0
// The geometry family: tracks → motion class → cameras under the model of that class → agreement of
// held-out tracks.
#include <cmath>

#include <fmt/format.h>

#include "core/check.h"
#include "core/seed.h"
#include "metrics/geometry/fit_scores.h"
#include "metrics/geometry/motion_class.h"
#include "metrics/geometry/rigidity/world_scores.h"
#include "metrics/geometry/score_sheet.h"
#include "metrics/geometry/tracks.h"
#include "metrics/geometry/world_export.h"
#include "metrics/geometry/world_fit.h"
#include "metrics/geometry/world_view.h"
#include "metrics/metrics.h"

namespace plumb {
namespace {

using enum GeometryScore;

constexpr int kMinDriftFrames = 12;  // of a track that says something about a still camera
constexpr int kBlameTracks =
    80;  // tracks a clip must offer before a failed reconstruction is its fault …
constexpr double kBlameMotion = 6.0;    // … the motion between its keyframes, and
constexpr double kBlameParallax = 3.0;  // the parallax it must show, in units
constexpr double kMinPosedShare =
    0.3;  // of the frames of all segments; less is no model of the clip
constexpr double kExplainedAgreement =
    0.9;  // of a turning camera, from which on nothing else is tried
constexpr double kTrustedPosedShare =
    0.6;  // of the frames, before a reconstruction may overrule a turning camera …
constexpr double kBetterAgreement =
    0.03;  // … which it must also beat by this much: it has more freedom

class Family {
 public:
  Family(const MetricInput& input, const Progress& progress)
      : input_(input), progress_(progress), sheet_(input.seed) {}

  FamilyReport Measure() {
    set_ = TrackPoints(*input_.sample, TrackOptions{}, progress_);
    motion_ = ClassifyMotion(set_, MotionOptions{});
    FamilyReport report;
    report.notes = Reductions();
    if (motion_.reason) {
      NothingMeasurable(*motion_.reason);
      if (motion_.motion_class == MotionClass::kStatic) MeasureBackground();
    } else {
      MeasureMovingCamera();
    }
    report.motion_class = motion_.motion_class;
    report.scores = sheet_.Finish();
    return report;
  }

  // What the scores were measured with.
  Reconstruction TakeReconstruction(const FamilyReport& report) {
    reconstruction_.video_frames = input_.sample->num_frames();
    const Score& headline = report.scores.front();
    if (reconstruction_.worlds.empty() && reconstruction_.why_not.empty()) {
      reconstruction_.why_not = headline.measured() ? "none was found" : headline.reason().text;
    }
    return std::move(reconstruction_);
  }

 private:
  std::vector<std::string> Reductions() const {
    const Video& video = *input_.sample;
    std::vector<std::string> notes;
    if (set_.num_frames() < video.num_frames()) {
      notes.push_back(fmt::format(
          "geometry: {} of {} frames, evenly chosen", set_.num_frames(), video.num_frames()));
    }
    if (set_.width != video.width()) {
      notes.push_back(fmt::format("geometry: reduced to {}x{}", set_.width, set_.height));
    }
    if (motion_.segments.size() > 1) {
      notes.push_back(
          fmt::format("geometry: measured in {} consecutive parts", motion_.segments.size()));
    }
    return notes;
  }

  // For export, and for the report to show in 3D.
  void KeepWorlds(WorldFit& fit) {
    reconstruction_ = ReconstructionOf(set_, fit, *input_.sample);
    if (!reconstruction_.worlds.empty()) fit.details["worlds"] = WorldViews(reconstruction_);
  }

  void Refuse(std::initializer_list<GeometryScore> which, const Reason& reason) {
    sheet_.Refuse(which, reason, MotionDetailsOf(motion_));
  }

  void NothingMeasurable(const Reason& reason) {
    Refuse({kConsistency, kRegisteredShare, kReprojection, kInlierShare}, reason);
    if (motion_.motion_class == MotionClass::kUnknown ||
        motion_.motion_class == MotionClass::kCut) {
      Refuse({kRotationResidual, kBackgroundDrift}, reason);
    } else {
      sheet_.LeaveOut({kRotationResidual}, "the camera stands still");
    }
    PutWorldScores({input_, set_, motion_, nullptr, reason}, sheet_);
  }

  // How far the points of a still picture wander: root mean square distance of a track from where
  // it began, median over the tracks, so that a few moving things do not count.
  void MeasureBackground() {
    if (motion_.frozen) {
      Refuse({kBackgroundDrift}, {ReasonCode::kNoCameraMotion, "the pictures repeat each other"});
      return;
    }
    const int long_enough = std::min(kMinDriftFrames, set_.num_frames() / 2);
    std::vector<double> drift;
    for (const Track& track : set_.tracks) {
      if (static_cast<int>(track.points_px.size()) < long_enough) continue;
      double sum = 0.0;
      for (const Eigen::Vector2d& point : track.points_px) {
        sum += (point - track.points_px.front()).squaredNorm();
      }
      drift.push_back(set_.sample_scale * std::sqrt(sum / track.points_px.size()));
    }
    if (static_cast<int>(drift.size()) < kMinHeldOut) {
      Refuse({kBackgroundDrift},
             {ReasonCode::kTooFewTracks,
              fmt::format("{} points are followed over {} frames, at least {} are needed",
                          drift.size(),
                          long_enough,
                          kMinHeldOut)});
      return;
    }
    sheet_.PutMedian(kBackgroundDrift, drift, {{}, MotionDetailsOf(motion_)});
  }

  // Where the tracks alone do not tell turning from travelling, or a turning camera explains them
  // badly, the model that explains more decides.
  void MeasureMovingCamera() {
    sheet_.LeaveOut({kBackgroundDrift}, "the camera moves");
    if (motion_.motion_class == MotionClass::kParallax && !motion_.either) {
      PutTravelling(FitTravelling(TravelInputOf(), progress_));
      return;
    }
    const WorldFit turning = FitTurning(set_, motion_, progress_);
    if (!motion_.either && turning.Agreement() >= kExplainedAgreement) {
      PutTurning(turning);
      return;
    }
    const WorldFit travelling = FitTravelling(TravelInputOf(), progress_);
    const bool travels = travelling.PosedShare() >= kTrustedPosedShare &&
                         travelling.Agreement() > turning.Agreement() + kBetterAgreement;
    motion_.motion_class = travels ? MotionClass::kParallax : MotionClass::kRotation;
    travels ? PutTravelling(travelling) : PutTurning(turning);
  }

  void PutTurning(WorldFit fit) {
    KeepWorlds(fit);
    const Reason reason{ReasonCode::kNoParallax,
                        "the camera only turns: depth leaves no trace in the pictures"};
    Refuse({kRegisteredShare, kReprojection}, reason);
    const FitScores scores(set_, motion_, input_.sample->num_frames());
    scores.PutConsistency(fit, sheet_);
    scores.PutResidual(kRotationResidual, fit, sheet_);
    PutWorldScores({input_, set_, motion_, &fit}, sheet_);
  }

  TravelInput TravelInputOf() const {
    return {set_, motion_, DeriveSeed(input_.seed, "geometry", "mapper") & 0x7fffffff};
  }

  void PutTravelling(WorldFit fit) {
    KeepWorlds(fit);
    sheet_.LeaveOut({kRotationResidual}, "the camera travels");
    if (fit.PosedShare() < kMinPosedShare && !MayBlameTheVideo(fit)) {
      RefuseParallax(fit);
      return;
    }
    const FitScores scores(set_, motion_, input_.sample->num_frames());
    scores.PutConsistency(fit, sheet_);
    scores.PutResidual(kReprojection, fit, sheet_);
    scores.PutRegistered(fit, sheet_);
    PutWorldScores({input_, set_, motion_, &fit}, sheet_);
  }

  // A failed solver alone proves nothing. With enough tracks and enough parallax in front of it, it
  // does.
  bool MayBlameTheVideo(const WorldFit& fit) const {
    return static_cast<int>(fit.tracks.size()) >= kBlameTracks &&
           motion_.long_motion_units >= kBlameMotion && motion_.parallax_units >= kBlameParallax;
  }

  void RefuseParallax(const WorldFit& fit) {
    const Reason reason{
        motion_.long_motion_units < kBlameMotion || motion_.parallax_units < kBlameParallax
            ? ReasonCode::kNoParallax
            : ReasonCode::kTooFewTracks,
        fmt::format("{:.0f} % of the frames could be posed{}, and {} held-out tracks with {:.1f} "
                    "px of motion and "
                    "{:.1f} px of parallax (in a 256 px picture) are too little to call that the "
                    "video's fault",
                    100.0 * fit.PosedShare(),
                    fit.why_not.empty() ? "" : ", " + fit.why_not,
                    fit.tracks.size(),
                    motion_.long_motion_units,
                    motion_.parallax_units)};
    Refuse({kConsistency, kRegisteredShare, kReprojection, kInlierShare}, reason);
    PutWorldScores({input_, set_, motion_, nullptr, reason}, sheet_);
  }

  const MetricInput& input_;
  const Progress& progress_;
  TrackSet set_;
  MotionEvidence motion_;
  ScoreSheet sheet_;
  Reconstruction reconstruction_;
};

}  // namespace

FamilyReport MeasureGeometry(const MetricInput& input, const Progress& progress) {
  PLUMB_CHECK(input.sample != nullptr);
  return Family(input, progress).Measure();
}

Reconstruction ReconstructVideo(const Video& video,
                                const ReconstructVideoOptions& options,
                                const Progress& progress) {
  MetricInput input;
  input.sample = &video;
  input.seed = options.seed;
  Family family(input, progress);
  return family.TakeReconstruction(family.Measure());
}

}  // namespace plumb
