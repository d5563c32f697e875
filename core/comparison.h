// SPDX-License-Identifier: Apache-2.0
// Two models, or two runs, paired cell by cell.
#pragma once

#include <string>
#include <vector>

#include "core/results.h"

namespace plumb {

// kNotJudged: a plain estimate (Direction::kNone); its values are shown and nothing more.
enum class Verdict { kImproved, kRegressed, kNoChange, kNotEnoughData, kNotComparable, kNotJudged };
std::string_view VerdictName(Verdict verdict);  // "improved", "regressed", "no change", …

struct MetricComparison {
  ScoreInfo info;
  Verdict verdict = Verdict::kNotEnoughData;
  std::string why;    // one sentence: what decided
  int pairs = 0;      // cells measured on both sides
  int scenes = 0;     // clusters
  int only_base = 0;  // measured only on one side
  int only_head = 0;
  double base_mean = 0.0, head_mean = 0.0;         // over the pairs
  double difference = 0.0, low = 0.0, high = 0.0;  // head − base, 95 % bootstrap clustered by scene
};

struct Comparison {
  std::string base;  // "runs/a · oracle"
  std::string head;
  std::vector<MetricComparison> metrics;
  std::vector<std::string> newly_failing;  // cells done in base, failed or missing in head
  std::vector<std::string> fixed;
  std::vector<std::string> warnings;  // other suite version, other machine class …
};

Json ToJson(const Comparison& comparison);

}  // namespace plumb
