// SPDX-License-Identifier: Apache-2.0
// What shines from around the scene: an open sky, a photographer's studio. Internal to the scenes
// room.
#pragma once

#include "core/material.h"

namespace plumb {

// Linear colours in a unit direction (z up); for Surroundings::kEven ask nothing of these.

// What a surface mirrors, blurred by a rough one: blur 0 for a mirror, 1 for a matte surface.
Eigen::Vector3f RadianceFrom(Surroundings surroundings, const Eigen::Vector3f& d, float blur);
// What falls on a matte surface with that normal from all of its half of the surroundings, as a
// multiple of the even ambient light.
Eigen::Vector3f AmbientOn(Surroundings surroundings, const Eigen::Vector3f& normal);
// The colour of the light itself: the sun's, or a lamp's.
Eigen::Vector3f LampColour(Surroundings surroundings);
// What is seen from `eye` behind everything under an open sky: thin clouds, hills in the haze, a
// meadow at z = 0.
Eigen::Vector3f OpenSky(const Eigen::Vector3f& eye, const Eigen::Vector3f& d);

}  // namespace plumb
