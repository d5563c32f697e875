// SPDX-License-Identifier: Apache-2.0
// Flat coordinates on bodies and the simple marks that patterns are made of, each averaged over a
// pixel. Internal to the scenes room.
#pragma once

#include <numbers>

#include "scenes/rendering/internal_texture.h"

namespace plumb {

constexpr float kPi = std::numbers::pi_v<float>;

// Flat coordinates on the surface in metres and how far one pixel reaches in them.
struct FlatPoint {
  float u, v;
  float reach_u, reach_v;
};

// The coordinates along two of the body's axes.
FlatPoint OnPlane(const TexturePoint& point, int u_axis, int v_axis);
// Along the surface: a box's faces with z upright, round shapes unrolled, a torus both ways.
FlatPoint Flatten(const Texture& texture, const TexturePoint& point);

// A square wave of period 2 between -1 and 1, averaged over `reach`.
float SquareWave(float x, float reach);
// Share of a pixel that is covered by the lines of width `width` between cells of length 1.
float LineShare(float x, float width, float reach);
Eigen::Vector3f Mix(const Eigen::Vector3f& a, const Eigen::Vector3f& b, float t);
// A random multiplier for each colour channel of one brick, tile or plank.
Eigen::Vector3f CellTint(const Texture& texture, int x, int y, float spread);
// Fractal noise in the body's own cut of it, mean 0.5.
float NoiseAt(const Texture& texture, const TexturePoint& point, float size_m);

// Cork, fabric, speckle, brushed metal, letters and frost.
Eigen::Vector3f StuffColour(const Texture& texture, const TexturePoint& point);

}  // namespace plumb
