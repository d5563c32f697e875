// SPDX-License-Identifier: Apache-2.0
// A scene: what stands where, of what, under which light, seen by which camera, for how long.
// World frame: z up, metres, seconds, kilograms; gravity is stated, never assumed.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "core/rigid3.h"

namespace plumb {

enum class ShapeKind { kSphere, kBox, kCylinder, kCone, kCapsule };

// Centred on the body's origin; axis of cylinder, cone and capsule is the body's z.
struct Shape {
  ShapeKind kind = ShapeKind::kBox;
  // Full extents along the body's axes. Sphere: the diameter three times. Cylinder, cone: diameter,
  // diameter, height. Capsule: diameter, diameter, height with both caps.
  Eigen::Vector3d size_m = Eigen::Vector3d::Ones();
};

// Diameter of the sphere with the shape's bounding box diagonal / √3: the "object size" that errors
// are divided by.
double SizeOf(const Shape& shape);
double VolumeOf(const Shape& shape);  // cubic metres

enum class Pattern { kPlain, kChecker, kStripes, kNoise, kWood, kBrick, kMarble, kTiles };

// How a body looks and what it is made of. Friction and restitution of a pair are the products of
// both (Bullet).
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

// What a body is for. Objects are followed and scored; occluders and structure only hide and carry.
enum class Role { kObject, kOccluder, kStructure };

struct Body {
  std::string name;  // unique in the scene and used in captions: "red ball"
  Role role = Role::kObject;
  Shape shape;
  Material material;
  bool fixed = false;    // never moves
  double mass_kg = 1.0;  // ignored when fixed
  Rigid3 world_from_body;
  Eigen::Vector3d velocity_mps = Eigen::Vector3d::Zero();
  Eigen::Vector3d angular_velocity_radps = Eigen::Vector3d::Zero();  // world frame
};

// A rectangle that shines downwards from `centre_m`, wide enough for soft shadows, plus an even
// ambient part.
struct Lighting {
  Eigen::Vector3d centre_m = {1.5, -2.0, 5.0};
  double side_m = 1.5;
  double area_share = 0.75;                        // of the white level; the rest is ambient
  Eigen::Vector3d background = {0.78, 0.83, 0.9};  // sRGB where no body is hit
};

enum class CameraMotion { kStatic, kArc, kDolly, kYaw };

// Where the camera is at any share (0 start … 1 end) of the clip.
struct CameraPath {
  CameraMotion motion = CameraMotion::kStatic;
  Eigen::Vector3d eye_m = {0.0, -4.0, 1.5};
  Eigen::Vector3d target_m = {0.0, 0.0, 0.5};
  double sweep_rad = 0.0;  // arc: the eye turns round the target's vertical; yaw: the view turns
  Eigen::Vector3d travel_m = Eigen::Vector3d::Zero();  // dolly: eye and target move along
  double vertical_fov_rad = 0.7;
};
// World-from-camera at `share` of the clip. Throws CheckFailure for a vertical view.
Rigid3 WorldFromCamera(const CameraPath& path, double share);

struct Scene {
  std::string id;        // "<scenario>-<seed>", unique in a suite
  std::string scenario;  // the family: "drop"
  uint64_t seed = 0;
  std::string caption;  // names objects, materials, arrangement and camera move, not the outcome
  double duration_s = 2.0;
  Eigen::Vector3d gravity_mps2 = {0.0, 0.0, -9.81};
  std::vector<Body> bodies;  // inserted into the simulator in this order
  Lighting lighting;
  CameraPath camera;
};

// Throws InputError(place, …) naming body and key for: mass ≤ 0, non-finite numbers, negative
// friction, restitution outside 0–1, sizes ≤ 0, duplicate names, no body, duration outside 0.1–120
// s, more than 1,000 bodies, a vertical view or a field of view outside 0–π.
void Validate(const Scene& scene, const std::string& place);

// Index of the body with that name, or -1.
int FindBody(const Scene& scene, const std::string& name);

}  // namespace plumb
