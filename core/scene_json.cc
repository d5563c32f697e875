// SPDX-License-Identifier: Apache-2.0
#include "core/scene_json.h"

#include <array>
#include <cmath>
#include <string_view>
#include <utility>

#include <fmt/format.h>

#include "core/check.h"

namespace plumb {
namespace {

template <typename Enum, size_t N>
using Names = std::array<std::pair<Enum, std::string_view>, N>;

constexpr Names<ShapeKind, 5> kShapes = {{{ShapeKind::kSphere, "sphere"},
                                          {ShapeKind::kBox, "box"},
                                          {ShapeKind::kCylinder, "cylinder"},
                                          {ShapeKind::kCone, "cone"},
                                          {ShapeKind::kCapsule, "capsule"}}};
constexpr Names<Pattern, 8> kPatterns = {{{Pattern::kPlain, "plain"},
                                          {Pattern::kChecker, "checker"},
                                          {Pattern::kStripes, "stripes"},
                                          {Pattern::kNoise, "noise"},
                                          {Pattern::kWood, "wood"},
                                          {Pattern::kBrick, "brick"},
                                          {Pattern::kMarble, "marble"},
                                          {Pattern::kTiles, "tiles"}}};
constexpr Names<Role, 3> kRoles = {
    {{Role::kObject, "object"}, {Role::kOccluder, "occluder"}, {Role::kStructure, "structure"}}};
constexpr Names<CameraMotion, 4> kMotions = {{{CameraMotion::kStatic, "static"},
                                              {CameraMotion::kArc, "arc"},
                                              {CameraMotion::kDolly, "dolly"},
                                              {CameraMotion::kYaw, "yaw"}}};

template <typename Enum, size_t N>
std::string NameOf(const Names<Enum, N>& names, Enum value) {
  for (const auto& [entry, name] : names) {
    if (entry == value) return std::string(name);
  }
  throw CheckFailure("unknown enumerator");
}

template <typename Enum, size_t N>
Enum ReadName(ObjectReader& reader,
              const std::string& key,
              const Names<Enum, N>& names,
              Enum fallback) {
  const std::string text = reader.Text(key, NameOf(names, fallback));
  std::vector<std::string> known;
  for (const auto& [entry, name] : names) {
    if (name == text) return entry;
    known.emplace_back(name);
  }
  const std::string nearest = NearestName(text, known);
  reader.Fail(key,
              nearest.empty()
                  ? fmt::format("unknown '{}'; expected one of: {}", text, fmt::join(known, ", "))
                  : fmt::format("unknown '{}'; did you mean '{}'?", text, nearest));
}

Json ToJson(const Eigen::Vector3d& v) { return {v.x(), v.y(), v.z()}; }

Eigen::Vector3d ReadVector(ObjectReader& reader,
                           const std::string& key,
                           const Eigen::Vector3d& fallback) {
  const std::vector<double> v = reader.Numbers(key, {fallback.x(), fallback.y(), fallback.z()});
  if (v.size() != 3) reader.Fail(key, "expected three numbers");
  return {v[0], v[1], v[2]};
}

Json ToJson(const Material& m) {
  return {{"name", m.name},
          {"colour", ToJson(m.colour)},
          {"second_colour", ToJson(m.second_colour)},
          {"pattern", NameOf(kPatterns, m.pattern)},
          {"pattern_size_m", m.pattern_size_m},
          {"gloss", m.gloss},
          {"friction", m.friction},
          {"rolling_friction_m", m.rolling_friction_m},
          {"restitution", m.restitution}};
}

Material ReadMaterial(ObjectReader reader) {
  Material m;
  m.name = reader.Text("name", m.name);
  m.colour = ReadVector(reader, "colour", m.colour);
  m.second_colour = ReadVector(reader, "second_colour", m.second_colour);
  m.pattern = ReadName(reader, "pattern", kPatterns, m.pattern);
  m.pattern_size_m = reader.Number("pattern_size_m", m.pattern_size_m);
  m.gloss = reader.Number("gloss", m.gloss);
  m.friction = reader.Number("friction", m.friction);
  m.rolling_friction_m = reader.Number("rolling_friction_m", m.rolling_friction_m);
  m.restitution = reader.Number("restitution", m.restitution);
  reader.Finish();
  return m;
}

Json ToJson(const Body& body) {
  const Eigen::Quaterniond& q = body.world_from_body.rotation;
  return {{"name", body.name},
          {"role", NameOf(kRoles, body.role)},
          {"shape", NameOf(kShapes, body.shape.kind)},
          {"size_m", ToJson(body.shape.size_m)},
          {"material", ToJson(body.material)},
          {"fixed", body.fixed},
          {"mass_kg", body.mass_kg},
          {"position_m", ToJson(body.world_from_body.translation)},
          {"rotation_xyzw", {q.x(), q.y(), q.z(), q.w()}},
          {"velocity_mps", ToJson(body.velocity_mps)},
          {"angular_velocity_radps", ToJson(body.angular_velocity_radps)}};
}

Eigen::Quaterniond ReadRotation(ObjectReader& reader, const std::string& key) {
  const std::vector<double> q = reader.Numbers(key, {0, 0, 0, 1});
  if (q.size() != 4) reader.Fail(key, "expected four numbers x, y, z, w");
  Eigen::Quaterniond rotation(q[3], q[0], q[1], q[2]);
  if (!(std::abs(rotation.norm() - 1.0) < 1e-6)) reader.Fail(key, "expected a length of 1");
  return rotation;
}

Body ReadBody(ObjectReader& reader) {
  Body body;
  reader.Require("name");
  body.name = reader.Text("name", "");
  body.role = ReadName(reader, "role", kRoles, body.role);
  body.shape.kind = ReadName(reader, "shape", kShapes, body.shape.kind);
  body.shape.size_m = ReadVector(reader, "size_m", body.shape.size_m);
  if (reader.Has("material")) body.material = ReadMaterial(reader.Object("material"));
  body.fixed = reader.Flag("fixed", body.fixed);
  body.mass_kg = reader.Number("mass_kg", body.mass_kg);
  // Assigned rather than constructed: the constructor would round a stored unit quaternion once
  // more.
  body.world_from_body.rotation = ReadRotation(reader, "rotation_xyzw");
  body.world_from_body.translation = ReadVector(reader, "position_m", Eigen::Vector3d::Zero());
  body.velocity_mps = ReadVector(reader, "velocity_mps", body.velocity_mps);
  body.angular_velocity_radps =
      ReadVector(reader, "angular_velocity_radps", body.angular_velocity_radps);
  reader.Finish();
  return body;
}

Json ToJson(const Lighting& light) {
  return {{"centre_m", ToJson(light.centre_m)},
          {"side_m", light.side_m},
          {"area_share", light.area_share},
          {"background", ToJson(light.background)}};
}

Lighting ReadLighting(ObjectReader reader) {
  Lighting light;
  light.centre_m = ReadVector(reader, "centre_m", light.centre_m);
  light.side_m = reader.Number("side_m", light.side_m);
  light.area_share = reader.Number("area_share", light.area_share);
  light.background = ReadVector(reader, "background", light.background);
  reader.Finish();
  return light;
}

Json ToJson(const CameraPath& path) {
  return {{"motion", NameOf(kMotions, path.motion)},
          {"eye_m", ToJson(path.eye_m)},
          {"target_m", ToJson(path.target_m)},
          {"sweep_rad", path.sweep_rad},
          {"travel_m", ToJson(path.travel_m)},
          {"vertical_fov_rad", path.vertical_fov_rad}};
}

CameraPath ReadCamera(ObjectReader reader) {
  CameraPath path;
  path.motion = ReadName(reader, "motion", kMotions, path.motion);
  path.eye_m = ReadVector(reader, "eye_m", path.eye_m);
  path.target_m = ReadVector(reader, "target_m", path.target_m);
  path.sweep_rad = reader.Number("sweep_rad", path.sweep_rad);
  path.travel_m = ReadVector(reader, "travel_m", path.travel_m);
  path.vertical_fov_rad = reader.Number("vertical_fov_rad", path.vertical_fov_rad);
  reader.Finish();
  return path;
}

}  // namespace

Json ToJson(const Scene& scene) {
  Json json = {{"schema", 1},
               {"id", scene.id},
               {"scenario", scene.scenario},
               {"seed", scene.seed},
               {"caption", scene.caption},
               {"duration_s", scene.duration_s},
               {"gravity_mps2", ToJson(scene.gravity_mps2)},
               {"bodies", Json::array()},
               {"lighting", ToJson(scene.lighting)},
               {"camera", ToJson(scene.camera)}};
  for (const Body& body : scene.bodies) json["bodies"].push_back(ToJson(body));
  return json;
}

Scene SceneFromDocument(const Document& document, const std::string& pointer) {
  ObjectReader reader(document, pointer);
  reader.Require("schema");
  if (reader.Integer("schema", 1) != 1)
    reader.Fail("schema", "this version of Plumb reads schema 1");
  Scene scene;
  reader.Require("id");
  scene.id = reader.Text("id", "");
  scene.scenario = reader.Text("scenario", "");
  scene.seed = reader.Seed("seed", 0);
  scene.caption = reader.Text("caption", "");
  scene.duration_s = reader.Number("duration_s", scene.duration_s);
  scene.gravity_mps2 = ReadVector(reader, "gravity_mps2", scene.gravity_mps2);
  for (ObjectReader& body : reader.Objects("bodies")) scene.bodies.push_back(ReadBody(body));
  if (reader.Has("lighting")) scene.lighting = ReadLighting(reader.Object("lighting"));
  if (reader.Has("camera")) scene.camera = ReadCamera(reader.Object("camera"));
  reader.Finish();
  Validate(scene, document.Place(pointer));
  return scene;
}

}  // namespace plumb
