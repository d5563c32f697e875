// SPDX-License-Identifier: Apache-2.0
#include "core/scene_json.h"

#include "core/internal_body_json.h"
#include "core/internal_scene_fields.h"

namespace plumb {
namespace {

constexpr Names<Surroundings, 3> kSurroundings = {{{Surroundings::kEven, "even"},
                                                   {Surroundings::kSky, "sky"},
                                                   {Surroundings::kStudio, "studio"}}};
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

Json ToJson(const Joint& joint) {
  return {{"name", joint.name},
          {"kind", NameOf(kJoints, joint.kind)},
          {"body_a", joint.body_a},
          {"body_b", joint.body_b},
          {"anchor_m", VectorJson(joint.anchor_m)},
          {"axis", VectorJson(joint.axis)},
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
          {"impulse_ns", VectorJson(event.impulse_ns)},
          {"point_m", VectorJson(event.point_m)}};
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
  Json json = {{"centre_m", VectorJson(light.centre_m)},
               {"side_m", light.side_m},
               {"area_share", light.area_share},
               {"background", VectorJson(light.background)}};
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
               {"eye_m", VectorJson(path.eye_m)},
               {"target_m", VectorJson(path.target_m)},
               {"sweep_rad", path.sweep_rad},
               {"travel_m", VectorJson(path.travel_m)},
               {"there_and_back", path.there_and_back},
               {"sway_m", path.sway_m},
               {"sway_rad", path.sway_rad},
               {"sway_seed", path.sway_seed},
               {"sway_s", path.sway_s},
               {"fov_rad", path.fov_rad}};
  for (const CameraKey& key : path.keys) {
    json["keys"].push_back({{"share", key.share},
                            {"eye_m", VectorJson(key.eye_m)},
                            {"target_m", VectorJson(key.target_m)}});
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
               {"gravity_mps2", VectorJson(scene.gravity_mps2)},
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
