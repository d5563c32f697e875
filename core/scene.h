// SPDX-License-Identifier: Apache-2.0
// A scene: what stands where, of what, under which light, seen by which camera, for how long.
// World frame: z up, metres, seconds, kilograms; gravity is stated, never assumed.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "core/camera_path.h"
#include "core/material.h"
#include "core/shape.h"

namespace plumb {

// What a body is for. Objects are followed and scored; occluders and structure only hide and carry.
enum class Role { kObject, kOccluder, kStructure };

// Where a guided body is at a time.
struct PoseKey {
  double time_s = 0.0;
  Rigid3 world_from_body;
};

struct Body {
  std::string name;  // unique in the scene and used in captions: "red ball"
  Role role = Role::kObject;
  Shape shape;
  Material material;
  std::vector<Material> part_materials;  // looks of a compound's parts, see ShapePart::look
  bool fixed = false;                    // never moved by forces
  // A fixed body with keys is guided: it follows them whatever it meets (positions straight, turns
  // by slerp, at rest before the first and after the last) and pushes what stands in its way.
  std::vector<PoseKey> path;
  double mass_kg = 1.0;  // ignored when fixed
  Rigid3 world_from_body;
  Eigen::Vector3d velocity_mps = Eigen::Vector3d::Zero();            // of the body's origin
  Eigen::Vector3d angular_velocity_radps = Eigen::Vector3d::Zero();  // world frame
};

// Fixed for the whole clip.
bool IsStill(const Body& body);
// Pose of a guided body at a time (its start pose when it has no keys).
Rigid3 GuidedPose(const Body& body, double time_s);

// Hinge: turns about `axis`. Ball: turns freely about `anchor_m`. Slider: moves along `axis`. Weld:
// not at all.
enum class JointKind { kHinge, kBall, kSlider, kWeld };

// Holds two bodies together, or one to the world when `body_b` is empty.
struct Joint {
  std::string name;
  JointKind kind = JointKind::kBall;
  std::string body_a;
  std::string body_b;
  Eigen::Vector3d anchor_m = Eigen::Vector3d::Zero();  // world frame, at the start
  Eigen::Vector3d axis = Eigen::Vector3d::UnitY();     // world frame, at the start
  bool bodies_collide = false;                         // whether the two still touch each other
};

// Impulse: `impulse_ns` at `point_m` (world frame, relative to the body's origin). Remove: the body
// is gone. Release: a fixed body becomes free. Break: the joint named by `body` is gone.
enum class SceneEventKind { kImpulse, kRemove, kRelease, kBreak };

// Something that happens from outside at a time; part of the scene, so part of the truth.
struct SceneEvent {
  double time_s = 0.0;
  SceneEventKind kind = SceneEventKind::kImpulse;
  std::string body;
  Eigen::Vector3d impulse_ns = Eigen::Vector3d::Zero();
  Eigen::Vector3d point_m = Eigen::Vector3d::Zero();
};

struct Scene {
  std::string id;        // "<scenario>-<seed>", unique in a suite
  std::string scenario;  // the family: "drop"
  uint64_t seed = 0;
  std::string caption;  // names objects, materials, arrangement and camera move, not the outcome
  std::vector<std::string> paraphrases;  // the caption in other words
  std::string outcome;                   // what happens, in one sentence; no model sees it
  double duration_s = 2.0;
  Eigen::Vector3d gravity_mps2 = {0.0, 0.0, -9.81};
  std::vector<Body> bodies;  // inserted into the simulator in this order
  std::vector<Joint> joints;
  std::vector<SceneEvent> events;  // by time
  Lighting lighting;
  CameraPath camera;
};

// Throws InputError(place, …) naming body and key for: mass ≤ 0, non-finite numbers, negative
// friction, restitution outside 0–1, impossible shapes, duplicate names, no body, more than 1,000
// bodies (255 is the most that can be rendered), keys out of order, joints and events that name no
// body, duration outside 0.1–120 s, an eye at its target, some keys vertical, fov_rad outside 0–π.
void Validate(const Scene& scene, const std::string& place);

// Index of the body with that name, or -1.
int FindBody(const Scene& scene, const std::string& name);

}  // namespace plumb
