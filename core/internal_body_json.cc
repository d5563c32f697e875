// SPDX-License-Identifier: Apache-2.0
#include "core/internal_body_json.h"

#include <utility>

#include "core/internal_scene_fields.h"

namespace plumb {
namespace {

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
constexpr Names<Role, 3> kRoles = {
    {{Role::kObject, "object"}, {Role::kOccluder, "occluder"}, {Role::kStructure, "structure"}}};

Json ToJson(const Material& m) {
  Json json = {{"name", m.name},
               {"colour", VectorJson(m.colour)},
               {"second_colour", VectorJson(m.second_colour)},
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

void PutShape(const Shape& shape, Json& json) {
  json["shape"] = NameOf(kShapes, shape.kind);
  json["size_m"] = VectorJson(shape.size_m);
  if (shape.kind == ShapeKind::kHoop) json["wall_m"] = shape.wall_m;
  for (const Eigen::Vector3d& point : shape.points_m) json["points_m"].push_back(VectorJson(point));
  for (const ShapePart& part : shape.parts) {
    Json entry;
    PutShape(part.shape, entry);
    entry["position_m"] = VectorJson(part.body_from_part.translation);
    entry["rotation_xyzw"] = RotationJson(part.body_from_part.rotation);
    entry["density"] = part.density;
    entry["look"] = part.look;
    json["parts"].push_back(std::move(entry));
  }
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

}  // namespace

Json ToJson(const Body& body) {
  Json json = {{"name", body.name}, {"role", NameOf(kRoles, body.role)}};
  PutShape(body.shape, json);
  json["material"] = ToJson(body.material);
  for (const Material& m : body.part_materials) json["part_materials"].push_back(ToJson(m));
  json["fixed"] = body.fixed;
  for (const PoseKey& key : body.path) {
    json["path"].push_back({{"time_s", key.time_s},
                            {"position_m", VectorJson(key.world_from_body.translation)},
                            {"rotation_xyzw", RotationJson(key.world_from_body.rotation)}});
  }
  json["mass_kg"] = body.mass_kg;
  json["position_m"] = VectorJson(body.world_from_body.translation);
  json["rotation_xyzw"] = RotationJson(body.world_from_body.rotation);
  json["velocity_mps"] = VectorJson(body.velocity_mps);
  json["angular_velocity_radps"] = VectorJson(body.angular_velocity_radps);
  return json;
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

}  // namespace plumb
