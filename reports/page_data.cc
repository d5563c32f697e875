// SPDX-License-Identifier: Apache-2.0
#include "reports/page_data.h"

#include <cmath>
#include <map>
#include <utility>

#include "core/check.h"
#include "reports/text.h"

namespace plumb {
namespace {

Json Optional(const std::optional<double>& value) { return value ? Rounded(*value) : Json(); }

Json SummaryJson(const ModelScore& summary) {
  Json json = {{"planned", summary.planned},
               {"measured", summary.measured},
               {"not_tested", summary.not_tested},
               {"mean", Optional(summary.mean)},
               {"low", summary.mean ? Rounded(summary.low) : Json()},
               {"high", summary.mean ? Rounded(summary.high) : Json()},
               {"worst", Optional(summary.worst_bound)},
               {"best", Optional(summary.best_bound)},
               {"reasons", Json::object()}};
  for (const auto& [reason, count] : summary.reasons) json["reasons"][reason] = count;
  return json;
}

// [model][score] in the order of the run.
Json SummaryTable(const Results& results) {
  Json table = Json::array();
  for (size_t i = 0; i < results.models.size(); ++i) table.push_back(Json::array());
  std::map<std::string, size_t> row_of;
  for (size_t i = 0; i < results.models.size(); ++i) row_of[results.models[i]] = i;
  for (const ModelScore& summary : Summarise(results)) {
    table[row_of.at(summary.model)].push_back(SummaryJson(summary));
  }
  return table;
}

Json ScoreJson(const Score& score) {
  if (!score.measured()) {
    return {{"status", score.status() == ScoreStatus::kNotTested ? "not_tested" : "not_measurable"},
            {"code", ReasonCodeName(score.reason().code)},
            {"text", score.reason().text}};
  }
  Json json = {{"value", Rounded(score.value())},
               {"low", Rounded(score.low())},
               {"high", Rounded(score.high())}};
  if (score.noise_floor()) json["floor"] = Rounded(*score.noise_floor());
  return json;
}

// One entry per column of the run; null where the cell does not have the score.
Json CellScores(const Results& results, const Cell& cell) {
  std::map<std::string, const Score*> by_id;
  for (const Score& score : cell.scores) by_id[score.id()] = &score;
  Json scores = Json::array();
  for (const ScoreInfo& info : results.scores) {
    const auto found = by_id.find(info.id);
    scores.push_back(found == by_id.end() ? Json() : ScoreJson(*found->second));
  }
  return scores;
}

Json SampleJson(const SampleInfo& sample) {
  return {{"source", sample.source},
          {"frames", sample.frames},
          {"fps", Rounded(sample.fps)},
          {"width", sample.width},
          {"height", sample.height},
          {"motion", sample.motion_class},
          {"notes", sample.notes}};
}

Json CellJson(const Results& results, const Cell& cell, const Json& videos) {
  Json json = {{"model", cell.key.model},
               {"scene", cell.key.scene},
               {"seed", std::to_string(cell.key.seed)},
               {"scenario", cell.scenario},
               {"caption", cell.caption},
               {"status", CellStatusName(cell.status)},
               {"stage", cell.stage},
               {"reason", cell.reason},
               {"sample", SampleJson(cell.sample)},
               {"truth_video", cell.truth_video},
               {"scores", CellScores(results, cell)},
               {"videos", videos},
               {"seconds", Json::object()}};
  for (const auto& [stage, seconds] : cell.stage_seconds) json["seconds"][stage] = Rounded(seconds);
  return json;
}

std::map<std::string, int> VideoIndices(const ReportInput& input) {
  std::map<std::string, int> indices;
  for (const auto& [name, video] : input.videos) {
    indices.emplace(name, static_cast<int>(indices.size()));
  }
  return indices;
}

Json CellVideosJson(const ReportInput& input,
                    const std::map<std::string, int>& indices,
                    const Cell& cell) {
  const auto index_of = [&](const std::string& name) -> Json {
    if (name.empty()) return nullptr;
    const auto found = indices.find(name);
    PLUMB_CHECK(found != indices.end(), "no video {} for cell {}", name, ToString(cell.key));
    return found->second;
  };
  const auto videos = input.cell_videos.find(cell.key);
  if (videos == input.cell_videos.end()) return {{"sample", nullptr}, {"truth", nullptr}};
  return {{"sample", index_of(videos->second.sample)}, {"truth", index_of(videos->second.truth)}};
}

Json VideosJson(const ReportInput& input) {
  Json videos = Json::array();
  for (const auto& [name, video] : input.videos) {
    videos.push_back({{"fps", Rounded(video.fps)},
                      {"frames", video.frames},
                      {"width", video.width},
                      {"height", video.height},
                      {"href", video.href}});
  }
  return videos;
}

// The same value with all its fractions rounded.
Json WithRoundedNumbers(Json json) {
  if (json.is_number_float()) return Rounded(json.get<double>());
  if (json.is_structured()) {
    for (Json& value : json) value = WithRoundedNumbers(std::move(value));
  }
  return json;
}

}  // namespace

Json Rounded(double value) {
  PLUMB_CHECK(std::isfinite(value), "{}", value);
  if (value == 0.0) return 0;
  const double scale =
      std::pow(10.0, 5 - static_cast<int>(std::floor(std::log10(std::abs(value)))));
  const double rounded = std::round(value * scale) / scale;
  return std::isfinite(rounded) ? Json(rounded) : Json(value);
}

Json Cleaned(const Json& json) {
  if (json.is_string()) return CleanText(json.get_ref<const std::string&>());
  if (json.is_object()) {
    Json out = Json::object();
    for (const auto& [key, value] : json.items()) out[CleanText(key)] = Cleaned(value);
    return out;
  }
  if (json.is_array()) {
    Json out = Json::array();
    for (const Json& value : json) out.push_back(Cleaned(value));
    return out;
  }
  return json;
}

Json PageData(const ReportInput& input) {
  const Results& results = input.results;
  const std::map<std::string, int> indices = VideoIndices(input);
  Json scores = Json::array();
  for (const ScoreInfo& info : results.scores) scores.push_back(ToJson(info));
  Json cells = Json::array();
  for (const Cell& cell : results.cells) {
    cells.push_back(CellJson(results, cell, CellVideosJson(input, indices, cell)));
  }
  Json left_out = Json::array();
  for (const LeftOut& left : results.left_out) {
    left_out.push_back({{"model", left.model}, {"scene", left.scene}, {"reason", left.reason}});
  }
  return Cleaned(
      {{"schema", 1},
       {"title", input.title.empty() ? results.name : input.title},
       {"name", results.name},
       {"suite", results.suite},
       {"suite_digest", results.suite_digest},
       {"started", results.started},
       {"versions", Json(results.versions)},
       {"machine", Json(results.machine)},
       {"models", results.models},
       {"scores", scores},
       {"summary", SummaryTable(results)},
       {"cells", cells},
       {"left_out", left_out},
       {"videos", VideosJson(input)},
       {"comparison", input.comparison ? WithRoundedNumbers(ToJson(*input.comparison)) : Json()}});
}

}  // namespace plumb
