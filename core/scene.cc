// SPDX-License-Identifier: Apache-2.0
#include "core/scene.h"

#include <cmath>
#include <numbers>
#include <set>

#include "core/check.h"
#include "core/errors.h"

namespace plumb {
namespace {

void Require(bool condition, const std::string& place, const std::string& message) {
  if (!condition) throw InputError(place, message);
}

void ValidateMaterial(const Body& body, const std::string& place) {
  const Material& m = body.material;
  Require(m.restitution >= 0 && m.restitution <= 1,
          place,
          fmt::format("body '{}': restitution is {}, expected 0 to 1", body.name, m.restitution));
  Require(m.friction >= 0 && std::isfinite(m.friction),
          place,
          fmt::format("body '{}': friction is {}, expected 0 or more", body.name, m.friction));
  Require(m.rolling_friction_m >= 0 && std::isfinite(m.rolling_friction_m),
          place,
          fmt::format("body '{}': rolling_friction_m is {}, expected 0 or more",
                      body.name,
                      m.rolling_friction_m));
  Require(
      m.pattern_size_m > 0 && std::isfinite(m.pattern_size_m),
      place,
      fmt::format(
          "body '{}': pattern_size_m is {}, expected more than 0", body.name, m.pattern_size_m));
  Require(m.colour.allFinite() && m.second_colour.allFinite() && std::isfinite(m.gloss),
          place,
          fmt::format("body '{}': colours and gloss must be finite", body.name));
}

void ValidateBody(const Body& body, const std::string& place) {
  Require(body.shape.size_m.allFinite() && body.shape.size_m.minCoeff() > 0,
          place,
          fmt::format("body '{}': size_m must be finite and above 0", body.name));
  Require(body.fixed || (std::isfinite(body.mass_kg) && body.mass_kg > 0),
          place,
          fmt::format("body '{}': mass_kg is {}, expected above 0", body.name, body.mass_kg));
  Require(body.world_from_body.translation.allFinite() && body.velocity_mps.allFinite() &&
              body.angular_velocity_radps.allFinite(),
          place,
          fmt::format("body '{}': pose and velocities must be finite", body.name));
  ValidateMaterial(body, place);
}

void ValidateCamera(const CameraPath& path, const std::string& place) {
  const bool finite = path.eye_m.allFinite() && path.target_m.allFinite() &&
                      path.travel_m.allFinite() && std::isfinite(path.sweep_rad);
  Require(finite, place, "camera: eye_m, target_m, travel_m and sweep_rad must be finite");
  Require(path.vertical_fov_rad > 0 && path.vertical_fov_rad < std::numbers::pi,
          place,
          fmt::format("camera: vertical_fov_rad is {}, expected between 0 and π",
                      path.vertical_fov_rad));
  // Every motion keeps the slope of the view, so the start stands for all of the path.
  const Eigen::Vector3d view = path.target_m - path.eye_m;
  Require(view.head<2>().norm() > 1e-6 * view.norm(),
          place,
          "camera: eye_m and target_m must give a direction that is not vertical");
}

}  // namespace

double SizeOf(const Shape& shape) { return shape.size_m.norm() / std::sqrt(3.0); }

double VolumeOf(const Shape& shape) {
  const Eigen::Vector3d& s = shape.size_m;
  const double disc = std::numbers::pi * s.x() * s.y() / 4;
  switch (shape.kind) {
    case ShapeKind::kSphere:
      return std::numbers::pi * s.x() * s.y() * s.z() / 6;
    case ShapeKind::kBox:
      return s.prod();
    case ShapeKind::kCylinder:
      return disc * s.z();
    case ShapeKind::kCone:
      return disc * s.z() / 3;
    case ShapeKind::kCapsule:
      return disc * (s.z() - s.x()) + std::numbers::pi * s.x() * s.x() * s.x() / 6;
  }
  throw CheckFailure("unknown shape");
}

Rigid3 WorldFromCamera(const CameraPath& path, double share) {
  const Eigen::AngleAxisd turn(path.sweep_rad * share, Eigen::Vector3d::UnitZ());
  switch (path.motion) {
    case CameraMotion::kStatic:
      return WorldFromCameraLookingAt(path.eye_m, path.target_m);
    case CameraMotion::kArc:
      return WorldFromCameraLookingAt(path.target_m + turn * (path.eye_m - path.target_m),
                                      path.target_m);
    case CameraMotion::kDolly:
      return WorldFromCameraLookingAt(path.eye_m + share * path.travel_m,
                                      path.target_m + share * path.travel_m);
    case CameraMotion::kYaw:
      return WorldFromCameraLookingAt(path.eye_m, path.eye_m + turn * (path.target_m - path.eye_m));
  }
  throw CheckFailure("unknown camera motion");
}

void Validate(const Scene& scene, const std::string& place) {
  Require(!scene.id.empty(), place, "id is empty");
  Require(scene.duration_s >= 0.1 && scene.duration_s <= 120,
          place,
          fmt::format("duration_s is {}, expected 0.1 to 120", scene.duration_s));
  Require(scene.gravity_mps2.allFinite(), place, "gravity_mps2 must be finite");
  Require(!scene.bodies.empty() && scene.bodies.size() <= 1000,
          place,
          fmt::format("{} bodies, expected 1 to 1000", scene.bodies.size()));
  std::set<std::string> names;
  for (const Body& body : scene.bodies) {
    Require(!body.name.empty(), place, "a body has no name");
    Require(
        names.insert(body.name).second, place, fmt::format("two bodies are named '{}'", body.name));
    ValidateBody(body, place);
  }
  ValidateCamera(scene.camera, place);
}

int FindBody(const Scene& scene, const std::string& name) {
  for (size_t i = 0; i < scene.bodies.size(); ++i) {
    if (scene.bodies[i].name == name) return static_cast<int>(i);
  }
  return -1;
}

}  // namespace plumb
