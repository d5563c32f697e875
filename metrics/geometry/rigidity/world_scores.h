// SPDX-License-Identifier: Apache-2.0
// What a clip's worlds are worth beyond the agreement of held-out tracks: whether parts of the
// picture agree, places stay, sizes and focal length hold, and whether the camera went as it
// should.
#pragma once

#include "metrics/geometry/motion_class.h"
#include "metrics/geometry/score_sheet.h"
#include "metrics/geometry/tracks.h"
#include "metrics/geometry/world_fit.h"
#include "metrics/metrics.h"

namespace plumb {

struct ClipWorlds {
  const MetricInput& input;
  const TrackSet& all;  // every track: what breathes may have been taken for what moves by itself
  const TrackSet& set;  // without what moves by itself
  const MotionEvidence& motion;   // with the class as it was decided in the end
  const WorldFit* fit = nullptr;  // null when there is no model, for `why_not`
  Reason why_not = {};
};

// Fills in local_pose_divergence_px, loop_drift_px, scale_breathe, focal_stability, submodels,
// coverage_deg, camera_rotation_error_deg, camera_translation_error, ate_m and rpe_m.
void PutWorldScores(const ClipWorlds& clip, ScoreSheet& sheet);

}  // namespace plumb
