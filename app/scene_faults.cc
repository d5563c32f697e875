// SPDX-License-Identifier: Apache-2.0
#include "app/scene_faults.h"

#include <algorithm>
#include <cmath>
#include <set>

#include <fmt/format.h>

#include "app/scene_file.h"
#include "core/check.h"
#include "core/errors.h"
#include "core/scene_json.h"
#include "scenes/overlap.h"
#include "scenes/render.h"
#include "scenes/simulate.h"

namespace plumb {
namespace {

constexpr double kViewFps = 8.0;

// The list at `key`, or an empty one.
const Json& ListAt(const Json& object, const char* key) {
  static const Json kNothing = Json::array();
  const auto found = object.find(key);
  return found != object.end() && found->is_array() ? *found : kNothing;
}

std::string TextAt(const Json& object, const char* key) {
  const auto found = object.is_object() ? object.find(key) : object.end();
  return object.is_object() && found != object.end() && found->is_string()
             ? found->get<std::string>()
             : "";
}

std::vector<std::string> NamesIn(const Json& list) {
  std::vector<std::string> names;
  for (const Json& entry : list) {
    if (const std::string name = TextAt(entry, "name"); !name.empty()) names.push_back(name);
  }
  return names;
}

class NameInspector {
 public:
  explicit NameInspector(const Json& scene)
      : scene_(scene),
        bodies_(NamesIn(ListAt(scene, "bodies"))),
        joints_(NamesIn(ListAt(scene, "joints"))) {}

  std::vector<SceneFault> Inspect() {
    RefuseTwice("bodies");
    RefuseTwice("joints");
    const Json& bodies = ListAt(scene_, "bodies");
    for (size_t i = 0; i < bodies.size(); ++i) {
      const std::string pointer = fmt::format("/bodies/{}", i);
      if (!bodies[i].is_object()) continue;
      RequireRising(bodies[i], "path", "time_s", pointer);
      RefuseBoth(bodies[i], "turn_deg", "rotation_xyzw", pointer);
    }
    InspectJoints();
    InspectEvents();
    if (const auto camera = scene_.find("camera"); camera != scene_.end() && camera->is_object()) {
      RequireRising(*camera, "keys", "share", "/camera");
      RefuseBoth(*camera, "sweep_deg", "sweep_rad", "/camera");
      RefuseBoth(*camera, "fov_deg", "fov_rad", "/camera");
    }
    return std::move(faults_);
  }

 private:
  void RefuseTwice(const char* list) {
    std::set<std::string> seen;
    const Json& entries = ListAt(scene_, list);
    for (size_t i = 0; i < entries.size(); ++i) {
      const std::string name = TextAt(entries[i], "name");
      if (name.empty() || seen.insert(name).second) continue;
      faults_.push_back({fmt::format("/{}/{}/name", list, i),
                         fmt::format("key 'name': '{}' stands twice", name)});
    }
  }

  void RefuseBoth(const Json& object, const char* one, const char* other, const std::string& at) {
    if (!object.contains(one) || !object.contains(other)) return;
    faults_.push_back({fmt::format("{}/{}", at, one),
                       fmt::format("'{}' and '{}' say the same thing", one, other)});
  }

  void RequireRising(const Json& object, const char* list, const char* key, const std::string& at) {
    const Json& entries = ListAt(object, list);
    double before = -1e300;
    for (size_t i = 0; i < entries.size(); ++i) {
      if (!entries[i].is_object()) continue;
      const auto found = entries[i].find(key);
      if (found == entries[i].end() || !found->is_number()) continue;
      const double value = found->get<double>();
      if (value <= before) {
        faults_.push_back(
            {fmt::format("{}/{}/{}/{}", at, list, i, key),
             fmt::format("key '{}': {} is not above the {} before", key, value, before)});
      }
      before = value;
    }
  }

  void RequireKnown(const std::string& name,
                    const char* key,
                    const std::vector<std::string>& known,
                    const std::string& pointer) {
    if (name.empty() || std::find(known.begin(), known.end(), name) != known.end()) return;
    const std::string near = NearestName(name, known);
    faults_.push_back({fmt::format("{}/{}", pointer, key),
                       fmt::format("key '{}': there is no '{}'{}",
                                   key,
                                   name,
                                   near.empty() ? "" : fmt::format("; did you mean '{}'?", near))});
  }

  void InspectJoints() {
    const Json& joints = ListAt(scene_, "joints");
    for (size_t i = 0; i < joints.size(); ++i) {
      const std::string pointer = fmt::format("/joints/{}", i);
      const std::string a = TextAt(joints[i], "body_a");
      const std::string b = TextAt(joints[i], "body_b");
      RequireKnown(a, "body_a", bodies_, pointer);
      RequireKnown(b, "body_b", bodies_, pointer);
      if (!a.empty() && a == b) {
        faults_.push_back({pointer + "/body_b", fmt::format("a joint holds '{}' to itself", a)});
      }
      const Json& axis = ListAt(joints[i], "axis");
      const bool zero = std::all_of(axis.begin(), axis.end(), [](const Json& x) { return x == 0; });
      if (!axis.empty() && zero) {
        faults_.push_back({pointer + "/axis", "key 'axis': must not be zero"});
      }
    }
  }

  void InspectEvents() {
    const Json& events = ListAt(scene_, "events");
    double before = 0;
    for (size_t i = 0; i < events.size(); ++i) {
      if (!events[i].is_object()) continue;
      const bool breaks = TextAt(events[i], "kind") == "break";
      const std::string pointer = fmt::format("/events/{}", i);
      RequireKnown(TextAt(events[i], "body"), "body", breaks ? joints_ : bodies_, pointer);
      const auto found = events[i].find("time_s");
      if (found == events[i].end() || !found->is_number()) continue;
      const double time_s = found->get<double>();
      if (time_s < before) {
        faults_.push_back(
            {pointer + "/time_s",
             fmt::format("key 'time_s': {} is earlier than the {} before", time_s, before)});
      }
      before = time_s;
    }
  }

  const Json& scene_;
  std::vector<std::string> bodies_;
  std::vector<std::string> joints_;
  std::vector<SceneFault> faults_;
};

// What core says about a scene of one part of the file, without its place; "" when nothing.
std::string CoreComplaint(const Json& scene) {
  static const std::string kPlace = "scene";
  try {
    SceneFromDocument({kPlace, CoreSceneForm(scene), {}});
    return "";
  } catch (const Error& error) {
    const std::string text = error.what();
    return text.starts_with(kPlace + ": ") ? text.substr(kPlace.size() + 2) : text;
  }
}

bool IsUnder(const std::string& pointer, const std::string& parent) {
  return pointer == parent || pointer.starts_with(parent + "/");
}

bool AnyUnder(const std::vector<std::string>& pointers, const std::string& parent) {
  return std::any_of(pointers.begin(), pointers.end(), [&](const std::string& pointer) {
    return IsUnder(pointer, parent);
  });
}

// Whether a sphere is at least partly inside of the camera's pyramid.
bool Sees(const Camera& camera, const Eigen::Vector3d& centre_m, double radius_m) {
  const Eigen::Vector3d at = camera.camera_from_world * centre_m;
  const Intrinsics& in = camera.intrinsics;
  const double right = (in.width - in.cx_px) / in.fx_px;
  const double down = (in.height - in.cy_px) / in.fy_px;
  // Distance beyond each of the four sides, counted outwards.
  const double beyond_x = (std::abs(at.x()) - right * at.z()) / std::hypot(1.0, right);
  const double beyond_y = (std::abs(at.y()) - down * at.z()) / std::hypot(1.0, down);
  return at.z() > -radius_m && beyond_x < radius_m && beyond_y < radius_m;
}

void AddUnseen(const Scene& scene, std::vector<SceneFault>& faults) {
  RenderOptions protocol;
  protocol.fps = kViewFps;
  protocol.frames = std::max(1, static_cast<int>(scene.duration_s * kViewFps));
  SimulateOptions simulate;
  simulate.fps = kViewFps;
  const Motion motion = Simulate(scene, simulate);
  const auto steps_per_frame = static_cast<size_t>(std::lround(motion.rate_hz / kViewFps));
  for (size_t body = 0; body < scene.bodies.size(); ++body) {
    bool seen = false;
    for (int frame = 0; frame < protocol.frames && !seen; ++frame) {
      const size_t step = std::min(frame * steps_per_frame, motion.states.size() - 1);
      seen = Sees(CameraAtFrame(scene, protocol, frame),
                  motion.states[step][body].world_from_body.translation,
                  scene.bodies[body].shape.size_m.norm() / 2);
    }
    if (seen) continue;
    faults.push_back({fmt::format("/bodies/{}", body),
                      "is outside of the view for the whole clip",
                      /*warning=*/true});
  }
}

void AddTooLate(const Scene& scene, std::vector<SceneFault>& faults) {
  for (size_t i = 0; i < scene.events.size(); ++i) {
    if (scene.events[i].time_s < scene.duration_s) continue;
    faults.push_back(
        {fmt::format("/events/{}/time_s", i),
         fmt::format("key 'time_s': never comes about; the clip ends at {} s", scene.duration_s),
         /*warning=*/true});
  }
}

}  // namespace

std::vector<SceneFault> NameAndOrderFaults(const Json& scene) {
  return NameInspector(scene).Inspect();
}

std::vector<SceneFault> PartFaults(const Json& scene, const std::vector<std::string>& faulty) {
  std::vector<SceneFault> faults;
  const Json bare = {{"schema", 1}, {"id", "part"}};
  const Json& bodies = ListAt(scene, "bodies");
  for (size_t i = 0; i < bodies.size(); ++i) {
    const std::string pointer = fmt::format("/bodies/{}", i);
    if (AnyUnder(faulty, pointer)) continue;
    Json part = bare;
    part["bodies"] = Json::array({bodies[i]});
    std::string complaint = CoreComplaint(part);
    // The body is named for every fault of it.
    const std::string own = fmt::format("body '{}': ", TextAt(bodies[i], "name"));
    if (complaint.starts_with(own)) complaint.erase(0, own.size());
    if (!complaint.empty()) faults.push_back({pointer, complaint});
  }
  if (scene.contains("camera") && !AnyUnder(faulty, "/camera")) {
    Json part = bare;
    part["bodies"] = Json::array({{{"name", "body"}}});
    part["camera"] = scene["camera"];
    const std::string complaint = CoreComplaint(part);
    if (!complaint.empty()) faults.push_back({"/camera", complaint});
  }
  return faults;
}

std::vector<SceneFault> PlaceFaults(const Scene& scene) {
  std::vector<SceneFault> faults;
  for (const Overlap& overlap : DeepOverlaps(scene)) {
    faults.push_back({fmt::format("/bodies/{}", overlap.body_b),
                      fmt::format("stands {:.1f} mm deep in '{}' at the start, at most 5 allowed",
                                  1000 * overlap.depth_m,
                                  scene.bodies[overlap.body_a].name)});
  }
  if (!faults.empty()) return faults;
  try {
    AddUnseen(scene, faults);
    AddTooLate(scene, faults);
  } catch (const InputError& error) {
    faults.push_back({"", error.what()});
  }
  return faults;
}

}  // namespace plumb
