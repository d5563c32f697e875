// SPDX-License-Identifier: Apache-2.0
// plan.json (declared in plan.h).
#include <map>

#include <fmt/format.h>

#include "app/plan.h"
#include "core/check.h"
#include "core/errors.h"

namespace plumb {
namespace {

Json ToJson(const PlannedCell& cell) {
  return {{"model", cell.key.model},
          {"scene", cell.key.scene},
          {"seed", cell.key.seed},
          {"scenario", cell.scenario},
          {"caption", cell.caption},
          {"truth", cell.truth},
          {"sample_key", cell.sample_key},
          {"cell_key", cell.cell_key}};
}

PlannedCell CellFromJson(const Json& json) {
  PlannedCell cell;
  cell.key = {json.at("model").get<std::string>(),
              json.at("scene").get<std::string>(),
              json.at("seed").get<uint64_t>()};
  cell.scenario = json.at("scenario").get<std::string>();
  cell.caption = json.at("caption").get<std::string>();
  cell.truth = json.at("truth").get<std::string>();
  cell.sample_key = json.at("sample_key").get<std::string>();
  cell.cell_key = json.at("cell_key").get<std::string>();
  return cell;
}

}  // namespace

Json ToJson(const Plan& plan) {
  Json json = {{"schema", Plan::kSchema},
               {"name", plan.name},
               {"suite", ToJson(plan.suite)},
               {"suite_digest", plan.suite_digest},
               {"models", plan.models},
               {"keep_samples", plan.keep_samples},
               {"started", plan.started},
               {"versions", plan.versions},
               {"machine", plan.machine},
               {"scores", Json::array()},
               {"cells", Json::array()},
               {"left_out", Json::array()}};
  for (const ScoreInfo& info : plan.scores) json["scores"].push_back(ToJson(info));
  for (const PlannedCell& cell : plan.cells) json["cells"].push_back(ToJson(cell));
  for (const LeftOut& entry : plan.left_out) {
    json["left_out"].push_back(
        {{"model", entry.model}, {"scene", entry.scene}, {"reason", entry.reason}});
  }
  return json;
}

Plan PlanFromJson(const Json& json, const std::string& place) {
  try {
    const int schema = json.at("schema").get<int>();
    if (schema != Plan::kSchema) {
      throw InputError(
          place,
          fmt::format(
              "has schema {}; this version of Plumb reads schema {}", schema, Plan::kSchema));
    }
    Plan plan;
    plan.name = json.at("name").get<std::string>();
    plan.suite = SuiteFromDocument({place, json.at("suite"), {}});
    plan.suite_digest = json.at("suite_digest").get<std::string>();
    plan.models = json.at("models").get<std::vector<std::string>>();
    plan.keep_samples = json.value("keep_samples", true);  // earlier plans do not say it
    plan.started = json.at("started").get<std::string>();
    plan.versions = json.at("versions").get<std::map<std::string, std::string>>();
    plan.machine = json.at("machine").get<std::map<std::string, std::string>>();
    for (const Json& info : json.at("scores")) plan.scores.push_back(ScoreInfoFromJson(info));
    for (const Json& cell : json.at("cells")) plan.cells.push_back(CellFromJson(cell));
    for (const Json& entry : json.at("left_out")) {
      plan.left_out.push_back({entry.at("model").get<std::string>(),
                               entry.at("scene").get<std::string>(),
                               entry.at("reason").get<std::string>()});
    }
    return plan;
  } catch (const Json::exception& error) {
    throw InputError(place, error.what());
  } catch (const CheckFailure& error) {
    throw InputError(place, error.what());
  }
}

}  // namespace plumb
