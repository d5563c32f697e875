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

namespace {

Finish FinishOf(const Material& material) {
  return {static_cast<float>(material.gloss),
          static_cast<float>(material.reflection),
          static_cast<float>(material.metal)};
}

// Which way a flat face looks most, as a box's part.
int FaceTowards(const Eigen::Vector3d& normal) {
  int axis = 0;
  normal.cwiseAbs().maxCoeff(&axis);
  return 2 * axis + (normal[axis] > 0 ? 1 : 0);
}

}  // namespace

Surfaces::Surfaces(const Scene& scene) {
  for (const Body& body : scene.bodies) {
    Dressed dressed{Form(body.shape), {}, body.shape.kind == ShapeKind::kCompound};
    for (const ShapePart& part : body.shape.parts) {
      const Material& material =
          part.look == 0 ? body.material : body.part_materials.at(part.look - 1);
      const std::string name = body.name + "/" + std::to_string(dressed.looks.size());
      dressed.looks.push_back(
          {MakeTexture(name, part.shape, material), FinishOf(material), part.look == 0});
    }
    if (!dressed.is_compound) {
      dressed.looks = {
          {MakeTexture(body.name, body.shape, body.material), FinishOf(body.material), true}};
    }
    bodies_.push_back(std::move(dressed));
    shifts_m_.push_back(Eigen::Vector3f::Zero());
  }
}

void Surfaces::Place(const std::vector<Rigid3>& world_from_body) {
  PLUMB_CHECK(world_from_body.size() == bodies_.size());
  placed_.clear();
  for (const Rigid3& pose : world_from_body) {
    placed_.push_back({pose.rotation.toRotationMatrix(), pose.translation});
  }
}

void Surfaces::LeanTexture(int body, const Eigen::Matrix3d& lean) {
  leans_.resize(bodies_.size(), Eigen::Matrix3d::Zero());
  leans_.at(body) = lean;
}

void Surfaces::SetMaterial(int body, const Material& material) {
  for (Look& look : bodies_.at(body).looks) {
    if (!look.follows_body) continue;
    look.texture = WithMaterial(look.texture, material);
    look.finish = FinishOf(material);
  }
}

SurfaceSample Surfaces::Resolve(const RayCamera& camera,
                                const Eigen::Vector3d& direction,
                                const RayHit& hit) const {
  SurfaceSample sample;
  if (hit.body < 0) {
    sample.x_in_world = (camera.eye() + direction).cast<float>();
    return sample;
  }
  const Form& form = bodies_[hit.body].form;
  const Placed& placed = placed_[hit.body];
  // The hit once more in the body's frame and in double precision.
  const Eigen::Matrix3d body_from_world = placed.world_from_body.transpose();
  const BodyRay ray{body_from_world * (camera.eye() - placed.origin), body_from_world * direction};
  const FormHit exact = form.Refine(ray, {hit.distance, hit.part});
  sample.body = hit.body;
  sample.part = exact.part;
  sample.depth_m = exact.distance;
  Eigen::Vector3d x_in_body = ray.origin + exact.distance * ray.direction;
  const Eigen::Vector3d normal = placed.world_from_body * form.Normal(exact.part, x_in_body);
  sample.normal = normal.cast<float>();
  sample.x_in_world = (camera.eye() + exact.distance * direction).cast<float>();
  const Look& look = LookOf(hit.body, exact.part);
  // The texture lies in the frame of the body or of its part.
  TexturePoint point;
  point.part = exact.part % kFacesOfPart;
  Eigen::Matrix3d look_from_world = body_from_world;
  if (!leans_.empty()) {
    const Eigen::Matrix3d leant = Eigen::Matrix3d::Identity() + leans_[hit.body];
    x_in_body = leant * x_in_body;
    look_from_world = leant * body_from_world;
  }
  if (form.kind() == ShapeKind::kCompound) {
    const Form::Piece& piece = form.pieces()[exact.part / kFacesOfPart];
    point.x_in_body = piece.ToPiece(x_in_body + shifts_m_[hit.body].cast<double>()).cast<float>();
    look_from_world = piece.body_from_piece.transpose() * look_from_world;
  } else {
    point.x_in_body = x_in_body.cast<float>() + shifts_m_[hit.body];
  }
  if (look.texture.pattern != Pattern::kPlain) {
    const auto step = [&](const Eigen::Vector3d& change) -> Eigen::Vector3f {
      return (look_from_world * StepOnPlane(direction, change, normal, exact.distance))
          .cast<float>();
    };
    point.step_right = step(camera.right());
    point.step_down = step(camera.down());
    point.reach = 0.5f * (point.step_right.norm() + point.step_down.norm()) + 1e-6f;
    if (look.texture.shape == ShapeKind::kConvex)
      point.part = FaceTowards(look_from_world * normal);
  }
  sample.albedo = Albedo(look.texture, point);
  return sample;
}

}  // namespace plumb
