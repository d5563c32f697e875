// SPDX-License-Identifier: Apache-2.0
// Procedural textures, filtered to the size of a pixel so that they never flicker. Internal to the
// scenes room.
#pragma once

#include <array>
#include <cstdint>
#include <string>

#include "core/scene.h"

namespace plumb {

// A body's look, made ready for many lookups.
struct Texture {
  ShapeKind shape = ShapeKind::kBox;
  Eigen::Vector3f half_m;
  Pattern pattern = Pattern::kPlain;
  Eigen::Vector3f colour;  // linear
  Eigen::Vector3f second_colour;
  float size_m = 0.2f;
  float around_m =
      0.2f;  // size along the circumference, so that a whole number of cells goes round
  Eigen::Vector3f origin_m;  // where the body was cut out of the endless noise
  uint32_t salt = 0;
};
// `name` chooses the cut: two things of one name look alike. No compounds.
Texture MakeTexture(const std::string& name, const Shape& shape, const Material& material);

// The same body in another material.
Texture WithMaterial(const Texture& texture, const Material& material);

// A place on a body and the two vectors on the surface that one pixel step right and down make
// (body frame).
struct TexturePoint {
  Eigen::Vector3f x_in_body;
  int part = 0;
  Eigen::Vector3f step_right;
  Eigen::Vector3f step_down;
  float reach = 1e-6f;  // mean length of the two
};

// Linear colour in 0–1. For Pattern::kPlain exactly the material's colour.
Eigen::Vector3f Albedo(const Texture& texture, const TexturePoint& point);

// sRGB transfer function (IEC 61966-2-1), both ways; encoding rounds to the nearest of 256 levels.
Eigen::Vector3f LinearFromSrgb(const Eigen::Vector3d& srgb);
std::array<uint8_t, 3> SrgbFromLinear(const Eigen::Vector3f& linear);

}  // namespace plumb
