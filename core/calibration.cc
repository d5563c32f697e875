// SPDX-License-Identifier: Apache-2.0
#include "core/calibration.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <utility>

#include <fmt/format.h>

#include "core/check.h"
#include "core/errors.h"

namespace plumb {
namespace {

constexpr std::array<std::pair<std::string_view, ModelRole>, 11> kRoles = {{
    {"oracle", ModelRole::kIntact},
    {"nuisance:", ModelRole::kIntact},
    {"sabotage:warp_px=", ModelRole::kBends},
    {"sabotage:drift_px=", ModelRole::kBends},
    {"sabotage:texture_swim=", ModelRole::kBends},
    {"sabotage:shear_background=", ModelRole::kBends},
    {"sabotage:scale_breathe=", ModelRole::kBends},
    {"sabotage:parallax_flat=", ModelRole::kRigid},
    {"sabotage:focal_breathe=", ModelRole::kRigid},
    {"sabotage:pose_jitter=", ModelRole::kRigid},
    {"", ModelRole::kControl},
}};

// Six digits are more than any of these figures has.
Json Rounded(double value) {
  PLUMB_CHECK(std::isfinite(value), "{}", value);
  return Json::parse(fmt::format("{:.6g}", value));
}

Json ToJson(const CalibratedScore& score) {
  return {{"id", score.info.id},
          {"unit", score.info.unit},
          {"better", ToJson(score.info.better)},
          {"version", score.info.version},
          {"headline", score.info.headline},
          {"truths", score.truths},
          {"truth_median", Rounded(score.truth_median)},
          {"truth_worst", Rounded(score.truth_worst)},
          {"noise_floor", Rounded(score.noise_floor)},
          {"tolerance", Rounded(score.tolerance)},
          {"threshold", score.threshold}};
}

CalibratedScore ScoreFromJson(const Json& json) {
  Json info = json;
  info["summary"] = "";
  CalibratedScore score;
  score.info = ScoreInfoFromJson(info);
  score.truths = json.at("truths").get<int>();
  score.truth_median = json.at("truth_median").get<double>();
  score.truth_worst = json.at("truth_worst").get<double>();
  score.noise_floor = json.at("noise_floor").get<double>();
  score.tolerance = json.at("tolerance").get<double>();
  score.threshold = json.at("threshold").get<double>();
  return score;
}

Json ToJson(const CalibrationRow& row) {
  Json json = {{"model", row.model},
               {"score", row.score},
               {"planned", row.planned},
               {"measured", row.measured},
               {"flagged", row.flagged},
               {"mean", row.mean ? Rounded(*row.mean) : Json()},
               {"auc", nullptr},
               {"reasons", Json::object()}};
  if (row.auc)
    json["auc"] = {Rounded(row.auc->value), Rounded(row.auc->low), Rounded(row.auc->high)};
  for (const auto& [code, count] : row.reasons) json["reasons"][code] = count;
  return json;
}

CalibrationRow RowFromJson(const Json& json) {
  CalibrationRow row;
  row.model = json.at("model").get<std::string>();
  row.score = json.at("score").get<std::string>();
  row.planned = json.at("planned").get<int>();
  row.measured = json.at("measured").get<int>();
  row.flagged = json.at("flagged").get<int>();
  if (!json.at("mean").is_null()) row.mean = json.at("mean").get<double>();
  if (!json.at("auc").is_null()) {
    const auto auc = json.at("auc").get<std::array<double, 3>>();
    row.auc = Interval{auc[0], auc[1], auc[2]};
  }
  row.reasons = json.at("reasons").get<std::map<std::string, int>>();
  return row;
}

Json ToJson(const DoseSeries& series) {
  return {{"law", series.law},
          {"score", series.score},
          {"series", series.series},
          {"falls", series.falls},
          {"falls_exactly", series.falls_exactly}};
}

DoseSeries SeriesFromJson(const Json& json) {
  return {json.at("law").get<std::string>(),
          json.at("score").get<std::string>(),
          json.at("series").get<int>(),
          json.at("falls").get<int>(),
          json.at("falls_exactly").get<int>()};
}

Json ProtocolJson(const Protocol& protocol) {
  return {{"width", protocol.width},
          {"height", protocol.height},
          {"frames", protocol.frames},
          {"fps", protocol.fps},
          {"conditioning_frames", protocol.conditioning_frames}};
}

Protocol ProtocolFromJson(const Json& json) {
  Protocol protocol;
  protocol.width = json.at("width").get<int>();
  protocol.height = json.at("height").get<int>();
  protocol.frames = json.at("frames").get<int>();
  protocol.fps = json.at("fps").get<double>();
  protocol.conditioning_frames = json.at("conditioning_frames").get<int>();
  return protocol;
}

template <typename Entry>
Json ListJson(const std::vector<Entry>& entries) {
  Json list = Json::array();
  for (const Entry& entry : entries) list.push_back(ToJson(entry));
  return list;
}

CalibrationTable TableFromCheckedJson(const Json& json, const std::string& place) {
  const int schema = json.at("schema").get<int>();
  if (schema != CalibrationTable::kSchema) {
    throw InputError(place,
                     fmt::format("has schema {}; this version of Plumb reads schema {}",
                                 schema,
                                 CalibrationTable::kSchema));
  }
  CalibrationTable table;
  table.family = json.at("family").get<std::string>();
  table.suite_version = json.at("suite_version").get<int>();
  table.protocol = ProtocolFromJson(json.at("protocol"));
  table.false_alarms = json.at("false_alarms").get<double>();
  table.scenes = json.at("scenes").get<std::vector<std::string>>();
  for (const Json& score : json.at("scores")) table.scores.push_back(ScoreFromJson(score));
  for (const Json& row : json.at("rows")) table.rows.push_back(RowFromJson(row));
  for (const Json& series : json.at("series")) table.series.push_back(SeriesFromJson(series));
  table.digest = json.at("digest").get<std::string>();
  return table;
}

}  // namespace

std::string_view ModelRoleName(ModelRole role) {
  switch (role) {
    case ModelRole::kIntact:
      return "intact";
    case ModelRole::kBends:
      return "bends";
    case ModelRole::kRigid:
      return "rigid";
    case ModelRole::kControl:
      return "control";
  }
  throw CheckFailure("unknown role");
}

ModelRole RoleOf(std::string_view model) {
  const auto role = std::find_if(kRoles.begin(), kRoles.end(), [&](const auto& entry) {
    return model.starts_with(entry.first);
  });
  return role->second;
}

const CalibratedScore* CalibrationTable::FindScore(std::string_view id) const {
  for (const CalibratedScore& score : scores) {
    if (score.info.id == id) return &score;
  }
  return nullptr;
}

const CalibrationRow* CalibrationTable::FindRow(std::string_view model, std::string_view id) const {
  for (const CalibrationRow& row : rows) {
    if (row.model == model && row.score == id) return &row;
  }
  return nullptr;
}

bool IsWorse(const ScoreInfo& info, double value, double than) {
  switch (info.better) {
    case Direction::kHigher:
      return value < than;
    case Direction::kLower:
      return value > than;
    case Direction::kNone:
      return false;
  }
  throw CheckFailure("unknown direction");
}

Score Judged(const Score& score, const CalibratedScore& calibrated) {
  Evidence evidence = score.evidence();
  const bool worse = IsWorse(score.info(), score.value(), calibrated.threshold);
  evidence.details["calibration"] = {
      {"threshold", calibrated.threshold},
      {"verdict",
       worse ? "worse than 95 % of the clips of intact worlds" : "as clips of intact worlds"}};
  return Score::Measured(
             score.info(), score.value(), score.low(), score.high(), std::move(evidence))
      .WithNoiseFloor(calibrated.noise_floor);
}

std::optional<double> ThresholdOf(const Score& score) {
  const Json& details = score.evidence().details;
  if (!score.measured() || !details.contains("calibration")) return std::nullopt;
  const Json& threshold = details["calibration"].value("threshold", Json());
  return threshold.is_number() ? std::optional(threshold.get<double>()) : std::nullopt;
}

Json ToJson(const CalibrationTable& table) {
  return {{"schema", CalibrationTable::kSchema},
          {"family", table.family},
          {"suite_version", table.suite_version},
          {"protocol", ProtocolJson(table.protocol)},
          {"false_alarms", table.false_alarms},
          {"scenes", table.scenes},
          {"scores", ListJson(table.scores)},
          {"rows", ListJson(table.rows)},
          {"series", ListJson(table.series)},
          {"digest", table.digest}};
}

CalibrationTable CalibrationTableFromJson(const Json& json, const std::string& place) {
  try {
    return TableFromCheckedJson(json, place);
  } catch (const Json::exception& error) {
    throw InputError(place, std::string("no valid calibration: ") + error.what());
  } catch (const CheckFailure& error) {
    throw InputError(place, std::string("no valid calibration: ") + error.what());
  }
}

std::string CalibrationText(const CalibrationTable& table) {
  std::string text = "{";
  const Json json = ToJson(table);
  const char* between = "\n";
  for (const auto& [key, value] : json.items()) {
    text += fmt::format("{}  {}: ", between, Json(key).dump());
    between = ",\n";
    if (!value.is_array() || value.empty() || !value.front().is_object()) {
      text += value.dump();
      continue;
    }
    text += "[";
    for (size_t i = 0; i < value.size(); ++i) {
      text += fmt::format("{}\n    {}", i == 0 ? "" : ",", value[i].dump());
    }
    text += "\n  ]";
  }
  return text + "\n}\n";
}

}  // namespace plumb
