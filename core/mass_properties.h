// SPDX-License-Identifier: Apache-2.0
// How a shape's mass is spread, the density being even (or by parts).
#pragma once

#include "core/shape.h"

namespace plumb {

struct MassProperties {
  Eigen::Vector3d centre_m = Eigen::Vector3d::Zero();  // centre of mass in the body's frame
  // About the centre of mass along the body's axes, for a mass of one kilogram (m²).
  Eigen::Matrix3d inertia_m2 = Eigen::Matrix3d::Identity();
};

// Closed forms for the simple shapes; parts by Steiner's theorem; convex hulls by the sum over
// tetrahedra (Tonon 2004) of the hull's faces.
MassProperties MassPropertiesOf(const Shape& shape);

// The triangles of the convex hull, counter-clockwise seen from outside, in a fixed order. Throws
// CheckFailure for fewer than four points or points in a plane.
std::vector<Eigen::Vector3i> ConvexHullFaces(const std::vector<Eigen::Vector3d>& points_m);

}  // namespace plumb
