// SPDX-License-Identifier: Apache-2.0
// When the camera comes back to a view, is everything still where it was?
#pragma once

#include <optional>
#include <vector>

#include "core/video.h"
#include "metrics/geometry/world_fit.h"

namespace plumb {

// Two visits of one view in one world: the points that the first sees move, by the cameras, at most
// an eighth of the picture's longer side to where the second should see them, and at least a
// quarter (or out of the picture) to where they are at some time in between.
struct ReturnVisit {
  int first_frame = 0;  // tracked frames
  int second_frame = 0;
};
// The nearest such; empty when the camera never comes back.
std::optional<ReturnVisit> FindReturn(const TrackSet& set, const RigidWorld& world);

// Points of the first visit whose tracks ended before the second, looked for in the second picture
// by Lucas–Kanade from where the world puts them (forward–backward within half a unit). A view that
// shows something else on return has lost its points: they count as the farthest drift.
inline constexpr double kFarthestDrift_units = 8.0;
struct LoopDrift {
  ReturnVisit visit;
  // How far off every point is that should be seen again, in tracked pixels; the farthest drift for
  // those that are not found again or are farther off.
  std::vector<double> drift_px;
  int found = 0;
};
// `video` is the sample that the tracks are of.
LoopDrift MeasureReturn(const Video& video,
                        const TrackSet& set,
                        const RigidWorld& world,
                        const ReturnVisit& visit);

}  // namespace plumb
