// SPDX-License-Identifier: Apache-2.0
// The catalogue held against closed forms over many seeds, as one table.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "core/json.h"
#include "core/progress.h"
#include "scenes/checks.h"
#include "scenes/render.h"

namespace plumb {

enum class CheckPictures { kWhereNeeded, kNever, kAlways };

struct SceneCheckOptions {
  std::vector<std::string> scenarios;  // empty: all
  uint64_t suite_seed = 0;
  uint64_t first_seed = 0;
  int seeds = 20;  // of every scenario
  int threads = 1;
  CheckPictures pictures = CheckPictures::kWhereNeeded;
  RenderOptions render;  // of the pictures

  // Throws UsageError for an unknown scenario (with the nearest) or a senseless number.
  void Validate() const;
};

// One quantity of one scenario; the numbers are those of the seed that comes nearest to the bound.
struct SceneCheckRow {
  std::string scenario;
  LawCheck worst;
  uint64_t seed = 0;
  int scenes = 0;  // in which the quantity was checked
  int failed = 0;
};

struct SceneCheckTable {
  std::vector<SceneCheckRow> rows;  // by scenario, then in the order of the checks
  int scenes = 0;

  int failed_rows() const;
};

// A scene that can't be simulated or rendered is a row of its own that failed, with the reason as
// the quantity's name.
SceneCheckTable CheckScenes(const SceneCheckOptions& options, const Progress& progress = {});

std::string TableText(const SceneCheckTable& table);
Json ToJson(const SceneCheckTable& table);

}  // namespace plumb
