// SPDX-License-Identifier: Apache-2.0
#include "core/scene.h"

#include <algorithm>
#include <cmath>
#include <numbers>
#include <set>

#include "core/check.h"
#include "core/errors.h"
#include "core/internal_vertical.h"

namespace plumb {
namespace {

constexpr double kLeastView_m = 1e-9;  // from a camera's eye to its target

void Require(bool condition, const std::string& place, const std::string& message) {
  if (!condition) throw InputError(place, message);
}

void ValidateMaterial(const std::string& body, const Material& m, const std::string& place) {
  Require(m.restitution >= 0 && m.restitution <= 1,
          place,
          fmt::format("body '{}': restitution is {}, expected 0 to 1", body, m.restitution));
  Require(m.friction >= 0 && std::isfinite(m.friction),
          place,
          fmt::format("body '{}': friction is {}, expected 0 or more", body, m.friction));
  Require(
      m.rolling_friction_m >= 0 && std::isfinite(m.rolling_friction_m),
      place,
      fmt::format(
          "body '{}': rolling_friction_m is {}, expected 0 or more", body, m.rolling_friction_m));
  Require(
      m.pattern_size_m > 0 && std::isfinite(m.pattern_size_m),
      place,
      fmt::format("body '{}': pattern_size_m is {}, expected more than 0", body, m.pattern_size_m));
  Require(m.colour.allFinite() && m.second_colour.allFinite() && std::isfinite(m.gloss),
          place,
          fmt::format("body '{}': colours and gloss must be finite", body));
  Require(m.reflection >= 0 && m.reflection <= 1 && m.metal >= 0 && m.metal <= 1,
          place,
          fmt::format("body '{}': reflection is {} and metal {}, expected 0 to 1",
                      body,
                      m.reflection,
                      m.metal));
}

void ValidatePath(const Body& body, const std::string& place) {
  Require(body.path.empty() || body.fixed,
          place,
          fmt::format("body '{}': only a fixed body follows a path", body.name));
  for (size_t i = 0; i < body.path.size(); ++i) {
    const PoseKey& key = body.path[i];
    Require(std::isfinite(key.time_s) && key.world_from_body.translation.allFinite(),
            place,
            fmt::format("body '{}': path {} must be finite", body.name, i));
    Require(i == 0 || key.time_s > body.path[i - 1].time_s,
            place,
            fmt::format("body '{}': path {} is not later than the one before", body.name, i));
  }
}

void ValidateBody(const Body& body, const std::string& place) {
  const std::string fault = FaultOf(body.shape);
  Require(fault.empty(), place, fmt::format("body '{}': {}", body.name, fault));
  for (const ShapePart& part : body.shape.parts) {
    Require(part.look <= static_cast<int>(body.part_materials.size()),
            place,
            fmt::format("body '{}': look {} of {} part materials",
                        body.name,
                        part.look,
                        body.part_materials.size()));
  }
  Require(body.fixed || (std::isfinite(body.mass_kg) && body.mass_kg > 0),
          place,
          fmt::format("body '{}': mass_kg is {}, expected above 0", body.name, body.mass_kg));
  Require(body.world_from_body.translation.allFinite() && body.velocity_mps.allFinite() &&
              body.angular_velocity_radps.allFinite(),
          place,
          fmt::format("body '{}': pose and velocities must be finite", body.name));
  ValidateMaterial(body.name, body.material, place);
  for (const Material& material : body.part_materials) {
    ValidateMaterial(body.name, material, place);
  }
  ValidatePath(body, place);
}

void ValidateKeys(const CameraPath& path, const std::string& place) {
  Require(path.keys.size() >= 2 && path.keys.front().share == 0 && path.keys.back().share == 1,
          place,
          "camera: keys must go from share 0 to share 1");
  for (size_t i = 0; i < path.keys.size(); ++i) {
    const CameraKey& key = path.keys[i];
    const Eigen::Vector3d view = key.target_m - key.eye_m;
    Require(view.allFinite() && view.norm() > kLeastView_m,
            place,
            fmt::format("camera: key {} must have eye_m and target_m apart", i));
    // Between a slanting and a vertical view the picture would tumble.
    Require(IsVertical(view) == IsVertical(path.keys[0].target_m - path.keys[0].eye_m),
            place,
            fmt::format("camera: key {}: either all keys look straight up or down or none", i));
    Require(i == 0 || key.share > path.keys[i - 1].share,
            place,
            fmt::format("camera: key {} is not later than the one before", i));
  }
}

void ValidateCamera(const CameraPath& path, const std::string& place) {
  const bool finite = path.eye_m.allFinite() && path.target_m.allFinite() &&
                      path.travel_m.allFinite() && std::isfinite(path.sweep_rad) &&
                      std::isfinite(path.sway_m) && std::isfinite(path.sway_rad) &&
                      std::isfinite(path.sway_s);
  Require(finite, place, "camera: every number must be finite");
  Require(path.fov_rad > 0 && path.fov_rad < std::numbers::pi,
          place,
          fmt::format("camera: fov_rad is {}, expected between 0 and π", path.fov_rad));
  if (path.motion == CameraMotion::kKeys) return ValidateKeys(path, place);
  // Every motion keeps the slope of the view, so the start stands for all of the path.
  Require((path.target_m - path.eye_m).norm() > kLeastView_m,
          place,
          "camera: eye_m and target_m must be apart");
}

void ValidateJoint(const Scene& scene, const Joint& joint, const std::string& place) {
  for (const std::string* name : {&joint.body_a, &joint.body_b}) {
    if (name == &joint.body_b && name->empty()) continue;
    Require(FindBody(scene, *name) >= 0,
            place,
            fmt::format("joint '{}': there is no body '{}'", joint.name, *name));
  }
  Require(joint.body_a != joint.body_b,
          place,
          fmt::format("joint '{}' holds '{}' to itself", joint.name, joint.body_a));
  Require(
      joint.anchor_m.allFinite() && joint.axis.allFinite() && joint.axis.norm() > 1e-9,
      place,
      fmt::format("joint '{}': anchor_m and axis must be finite, the axis not zero", joint.name));
}

void ValidateEvent(const Scene& scene, size_t index, const std::string& place) {
  const SceneEvent& event = scene.events[index];
  const std::string which = fmt::format("event {}", index);
  Require(std::isfinite(event.time_s) && event.time_s >= 0 && event.impulse_ns.allFinite() &&
              event.point_m.allFinite(),
          place,
          which + ": time_s must be 0 or more and every number finite");
  Require(index == 0 || event.time_s >= scene.events[index - 1].time_s,
          place,
          which + " is earlier than the one before");
  bool known = FindBody(scene, event.body) >= 0;
  if (event.kind == SceneEventKind::kBreak) {
    known = std::any_of(scene.joints.begin(), scene.joints.end(), [&](const Joint& joint) {
      return joint.name == event.body;
    });
  }
  Require(known, place, fmt::format("{}: there is no '{}'", which, event.body));
}

}  // namespace

bool IsStill(const Body& body) { return body.fixed && body.path.empty(); }

Rigid3 GuidedPose(const Body& body, double time_s) {
  if (body.path.empty()) return body.world_from_body;
  size_t next = 0;
  while (next < body.path.size() && body.path[next].time_s <= time_s) ++next;
  if (next == 0) return body.path.front().world_from_body;
  if (next == body.path.size()) return body.path.back().world_from_body;
  const PoseKey& from = body.path[next - 1];
  const PoseKey& to = body.path[next];
  const double share = (time_s - from.time_s) / (to.time_s - from.time_s);
  return {from.world_from_body.rotation.slerp(share, to.world_from_body.rotation),
          (1 - share) * from.world_from_body.translation + share * to.world_from_body.translation};
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
  for (const Joint& joint : scene.joints) ValidateJoint(scene, joint, place);
  for (size_t i = 0; i < scene.events.size(); ++i) ValidateEvent(scene, i, place);
  ValidateCamera(scene.camera, place);
  Require(scene.lighting.film >= 0 && scene.lighting.film <= 1,
          place,
          fmt::format("lighting: film is {}, expected 0 to 1", scene.lighting.film));
}

int FindBody(const Scene& scene, const std::string& name) {
  for (size_t i = 0; i < scene.bodies.size(); ++i) {
    if (scene.bodies[i].name == name) return static_cast<int>(i);
  }
  return -1;
}

}  // namespace plumb
