// SPDX-License-Identifier: Apache-2.0
#include "scenes/rendering/internal_surface.h"

#include <cmath>

#include "core/check.h"
#include "scenes/rendering/internal_mesh.h"

namespace plumb {
namespace {

// A pixel seen at a grazing angle reaches at most this many times as far as one seen straight on.
constexpr double kMaxStretch = 12.0;

// The step on the tangent plane that a change of direction makes.
Eigen::Vector3d StepOnPlane(const Eigen::Vector3d& direction,
                            const Eigen::Vector3d& change,
                            const Eigen::Vector3d& normal,
                            double depth_m) {
  const Eigen::Vector3d flat = change * depth_m;
  const double across = normal.dot(direction + change);
  const double lean = normal.dot(flat);
  if (std::abs(across) < 1e-6) return flat;
  const Eigen::Vector3d step = flat - (direction + change) * (lean / across);
  // Well within the limit no length is needed.
  if (step.squaredNorm() < 0.99 * kMaxStretch * kMaxStretch * flat.squaredNorm()) return step;
  const double limit = kMaxStretch * flat.norm();
  const double length = step.norm();
  return length > limit ? Eigen::Vector3d(step * (limit / length)) : step;
}

}  // namespace

RayCamera::RayCamera(const Camera& camera) {
  const Rigid3 world_from_camera = Inverse(camera.camera_from_world);
  const Eigen::Matrix3d rotation = world_from_camera.rotation.toRotationMatrix();
  const Intrinsics& k = camera.intrinsics;
  eye_ = world_from_camera.translation;
  right_ = rotation.col(0) / k.fx_px;
  down_ = rotation.col(1) / k.fy_px;
  corner_ = rotation.col(2) - k.cx_px * right_ - k.cy_px * down_;
}

Eigen::Vector3d RayCamera::DirectionThrough(const Eigen::Vector2d& point_px) const {
  return corner_ + point_px.x() * right_ + point_px.y() * down_;
}

Ray RayCamera::RayAlong(const Eigen::Vector3d& direction) const {
  Ray ray;
  ray.origin = eye_.cast<float>();
  ray.direction = direction.cast<float>();
  return ray;
}

Surfaces::Surfaces(const Scene& scene) {
  for (const Body& body : scene.bodies) {
    shapes_.push_back(body.shape);
    textures_.push_back(MakeTexture(body));
    shifts_m_.push_back(Eigen::Vector3f::Zero());
    gloss_.push_back(static_cast<float>(body.material.gloss));
  }
}

void Surfaces::Place(const std::vector<Rigid3>& world_from_body) {
  PLUMB_CHECK(world_from_body.size() == shapes_.size());
  placed_.clear();
  for (const Rigid3& pose : world_from_body) {
    placed_.push_back({pose.rotation.toRotationMatrix(), pose.translation});
  }
}

void Surfaces::SetMaterial(int body, const Material& material) {
  textures_.at(body) = WithMaterial(textures_.at(body), material);
  gloss_.at(body) = static_cast<float>(material.gloss);
}

SurfaceSample Surfaces::Resolve(const RayCamera& camera,
                                const Eigen::Vector3d& direction,
                                const RayHit& hit) const {
  SurfaceSample sample;
  if (hit.body < 0) return sample;
  const Shape& shape = shapes_[hit.body];
  const Placed& placed = placed_[hit.body];
  // The hit once more in the body's frame and in double precision.
  const Eigen::Matrix3d body_from_world = placed.world_from_body.transpose();
  const BodyRay ray{body_from_world * (camera.eye() - placed.origin), body_from_world * direction};
  sample.body = hit.body;
  sample.part = hit.part;
  sample.depth_m = RefineDistance(shape, hit.part, ray, hit.distance);
  const Eigen::Vector3d x_in_body = ray.origin + sample.depth_m * ray.direction;
  const Eigen::Vector3d normal = placed.world_from_body * ShapeNormal(shape, hit.part, x_in_body);
  sample.normal = normal.cast<float>();
  sample.x_in_world = (camera.eye() + sample.depth_m * direction).cast<float>();
  TexturePoint point;
  point.x_in_body = x_in_body.cast<float>() + shifts_m_[hit.body];
  point.part = hit.part;
  if (textures_[hit.body].pattern != Pattern::kPlain) {
    const auto step = [&](const Eigen::Vector3d& change) -> Eigen::Vector3f {
      return (body_from_world * StepOnPlane(direction, change, normal, sample.depth_m))
          .cast<float>();
    };
    point.step_right = step(camera.right());
    point.step_down = step(camera.down());
    point.reach = 0.5f * (point.step_right.norm() + point.step_down.norm()) + 1e-6f;
  }
  sample.albedo = Albedo(textures_[hit.body], point);
  return sample;
}

}  // namespace plumb
