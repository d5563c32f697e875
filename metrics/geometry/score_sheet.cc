// SPDX-License-Identifier: Apache-2.0
#include "metrics/geometry/score_sheet.h"

#include "core/check.h"
#include "core/seed.h"
#include "metrics/metrics.h"

namespace plumb {
namespace {

const ScoreInfo& Info(GeometryScore which) {
  return GeometryScores().at(static_cast<size_t>(which));
}

// What held-out tracks say of the model, or the tracks of a still camera.
std::vector<ScoreInfo> AgreementScores() {
  using enum Direction;
  return {
      {"geometry.consistency",
       "share",
       kHigher,
       2,
       true,
       "how well one rigid world (or one turning camera) explains point tracks that had no part in "
       "fitting it"},
      {"geometry.registered_share",
       "share",
       kHigher,
       2,
       false,
       "frames whose camera could be found from the reconstructed points"},
      {"geometry.reprojection_px",
       "px",
       kLower,
       2,
       false,
       "median distance of held-out track points from where the reconstruction puts them"},
      {"geometry.inlier_share",
       "share",
       kHigher,
       2,
       false,
       "held-out tracks that agree with the world at least half of the time"},
      {"geometry.rotation_residual_px",
       "px",
       kLower,
       2,
       false,
       "median distance of held-out track points from where a turning camera puts them"},
      {"geometry.background_drift_px",
       "px",
       kLower,
       2,
       false,
       "how far the points of a still camera's picture wander from where they began"},
  };
}

// What the worlds that were found say of themselves.
std::vector<ScoreInfo> RigidityScores() {
  using enum Direction;
  return {
      {"geometry.local_pose_divergence_px",
       "px",
       kLower,
       1,
       false,
       "how far parts of the picture disagree about where the camera is, beyond noise, in the "
       "ten frames in a row where they do most"},
      {"geometry.loop_drift_px",
       "px",
       kLower,
       2,
       false,
       "how far points stand from where they were when the camera comes back to a view"},
      {"geometry.scale_breathe",
       "share",
       kLower,
       2,
       false,
       "largest share by which a part of the picture grows and shrinks to and fro"},
      {"geometry.focal_stability",
       "share",
       kHigher,
       1,
       false,
       "1 less the spread of the focal lengths that fit the frames one by one"},
      {"geometry.submodels",
       "models",
       kLower,
       2,
       false,
       "separate worlds that a continuous part of the clip falls into; 1 is whole"},
      {"geometry.coverage_deg",
       "deg",
       kNone,
       1,
       false,
       "how far round its scene the camera looks (SysCON3D); nothing about it is good or bad"},
  };
}

// What a truth says of the camera.
std::vector<ScoreInfo> CameraScores() {
  using enum Direction;
  return {
      {"geometry.camera_rotation_error_deg",
       "deg",
       kLower,
       1,
       false,
       "mean angle between found and true (or requested) camera, first frames laid on each other"},
      {"geometry.camera_translation_error",
       "share",
       kLower,
       2,
       false,
       "mean distance of the camera from its true (or requested) place, as a share of the true "
       "path's extent"},
      {"geometry.ate_m",
       "m",
       kLower,
       1,
       false,
       "root mean square distance from the true path after the best similarity"},
      {"geometry.rpe_m",
       "m",
       kLower,
       1,
       false,
       "root mean square error of the steps from frame to frame, after the best similarity"},
      {"geometry.shots",
       "shots",
       kLower,
       1,
       false,
       "shots that the clip consists of: 1 for a single take; no world spans a cut"},
      {"geometry.panorama_closure_px",
       "px",
       kLower,
       1,
       false,
       "median distance of points from where their directions put them when a turning camera looks "
       "there again; a point that is not found counts as 8 px of a 256 px picture"},
      {"geometry.masked_share",
       "share",
       kNone,
       1,
       false,
       "part of the picture that moves by itself and has no say in the other scores"},
  };
}

}  // namespace

const std::vector<ScoreInfo>& GeometryScores() {
  static const std::vector<ScoreInfo> scores = [] {
    std::vector<ScoreInfo> all = AgreementScores();
    for (const auto& more : {RigidityScores(), CameraScores()}) {
      all.insert(all.end(), more.begin(), more.end());
    }
    return all;
  }();
  return scores;
}

ScoreSheet::ScoreSheet(uint64_t seed) : seed_(seed), scores_(GeometryScores().size()) {}

void ScoreSheet::Put(GeometryScore which, const Interval& interval, Evidence evidence) {
  scores_[static_cast<size_t>(which)] = Score::Measured(
      Info(which), interval.value, interval.low, interval.high, std::move(evidence));
}

void ScoreSheet::PutMedian(GeometryScore which,
                           const std::vector<double>& values,
                           Evidence evidence) {
  const auto median = [](const std::vector<double>& v) { return Median(v); };
  Put(which, Bootstrap(values, median, BootstrapOf("median")), std::move(evidence));
}

void ScoreSheet::Refuse(std::initializer_list<GeometryScore> which,
                        const Reason& reason,
                        const Json& details) {
  for (const GeometryScore score : which) {
    scores_[static_cast<size_t>(score)] = Score::NotMeasurable(Info(score), reason, {{}, details});
  }
}

void ScoreSheet::LeaveOut(std::initializer_list<GeometryScore> which, const std::string& text) {
  for (const GeometryScore score : which) {
    scores_[static_cast<size_t>(score)] =
        Score::NotTested(Info(score), {ReasonCode::kLawNotApplicable, text});
  }
}

BootstrapOptions ScoreSheet::BootstrapOf(std::string_view purpose) const {
  return {1000, 0.95, DeriveSeed(seed_, "geometry", purpose)};
}

std::vector<Score> ScoreSheet::Finish() {
  std::vector<Score> finished;
  for (std::optional<Score>& score : scores_) {
    PLUMB_CHECK(score.has_value(), "score {} was never filled in", finished.size());
    finished.push_back(std::move(*score));
  }
  return finished;
}

}  // namespace plumb
