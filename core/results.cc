// SPDX-License-Identifier: Apache-2.0
#include "core/results.h"

#include <fmt/format.h>

#include "core/check.h"
#include "core/errors.h"

namespace plumb {
namespace {

CellStatus CellStatusFromName(const std::string& name) {
  for (const CellStatus status : {CellStatus::kMissing, CellStatus::kDone, CellStatus::kFailed}) {
    if (CellStatusName(status) == name) return status;
  }
  throw CheckFailure(fmt::format("unknown cell status '{}'", name));
}

Json ToJson(const Cell& cell) {
  Json json = {{"model", cell.key.model},
               {"scene", cell.key.scene},
               {"seed", cell.key.seed},
               {"scenario", cell.scenario},
               {"caption", cell.caption},
               {"status", CellStatusName(cell.status)},
               {"stage", cell.stage},
               {"reason", cell.reason},
               {"sample", ToJson(cell.sample)},
               {"truth_video", cell.truth_video},
               {"scores", Json::object()},
               {"stage_seconds", cell.stage_seconds}};
  for (const Score& score : cell.scores) json["scores"][score.id()] = ToJson(score);
  return json;
}

Cell CellFromJson(const Json& json, const std::string& place) {
  Cell cell;
  cell.key = {json.at("model").get<std::string>(),
              json.at("scene").get<std::string>(),
              json.at("seed").get<uint64_t>()};
  cell.scenario = json.at("scenario").get<std::string>();
  cell.caption = json.at("caption").get<std::string>();
  cell.status = CellStatusFromName(json.at("status").get<std::string>());
  cell.stage = json.at("stage").get<std::string>();
  cell.reason = json.at("reason").get<std::string>();
  cell.sample = SampleInfoFromJson(json.at("sample"));
  cell.truth_video = json.at("truth_video").get<std::string>();
  for (const auto& [id, score] : json.at("scores").items()) {
    cell.scores.push_back(
        ScoreFromJson(score, fmt::format("{}: {}: {}", place, ToString(cell.key), id)));
  }
  cell.stage_seconds = json.at("stage_seconds").get<std::map<std::string, double>>();
  return cell;
}

Results ResultsFromCheckedJson(const Json& json, const std::string& place) {
  PLUMB_CHECK(
      json.at("schema").get<int>() == Results::kSchema, "schema {}", json.at("schema").get<int>());
  Results results;
  results.name = json.at("name").get<std::string>();
  results.suite = json.at("suite").get<std::string>();
  results.suite_digest = json.at("suite_digest").get<std::string>();
  results.versions = json.at("versions").get<std::map<std::string, std::string>>();
  results.machine = json.at("machine").get<std::map<std::string, std::string>>();
  results.started = json.at("started").get<std::string>();
  results.models = json.at("models").get<std::vector<std::string>>();
  for (const Json& info : json.at("scores")) results.scores.push_back(ScoreInfoFromJson(info));
  for (const Json& cell : json.at("cells")) results.cells.push_back(CellFromJson(cell, place));
  for (const Json& entry : json.at("left_out")) {
    results.left_out.push_back({entry.at("model").get<std::string>(),
                                entry.at("scene").get<std::string>(),
                                entry.at("reason").get<std::string>()});
  }
  return results;
}

}  // namespace

std::string_view CellStatusName(CellStatus status) {
  switch (status) {
    case CellStatus::kMissing:
      return "missing";
    case CellStatus::kDone:
      return "done";
    case CellStatus::kFailed:
      return "failed";
  }
  throw CheckFailure("unknown cell status");
}

std::string ToString(const CellKey& key) {
  return fmt::format("{}/{} {}", key.scene, key.seed, key.model);
}

Json ToJson(const SampleInfo& sample) {
  return {{"source", sample.source},
          {"frames", sample.frames},
          {"fps", sample.fps},
          {"width", sample.width},
          {"height", sample.height},
          {"motion_class", sample.motion_class},
          {"notes", sample.notes}};
}

SampleInfo SampleInfoFromJson(const Json& json) {
  SampleInfo sample;
  sample.source = json.at("source").get<std::string>();
  sample.frames = json.at("frames").get<int>();
  sample.fps = json.at("fps").get<double>();
  sample.width = json.at("width").get<int>();
  sample.height = json.at("height").get<int>();
  sample.motion_class = json.at("motion_class").get<std::string>();
  sample.notes = json.at("notes").get<std::vector<std::string>>();
  return sample;
}

Json ToJson(const Results& results) {
  Json json = {{"schema", Results::kSchema},
               {"name", results.name},
               {"suite", results.suite},
               {"suite_digest", results.suite_digest},
               {"versions", results.versions},
               {"machine", results.machine},
               {"started", results.started},
               {"models", results.models},
               {"scores", Json::array()},
               {"cells", Json::array()},
               {"left_out", Json::array()}};
  for (const ScoreInfo& info : results.scores) json["scores"].push_back(ToJson(info));
  for (const Cell& cell : results.cells) json["cells"].push_back(ToJson(cell));
  for (const LeftOut& entry : results.left_out) {
    json["left_out"].push_back(
        {{"model", entry.model}, {"scene", entry.scene}, {"reason", entry.reason}});
  }
  return json;
}

Results ResultsFromJson(const Json& json, const std::string& place) {
  try {
    return ResultsFromCheckedJson(json, place);
  } catch (const Json::exception& error) {
    throw InputError(place, std::string("no valid results: ") + error.what());
  } catch (const CheckFailure& error) {
    throw InputError(place, std::string("no valid results: ") + error.what());
  }
}

}  // namespace plumb
