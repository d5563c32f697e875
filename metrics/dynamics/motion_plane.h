// SPDX-License-Identifier: Apache-2.0
// Pixels turned into metres: the vertical plane in which the truth moves, and paths in it.
#pragma once

#include <vector>

#include "core/truth.h"
#include "metrics/dynamics/parabolas.h"
#include "metrics/permanence/observe.h"

namespace plumb {

// Coordinates in the plane: x along `along`, y along `up` (against gravity), both in metres from
// `origin_m`.
struct MotionPlane {
  Eigen::Vector3d origin_m = Eigen::Vector3d::Zero();
  Eigen::Vector3d along = Eigen::Vector3d::UnitX();
  Eigen::Vector3d up = Eigen::Vector3d::UnitZ();

  Eigen::Vector2d Flatten(const Eigen::Vector3d& x_in_world) const;
  Eigen::Vector2d FlattenDirection(const Eigen::Vector3d& direction) const;
};

// The plane through a body's mean place that holds gravity and the body's main horizontal
// direction. Where that plane is seen at less than 30°, or the body hardly moves sideways, the
// plane that faces the camera is taken instead.
MotionPlane PlaneOf(const Truth& truth, int body, const std::vector<FramePair>& pairs);

// The body's path in the plane as simulated.
std::vector<PathPoint> StatePath(const Truth& truth,
                                 const MotionPlane& plane,
                                 int body,
                                 const std::vector<FramePair>& pairs);

// The path of a followed object: the places where it was found unhidden (at least 70 % of its
// area), cast through the truth's camera onto the plane.
std::vector<PathPoint> SeenPath(const Truth& truth,
                                const MotionPlane& plane,
                                const Observation& observation,
                                size_t object,
                                const ObjectTrack& track);

// Metres of one pixel of the paired picture at the plane's origin.
double MetresPerPixel(const Truth& truth, const MotionPlane& plane, const Observation& observation);

}  // namespace plumb
