// SPDX-License-Identifier: Apache-2.0
#include "app/plan.h"

#include <algorithm>
#include <ctime>
#include <regex>
#include <set>

#include <fmt/chrono.h>
#include <fmt/format.h>

#include "app/asked_metrics.h"
#include "app/digest.h"
#include "app/model_spec.h"
#include "app/versions.h"
#include "core/check.h"
#include "core/errors.h"
#include "scenes/catalogue.h"

namespace plumb {
namespace {

constexpr double kTruthSecondsPerMegapixel = 0.15;
constexpr double kCellSecondsPerMegapixel = 0.5;

std::string Now() { return fmt::format("{:%Y-%m-%dT%H:%M:%SZ}", fmt::gmtime(std::time(nullptr))); }

// Everything about the metrics that may change a score, beside the sample: the same for all cells.
struct CellPlanner {
  explicit CellPlanner(const Plan& given)
      : plan(given), metrics(MetricVersions(given.suite.families)) {}
  PlannedCell PlanCell(const Scene& scene, const ModelSpec& model, uint64_t seed) const;
  const Plan& plan;
  Json metrics;
};

PlannedCell CellPlanner::PlanCell(const Scene& scene, const ModelSpec& model, uint64_t seed) const {
  PlannedCell cell;
  cell.key = {model.text, scene.id, seed};
  cell.scenario = scene.scenario;
  cell.caption = scene.caption;
  cell.truth = TruthDigest(scene, TruthProtocolOf(plan.suite));
  const int conditioning = plan.suite.protocol.conditioning_frames;
  const std::string cell_id = fmt::format("{}/{}", scene.id, seed);
  cell.sample_key = DigestOfJson(Json{{"truth", cell.truth},
                                      {"model", ModelDigest(model, cell_id)},
                                      {"conditioning_frames", conditioning},
                                      {"suite_seed", plan.suite.seed},
                                      {"sample", seed}});
  cell.cell_key = DigestOfJson(Json{{"sample", cell.sample_key}, {"metrics", metrics}});
  return cell;
}

// The rank of a cell in the order of models, scenes and seeds of a plan.
struct CellOrder {
  explicit CellOrder(const Plan& plan) {
    for (const std::string& model : plan.models) models.emplace(model, models.size());
    for (const SceneSet& set : plan.suite.scenes) {
      if (set.scene) scenes.emplace(set.scene->id, scenes.size());
      for (const uint64_t seed : set.seeds)
        scenes.emplace(SceneId(set.scenario, seed), scenes.size());
    }
  }
  bool operator()(const PlannedCell& a, const PlannedCell& b) const { return Rank(a) < Rank(b); }
  std::tuple<size_t, size_t, uint64_t> Rank(const PlannedCell& cell) const {
    return {models.at(cell.key.model), scenes.at(cell.key.scene), cell.key.seed};
  }
  std::map<std::string, size_t> models;
  std::map<std::string, size_t> scenes;
};

void AddModel(const ModelSpec& model, const std::vector<Scene>& scenes, Plan& plan) {
  plan.models.push_back(model.text);
  const CellPlanner planner(plan);
  for (const Scene& scene : scenes) {
    const std::string why = WhyLeftOut(model, scene);
    if (!why.empty()) {
      plan.left_out.push_back({model.text, scene.id, why});
      continue;
    }
    for (int seed = 0; seed < plan.suite.protocol.samples_per_scene; ++seed) {
      plan.cells.push_back(planner.PlanCell(scene, model, static_cast<uint64_t>(seed)));
    }
  }
}

void KeepMatching(const std::string& filter, Plan& plan) {
  if (filter.empty()) return;
  const std::regex pattern(filter, std::regex::ECMAScript);
  const auto matches = [&](const CellKey& key) {
    return std::regex_search(ToString(key), pattern);
  };
  std::erase_if(plan.cells, [&](const PlannedCell& cell) { return !matches(cell.key); });
  // A pair that is left out stands for one cell a sample.
  std::erase_if(plan.left_out, [&](const LeftOut& pair) {
    for (int seed = 0; seed < plan.suite.protocol.samples_per_scene; ++seed) {
      if (matches({pair.model, pair.scene, static_cast<uint64_t>(seed)})) return false;
    }
    return true;
  });
}

}  // namespace

void PlanOptions::Validate() const {
  if (limit < 0) throw UsageError("--limit must not be negative");
  try {
    std::regex pattern(filter, std::regex::ECMAScript);
  } catch (const std::regex_error& error) {
    throw UsageError(fmt::format("--filter '{}': {}", filter, error.what()));
  }
}

std::string SuiteDigest(const Suite& suite) {
  Suite without_models = suite;
  without_models.models.clear();
  return DigestOfJson(ToJson(without_models));
}

TruthProtocol TruthProtocolOf(const Suite& suite) {
  TruthProtocol protocol;
  protocol.width = suite.protocol.width;
  protocol.height = suite.protocol.height;
  protocol.frames = suite.protocol.frames;
  protocol.fps = suite.protocol.fps;
  return protocol;
}

std::vector<Scene> ScenesOf(const Suite& suite) {
  std::vector<Scene> scenes;
  for (const SceneSet& set : suite.scenes) {
    PLUMB_CHECK(set.file.empty() || set.scene, "{} is not read", set.file);
    if (set.scene) scenes.push_back(*set.scene);
    for (const uint64_t seed : set.seeds) {
      scenes.push_back(MakeScene(set.scenario, suite.seed, seed));
    }
  }
  return scenes;
}

Plan MakePlan(const Suite& suite, const PlanOptions& options) {
  options.Validate();
  Plan plan;
  plan.suite = suite;
  plan.suite_digest = SuiteDigest(suite);
  plan.name = suite.name;
  plan.keep_samples = options.keep_samples;
  plan.scores = ScoresOf(suite.families);
  plan.started = Now();
  plan.versions = BuildVersions();
  plan.machine = MachineFacts();
  std::vector<Scene> scenes = ScenesOf(suite);
  if (options.limit > 0 && options.limit < static_cast<int>(scenes.size())) {
    scenes.resize(options.limit);
  }
  const std::vector<std::string>& names = options.models.empty() ? suite.models : options.models;
  if (names.empty()) throw UsageError("no model named: neither --model nor the suite has one");
  for (const ModelSpec& model : ParseModelSpecs(names)) AddModel(model, scenes, plan);
  KeepMatching(options.filter, plan);
  if (plan.cells.empty()) {
    throw UsageError(options.filter.empty() || !plan.left_out.empty()
                         ? "no cell is left: the models' laws cannot show in these scenes"
                         : fmt::format("no cell matches --filter '{}'", options.filter));
  }
  return plan;
}

Plan Amended(const Plan& older, const Plan& newer) {
  if (older.suite_digest != newer.suite_digest) {
    throw UsageError(
        fmt::format("the folder holds suite {} v{} ({}), not {} v{} ({}); use another "
                    "--out",
                    older.suite.name,
                    older.suite.version,
                    older.suite_digest.substr(0, 12),
                    newer.suite.name,
                    newer.suite.version,
                    newer.suite_digest.substr(0, 12)));
  }
  Plan plan = newer;
  plan.started = older.started;
  plan.models = older.models;
  for (const std::string& model : newer.models) {
    if (std::find(plan.models.begin(), plan.models.end(), model) == plan.models.end()) {
      plan.models.push_back(model);
    }
  }
  // A cell of the newer plan replaces the older one of the same name: its key may have changed with
  // a metric.
  std::set<CellKey> known;
  for (const PlannedCell& cell : newer.cells) known.insert(cell.key);
  for (const PlannedCell& cell : older.cells) {
    if (known.insert(cell.key).second) plan.cells.push_back(cell);
  }
  std::stable_sort(plan.cells.begin(), plan.cells.end(), CellOrder(plan));
  for (const LeftOut& entry : older.left_out) {
    const bool there =
        std::any_of(plan.left_out.begin(), plan.left_out.end(), [&](const LeftOut& e) {
          return e.model == entry.model && e.scene == entry.scene;
        });
    if (!there) plan.left_out.push_back(entry);
  }
  return plan;
}

Plan Refreshed(const Plan& stored) {
  Plan plan = stored;
  plan.scores = ScoresOf(stored.suite.families);
  plan.versions = BuildVersions();
  plan.machine = MachineFacts();
  std::map<std::string, Scene> scenes;
  for (Scene& scene : ScenesOf(stored.suite)) scenes.emplace(scene.id, std::move(scene));
  const CellPlanner planner(plan);
  for (PlannedCell& cell : plan.cells) {
    const auto scene = scenes.find(cell.key.scene);
    PLUMB_CHECK(scene != scenes.end(), "{}", cell.key.scene);
    cell = planner.PlanCell(scene->second, ParseModelSpec(cell.key.model), cell.key.seed);
  }
  return plan;
}

double SecondsNeeded(const Plan& plan) {
  // Megapixels of one clip times seconds a megapixel, for the truth once a scene and for the scores
  // of every cell.
  const Protocol& protocol = plan.suite.protocol;
  const double megapixels = 1e-6 * protocol.width * protocol.height * protocol.frames;
  std::set<std::string> truths;
  for (const PlannedCell& cell : plan.cells) truths.insert(cell.truth);
  return megapixels * (kTruthSecondsPerMegapixel * static_cast<double>(truths.size()) +
                       kCellSecondsPerMegapixel * static_cast<double>(plan.cells.size()));
}

Results ResultsOf(const Plan& plan, const Store& store) {
  Results results;
  results.name = plan.name;
  results.suite = fmt::format("{} v{}", plan.suite.name, plan.suite.version);
  results.suite_digest = plan.suite_digest;
  results.versions = plan.versions;
  results.machine = plan.machine;
  results.started = plan.started;
  results.models = plan.models;
  results.scores = plan.scores;
  results.left_out = plan.left_out;
  for (const PlannedCell& planned : plan.cells) {
    std::optional<Cell> cell = store.GetCell(planned.cell_key);
    if (!cell) {
      cell.emplace();
      cell->reason = "not run yet";
    }
    cell->key = planned.key;
    cell->scenario = planned.scenario;
    cell->caption = planned.caption;
    results.cells.push_back(*std::move(cell));
  }
  return results;
}

}  // namespace plumb
