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

constexpr Names<ShapeKind, 9> kShapes = {{{ShapeKind::kSphere, "sphere"},
                                          {ShapeKind::kBox, "box"},
                                          {ShapeKind::kCylinder, "cylinder"},
                                          {ShapeKind::kCone, "cone"},
                                          {ShapeKind::kCapsule, "capsule"},
                                          {ShapeKind::kTorus, "torus"},
                                          {ShapeKind::kHoop, "hoop"},
                                          {ShapeKind::kConvex, "convex"},
                                          {ShapeKind::kCompound, "compound"}}};
constexpr Names<Pattern, 14> kPatterns = {{{Pattern::kPlain, "plain"},
                                           {Pattern::kChecker, "checker"},
                                           {Pattern::kStripes, "stripes"},
                                           {Pattern::kNoise, "noise"},
                                           {Pattern::kWood, "wood"},
                                           {Pattern::kBrick, "brick"},
                                           {Pattern::kMarble, "marble"},
                                           {Pattern::kTiles, "tiles"},
                                           {Pattern::kCork, "cork"},
                                           {Pattern::kFabric, "fabric"},
                                           {Pattern::kSpeckle, "speckle"},
                                           {Pattern::kBrushed, "brushed"},
                                           {Pattern::kLetters, "letters"},
                                           {Pattern::kFrost, "frost"}}};
constexpr Names<Surroundings, 3> kSurroundings = {{{Surroundings::kEven, "even"},
                                                   {Surroundings::kSky, "sky"},
                                                   {Surroundings::kStudio, "studio"}}};
constexpr Names<Role, 3> kRoles = {
    {{Role::kObject, "object"}, {Role::kOccluder, "occluder"}, {Role::kStructure, "structure"}}};
constexpr Names<CameraMotion, 5> kMotions = {{{CameraMotion::kStatic, "static"},
                                              {CameraMotion::kArc, "arc"},
                                              {CameraMotion::kDolly, "dolly"},
                                              {CameraMotion::kYaw, "yaw"},
                                              {CameraMotion::kKeys, "keys"}}};
constexpr Names<JointKind, 4> kJoints = {{{JointKind::kHinge, "hinge"},
                                          {JointKind::kBall, "ball"},
                                          {JointKind::kSlider, "slider"},
                                          {JointKind::kWeld, "weld"}}};
constexpr Names<SceneEventKind, 4> kEvents = {{{SceneEventKind::kImpulse, "impulse"},
                                               {SceneEventKind::kRemove, "remove"},
                                               {SceneEventKind::kRelease, "release"},
                                               {SceneEventKind::kBreak, "break"}}};

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
  Json json = {{"name", m.name},
               {"colour", ToJson(m.colour)},
               {"second_colour", ToJson(m.second_colour)},
               {"pattern", NameOf(kPatterns, m.pattern)},
               {"pattern_size_m", m.pattern_size_m},
               {"gloss", m.gloss},
               {"friction", m.friction},
               {"rolling_friction_m", m.rolling_friction_m},
               {"restitution", m.restitution}};
  if (m.reflection != 0) json["reflection"] = m.reflection;
  if (m.metal != 0) json["metal"] = m.metal;
  return json;
}

Material ReadMaterial(ObjectReader reader) {
  Material m;
  m.name = reader.Text("name", m.name);
  m.colour = ReadVector(reader, "colour", m.colour);
  m.second_colour = ReadVector(reader, "second_colour", m.second_colour);
  m.pattern = ReadName(reader, "pattern", kPatterns, m.pattern);
  m.pattern_size_m = reader.Number("pattern_size_m", m.pattern_size_m);
  m.gloss = reader.Number("gloss", m.gloss);
  m.reflection = reader.Number("reflection", m.reflection);
  m.metal = reader.Number("metal", m.metal);
  m.friction = reader.Number("friction", m.friction);
  m.rolling_friction_m = reader.Number("rolling_friction_m", m.rolling_friction_m);
  m.restitution = reader.Number("restitution", m.restitution);
  reader.Finish();
  return m;
}

Json RotationJson(const Eigen::Quaterniond& q) { return {q.x(), q.y(), q.z(), q.w()}; }

void PutShape(const Shape& shape, Json& json) {
  json["shape"] = NameOf(kShapes, shape.kind);
  json["size_m"] = ToJson(shape.size_m);
  if (shape.kind == ShapeKind::kHoop) json["wall_m"] = shape.wall_m;
  for (const Eigen::Vector3d& point : shape.points_m) json["points_m"].push_back(ToJson(point));
  for (const ShapePart& part : shape.parts) {
    Json entry;
    PutShape(part.shape, entry);
    entry["position_m"] = ToJson(part.body_from_part.translation);
    entry["rotation_xyzw"] = RotationJson(part.body_from_part.rotation);
    entry["density"] = part.density;
    entry["look"] = part.look;
    json["parts"].push_back(std::move(entry));
  }
}

Json ToJson(const Body& body) {
  Json json = {{"name", body.name}, {"role", NameOf(kRoles, body.role)}};
  PutShape(body.shape, json);
  json["material"] = ToJson(body.material);
  for (const Material& m : body.part_materials) json["part_materials"].push_back(ToJson(m));
  json["fixed"] = body.fixed;
  for (const PoseKey& key : body.path) {
    json["path"].push_back({{"time_s", key.time_s},
                            {"position_m", ToJson(key.world_from_body.translation)},
                            {"rotation_xyzw", RotationJson(key.world_from_body.rotation)}});
  }
  json["mass_kg"] = body.mass_kg;
  json["position_m"] = ToJson(body.world_from_body.translation);
  json["rotation_xyzw"] = RotationJson(body.world_from_body.rotation);
  json["velocity_mps"] = ToJson(body.velocity_mps);
  json["angular_velocity_radps"] = ToJson(body.angular_velocity_radps);
  return json;
}

Eigen::Quaterniond ReadRotation(ObjectReader& reader, const std::string& key) {
  const std::vector<double> q = reader.Numbers(key, {0, 0, 0, 1});
  if (q.size() != 4) reader.Fail(key, "expected four numbers x, y, z, w");
  Eigen::Quaterniond rotation(q[3], q[0], q[1], q[2]);
  if (!(std::abs(rotation.norm() - 1.0) < 1e-6)) reader.Fail(key, "expected a length of 1");
  return rotation;
}

// Assigned rather than constructed: the constructor would round a stored unit quaternion once
// more.
Rigid3 ReadPose(ObjectReader& reader) {
  Rigid3 pose;
  pose.rotation = ReadRotation(reader, "rotation_xyzw");
  pose.translation = ReadVector(reader, "position_m", Eigen::Vector3d::Zero());
  return pose;
}

// Shape fields of a body or of a part of one.
Shape ReadShape(ObjectReader& reader) {
  Shape shape;
  shape.kind = ReadName(reader, "shape", kShapes, shape.kind);
  shape.size_m = ReadVector(reader, "size_m", shape.size_m);
  shape.wall_m = reader.Number("wall_m", shape.wall_m);
  for (const std::vector<double>& point : reader.NumberLists("points_m")) {
    if (point.size() != 3) reader.Fail("points_m", "expected lists of three numbers");
    shape.points_m.push_back({point[0], point[1], point[2]});
  }
  for (ObjectReader& entry : reader.Objects("parts")) {
    ShapePart part;
    part.shape = ReadShape(entry);
    part.body_from_part = ReadPose(entry);
    part.density = entry.Number("density", part.density);
    part.look = static_cast<int>(entry.Integer("look", part.look));
    entry.Finish();
    shape.parts.push_back(std::move(part));
  }
  return shape.kind == ShapeKind::kConvex || shape.kind == ShapeKind::kCompound
             ? WithExtents(std::move(shape))
             : shape;
}

Body ReadBody(ObjectReader& reader) {
  Body body;
  reader.Require("name");
  body.name = reader.Text("name", "");
  body.role = ReadName(reader, "role", kRoles, body.role);
  body.shape = ReadShape(reader);
  if (reader.Has("material")) body.material = ReadMaterial(reader.Object("material"));
  for (ObjectReader& m : reader.Objects("part_materials")) {
    body.part_materials.push_back(ReadMaterial(m));
  }
  body.fixed = reader.Flag("fixed", body.fixed);
  for (ObjectReader& entry : reader.Objects("path")) {
    PoseKey key;
    key.time_s = entry.Number("time_s", 0);
    key.world_from_body = ReadPose(entry);
    entry.Finish();
    body.path.push_back(key);
  }
  body.mass_kg = reader.Number("mass_kg", body.mass_kg);
  body.world_from_body = ReadPose(reader);
  body.velocity_mps = ReadVector(reader, "velocity_mps", body.velocity_mps);
  body.angular_velocity_radps =
      ReadVector(reader, "angular_velocity_radps", body.angular_velocity_radps);
  reader.Finish();
  return body;
}

Json ToJson(const Joint& joint) {
  return {{"name", joint.name},
          {"kind", NameOf(kJoints, joint.kind)},
          {"body_a", joint.body_a},
          {"body_b", joint.body_b},
          {"anchor_m", ToJson(joint.anchor_m)},
          {"axis", ToJson(joint.axis)},
          {"bodies_collide", joint.bodies_collide}};
}

Joint ReadJoint(ObjectReader& reader) {
  Joint joint;
  joint.name = reader.Text("name", "");
  joint.kind = ReadName(reader, "kind", kJoints, joint.kind);
  reader.Require("body_a");
  joint.body_a = reader.Text("body_a", "");
  joint.body_b = reader.Text("body_b", "");
  joint.anchor_m = ReadVector(reader, "anchor_m", joint.anchor_m);
  joint.axis = ReadVector(reader, "axis", joint.axis);
  joint.bodies_collide = reader.Flag("bodies_collide", joint.bodies_collide);
  reader.Finish();
  return joint;
}

Json ToJson(const SceneEvent& event) {
  return {{"time_s", event.time_s},
          {"kind", NameOf(kEvents, event.kind)},
          {"body", event.body},
          {"impulse_ns", ToJson(event.impulse_ns)},
          {"point_m", ToJson(event.point_m)}};
}

SceneEvent ReadEvent(ObjectReader& reader) {
  SceneEvent event;
  event.time_s = reader.Number("time_s", event.time_s);
  reader.Require("kind");
  event.kind = ReadName(reader, "kind", kEvents, event.kind);
  reader.Require("body");
  event.body = reader.Text("body", "");
  event.impulse_ns = ReadVector(reader, "impulse_ns", event.impulse_ns);
  event.point_m = ReadVector(reader, "point_m", event.point_m);
  reader.Finish();
  return event;
}

Json ToJson(const Lighting& light) {
  Json json = {{"centre_m", ToJson(light.centre_m)},
               {"side_m", light.side_m},
               {"area_share", light.area_share},
               {"background", ToJson(light.background)}};
  if (light.surroundings != Surroundings::kEven) {
    json["surroundings"] = NameOf(kSurroundings, light.surroundings);
  }
  if (light.film != 0) json["film"] = light.film;
  return json;
}

Lighting ReadLighting(ObjectReader reader) {
  Lighting light;
  light.centre_m = ReadVector(reader, "centre_m", light.centre_m);
  light.side_m = reader.Number("side_m", light.side_m);
  light.area_share = reader.Number("area_share", light.area_share);
  light.background = ReadVector(reader, "background", light.background);
  light.surroundings = ReadName(reader, "surroundings", kSurroundings, light.surroundings);
  light.film = reader.Number("film", light.film);
  reader.Finish();
  return light;
}

Json ToJson(const CameraPath& path) {
  Json json = {{"motion", NameOf(kMotions, path.motion)},
               {"eye_m", ToJson(path.eye_m)},
               {"target_m", ToJson(path.target_m)},
               {"sweep_rad", path.sweep_rad},
               {"travel_m", ToJson(path.travel_m)},
               {"there_and_back", path.there_and_back},
               {"sway_m", path.sway_m},
               {"sway_rad", path.sway_rad},
               {"sway_seed", path.sway_seed},
               {"sway_s", path.sway_s},
               {"fov_rad", path.fov_rad}};
  for (const CameraKey& key : path.keys) {
    json["keys"].push_back(
        {{"share", key.share}, {"eye_m", ToJson(key.eye_m)}, {"target_m", ToJson(key.target_m)}});
  }
  return json;
}

CameraPath ReadCamera(ObjectReader reader) {
  CameraPath path;
  path.motion = ReadName(reader, "motion", kMotions, path.motion);
  path.eye_m = ReadVector(reader, "eye_m", path.eye_m);
  path.target_m = ReadVector(reader, "target_m", path.target_m);
  path.sweep_rad = reader.Number("sweep_rad", path.sweep_rad);
  path.travel_m = ReadVector(reader, "travel_m", path.travel_m);
  path.there_and_back = reader.Flag("there_and_back", path.there_and_back);
  path.sway_m = reader.Number("sway_m", path.sway_m);
  path.sway_rad = reader.Number("sway_rad", path.sway_rad);
  path.sway_seed = reader.Seed("sway_seed", path.sway_seed);
  path.sway_s = reader.Number("sway_s", path.sway_s);
  path.fov_rad = reader.Number("fov_rad", path.fov_rad);
  for (ObjectReader& entry : reader.Objects("keys")) {
    CameraKey key;
    key.share = entry.Number("share", 0);
    key.eye_m = ReadVector(entry, "eye_m", key.eye_m);
    key.target_m = ReadVector(entry, "target_m", key.target_m);
    entry.Finish();
    path.keys.push_back(key);
  }
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
               {"paraphrases", scene.paraphrases},
               {"outcome", scene.outcome},
               {"duration_s", scene.duration_s},
               {"gravity_mps2", ToJson(scene.gravity_mps2)},
               {"bodies", Json::array()},
               {"lighting", ToJson(scene.lighting)},
               {"camera", ToJson(scene.camera)}};
  for (const Body& body : scene.bodies) json["bodies"].push_back(ToJson(body));
  for (const Joint& joint : scene.joints) json["joints"].push_back(ToJson(joint));
  for (const SceneEvent& event : scene.events) json["events"].push_back(ToJson(event));
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
  scene.paraphrases = reader.Texts("paraphrases", {});
  scene.outcome = reader.Text("outcome", "");
  scene.duration_s = reader.Number("duration_s", scene.duration_s);
  scene.gravity_mps2 = ReadVector(reader, "gravity_mps2", scene.gravity_mps2);
  for (ObjectReader& body : reader.Objects("bodies")) scene.bodies.push_back(ReadBody(body));
  for (ObjectReader& joint : reader.Objects("joints")) scene.joints.push_back(ReadJoint(joint));
  for (ObjectReader& event : reader.Objects("events")) scene.events.push_back(ReadEvent(event));
  if (reader.Has("lighting")) scene.lighting = ReadLighting(reader.Object("lighting"));
  if (reader.Has("camera")) scene.camera = ReadCamera(reader.Object("camera"));
  reader.Finish();
  Validate(scene, document.Place(pointer));
  return scene;
}

}  // namespace plumb
