// SPDX-License-Identifier: Apache-2.0
#include "app/scene_check.h"

#include <algorithm>
#include <cmath>
#include <limits>

#include <fmt/format.h>

#include "core/errors.h"
#include "core/parallel.h"
#include "scenes/catalogue.h"
#include "scenes/simulate.h"

namespace plumb {
namespace {

std::vector<std::string> AskedScenarios(const SceneCheckOptions& options) {
  if (!options.scenarios.empty()) return options.scenarios;
  std::vector<std::string> all;
  for (const ScenarioInfo& info : ListScenarios()) all.emplace_back(info.id);
  return all;
}

bool WantsPictures(const std::string& scenario, CheckPictures pictures) {
  if (pictures == CheckPictures::kWhereNeeded) return NeedsPictures(scenario);
  return pictures == CheckPictures::kAlways;
}

LawCheck Failure(const std::string& reason) {
  LawCheck check;
  check.name = reason;
  return check;
}

std::vector<LawCheck> ChecksOf(const std::string& scenario,
                               uint64_t seed,
                               const SceneCheckOptions& options,
                               const Progress& progress) {
  try {
    const Scene scene = MakeScene(scenario, options.suite_seed, seed);
    if (WantsPictures(scenario, options.pictures)) {
      return CheckTruth(MakeTruth(scene, options.render, progress));
    }
    SimulateOptions simulate;
    simulate.fps = options.render.fps;
    return CheckMotion(scene, Simulate(scene, simulate, progress));
  } catch (const CancelledError&) {
    throw;
  } catch (const std::exception& error) {
    return {Failure(error.what())};
  }
}

// How near a check is to its bound: 1 at it, above when over.
double ShareOfBound(const LawCheck& check) {
  const double error = std::abs(check.measured - check.expected);
  if (check.tolerance > 0) return error / check.tolerance;
  return check.passed ? 0.0 : std::numeric_limits<double>::infinity();
}

void Include(const std::string& scenario,
             uint64_t seed,
             const LawCheck& check,
             std::vector<SceneCheckRow>& rows) {
  auto row = std::find_if(rows.begin(), rows.end(), [&](const SceneCheckRow& known) {
    return known.scenario == scenario && known.worst.name == check.name;
  });
  if (row == rows.end()) row = rows.insert(rows.end(), {scenario, check, seed, 0, 0});
  ++row->scenes;
  if (!check.passed) ++row->failed;
  // A failed one outranks every other: it may be no number.
  const bool worse = check.passed == row->worst.passed
                         ? ShareOfBound(check) > ShareOfBound(row->worst)
                         : !check.passed;
  if (!worse) return;
  row->worst = check;
  row->seed = seed;
}

}  // namespace

void SceneCheckOptions::Validate() const {
  // A misspelt scenario is told before any work.
  for (const std::string& scenario : scenarios) MakeScene(scenario, suite_seed, first_seed);
  if (seeds < 1) throw UsageError(fmt::format("--count {}: expected 1 or more", seeds));
  if (threads < 1) throw UsageError(fmt::format("--threads {}: expected 1 or more", threads));
  render.Validate();
}

int SceneCheckTable::failed_rows() const {
  return static_cast<int>(std::count_if(
      rows.begin(), rows.end(), [](const SceneCheckRow& row) { return row.failed > 0; }));
}

SceneCheckTable CheckScenes(const SceneCheckOptions& options, const Progress& progress) {
  options.Validate();
  const std::vector<std::string> scenarios = AskedScenarios(options);
  const int count = static_cast<int>(scenarios.size()) * options.seeds;
  std::vector<std::vector<LawCheck>> checks(count);
  const auto work = [&](int index, const Progress& quiet) {
    const uint64_t seed = options.first_seed + static_cast<uint64_t>(index % options.seeds);
    checks[index] = ChecksOf(scenarios[index / options.seeds], seed, options, quiet);
  };
  DoInParallel("scenes checked", count, options.threads, work, progress);
  SceneCheckTable table;
  table.scenes = count;
  for (int i = 0; i < count; ++i) {
    const uint64_t seed = options.first_seed + static_cast<uint64_t>(i % options.seeds);
    for (const LawCheck& check : checks[i]) {
      Include(scenarios[i / options.seeds], seed, check, table.rows);
    }
  }
  return table;
}

std::string TableText(const SceneCheckTable& table) {
  size_t scenario_width = 8, name_width = 8;
  for (const SceneCheckRow& row : table.rows) {
    scenario_width = std::max(scenario_width, row.scenario.size());
    name_width = std::max(name_width, std::min<size_t>(row.worst.name.size(), 60));
  }
  std::string text = fmt::format("      {:<{}}  {:<{}}  {:>12} {:>12} {:>10} {:>10}  {:<8} {:>6}\n",
                                 "scenario",
                                 scenario_width,
                                 "quantity",
                                 name_width,
                                 "expected",
                                 "simulated",
                                 "error",
                                 "bound",
                                 "unit",
                                 "seed");
  for (const SceneCheckRow& row : table.rows) {
    const LawCheck& worst = row.worst;
    text +=
        fmt::format("{}  {:<{}}  {:<{}}  {:>12.6g} {:>12.6g} {:>10.2g} {:>10.2g}  {:<8} {:>6}{}\n",
                    row.failed > 0 ? "FAIL" : "pass",
                    row.scenario,
                    scenario_width,
                    worst.name,
                    name_width,
                    worst.expected,
                    worst.measured,
                    std::abs(worst.measured - worst.expected),
                    worst.tolerance,
                    worst.unit,
                    row.seed,
                    row.failed > 0 ? fmt::format("  {} of {}", row.failed, row.scenes) : "");
  }
  return text;
}

Json ToJson(const SceneCheckTable& table) {
  Json json{{"schema", 1}, {"scenes", table.scenes}, {"checks", Json::array()}};
  // What is no number can't be written as one.
  const auto number = [](double value) { return std::isfinite(value) ? Json(value) : Json(); };
  for (const SceneCheckRow& row : table.rows) {
    const LawCheck& worst = row.worst;
    json["checks"].push_back({{"scenario", row.scenario},
                              {"name", worst.name},
                              {"seed", row.seed},
                              {"expected", number(worst.expected)},
                              {"measured", number(worst.measured)},
                              {"error", number(std::abs(worst.measured - worst.expected))},
                              {"tolerance", number(worst.tolerance)},
                              {"unit", worst.unit},
                              {"scenes", row.scenes},
                              {"failed", row.failed},
                              {"passed", row.failed == 0}});
  }
  return json;
}

}  // namespace plumb
