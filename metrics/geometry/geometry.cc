// SPDX-License-Identifier: Apache-2.0
// The geometry family: tracks → motion class → cameras under the model of that class → agreement of
// held-out tracks.
#include <algorithm>
#include <cmath>

#include <fmt/format.h>

#include "core/check.h"
#include "core/seed.h"
#include "core/statistics.h"
#include "metrics/geometry/evidence.h"
#include "metrics/geometry/motion_class.h"
#include "metrics/geometry/tracks.h"
#include "metrics/geometry/world_fit.h"
#include "metrics/metrics.h"

namespace plumb {
namespace {

// Order of GeometryScores().
enum ScoreIndex {
  kConsistency,
  kRegisteredShare,
  kReprojection,
  kInlierShare,
  kRotationResidual,
  kBackgroundDrift,
};

constexpr int kMinHeldOut = 30;      // tracks, below which their agreement says nothing
constexpr int kMinDriftFrames = 12;  // of a track that says something about a still camera
constexpr int kBlameTracks =
    80;  // tracks a clip must offer before a failed reconstruction is its fault …
constexpr double kBlameMotion = 6.0;    // … the motion between its keyframes, and
constexpr double kBlameParallax = 3.0;  // the parallax it must show, in units
constexpr double kMinPosedShare =
    0.3;  // of the frames of all segments; less is no model of the clip
constexpr double kTrustedPosedShare =
    0.6;  // of the frames, before a reconstruction may overrule a turning camera …
constexpr double kBetterAgreement =
    0.03;  // … which it must also beat by this much: it has more freedom

const ScoreInfo& Info(ScoreIndex index) { return GeometryScores()[index]; }

class Family {
 public:
  Family(const MetricInput& input, const Progress& progress)
      : input_(input), progress_(progress), scores_(GeometryScores().size()) {}

  FamilyReport Measure() {
    const Video& video = *input_.sample;
    set_ = TrackPoints(video, TrackOptions{}, progress_);
    motion_ = ClassifyMotion(set_, MotionOptions{});
    NoteReduction();
    if (motion_.reason) {
      NothingMeasurable(*motion_.reason);
      if (motion_.motion_class == MotionClass::kStatic) MeasureBackground();
    } else {
      MeasureMovingCamera();
    }
    FamilyReport report;
    report.motion_class = motion_.motion_class;
    report.notes = notes_;
    for (std::optional<Score>& score : scores_) {
      PLUMB_CHECK(score.has_value());
      report.scores.push_back(std::move(*score));
    }
    return report;
  }

 private:
  void Put(ScoreIndex index, Score score) { scores_[index] = std::move(score); }
  void Refuse(ScoreIndex index, const Reason& reason) {
    Put(index, Score::NotMeasurable(Info(index), reason, {{}, MotionDetails()}));
  }
  // Scores of the branches that this camera motion does not take.
  void LeaveOut(std::initializer_list<ScoreIndex> indices, const std::string& text) {
    for (const ScoreIndex index : indices) {
      Put(index, Score::NotTested(Info(index), {ReasonCode::kLawNotApplicable, text}));
    }
  }

  Json MotionDetails() const {
    Json details;
    details["motion"] = ToJson(motion_);
    return details;
  }

  void NoteReduction() {
    const Video& video = *input_.sample;
    if (set_.num_frames() < video.num_frames()) {
      notes_.push_back(fmt::format(
          "geometry: {} of {} frames, evenly chosen", set_.num_frames(), video.num_frames()));
    }
    if (set_.width != video.width()) {
      notes_.push_back(fmt::format("geometry: reduced to {}x{}", set_.width, set_.height));
    }
    if (motion_.segments.size() > 1) {
      notes_.push_back(
          fmt::format("geometry: measured in {} consecutive parts", motion_.segments.size()));
    }
  }

  void NothingMeasurable(const Reason& reason) {
    for (const ScoreIndex index : {kConsistency, kRegisteredShare, kReprojection, kInlierShare}) {
      Refuse(index, reason);
    }
    if (motion_.motion_class == MotionClass::kUnknown ||
        motion_.motion_class == MotionClass::kCut) {
      Refuse(kRotationResidual, reason);
      Refuse(kBackgroundDrift, reason);
    } else {
      LeaveOut({kRotationResidual}, "the camera stands still");
    }
  }

  // How far the points of a still picture wander: root mean square distance of a track from where
  // it began, median over the tracks, so that a few moving things do not count.
  void MeasureBackground() {
    if (motion_.frozen) {
      Refuse(kBackgroundDrift, {ReasonCode::kNoCameraMotion, "the pictures repeat each other"});
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
      Refuse(kBackgroundDrift,
             {ReasonCode::kTooFewTracks,
              fmt::format("{} points are followed over {} frames, at least {} are needed",
                          drift.size(),
                          long_enough,
                          kMinHeldOut)});
      return;
    }
    PutMedian(kBackgroundDrift, drift, {{}, MotionDetails()});
  }

  void PutMedian(ScoreIndex index, const std::vector<double>& values, Evidence evidence) {
    const Interval interval = Bootstrap(
        values, [](const auto& v) { return Median(v); }, BootstrapOf("median"));
    Put(index,
        Score::Measured(
            Info(index), interval.value, interval.low, interval.high, std::move(evidence)));
  }

  BootstrapOptions BootstrapOf(std::string_view purpose) const {
    return {1000, 0.95, DeriveSeed(input_.seed, "geometry", purpose)};
  }

  // Where the tracks alone do not tell turning from travelling, the model that explains more
  // decides.
  void MeasureMovingCamera() {
    LeaveOut({kBackgroundDrift}, "the camera moves");
    if (motion_.either) {
      const WorldFit turning = FitTurning(set_, motion_, progress_);
      const WorldFit travelling = FitTravelling(TravelInputOf(), progress_);
      const bool travels = travelling.PosedShare() >= kTrustedPosedShare &&
                           travelling.Agreement() > turning.Agreement() + kBetterAgreement;
      motion_.motion_class = travels ? MotionClass::kParallax : MotionClass::kRotation;
      travels ? PutTravelling(travelling) : PutTurning(turning);
    } else if (motion_.motion_class == MotionClass::kRotation) {
      PutTurning(FitTurning(set_, motion_, progress_));
    } else {
      PutTravelling(FitTravelling(TravelInputOf(), progress_));
    }
  }

  void PutTurning(const WorldFit& fit) {
    const Reason reason{ReasonCode::kNoParallax,
                        "the camera only turns: depth leaves no trace in the pictures"};
    Refuse(kRegisteredShare, reason);
    Refuse(kReprojection, reason);
    PutConsistency(fit);
    PutResidual(kRotationResidual, fit);
  }

  TravelInput TravelInputOf() const {
    return {set_, motion_, DeriveSeed(input_.seed, "geometry", "mapper") & 0x7fffffff};
  }

  void PutTravelling(const WorldFit& fit) {
    LeaveOut({kRotationResidual}, "the camera travels");
    if (fit.PosedShare() < kMinPosedShare && !MayBlameTheVideo(fit)) {
      RefuseParallax(fit, fit.PosedShare());
      return;
    }
    PutConsistency(fit);
    PutResidual(kReprojection, fit);
    PutRegistered(fit);
  }

  // A failed solver alone proves nothing. With enough tracks and enough parallax in front of it, it
  // does.
  bool MayBlameTheVideo(const WorldFit& fit) const {
    return static_cast<int>(fit.tracks.size()) >= kBlameTracks &&
           motion_.long_motion_units >= kBlameMotion && motion_.parallax_units >= kBlameParallax;
  }

  void RefuseParallax(const WorldFit& fit, double posed_share) {
    const Reason reason{
        motion_.long_motion_units < kBlameMotion || motion_.parallax_units < kBlameParallax
            ? ReasonCode::kNoParallax
            : ReasonCode::kTooFewTracks,
        fmt::format("{:.0f} % of the frames could be posed{}, and {} held-out tracks with {:.1f} "
                    "px of motion and "
                    "{:.1f} px of parallax (in a 256 px picture) are too little to call that the "
                    "video's fault",
                    100.0 * posed_share,
                    fit.why_not.empty() ? "" : ", " + fit.why_not,
                    fit.tracks.size(),
                    motion_.long_motion_units,
                    motion_.parallax_units)};
    for (const ScoreIndex index : {kConsistency, kRegisteredShare, kReprojection, kInlierShare}) {
      Refuse(index, reason);
    }
  }

  // Headline and inlier share from the held-out tracks.
  void PutConsistency(const WorldFit& fit) {
    if (static_cast<int>(fit.tracks.size()) < kMinHeldOut) {
      const Reason reason{
          ReasonCode::kTooFewTracks,
          fmt::format(
              "{} held-out tracks, at least {} are needed", fit.tracks.size(), kMinHeldOut)};
      Refuse(kConsistency, reason);
      Refuse(kInlierShare, reason);
      return;
    }
    std::vector<std::vector<double>> agreement;
    int inliers = 0;
    for (const ScoredTrack& track : fit.tracks) {
      agreement.emplace_back();
      for (const ScoredSighting& sighting : track.sightings)
        agreement.back().push_back(sighting.agreement);
      inliers += track.Agreement() >= 0.5;
    }
    const Interval value = ClusteredBootstrapMean(agreement, BootstrapOf("consistency"));
    Put(kConsistency,
        Score::Measured(Info(kConsistency), value.value, value.low, value.high, EvidenceOf(fit)));
    const Interval share = WilsonShare(inliers, static_cast<int>(fit.tracks.size()));
    Put(kInlierShare,
        Score::Measured(Info(kInlierShare),
                        share.value,
                        share.low,
                        share.high,
                        {{}, {{"held_out_tracks", fit.tracks.size()}}}));
  }

  Evidence EvidenceOf(const WorldFit& fit) const {
    Evidence evidence = ConsistencyEvidence(set_, fit.tracks, input_.sample->num_frames());
    evidence.details["motion"] = ToJson(motion_);
    evidence.details.update(fit.details);
    evidence.details["held_out_tracks"] = fit.tracks.size();
    if (!fit.why_not.empty()) evidence.details["why_not"] = fit.why_not;
    if (!fit.focal_px.empty())
      evidence.details["focal_px"] = Median(fit.focal_px) * set_.sample_scale;
    return evidence;
  }

  // Median over the tracks of each one's median residual, in pixels of the sample.
  void PutResidual(ScoreIndex index, const WorldFit& fit) {
    std::vector<double> medians;
    for (const ScoredTrack& track : fit.tracks) {
      std::vector<double> residuals;
      for (const ScoredSighting& sighting : track.sightings) {
        if (sighting.residual_px) residuals.push_back(*sighting.residual_px * set_.sample_scale);
      }
      if (!residuals.empty()) medians.push_back(Median(residuals));
    }
    if (static_cast<int>(medians.size()) < kMinHeldOut) {
      Refuse(index,
             {ReasonCode::kTooFewTracks,
              fmt::format("{} held-out tracks in posed frames, at least {} are needed",
                          medians.size(),
                          kMinHeldOut)});
      return;
    }
    PutMedian(index, medians, {{}, {{"held_out_tracks", medians.size()}}});
  }

  void PutRegistered(const WorldFit& fit) {
    const Interval share = WilsonShare(fit.posed_frames, set_.num_frames());
    Put(kRegisteredShare,
        Score::Measured(
            Info(kRegisteredShare),
            share.value,
            share.low,
            share.high,
            {{}, {{"posed_frames", fit.posed_frames}, {"tracked_frames", set_.num_frames()}}}));
  }

  const MetricInput& input_;
  const Progress& progress_;
  TrackSet set_;
  MotionEvidence motion_;
  std::vector<std::string> notes_;
  std::vector<std::optional<Score>> scores_;
};

}  // namespace

const std::vector<ScoreInfo>& GeometryScores() {
  using enum Direction;
  static const std::vector<ScoreInfo> scores = {
      {"geometry.consistency",
       "share",
       kHigher,
       1,
       true,
       "how well one rigid world (or one turning camera) explains point tracks that had no part in "
       "fitting it"},
      {"geometry.registered_share",
       "share",
       kHigher,
       1,
       false,
       "frames whose camera could be found from the reconstructed points"},
      {"geometry.reprojection_px",
       "px",
       kLower,
       1,
       false,
       "median distance of held-out track points from where the reconstruction puts them"},
      {"geometry.inlier_share",
       "share",
       kHigher,
       1,
       false,
       "held-out tracks that agree with the world at least half of the time"},
      {"geometry.rotation_residual_px",
       "px",
       kLower,
       1,
       false,
       "median distance of held-out track points from where a turning camera puts them"},
      {"geometry.background_drift_px",
       "px",
       kLower,
       1,
       false,
       "how far the points of a still camera's picture wander from where they began"},
  };
  return scores;
}

FamilyReport MeasureGeometry(const MetricInput& input, const Progress& progress) {
  PLUMB_CHECK(input.sample != nullptr);
  return Family(input, progress).Measure();
}

}  // namespace plumb
