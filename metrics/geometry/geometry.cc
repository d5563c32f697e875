// SPDX-License-Identifier: Apache-2.0
// The geometry family: tracks → shots; of each shot the motion class → cameras under the model of
// that class → agreement of held-out tracks.
#include <cmath>
#include <iterator>

#include <fmt/format.h>

#include "core/check.h"
#include "core/seed.h"
#include "metrics/geometry/background_drift.h"
#include "metrics/geometry/fit_scores.h"
#include "metrics/geometry/motion_class.h"
#include "metrics/geometry/moving_parts.h"
#include "metrics/geometry/panorama_closure.h"
#include "metrics/geometry/rigidity/world_scores.h"
#include "metrics/geometry/score_sheet.h"
#include "metrics/geometry/shots.h"
#include "metrics/geometry/tracks.h"
#include "metrics/geometry/world_export.h"
#include "metrics/geometry/world_fit.h"
#include "metrics/geometry/world_view.h"
#include "metrics/metrics.h"

namespace plumb {
namespace {

using enum GeometryScore;

constexpr int kBlameTracks =
    80;  // tracks a clip must offer before a failed reconstruction is its fault …
constexpr size_t kBlameKeyframes = 4;   // … the views that a solver may ask for,
constexpr double kBlameMotion = 6.0;    // … the motion between them, and
constexpr double kBlameParallax = 3.0;  // the parallax it must show, in units
constexpr double kMinPosedShare =
    0.3;  // of the frames of all segments; less is no model of the clip
constexpr double kTrustedPosedShare =
    0.6;  // of the frames, before a reconstruction may overrule a turning camera …
constexpr double kBetterAgreement =
    0.03;  // … which it must also beat by this much: it has more freedom

class Family {
 public:
  // `set` holds the tracks of one shot.
  Family(const MetricInput& input, TrackSet set, const Progress& progress)
      : input_(input), progress_(progress), all_(std::move(set)), set_(all_), sheet_(input.seed) {}

  ShotReport Measure() {
    motion_ = ClassifyMotion(set_, MotionOptions{});
    TakeOutMovingParts();
    FamilyReport report;
    PutOneShot();
    if (motion_.reason) {
      NothingMeasurable(*motion_.reason);
      if (motion_.motion_class == MotionClass::kStatic) MeasureBackground();
    } else {
      MeasureMovingCamera();
    }
    report.motion_class = motion_.motion_class;
    report.scores = sheet_.Finish();
    if (motion_.segments.size() > 1) {
      report.notes.push_back(
          fmt::format("geometry: measured in {} consecutive parts", motion_.segments.size()));
    }
    return {set_.frames.front(), set_.frames.back(), std::move(report), ToJson(motion_)};
  }

  // What the scores were measured with.
  Reconstruction TakeReconstruction(const FamilyReport& report) {
    const Score& headline = report.scores.front();
    if (reconstruction_.worlds.empty() && reconstruction_.why_not.empty()) {
      reconstruction_.why_not = headline.measured() ? "none was found" : headline.reason().text;
    }
    return std::move(reconstruction_);
  }

 private:
  // A cut can be told where pictures continue each other.
  void PutOneShot() {
    if (motion_.motion_class == MotionClass::kUnknown ||
        motion_.motion_class == MotionClass::kCut || motion_.frozen) {
      Refuse({kShots}, WhyNoFilm());
    } else {
      sheet_.Put(kShots, {1.0, 1.0, 1.0});
    }
  }

  Reason WhyNoFilm() const {
    return motion_.reason.value_or(
        Reason{ReasonCode::kNoCameraMotion, "the pictures repeat each other"});
  }

  // For export, and for the report to show in 3D.
  void KeepWorlds(WorldFit& fit) {
    reconstruction_ = ReconstructionOf(set_, fit, *input_.sample);
    if (!reconstruction_.worlds.empty()) fit.details["worlds"] = WorldViews(reconstruction_);
  }

  // Tracks on what moves by itself have no say in anything else. What is known to stand still is
  // never taken for a moving thing.
  void TakeOutMovingParts() {
    if (motion_.segments.empty() || motion_.frozen) {
      Refuse({kMaskedShare}, WhyNoFilm());
      return;
    }
    const MovingParts parts = PartsOf();
    const double share = parts.masked_share();
    sheet_.Put(
        kMaskedShare, {share, share, share}, EvidenceOf(parts, set_, input_.sample->num_frames()));
    if (parts.num_tracks() == 0) return;
    set_ = WithoutParts(set_, parts);
    motion_ = ClassifyMotion(set_, MotionOptions{});
  }

  MovingParts PartsOf() const {
    const bool known =
        input_.truth_masks && input_.truth != nullptr && !input_.truth->motion.states.empty();
    if (!known) return FindMovingParts(set_, motion_);
    const MovingParts in_truth = MovingInTruth(set_, *input_.sample, *input_.truth);
    return AnythingMoves(*input_.truth) ? Both(in_truth, FindMovingParts(set_, motion_)) : in_truth;
  }

  ClipWorlds WorldsOf(const WorldFit* fit, const Reason& why_not = {}) const {
    return {input_, all_, set_, motion_, fit, why_not};
  }

  void Refuse(std::initializer_list<GeometryScore> which, const Reason& reason) {
    sheet_.Refuse(which, reason, MotionDetailsOf(motion_));
  }

  void NothingMeasurable(const Reason& reason) {
    Refuse({kConsistency, kRegisteredShare, kReprojection, kInlierShare}, reason);
    if (motion_.motion_class == MotionClass::kUnknown ||
        motion_.motion_class == MotionClass::kCut) {
      Refuse({kRotationResidual, kBackgroundDrift, kPanoramaClosure}, reason);
    } else {
      sheet_.LeaveOut({kRotationResidual, kPanoramaClosure}, "the camera stands still");
    }
    PutWorldScores(WorldsOf(nullptr, reason), sheet_);
  }

  // Median over the tracks.
  void MeasureBackground() {
    if (motion_.frozen) {
      Refuse({kBackgroundDrift}, {ReasonCode::kNoCameraMotion, "the pictures repeat each other"});
      return;
    }
    const std::vector<double> drifts = DriftsPx(set_);
    if (static_cast<int>(drifts.size()) < kMinHeldOut) {
      Refuse({kBackgroundDrift},
             {ReasonCode::kTooFewTracks,
              fmt::format("{} points are followed for long enough, at least {} are needed",
                          drifts.size(),
                          kMinHeldOut)});
      return;
    }
    sheet_.PutMedian(kBackgroundDrift, drifts, {{}, MotionDetailsOf(motion_)});
  }

  // Where the tracks alone do not tell turning from travelling, or a turning camera explains them
  // badly, the model that explains more decides.
  void MeasureMovingCamera() {
    sheet_.LeaveOut({kBackgroundDrift}, "the camera moves");
    if (motion_.motion_class == MotionClass::kPlanar) {
      MeasureBeforePlane();
      return;
    }
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
    const bool travels = Overrules(travelling, turning);
    motion_.motion_class = travels ? MotionClass::kParallax : MotionClass::kRotation;
    travels ? PutTravelling(travelling) : PutTurning(turning);
  }

  static bool Overrules(const WorldFit& travelling, const WorldFit& simpler) {
    return travelling.PosedShare() >= kTrustedPosedShare &&
           travelling.Agreement() > simpler.Agreement() + kBetterAgreement;
  }

  // What one plane explains badly may have depth after all.
  void MeasureBeforePlane() {
    const WorldFit plane = FitBeforePlane(set_, motion_, progress_);
    if (plane.Agreement() >= kExplainedAgreement) {
      PutTravelling(plane);
      return;
    }
    const WorldFit travelling = FitTravelling(TravelInputOf(), progress_);
    const bool deep = Overrules(travelling, plane);
    if (deep) motion_.motion_class = MotionClass::kParallax;
    PutTravelling(deep ? travelling : plane);
  }

  void PutTurning(WorldFit fit) {
    KeepWorlds(fit);
    const Reason reason{ReasonCode::kNoParallax,
                        "the camera only turns: depth leaves no trace in the pictures"};
    Refuse({kRegisteredShare, kReprojection}, reason);
    const FitScores scores(set_, motion_, input_.sample->num_frames());
    scores.PutConsistency(fit, sheet_);
    scores.PutResidual(kRotationResidual, fit, sheet_);
    PutWorldScores(WorldsOf(&fit), sheet_);
    PutClosure({set_, fit, *input_.sample}, sheet_);
  }

  TravelInput TravelInputOf() const {
    return {set_, motion_, DeriveSeed(input_.seed, "geometry", "mapper") & 0x7fffffff};
  }

  void PutTravelling(WorldFit fit) {
    KeepWorlds(fit);
    sheet_.LeaveOut({kRotationResidual, kPanoramaClosure}, "the camera travels");
    if (fit.PosedShare() < kMinPosedShare && !MayBlameTheVideo(fit)) {
      RefuseParallax(fit);
      return;
    }
    const FitScores scores(set_, motion_, input_.sample->num_frames());
    scores.PutConsistency(fit, sheet_);
    scores.PutResidual(kReprojection, fit, sheet_);
    scores.PutRegistered(fit, sheet_);
    PutWorldScores(WorldsOf(&fit), sheet_);
  }

  // A failed solver alone proves nothing. With enough tracks, views and parallax in front of it, it
  // does; but not where the pairs follow one plane: there every two views agree, and moving past a
  // wall is no parallax.
  bool MayBlameTheVideo(const WorldFit& fit) const {
    return motion_.motion_class != MotionClass::kPlanar &&
           static_cast<int>(fit.tracks.size()) >= kBlameTracks && ShowsParallax();
  }

  bool ShowsParallax() const {
    size_t keyframes = 0;  // of the segment with the most
    for (const std::vector<int>& own : motion_.keyframes) {
      keyframes = std::max(keyframes, own.size());
    }
    return keyframes >= kBlameKeyframes && motion_.long_motion_units >= kBlameMotion &&
           motion_.parallax_units >= kBlameParallax;
  }

  void RefuseParallax(const WorldFit& fit) {
    const bool few = static_cast<int>(fit.tracks.size()) < kBlameTracks;
    const Reason reason{
        few ? ReasonCode::kTooFewTracks : ReasonCode::kNoParallax,
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
    PutWorldScores(WorldsOf(nullptr, reason), sheet_);
  }

  const MetricInput& input_;
  const Progress& progress_;
  const TrackSet all_;  // with those on what moves by itself
  TrackSet set_;
  MotionEvidence motion_;
  ScoreSheet sheet_;
  Reconstruction reconstruction_;
};

// What was done to the video before anything was measured.
std::vector<std::string> Reductions(const Video& video, const TrackSet& set) {
  std::vector<std::string> notes;
  if (set.num_frames() < video.num_frames()) {
    notes.push_back(fmt::format(
        "geometry: {} of {} frames, evenly chosen", set.num_frames(), video.num_frames()));
  }
  if (set.width != video.width()) {
    notes.push_back(fmt::format("geometry: reduced to {}x{}", set.width, set.height));
  }
  return notes;
}

}  // namespace

FamilyReport MeasureGeometry(const MetricInput& input, const Progress& progress) {
  PLUMB_CHECK(input.sample != nullptr);
  const TrackSet set = TrackPoints(*input.sample, TrackOptions{}, progress);
  Reconstruction all{input.sample->num_frames(), {}, ""};
  std::vector<ShotReport> shots;
  for (TrackSet& shot : SplitIntoShots(set, MotionOptions{})) {
    Family family(input, std::move(shot), progress);
    shots.push_back(family.Measure());
    Reconstruction own = family.TakeReconstruction(shots.back().report);
    std::move(own.worlds.begin(), own.worlds.end(), std::back_inserter(all.worlds));
    if (all.why_not.empty()) all.why_not = own.why_not;
  }
  if (!all.worlds.empty()) all.why_not.clear();
  FamilyReport report = CombineShots(shots);
  const std::vector<std::string> notes = Reductions(*input.sample, set);
  report.notes.insert(report.notes.begin(), notes.begin(), notes.end());
  if (input.keep_reconstruction) report.reconstruction = std::move(all);
  return report;
}

Reconstruction ReconstructVideo(const Video& video,
                                const ReconstructVideoOptions& options,
                                const Progress& progress) {
  MetricInput input;
  input.sample = &video;
  input.seed = options.seed;
  input.keep_reconstruction = true;
  return *MeasureGeometry(input, progress).reconstruction;
}

}  // namespace plumb
