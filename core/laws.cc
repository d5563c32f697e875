// SPDX-License-Identifier: Apache-2.0
#include "core/laws.h"

#include <algorithm>
#include <charconv>
#include <cmath>

#include <fmt/format.h>

#include "core/document.h"
#include "core/errors.h"
#include "core/laws/internal_families.h"

namespace plumb {
namespace {

// Laws of the world or of the camera: no body has them to itself.
constexpr std::array<std::string_view, 8> kLawsOfTheWorld = {"gravity_direction",
                                                             "warp_px",
                                                             "drift_px",
                                                             "shear_background",
                                                             "parallax_flat",
                                                             "focal_breathe",
                                                             "pose_jitter",
                                                             "cut"};

std::vector<std::string_view> ScenariosWith(Traits needs) {
  std::vector<std::string_view> scenarios;
  for (const ScenarioTraits& row : AllScenarioTraits()) {
    if ((row.traits & needs) == needs) scenarios.push_back(row.scenario);
  }
  return scenarios;
}

const std::vector<Law>& Table() {
  static const std::vector<Law> table = [] {
    std::vector<Law> all;
    for (const auto& family : {DynamicsLaws(), PermanenceLaws(), GeometryLaws()}) {
      all.insert(all.end(), family.begin(), family.end());
    }
    for (Law& law : all) {
      law.scenarios = ScenariosWith(law.needs);
      law.takes_body = std::find(kLawsOfTheWorld.begin(), kLawsOfTheWorld.end(), law.id) ==
                       kLawsOfTheWorld.end();
    }
    return all;
  }();
  return table;
}

// Takes "mode=…"; refuses what the law does not know.
void SetMode(const Law& law, std::string_view mode, Sabotage& sabotage) {
  if (std::find(law.modes.begin(), law.modes.end(), mode) == law.modes.end()) {
    throw UsageError(fmt::format("law '{}' has no mode '{}'; {}",
                                 law.id,
                                 mode,
                                 law.modes.empty()
                                     ? std::string("it has none")
                                     : fmt::format("expected {}", fmt::join(law.modes, " or "))));
  }
  sabotage.mode = mode;
}

double ParseAmount(std::string_view text, std::string_view whole) {
  double amount = 0.0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), amount);
  if (error != std::errc() || end != text.data() + text.size() || !std::isfinite(amount)) {
    throw UsageError(fmt::format("sabotage '{}': '{}' is no number", whole, text));
  }
  return amount;
}

void ReadOption(std::string_view part, std::string_view whole, Sabotage& sabotage) {
  const size_t equals = part.find('=');
  const std::string_view key = part.substr(0, equals);
  const std::string_view value = equals == part.npos ? "" : part.substr(equals + 1);
  if (key == "onset") {
    const auto [end, error] =
        std::from_chars(value.data(), value.data() + value.size(), sabotage.onset_frame);
    if (error != std::errc() || end != value.data() + value.size() || sabotage.onset_frame < 0) {
      throw UsageError(fmt::format("sabotage '{}': onset must be a frame number", whole));
    }
  } else if (key == "body" && !value.empty()) {
    if (!FindLaw(sabotage.law).takes_body) {
      throw UsageError(
          fmt::format("sabotage '{}': '{}' is broken for the whole world, not for a body",
                      whole,
                      sabotage.law));
    }
    sabotage.body = value;
  } else if (key == "mode" && !value.empty()) {
    SetMode(FindLaw(sabotage.law), value, sabotage);
  } else {
    throw UsageError(fmt::format(
        "sabotage '{}': unknown option '{}', expected onset, body or mode", whole, key));
  }
}

}  // namespace

std::span<const Law> AllLaws() { return Table(); }

const Law& FindLaw(std::string_view id) {
  std::vector<std::string> names;
  for (const Law& law : Table()) {
    if (law.id == id) return law;
    names.emplace_back(law.id);
  }
  const std::string nearest = NearestName(id, names);
  throw UsageError(fmt::format("unknown law '{}'{}; expected one of: {}",
                               id,
                               nearest.empty() ? "" : fmt::format(", did you mean '{}'?", nearest),
                               fmt::join(names, ", ")));
}

bool CanShow(const Law& law, std::string_view scenario) {
  return std::find(law.scenarios.begin(), law.scenarios.end(), scenario) != law.scenarios.end();
}

bool CanShow(const Law& law, const Scene& scene) {
  return (TraitsOf(scene) & law.needs) == law.needs;
}

Sabotage ParseSabotage(std::string_view text) {
  Sabotage sabotage;
  const std::string_view head = text.substr(0, text.find(','));
  const size_t equals = head.find('=');
  const Law& law = FindLaw(head.substr(0, equals));
  sabotage.law = law.id;
  sabotage.amount = law.default_amount;
  const std::string_view value = equals == head.npos ? "" : head.substr(equals + 1);
  if (std::find(law.modes.begin(), law.modes.end(), value) != law.modes.end()) {
    sabotage.mode = value;
  } else if (equals != head.npos) {
    sabotage.amount = ParseAmount(value, text);
  }
  size_t start = head.size();
  while (start < text.size()) {
    const size_t end = std::min(text.find(',', start + 1), text.size());
    ReadOption(text.substr(start + 1, end - start - 1), text, sabotage);
    start = end;
  }
  return sabotage;
}

std::string ToString(const Sabotage& sabotage) {
  std::string text = fmt::format("{}={}", sabotage.law, sabotage.amount);
  if (sabotage.onset_frame >= 0) text += fmt::format(",onset={}", sabotage.onset_frame);
  if (!sabotage.body.empty()) text += ",body=" + sabotage.body;
  if (!sabotage.mode.empty()) text += ",mode=" + sabotage.mode;
  return text;
}

}  // namespace plumb
