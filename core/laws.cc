// SPDX-License-Identifier: Apache-2.0
#include "core/laws.h"

#include <algorithm>
#include <charconv>
#include <cmath>

#include <fmt/format.h>

#include "core/document.h"
#include "core/errors.h"

namespace plumb {
namespace {

std::vector<Law> DynamicsLaws() {
  return {
      {"gravity",
       "factor",
       1.0,
       0.5,
       {0.9, 0.75, 0.5, 0.25, 0.0},
       {"drop", "bounce"},
       {"dynamics.trajectory_error", "dynamics.gravity_error", "dynamics.lawfulness"},
       "gravity times the amount from the onset on"},
      {"restitution",
       "factor",
       1.0,
       0.5,
       {0.9, 0.75, 0.5, 0.25, 0.0},
       {"bounce", "collide"},
       {"dynamics.trajectory_error", "dynamics.restitution_error", "dynamics.lawfulness"},
       "restitution of every contact times the amount (may exceed 1)"},
  };
}

std::vector<Law> PermanenceLaws() {
  return {
      {"vanish",
       "share gone",
       0.0,
       1.0,
       {0.2, 0.4, 0.6, 0.8, 1.0},
       {"drop", "bounce", "collide", "incline_slide", "occluder_pass"},
       {"permanence.persistence", "permanence.vanished"},
       "an object is gone after the onset, or after the occluder where there is one"},
      {"teleport",
       "m",
       0.0,
       1.0,
       {0.1, 0.25, 0.5, 0.75, 1.0},
       {"drop", "bounce", "collide", "incline_slide", "occluder_pass"},
       {"permanence.persistence", "permanence.teleported", "dynamics.trajectory_error"},
       "an object jumps sideways at the onset"},
      {"swap",
       "share mixed",
       0.0,
       1.0,
       {0.2, 0.4, 0.6, 0.8, 1.0},
       {"collide", "occluder_pass"},
       {"permanence.persistence", "permanence.swapped"},
       "two objects exchange their looks at the onset, or behind the occluder"},
  };
}

std::vector<Law> GeometryLaws() {
  return {
      {"warp_px",
       "px",
       0.0,
       4.0,
       {0.5, 1.0, 2.0, 4.0, 8.0},
       {"orbit_room"},
       {"geometry.consistency", "geometry.reprojection_px"},
       "the picture bends smoothly, differently in every frame"},
      {"drift_px",
       "px",
       0.0,
       2.0,
       {0.25, 0.5, 1.0, 2.0, 4.0},
       {"orbit_room"},
       {"geometry.consistency", "geometry.reprojection_px"},
       "parts of the room slide against each other, a little more every frame"},
  };
}

const std::vector<Law>& Table() {
  static const std::vector<Law> table = [] {
    std::vector<Law> all;
    for (const auto& family : {DynamicsLaws(), PermanenceLaws(), GeometryLaws()}) {
      all.insert(all.end(), family.begin(), family.end());
    }
    return all;
  }();
  return table;
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
    sabotage.body = value;
  } else {
    throw UsageError(
        fmt::format("sabotage '{}': unknown option '{}', expected onset or body", whole, key));
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

Sabotage ParseSabotage(std::string_view text) {
  Sabotage sabotage;
  const std::string_view head = text.substr(0, text.find(','));
  const size_t equals = head.find('=');
  const Law& law = FindLaw(head.substr(0, equals));
  sabotage.law = law.id;
  sabotage.amount =
      equals == head.npos ? law.default_amount : ParseAmount(head.substr(equals + 1), text);
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
  return text;
}

}  // namespace plumb
