// SPDX-License-Identifier: Apache-2.0
// Bodies as Embree geometry: which body a ray meets, and where. Internal to the scenes room.
#pragma once

#include <cstdint>
#include <limits>
#include <memory>
#include <span>
#include <vector>

#include "core/scene.h"

namespace plumb {

struct Ray {
  Eigen::Vector3f origin;
  Eigen::Vector3f direction;  // not necessarily of unit length: distances are multiples of it
  float near = 0.0f;
  float far = std::numeric_limits<float>::infinity();
};

struct RayHit {
  int16_t body = -1;  // -1: nothing
  uint8_t part = 0;   // as in FormHit
  float distance = std::numeric_limits<float>::infinity();
};

// Which bodies a question is about.
enum class BodySet { kStill, kMoving };

class RayScene {
 public:
  // Bodies marked in `is_still` stay where the scene puts them for the whole life of this object.
  RayScene(const Scene& scene, const std::vector<uint8_t>& is_still);
  ~RayScene();
  RayScene(const RayScene&) = delete;
  RayScene& operator=(const RayScene&) = delete;

  // Puts the moving bodies in their places; those that are not present meet no ray.
  void Place(const std::vector<Rigid3>& world_from_body, const std::vector<uint8_t>& present);

  // For every ray the nearest body of the set that is nearer than what `hits` holds already.
  void Nearest(BodySet set, std::span<const Ray> rays, std::span<RayHit> hits) const;
  // 1 for every ray that meets a body of the set between near and far.
  std::vector<uint8_t> Blocked(BodySet set, std::span<const Ray> rays) const;
  // 1 for every ray, given in the body's own frame, that meets this body.
  std::vector<uint8_t> MeetsBody(int body, std::span<const Ray> rays_in_body) const;

 private:
  struct Piece;
  struct Parts;
  static std::vector<Piece> PiecesOf(const Shape& shape, int16_t body);
  std::unique_ptr<Parts> parts_;
};

// Sets the processor's rounding of tiny numbers to one fixed mode and restores the caller's at the
// end.
class FloatModeGuard {
 public:
  FloatModeGuard();
  ~FloatModeGuard();
  FloatModeGuard(const FloatModeGuard&) = delete;
  FloatModeGuard& operator=(const FloatModeGuard&) = delete;

 private:
  unsigned int saved_;
};

}  // namespace plumb
