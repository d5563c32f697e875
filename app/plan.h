// SPDX-License-Identifier: Apache-2.0
// A plan: which cells a run consists of, each under a key that says what its result depends on.
#pragma once

#include <map>
#include <string>
#include <vector>

#include "app/store.h"
#include "app/truth_store.h"
#include "core/results.h"
#include "core/suite.h"

namespace plumb {

struct PlannedCell {
  CellKey key;
  std::string scenario;
  std::string caption;
  std::string truth;       // digest of scene and protocol
  std::string sample_key;  // digest of truth, model (weights, amounts, sampler) and sample seed
  std::string cell_key;    // digest of sample key and metric versions
};

struct Plan {
  static constexpr int kSchema = 1;
  std::string name;
  Suite suite;
  std::string suite_digest;
  std::vector<std::string> models;  // in the order of the command line
  std::vector<ScoreInfo> scores;    // of the asked families
  std::vector<PlannedCell> cells;   // by (model order, scene order, seed)
  std::vector<LeftOut> left_out;
  bool keep_samples = true;  // whether samples are stored; else they are made anew for each metric
  std::string started;       // ISO 8601, UTC
  std::map<std::string, std::string> versions;
  std::map<std::string, std::string> machine;
};

struct PlanOptions {
  std::vector<std::string> models;  // specs; empty: the suite's own
  std::string filter;               // regular expression on "<scene>/<seed> <model>"; empty: all
  int limit = 0;                    // only the first scenes; 0: all
  bool keep_samples = true;         // Plan::keep_samples

  // Throws UsageError naming the option that makes no sense.
  void Validate() const;
};

// Of scenes, protocol, seed, families, name and version; the models that a suite proposes are no
// part of it.
std::string SuiteDigest(const Suite& suite);
TruthProtocol TruthProtocolOf(const Suite& suite);
// All scenes of a suite, in order: made from the catalogue, or those of its files, which LoadSuite
// has read.
std::vector<Scene> ScenesOf(const Suite& suite);

// Resolves models and scenes into cells; (scene, law) pairs where the law cannot show are left out.
// Reads weights (for their digest) but does no other work. Throws UsageError for unknown models and
// when no cell is left.
Plan MakePlan(const Suite& suite, const PlanOptions& options);

// The older plan with the models and cells of the newer added. Throws UsageError when the suites
// differ.
Plan Amended(const Plan& older, const Plan& newer);

// The stored plan with today's keys: what a changed metric, weight or video asks for anew is
// missing again.
Plan Refreshed(const Plan& stored);

// Seconds of one core that all cells of a plan take, from what cells of this size took on the
// machine it was tuned on.
double SecondsNeeded(const Plan& plan);

Json ToJson(const Plan& plan);
// Throws InputError naming `place` when a key is missing or wrong.
Plan PlanFromJson(const Json& json, const std::string& place);

// What stands in the store for every planned cell; cells without a row are missing.
Results ResultsOf(const Plan& plan, const Store& store);

// One line a model: the scenes where its law cannot show; "" when nothing was left out.
std::string LeftOutText(const std::vector<LeftOut>& left_out);

// The matrix with counts as text: scenarios × models, what is left out and why.
std::string PlanText(const Plan& plan);

}  // namespace plumb
