// SPDX-License-Identifier: Apache-2.0
// How a body looks and what it is made of.
#pragma once

#include <string>

#include <Eigen/Core>

namespace plumb {

enum class Pattern { kPlain, kChecker, kStripes, kNoise, kWood, kBrick, kMarble, kTiles };

// Friction and restitution of a pair are the products of both (Bullet).
struct Material {
  std::string name = "plastic";                     // as the caption says it: "rubber", "wood" …
  Eigen::Vector3d colour = {0.6, 0.6, 0.6};         // sRGB in 0–1
  Eigen::Vector3d second_colour = {0.4, 0.4, 0.4};  // of the pattern
  Pattern pattern = Pattern::kPlain;
  double pattern_size_m = 0.2;
  double gloss = 0.2;  // 0 matte … 1 mirror-like highlight
  double friction = 0.5;
  double rolling_friction_m = 0.0;
  double restitution = 0.5;
};

// A rectangle that shines downwards from `centre_m`, wide enough for soft shadows, plus an even
// ambient part.
struct Lighting {
  Eigen::Vector3d centre_m = {1.5, -2.0, 5.0};
  double side_m = 1.5;
  double area_share = 0.75;                        // of the white level; the rest is ambient
  Eigen::Vector3d background = {0.78, 0.83, 0.9};  // sRGB where no body is hit
};

}  // namespace plumb
