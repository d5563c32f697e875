// SPDX-License-Identifier: Apache-2.0
// The scores of a camera that is known: did it go where it should?
#pragma once

#include <vector>

#include "metrics/geometry/rigidity/true_camera.h"
#include "metrics/geometry/rigidity/world_scores.h"

namespace plumb {

// Fills in camera_rotation_error_deg, camera_translation_error, ate_m and rpe_m; each says what is
// missing where the truth has no cameras, or never leaves its place.
void PutCameraScores(const ClipWorlds& clip,
                     const std::vector<Trajectory>& found,
                     ScoreSheet& sheet);

}  // namespace plumb
