// SPDX-License-Identifier: Apache-2.0
#include "app/truth_facts.h"

#include <algorithm>
#include <array>
#include <utility>
#include <vector>

#include <fmt/format.h>

#include "core/check.h"
#include "core/errors.h"
#include "core/scene_json.h"
#include "core/truth_events_json.h"

namespace plumb {
namespace {

namespace fs = std::filesystem;

constexpr int kTruthSchema = 2;    // 2: events and horizons
constexpr int kPoseNumbers = 7;    // quaternion x y z w, translation
constexpr int kStateNumbers = 13;  // pose, velocity, angular velocity
constexpr int kTouchNumbers = 11;  // step, bodies, point, normal, impulse, depth

constexpr std::array<const char*, 4> kPresences = {"visible", "occluded", "out_of_view", "absent"};

template <typename Vector>
Json VectorJson(const Vector& vector) {
  Json json = Json::array();
  for (int i = 0; i < vector.size(); ++i) json.push_back(vector[i]);
  return json;
}

template <typename Vector>
Vector VectorFromJson(const Json& json) {
  Vector vector;
  for (int i = 0; i < vector.size(); ++i) vector[i] = json.at(i).template get<double>();
  return vector;
}

void PutPose(const Rigid3& pose, double* to) {
  for (int i = 0; i < 4; ++i) to[i] = pose.rotation.coeffs()[i];
  for (int i = 0; i < 3; ++i) to[4 + i] = pose.translation[i];
}

Rigid3 PoseAt(const double* from) {
  Rigid3 pose;
  for (int i = 0; i < 4; ++i) pose.rotation.coeffs()[i] = from[i];
  for (int i = 0; i < 3; ++i) pose.translation[i] = from[4 + i];
  return pose;
}

Json ToJson(const Camera& camera) {
  const Intrinsics& in = camera.intrinsics;
  std::array<double, kPoseNumbers> pose;
  PutPose(camera.camera_from_world, pose.data());
  return {{"width", in.width},
          {"height", in.height},
          {"fx_px", in.fx_px},
          {"fy_px", in.fy_px},
          {"cx_px", in.cx_px},
          {"cy_px", in.cy_px},
          {"camera_from_world_xyzw_m", pose}};
}

Camera CameraFromJson(const Json& json) {
  Camera camera;
  Intrinsics& in = camera.intrinsics;
  in.width = json.at("width").get<int>();
  in.height = json.at("height").get<int>();
  in.fx_px = json.at("fx_px").get<double>();
  in.fy_px = json.at("fy_px").get<double>();
  in.cx_px = json.at("cx_px").get<double>();
  in.cy_px = json.at("cy_px").get<double>();
  const auto pose = json.at("camera_from_world_xyzw_m").get<std::array<double, kPoseNumbers>>();
  camera.camera_from_world = PoseAt(pose.data());
  return camera;
}

Json ToJson(const BodyView& view) {
  return {{"presence", kPresences.at(static_cast<size_t>(view.presence))},
          {"visible_share", view.visible_share},
          {"modal_area_px", view.modal_area_px},
          {"centroid_px", VectorJson(view.centroid_px)},
          {"amodal_box_px", VectorJson(view.amodal_box_px)}};
}

BodyView BodyViewFromJson(const Json& json, const std::string& place) {
  BodyView view;
  const auto name = json.at("presence").get<std::string>();
  const auto found = std::find(kPresences.begin(), kPresences.end(), name);
  if (found == kPresences.end()) throw InputError(place, fmt::format("presence '{}'", name));
  view.presence = static_cast<Presence>(found - kPresences.begin());
  view.visible_share = json.at("visible_share").get<double>();
  view.modal_area_px = json.at("modal_area_px").get<double>();
  view.centroid_px = VectorFromJson<Eigen::Vector2d>(json.at("centroid_px"));
  view.amodal_box_px = VectorFromJson<Eigen::Vector4d>(json.at("amodal_box_px"));
  return view;
}

Json ToJson(const ContactEvent& contact) {
  return {{"time_s", contact.time_s},
          {"body_a", contact.body_a},
          {"body_b", contact.body_b},
          {"point_m", VectorJson(contact.point_m)},
          {"normal", VectorJson(contact.normal)},
          {"impulse_ns", contact.impulse_ns},
          {"approach_mps", contact.approach_mps}};
}

ContactEvent ContactFromJson(const Json& json) {
  ContactEvent contact;
  contact.time_s = json.at("time_s").get<double>();
  contact.body_a = json.at("body_a").get<int>();
  contact.body_b = json.at("body_b").get<int>();
  contact.point_m = VectorFromJson<Eigen::Vector3d>(json.at("point_m"));
  contact.normal = VectorFromJson<Eigen::Vector3d>(json.at("normal"));
  contact.impulse_ns = json.at("impulse_ns").get<double>();
  contact.approach_mps = json.at("approach_mps").get<double>();
  return contact;
}

std::vector<double> HorizonsFromJson(const Json& json,
                                     size_t num_bodies,
                                     const std::string& place) {
  auto horizons_s = json.get<std::vector<double>>();
  const bool fits = horizons_s.empty() || horizons_s.size() == num_bodies;
  if (!fits ||
      std::any_of(horizons_s.begin(), horizons_s.end(), [](double t) { return !(t >= 0); })) {
    throw InputError(
        place,
        fmt::format("predictable_horizons_s: expected none or {} times of 0 or more", num_bodies));
  }
  return horizons_s;
}

// Energies as [step, body, 2]: kinetic, potential.
Tensor EnergyTensor(const Motion& motion) {
  const auto steps = static_cast<int64_t>(motion.energies.size());
  const auto bodies = static_cast<int64_t>(motion.energies.front().size());
  Tensor tensor(DType::kF64, {steps, bodies, 2});
  double* to = tensor.As<double>().data();
  for (const auto& step : motion.energies) {
    PLUMB_CHECK(static_cast<int64_t>(step.size()) == bodies, "{} of {}", step.size(), bodies);
    for (const BodyEnergy& energy : step) {
      *to++ = energy.kinetic_j;
      *to++ = energy.potential_j;
    }
  }
  return tensor;
}

// What touched in every step, one row a touch.
Tensor TouchTensor(const Motion& motion) {
  Tensor tensor(DType::kF64, {static_cast<int64_t>(motion.step_contacts.size()), kTouchNumbers});
  double* to = tensor.As<double>().data();
  for (const StepContact& touch : motion.step_contacts) {
    *to++ = touch.step;
    *to++ = touch.body_a;
    *to++ = touch.body_b;
    for (int i = 0; i < 3; ++i) *to++ = touch.point_m[i];
    for (int i = 0; i < 3; ++i) *to++ = touch.normal[i];
    *to++ = touch.impulse_ns;
    *to++ = touch.depth_m;
  }
  return tensor;
}

// Both are absent in truths of older versions and of simulations that recorded none.
void ReadEnergiesAndTouches(const Safetensors& contents, const std::string& place, Truth& truth) {
  Motion& motion = truth.motion;
  const std::vector<int64_t> shape = {static_cast<int64_t>(motion.states.size()),
                                      static_cast<int64_t>(truth.scene.bodies.size()),
                                      2};
  if (const auto found = contents.tensors.find("energies"); found != contents.tensors.end()) {
    if (found->second.dtype() != DType::kF64 || found->second.shape() != shape) {
      throw InputError(place, "energies do not fit the states");
    }
    const double* from = found->second.As<double>().data();
    motion.energies.resize(motion.states.size());
    for (auto& step : motion.energies) {
      for (int64_t i = 0; i < shape[1]; ++i, from += 2) step.push_back({from[0], from[1]});
    }
  }
  const auto found = contents.tensors.find("step_contacts");
  if (found == contents.tensors.end()) return;
  const Tensor& touches = found->second;
  if (touches.dtype() != DType::kF64 || touches.shape().size() != 2 ||
      touches.extent(1) != kTouchNumbers) {
    throw InputError(place, "step_contacts have another form");
  }
  const double* from = touches.As<double>().data();
  for (int64_t i = 0; i < touches.extent(0); ++i, from += kTouchNumbers) {
    motion.step_contacts.push_back({static_cast<int>(from[0]),
                                    static_cast<int>(from[1]),
                                    static_cast<int>(from[2]),
                                    {from[3], from[4], from[5]},
                                    {from[6], from[7], from[8]},
                                    from[9],
                                    from[10]});
  }
}

}  // namespace

Json TruthFacts(const Truth& truth) {
  Json json = {{"schema", kTruthSchema},
               {"scene", ToJson(truth.scene)},
               {"fps", truth.video.fps()},
               {"times_s", truth.video.times_s()},
               {"physics_hz", truth.motion.rate_hz},
               {"contacts", Json::array()},
               {"events", Json::array()},
               {"predictable_horizons_s", truth.predictable_horizons_s},
               {"cameras", Json::array()},
               {"views", Json::array()}};
  for (const ContactEvent& contact : truth.motion.contacts)
    json["contacts"].push_back(ToJson(contact));
  for (const TruthEvent& event : truth.events) json["events"].push_back(ToJson(event));
  for (const Camera& camera : truth.cameras) json["cameras"].push_back(ToJson(camera));
  for (const auto& frame : truth.views) {
    Json views = Json::array();
    for (const BodyView& view : frame) views.push_back(ToJson(view));
    json["views"].push_back(std::move(views));
  }
  return json;
}

void ReadTruthFacts(const Document& document, Truth& truth) {
  const Json& facts = document.root;
  const int schema = facts.at("schema").get<int>();
  if (schema != kTruthSchema) {
    throw InputError(document.file,
                     fmt::format("has schema {}; this version of Plumb reads schema "
                                 "{}",
                                 schema,
                                 kTruthSchema));
  }
  truth.scene = SceneFromDocument(document, "/scene");
  truth.motion.rate_hz = facts.at("physics_hz").get<double>();
  for (const Json& entry : facts.at("contacts")) {
    truth.motion.contacts.push_back(ContactFromJson(entry));
  }
  const int num_bodies = static_cast<int>(truth.scene.bodies.size());
  for (const Json& entry : facts.at("events")) {
    truth.events.push_back(TruthEventFromJson(entry, num_bodies, document.file));
  }
  truth.predictable_horizons_s =
      HorizonsFromJson(facts.at("predictable_horizons_s"), num_bodies, document.file);
  for (const Json& entry : facts.at("cameras")) truth.cameras.push_back(CameraFromJson(entry));
  for (const Json& frame : facts.at("views")) {
    std::vector<BodyView> views;
    for (const Json& view : frame) views.push_back(BodyViewFromJson(view, document.file));
    truth.views.push_back(std::move(views));
  }
}

std::vector<Camera> ReadTruthCameras(const Document& document) {
  std::vector<Camera> cameras;
  try {
    for (const Json& entry : document.root.at("cameras")) cameras.push_back(CameraFromJson(entry));
  } catch (const Json::exception& error) {
    throw InputError(document.file, fmt::format("cameras: {}", error.what()));
  }
  if (cameras.empty()) throw InputError(document.file, "cameras: there are none");
  return cameras;
}

Safetensors TruthStates(const Truth& truth) {
  const auto bodies = static_cast<int64_t>(truth.scene.bodies.size());
  const auto steps = static_cast<int64_t>(truth.motion.states.size());
  Tensor states(DType::kF64, {steps, bodies, kStateNumbers});
  double* to = states.As<double>().data();
  for (const auto& step : truth.motion.states) {
    PLUMB_CHECK(static_cast<int64_t>(step.size()) == bodies, "{} of {}", step.size(), bodies);
    for (const BodyState& state : step) {
      PutPose(state.world_from_body, to);
      for (int i = 0; i < 3; ++i) to[7 + i] = state.velocity_mps[i];
      for (int i = 0; i < 3; ++i) to[10 + i] = state.angular_velocity_radps[i];
      to += kStateNumbers;
    }
  }
  Tensor poses(DType::kF64, {bodies, kPoseNumbers});
  for (int64_t i = 0; i < bodies; ++i) {
    PutPose(truth.scene.bodies[i].world_from_body, &poses.As<double>()[kPoseNumbers * i]);
  }
  Safetensors contents;
  contents.tensors = {{"scene_poses", std::move(poses)}, {"states", std::move(states)}};
  const Motion& motion = truth.motion;
  if (!motion.energies.empty()) contents.tensors.emplace("energies", EnergyTensor(motion));
  if (!motion.step_contacts.empty()) {
    contents.tensors.emplace("step_contacts", TouchTensor(motion));
  }
  return contents;
}

const Tensor& FindTensor(const Safetensors& contents,
                         const std::string& name,
                         const std::string& place) {
  const auto found = contents.tensors.find(name);
  if (found == contents.tensors.end()) throw InputError(place, fmt::format("no tensor '{}'", name));
  return found->second;
}

void ReadTruthStates(const fs::path& path, Truth& truth) {
  const Safetensors contents = ReadSafetensors(path);
  const Tensor& states = FindTensor(contents, "states", path.string());
  const Tensor& poses = FindTensor(contents, "scene_poses", path.string());
  const auto bodies = static_cast<int64_t>(truth.scene.bodies.size());
  if (states.dtype() != DType::kF64 || poses.dtype() != DType::kF64 ||
      poses.shape() != std::vector<int64_t>{bodies, kPoseNumbers} || states.shape().size() != 3 ||
      states.extent(1) != bodies || states.extent(2) != kStateNumbers) {
    throw InputError(path.string(), fmt::format("states do not fit {} bodies", bodies));
  }
  for (int64_t i = 0; i < bodies; ++i) {
    truth.scene.bodies[i].world_from_body = PoseAt(&poses.As<double>()[kPoseNumbers * i]);
  }
  const double* from = states.As<double>().data();
  truth.motion.states.resize(states.extent(0));
  for (auto& step : truth.motion.states) {
    for (int64_t i = 0; i < bodies; ++i, from += kStateNumbers) {
      step.push_back({PoseAt(from), {from[7], from[8], from[9]}, {from[10], from[11], from[12]}});
    }
  }
  ReadEnergiesAndTouches(contents, path.string(), truth);
}

}  // namespace plumb
