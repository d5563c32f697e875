// SPDX-License-Identifier: Apache-2.0
// The evidence of one cell as the page draws and tells it (declared in page_data.h).
#include <algorithm>
#include <cmath>
#include <map>

#include "reports/page_data.h"
#include "reports/text.h"

namespace plumb {
namespace {

// Numbers with a tenth of a pixel, whatever stands around them.
Json WithTenths(const Json& json) {
  if (json.is_number_float()) {
    const double tenths = std::round(json.get<double>() * 10.0);
    return tenths == std::round(tenths / 10.0) * 10.0 ? Json(std::llround(tenths / 10.0))
                                                      : Json(tenths / 10.0);
  }
  if (!json.is_structured()) return json;
  Json out = json;
  for (Json& value : out) value = WithTenths(value);
  return out;
}

// At most kMaxTracks of them: broken ones first, an even selection of each kind.
Json SomeTracks(const Json& tracks) {
  if (!tracks.is_array()) return Json::array();
  std::vector<const Json*> broken, sound;
  for (const Json& track : tracks) {
    (track.is_object() && track.value("ok", true) ? sound : broken).push_back(&track);
  }
  Json out = Json::array();
  const auto keep = [&](const std::vector<const Json*>& some, size_t count) {
    for (size_t i = 0; i < count; ++i) {
      out.push_back(WithTenths(*some[i * some.size() / count]));
    }
  };
  keep(broken, std::min(broken.size(), kMaxTracks));
  keep(sound, std::min(sound.size(), kMaxTracks - out.size()));
  return out;
}

Json PerFrame(Json per_frame) {
  if (!per_frame.is_object() || !per_frame.contains("values")) return nullptr;
  for (Json& value : per_frame["values"]) {
    if (value.is_number_float()) value = Rounded(value.get<double>());
  }
  return per_frame;
}

// "motion.rotation_deg": the numbers and words of nested objects, lists of plain values as text.
void AddFacts(const std::string& name, const Json& value, Json& facts) {
  if (value.is_number_float()) {
    facts[name] = Rounded(value.get<double>());
  } else if (value.is_primitive()) {
    facts[name] = value;
  } else if (value.is_object()) {
    for (const auto& [key, inner] : value.items()) AddFacts(name + "." + key, inner, facts);
  } else if (value.size() <= kMaxFacts) {
    std::string text;
    for (const Json& one : value) {
      if (one.is_structured()) return;
      text += (text.empty() ? "" : ", ") +
              (one.is_number_float() ? FormatNumber(one.get<double>()) : one.dump());
    }
    facts[name] = text;
  }
}

bool IsTable(const Json& value) {
  return value.is_array() && !value.empty() && value[0].is_object();
}

// The first rows of a list of objects, each with its facts.
Json FactRows(const Json& list) {
  Json rows = Json::array();
  for (size_t i = 0; i < std::min(list.size(), kMaxFacts); ++i) {
    Json row = Json::object();
    if (list[i].is_object()) {
      for (const auto& [key, value] : list[i].items()) AddFacts(key, value, row);
    }
    rows.push_back(std::move(row));
  }
  return rows;
}

bool IsGeometry(const std::string& key) {
  return key == "heat_maps" || key == "worst_pair" || key == "worlds";
}

Json EvidenceJson(const Evidence& evidence) {
  Json json = {{"frames", evidence.frames}, {"facts", Json::object()}, {"tables", Json::object()}};
  for (const auto& [key, value] : evidence.details.items()) {
    if (key == "tracks") {
      json["tracks"] = SomeTracks(value);
    } else if (key == "trajectories" || key == "boxes" || key == "events") {
      json[key] = WithTenths(value);
    } else if (IsGeometry(key)) {
      if (value.is_structured()) json[key] = value;  // small and rounded as they come
    } else if (key == "per_frame") {
      json["per_frame"] = PerFrame(value);
    } else if (IsTable(value)) {
      json["tables"][key] = FactRows(value);
    } else {
      AddFacts(key, value, json["facts"]);
    }
  }
  return json;
}

}  // namespace

Json CellEvidence(const Results& results, const Cell& cell) {
  std::map<std::string, const Score*> by_id;
  for (const Score& score : cell.scores) by_id[score.id()] = &score;
  Json all = Json::object();
  for (size_t i = 0; i < results.scores.size(); ++i) {
    const auto found = by_id.find(results.scores[i].id);
    if (found == by_id.end()) continue;
    const Evidence& evidence = found->second->evidence();
    if (evidence.frames.empty() && evidence.details.empty()) continue;
    all[std::to_string(i)] = EvidenceJson(evidence);
  }
  return all;
}

}  // namespace plumb
