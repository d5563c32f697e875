// SPDX-License-Identifier: Apache-2.0
// Checks of exported cameras and of what pictures show under them. Internal to the scenes room.
#pragma once

#include <vector>

#include "core/truth.h"
#include "scenes/checks.h"

namespace plumb {

// How far the eye gets from where it was in the first frame, and how far the view turns from there.
struct CameraTravel {
  double eye_m = 0.0;      // largest
  double turn_rad = 0.0;   // largest
  double eye_end_m = 0.0;  // in the last frame
  double turn_end_rad = 0.0;
};
CameraTravel TravelOf(const std::vector<Camera>& cameras);

// The exported cameras against the closed form of the scene's camera path: arc, straight way, turn,
// keys, sway; first and last frame where the way returns.
std::vector<LawCheck> CheckCameraPath(const Truth& truth);

// Points of the scene, found by the exact ray hit of a pixel of one frame, against where depth and
// the exported cameras carry that pixel in other frames (px; spheres and boxes; needs depth and
// instances, empty without).
std::vector<LawCheck> CheckScenePoints(const Truth& truth);

// Under a camera whose eye rests, flow on still bodies is that of a homography, whatever their
// depth (px; needs flow and instances; empty when the eye moves).
std::vector<LawCheck> CheckNoParallax(const Truth& truth);

// The three above.
std::vector<LawCheck> CheckView(const Truth& truth);

}  // namespace plumb
