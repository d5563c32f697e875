// SPDX-License-Identifier: Apache-2.0
// What is to be measured, as suites and the command line name it: families of scores, and
// "likelihood:CHECKPOINT", whose judge is a native checkpoint.
#pragma once

#include <string>
#include <vector>

#include "core/score.h"

namespace plumb {

struct AskedMetrics {
  std::vector<std::string> families;  // "geometry", "permanence", "dynamics"
  std::string judge;                  // a checkpoint folder; empty: no likelihood
};

// No names: all families. Throws UsageError with the nearest name when one is unknown, and when a
// likelihood has no judge.
AskedMetrics ParseMetrics(const std::vector<std::string>& names);

// The names with `judge` as the one who measures likelihood. Throws UsageError when a judge is
// given and no likelihood asked for; an empty judge changes nothing.
std::vector<std::string> WithJudge(std::vector<std::string> names, const std::string& judge);

// The scores of those metrics, in the order of AllScores(), likelihood last.
std::vector<ScoreInfo> ScoresOf(const std::vector<std::string>& names);

// Everything about those metrics that may change a score: versions by id, and the judge's digest.
// Throws UsageError when the judge is no folder.
Json MetricVersions(const std::vector<std::string>& names);

}  // namespace plumb
