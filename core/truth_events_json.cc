// SPDX-License-Identifier: Apache-2.0
#include "core/truth_events_json.h"

#include <algorithm>
#include <array>
#include <cmath>

#include <fmt/format.h>

#include "core/errors.h"

namespace plumb {
namespace {

// In the order of TruthEventKind.
constexpr std::array<const char*, 7> kNames = {
    "first_contact", "separation", "rest", "enters_view", "leaves_view", "hidden", "shown"};

bool IsOfTwo(TruthEventKind kind) {
  return kind == TruthEventKind::kFirstContact || kind == TruthEventKind::kSeparation;
}

}  // namespace

std::string NameOf(TruthEventKind kind) { return kNames.at(static_cast<size_t>(kind)); }

Json ToJson(const TruthEvent& event) {
  Json json = {{"time_s", event.time_s}, {"kind", NameOf(event.kind)}, {"body", event.body}};
  if (event.other >= 0) json["other"] = event.other;
  return json;
}

TruthEvent TruthEventFromJson(const Json& json, int num_bodies, const std::string& place) {
  const auto name = json.at("kind").get<std::string>();
  const auto found = std::find(kNames.begin(), kNames.end(), name);
  if (found == kNames.end()) throw InputError(place, fmt::format("event kind '{}'", name));
  TruthEvent event;
  event.time_s = json.at("time_s").get<double>();
  event.kind = static_cast<TruthEventKind>(found - kNames.begin());
  event.body = json.at("body").get<int>();
  event.other = json.value("other", -1);
  const auto is_body = [&](int index) { return index >= 0 && index < num_bodies; };
  const bool fits = IsOfTwo(event.kind) ? is_body(event.other) : event.other == -1;
  if (!is_body(event.body) || !fits || !(event.time_s >= 0)) {
    throw InputError(place,
                     fmt::format("event {} at {} s: bodies {} and {} of {}",
                                 name,
                                 event.time_s,
                                 event.body,
                                 event.other,
                                 num_bodies));
  }
  return event;
}

}  // namespace plumb
