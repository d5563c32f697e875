// SPDX-License-Identifier: Apache-2.0
// What a run (or a scoring of loose videos) found: one cell per (model, scene, seed), scores
// inside.
#pragma once

#include <map>
#include <optional>
#include <string>
#include <vector>

#include "core/json.h"
#include "core/score.h"

namespace plumb {

enum class CellStatus { kMissing, kDone, kFailed };
std::string_view CellStatusName(CellStatus status);  // "missing", "done", "failed"

struct CellKey {
  std::string model;  // the spec as named on the command line: "sabotage:gravity=0.5"
  std::string scene;  // "drop-3"; for loose videos the file name
  uint64_t seed = 0;
  auto operator<=>(const CellKey&) const = default;
};
std::string ToString(const CellKey& key);  // "drop-3/0 oracle"

// The sample as it was scored.
struct SampleInfo {
  std::string source;  // path of the scored video, relative to the run folder or as given
  int frames = 0;
  double fps = 0.0;
  int width = 0;
  int height = 0;
  std::string motion_class = "unknown";
  std::vector<std::string> notes;  // what was trimmed, resized, re-timed
};

Json ToJson(const SampleInfo& sample);
// Throws Json::exception on a missing key or a wrong type; other keys are passed over.
SampleInfo SampleInfoFromJson(const Json& json);

struct Cell {
  CellKey key;
  std::string scenario;  // "" for loose videos
  std::string caption;
  CellStatus status = CellStatus::kMissing;
  std::string stage;   // where it failed: "generate", "decode", "score"
  std::string reason;  // why it failed or is missing
  SampleInfo sample;
  std::string truth_video;  // path of the truth's video where there is one, "" otherwise
  std::vector<Score> scores;
  std::map<std::string, double> stage_seconds;  // wall time; never part of what must repeat
};

// A (model, scene) pair that was left out on purpose, with the reason ("law cannot show").
struct LeftOut {
  std::string model;
  std::string scene;
  std::string reason;
};

struct Results {
  static constexpr int kSchema = 1;
  std::string name;   // of the run
  std::string suite;  // "quick v1", or "" for loose videos
  std::string suite_digest;
  std::map<std::string, std::string> versions;  // plumb, libraries, compiler, git revision
  std::map<std::string, std::string> machine;   // CPU, cores, memory, operating system
  std::string started;                          // ISO 8601, UTC
  std::vector<std::string> models;              // in the order of the command line
  std::vector<ScoreInfo> scores;                // columns, in the order of AllScores()
  std::vector<Cell> cells;                      // by (model order, scene, seed)
  std::vector<LeftOut> left_out;
};

Json ToJson(const Results& results);
// Throws InputError naming `place` on another schema, missing keys or contradictory cells.
Results ResultsFromJson(const Json& json, const std::string& place);

// Mean of one score over the cells of one model, with everything that the mean hides.
struct ModelScore {
  std::string model;
  ScoreInfo info;
  int planned = 0;  // cells of the model where the score could apply (not "not tested")
  int measured = 0;
  int not_tested = 0;                             // the law had no occasion to show
  std::optional<double> mean;                     // empty when nothing was measured
  double low = 0.0, high = 0.0;                   // clustered bootstrap over scenes, 95 %
  std::optional<double> worst_bound, best_bound;  // mean with unmeasured cells counted worst, best;
                                                  // only for scores bounded in 0–1
  std::map<std::string, int> reasons;             // reason code or cell status → count
};
// One entry per (model, score), models and scores in their order.
std::vector<ModelScore> Summarise(const Results& results);

}  // namespace plumb
