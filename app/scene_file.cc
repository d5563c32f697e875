// SPDX-License-Identifier: Apache-2.0
#include "app/scene_file.h"

#include <algorithm>
#include <cmath>
#include <numbers>

#include <fmt/format.h>

#include "app/json_schema.h"
#include "app/scene_faults.h"
#include "app/yaml_document.h"
#include "core/check.h"
#include "core/errors.h"
#include "core/scene_json.h"

namespace plumb {
namespace {

constexpr double kRadiansPerDegree = std::numbers::pi / 180;
constexpr double kQuaternionSlack = 1e-3;  // of a length that people round to four digits

bool IsNumbers(const Json& value, size_t count) {
  return value.is_array() && value.size() == count &&
         std::all_of(value.begin(), value.end(), [](const Json& x) { return x.is_number(); });
}

void ReplaceTurn(Json& object) {
  const auto turn = object.find("turn_deg");
  if (turn == object.end() || !turn->is_object()) return;
  const auto axis = turn->find("axis");
  const auto angle = turn->find("angle");
  if (axis == turn->end() || !IsNumbers(*axis, 3) || angle == turn->end() || !angle->is_number()) {
    return;
  }
  const Eigen::Vector3d about((*axis)[0], (*axis)[1], (*axis)[2]);
  if (about.norm() < 1e-9) return;
  const Eigen::Quaterniond q(
      Eigen::AngleAxisd(kRadiansPerDegree * angle->get<double>(), about.normalized()));
  object.erase("turn_deg");
  object["rotation_xyzw"] = {q.x(), q.y(), q.z(), q.w()};
}

void Normalise(Json& object) {
  const auto rotation = object.find("rotation_xyzw");
  if (rotation == object.end() || !IsNumbers(*rotation, 4)) return;
  const Eigen::Vector4d q(rotation->get<std::vector<double>>().data());
  const double off = std::abs(q.norm() - 1);
  // One that core accepts is kept to the last bit.
  if (off < 1e-6 || off > kQuaternionSlack) return;
  for (int i = 0; i < 4; ++i) (*rotation)[i] = q[i] / q.norm();
}

void ReplaceDegrees(Json& object, const char* degrees, const char* radians) {
  const auto found = object.find(degrees);
  if (found == object.end() || !found->is_number()) return;
  const double value = found->get<double>();
  object.erase(degrees);
  object[radians] = kRadiansPerDegree * value;
}

void ReplaceEverywhere(Json& value) {
  if (value.is_object()) {
    ReplaceTurn(value);
    Normalise(value);
    ReplaceDegrees(value, "sweep_deg", "sweep_rad");
    ReplaceDegrees(value, "fov_deg", "fov_rad");
  }
  if (!value.is_structured()) return;
  for (Json& entry : value) ReplaceEverywhere(entry);
}

// The scene without what is at fault, so that the rest can be looked at.
Json WithoutFaults(const Json& scene, const std::vector<std::string>& faulty) {
  Json rest = scene;
  for (std::string pointer : faulty) {
    // A number of a list can't be left out, but the list can.
    while (!pointer.empty()) {
      const size_t slash = pointer.rfind('/');
      const Json::json_pointer parent(pointer.substr(0, slash));
      if (rest.contains(parent) && rest.at(parent).is_object()) {
        rest.at(parent).erase(Json::json_pointer(pointer).back());
        break;
      }
      pointer.resize(slash);
    }
  }
  return rest;
}

// "body 'ball': " for what lies in /bodies/<i>.
std::string Owner(const Json& scene, const std::string& pointer) {
  for (const auto& [list, what] : {std::pair{"bodies", "body"}, std::pair{"joints", "joint"}}) {
    const std::string start = fmt::format("/{}/", list);
    if (!pointer.starts_with(start)) continue;
    const std::string index =
        pointer.substr(start.size(), pointer.find('/', start.size()) - start.size());
    const Json& entry = scene.at(list).at(std::stoul(index));
    const bool named = entry.is_object() && entry.contains("name") && entry["name"].is_string();
    return named ? fmt::format("{} '{}': ", what, entry["name"].get<std::string>())
                 : fmt::format("{} {}: ", what, index);
  }
  if (pointer.starts_with("/events/")) {
    return fmt::format("event {}: ", pointer.substr(8, pointer.find('/', 8) - 8));
  }
  return pointer.starts_with("/camera") ? "camera: " : "";
}

class SceneChecker {
 public:
  explicit SceneChecker(const Document& document) : document_(document) {}

  CheckedScene Check() {
    for (const SchemaFault& fault : SchemaFaults(document_.root, SceneSchema())) {
      Add({fault.pointer, fault.message});
    }
    if (!document_.root.is_object()) return Sorted();
    AddAll(NameAndOrderFaults(document_.root));
    AddAll(PartFaults(document_.root, faulty_));
    CheckWhole();
    return Sorted();
  }

 private:
  struct Entry {
    int line;
    SceneFinding finding;
  };

  void Add(const SceneFault& fault) {
    const std::string place = document_.Place(fault.pointer);
    const size_t colon = place.rfind(':');
    const bool lined = place.size() > document_.file.size();
    std::string message = fault.message;
    const std::string owner = Owner(document_.root, fault.pointer);
    if (!message.starts_with(owner)) message = owner + message;
    entries_.push_back({lined ? std::stoi(place.substr(colon + 1)) : 0,
                        {place, std::move(message), fault.warning}});
    if (!fault.warning) faulty_.push_back(fault.pointer);
  }

  void AddAll(const std::vector<SceneFault>& faults) {
    for (const SceneFault& fault : faults) Add(fault);
  }

  // Whether the places of a body are its own and not what core falls back on.
  bool IsWhole(const std::string& pointer) const {
    return std::none_of(faulty_.begin(), faulty_.end(), [&](const std::string& fault) {
      return fault.starts_with(pointer + "/shape") || fault.starts_with(pointer + "/size_m") ||
             fault.starts_with(pointer + "/position_m") || fault.starts_with(pointer + "/parts") ||
             fault == pointer;
    });
  }

  void CheckWhole() {
    const bool sound = faulty_.empty();
    try {
      const Json form = CoreSceneForm(WithoutFaults(document_.root, faulty_));
      Scene scene = SceneFromDocument({document_.file, form, document_.lines});
      for (const SceneFault& fault : PlaceFaults(scene)) {
        if (IsWhole(fault.pointer)) Add(fault);
      }
      if (faulty_.empty()) result_.scene = std::move(scene);
    } catch (const Error& error) {
      // With other faults about, the scene may well be unreadable.
      if (!sound) return;
      const std::string text = error.what();
      const std::string place = document_.Place("");
      Add({"", text.starts_with(place + ": ") ? text.substr(place.size() + 2) : text});
    }
  }

  CheckedScene Sorted() {
    std::stable_sort(entries_.begin(), entries_.end(), [](const Entry& a, const Entry& b) {
      return a.line < b.line;
    });
    for (Entry& entry : entries_) result_.findings.push_back(std::move(entry.finding));
    return std::move(result_);
  }

  const Document& document_;
  std::vector<Entry> entries_;
  std::vector<std::string> faulty_;
  CheckedScene result_;
};

}  // namespace

int CheckedScene::mistakes() const {
  return static_cast<int>(std::count_if(
      findings.begin(), findings.end(), [](const SceneFinding& f) { return !f.warning; }));
}

const Json& SceneSchema() {
  static const Json kSchema = Json::parse(SceneSchemaText());
  return kSchema;
}

Json CoreSceneForm(const Json& scene) {
  Json form = scene;
  ReplaceEverywhere(form);
  if (form.is_object() && form.contains("id") && !form.contains("scenario")) {
    form["scenario"] = form["id"];
  }
  return form;
}

CheckedScene CheckSceneDocument(const Document& document) { return SceneChecker(document).Check(); }

Scene LoadSceneFile(const std::filesystem::path& path) {
  CheckedScene checked = CheckSceneDocument(ReadDocument(path));
  if (checked.scene) return *std::move(checked.scene);
  for (const SceneFinding& finding : checked.findings) {
    if (finding.warning) continue;
    const int others = checked.mistakes() - 1;
    throw InputError(
        finding.place,
        finding.message +
            (others > 0 ? fmt::format(" (and {} more: plumb validate {})", others, path.string())
                        : ""));
  }
  throw CheckFailure("a scene without mistakes was not read");
}

}  // namespace plumb
