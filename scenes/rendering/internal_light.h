// SPDX-License-Identifier: Apache-2.0
// Soft shadows, ambient light and shading. Internal to the scenes room.
#pragma once

#include <array>
#include <vector>

#include "core/scene.h"
#include "scenes/rendering/internal_ray_scene.h"
#include "scenes/rendering/internal_surface.h"

namespace plumb {

// Rays per pixel. Every 4x4 block of pixels shares 64 points on the light and 32 directions of the
// sky; each pixel asks for its own part of them and the parts are put together again by a filter
// over the block.
constexpr int kLightRays = 4;
constexpr int kSkyRays = 2;
// Bit k: light ray k is blocked; bit kLightRays + k: sky ray k is blocked.
using BlockedBits = uint8_t;

// How much of the light and of the sky a pixel sees, 0–1.
struct Openness {
  float light = 1.0f;
  float sky = 1.0f;
};

class Light {
 public:
  // `reference_m`: the point where a white surface that faces the light gets exactly `area_share`.
  Light(const Lighting& lighting, const Eigen::Vector3d& reference_m);

  // The bits of the given pixels (indices y * width + x) against one set of bodies.
  std::vector<BlockedBits> Blocked(const RayScene& scene,
                                   BodySet set,
                                   const std::vector<SurfaceSample>& samples,
                                   const std::vector<int>& pixels,
                                   int width) const;
  // Whether a body inside this sphere can block any ray of that point.
  bool CanBlock(const Eigen::Vector3f& centre, float radius, const SurfaceSample& sample) const;

  // Linear radiance towards `eye`.
  Eigen::Vector3f Shade(const SurfaceSample& sample,
                        const Openness& open,
                        const Finish& finish,
                        const Eigen::Vector3f& eye) const;
  // What the film makes of a radiance.
  Eigen::Vector3f Exposed(const Eigen::Vector3f& radiance) const;

 private:
  float Irradiance(const SurfaceSample& sample) const;
  // Radiance of the surroundings in a direction, blurred by a rough surface.
  Eigen::Vector3f Around(const Eigen::Vector3f& direction, float gloss) const;
  Eigen::Vector3f Mirrored(const SurfaceSample& sample,
                           const Openness& open,
                           const Finish& finish,
                           const Eigen::Vector3f& eye) const;

  Eigen::Vector3f centre_m_;
  float side_m_;
  float area_share_;
  float reference_;  // geometry factor at the reference point
  Eigen::Vector3f background_;
  Surroundings surroundings_;
  float film_;
  std::array<std::array<Eigen::Vector3f, kLightRays>, 16> light_points_m_;
  std::array<std::array<Eigen::Vector3f, kSkyRays>, 16> sky_directions_;  // about +z
  std::array<std::array<float, kSkyRays>, 16> sky_reaches_m_;
};

// Puts the parts of each 4x4 block together; only pixels of the same smooth surface are mixed.
std::vector<Openness> FilterOpenness(const std::vector<BlockedBits>& blocked,
                                     const std::vector<SurfaceSample>& samples,
                                     int width);

}  // namespace plumb
