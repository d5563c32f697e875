// SPDX-License-Identifier: Apache-2.0
#include "reports/compare.h"

#include <algorithm>
#include <cmath>
#include <map>
#include <vector>

#include <fmt/format.h>

#include "core/check.h"
#include "core/errors.h"
#include "core/seed.h"
#include "core/statistics.h"
#include "reports/text.h"

namespace plumb {
namespace {

using PairKey = std::pair<std::string, uint64_t>;  // scene, seed
using CellsByKey = std::map<PairKey, const Cell*>;

CellsByKey CellsOf(const ComparisonSide& side) {
  PLUMB_CHECK(side.results != nullptr);
  const std::vector<std::string>& models = side.results->models;
  if (std::find(models.begin(), models.end(), side.model) == models.end()) {
    throw UsageError(fmt::format("run {}: there is no model \"{}\" in it",
                                 CleanText(side.results->name),
                                 CleanText(side.model)));
  }
  CellsByKey cells;
  for (const Cell& cell : side.results->cells) {
    if (cell.key.model == side.model) cells[{cell.key.scene, cell.key.seed}] = &cell;
  }
  return cells;
}

std::string LabelOf(const ComparisonSide& side) {
  return side.label.empty() ? side.results->name + " · " + side.model : side.label;
}

const ScoreInfo* FindInfo(const Results& results, const std::string& id) {
  for (const ScoreInfo& info : results.scores) {
    if (info.id == id) return &info;
  }
  return nullptr;
}

const Score* FindMeasured(const CellsByKey& cells, const PairKey& key, const std::string& id) {
  const auto cell = cells.find(key);
  if (cell == cells.end() || cell->second->status != CellStatus::kDone) return nullptr;
  for (const Score& score : cell->second->scores) {
    if (score.id() == id && score.measured()) return &score;
  }
  return nullptr;
}

// The paired values of one score: differences by scene, and what the verdict's sentence needs.
struct Pairs {
  std::vector<std::vector<double>> differences;  // [scene][pair]
  std::vector<double> base, head;
  int ties = 0, higher = 0, lower = 0;
  int only_base = 0, only_head = 0;
};

Pairs PairsOf(const CellsByKey& base, const CellsByKey& head, const std::string& id) {
  CellsByKey keys = base;
  keys.insert(head.begin(), head.end());
  Pairs pairs;
  std::map<std::string, std::vector<double>> by_scene;
  for (const auto& [key, cell] : keys) {
    const Score* before = FindMeasured(base, key, id);
    const Score* after = FindMeasured(head, key, id);
    pairs.only_base += before != nullptr && after == nullptr;
    pairs.only_head += before == nullptr && after != nullptr;
    if (before == nullptr || after == nullptr) continue;
    const double difference = after->value() - before->value();
    by_scene[key.first].push_back(difference);
    pairs.base.push_back(before->value());
    pairs.head.push_back(after->value());
    pairs.ties += difference == 0.0;
    pairs.higher += difference > 0.0;
    pairs.lower += difference < 0.0;
  }
  for (auto& [scene, differences] : by_scene) pairs.differences.push_back(std::move(differences));
  return pairs;
}

// "9 higher, 2 lower, 1 tie"
std::string CountsText(const Pairs& pairs) {
  return fmt::format(
      "{} higher, {} lower, {}", pairs.higher, pairs.lower, Counted(pairs.ties, "tie"));
}

void DecideVerdict(MetricComparison& metric, const Pairs& pairs, const CompareOptions& options) {
  const bool up = metric.low > 0.0;
  const bool down = metric.high < 0.0;
  const bool all_tied = pairs.ties == metric.pairs;
  if (metric.pairs == 0) {
    metric.why = "no cell is measured on both sides";
  } else if (metric.pairs < options.min_pairs || metric.scenes < options.min_scenes) {
    metric.why = fmt::format("{} in {}; a verdict needs {} in {}",
                             Counted(metric.pairs, "pair"),
                             Counted(metric.scenes, "scene"),
                             options.min_pairs,
                             options.min_scenes);
  } else if (metric.info.better == Direction::kNone) {
    metric.verdict = Verdict::kNotJudged;
    metric.why = fmt::format("a plain value: neither way is better ({})", CountsText(pairs));
  } else if (all_tied) {
    metric.verdict = Verdict::kNoChange;
    metric.why = fmt::format("all {} are exact ties", Counted(metric.pairs, "pair"));
  } else if (!up && !down) {
    metric.verdict = Verdict::kNoChange;
    metric.why = fmt::format("the interval contains 0 ({})", CountsText(pairs));
  } else if (std::abs(metric.difference) < options.min_effect) {
    metric.verdict = Verdict::kNoChange;
    metric.why = fmt::format("smaller than the least effect that counts, {} ({})",
                             FormatNumber(options.min_effect),
                             CountsText(pairs));
  } else {
    const bool better = (metric.info.better == Direction::kHigher) == up;
    metric.verdict = better ? Verdict::kImproved : Verdict::kRegressed;
    metric.why =
        fmt::format("the interval lies {} 0 ({})", up ? "above" : "below", CountsText(pairs));
  }
}

MetricComparison CompareMetric(const ScoreInfo& info,
                               const Pairs& pairs,
                               const CompareOptions& options) {
  MetricComparison metric;
  metric.info = info;
  metric.pairs = static_cast<int>(pairs.base.size());
  metric.scenes = static_cast<int>(pairs.differences.size());
  metric.only_base = pairs.only_base;
  metric.only_head = pairs.only_head;
  if (metric.pairs > 0) {
    BootstrapOptions bootstrap;
    bootstrap.resamples = options.resamples;
    bootstrap.level = options.level;
    bootstrap.seed = DeriveSeed(options.seed, info.id, "compare");
    const Interval interval = ClusteredBootstrapMean(pairs.differences, bootstrap);
    metric.base_mean = Mean(pairs.base);
    metric.head_mean = Mean(pairs.head);
    metric.difference = interval.value;
    metric.low = interval.low;
    metric.high = interval.high;
  }
  DecideVerdict(metric, pairs, options);
  return metric;
}

// Why the two sides' numbers for this score must not be held against each other; empty when they
// may.
std::string Obstacle(const ScoreInfo* base, const ScoreInfo* head, bool same_suite) {
  if (!same_suite) return "the two runs used different suites";
  if (base == nullptr) return "only head has this score";
  if (head == nullptr) return "only base has this score";
  if (base->version != head->version) {
    return fmt::format("metric version {} in base, {} in head", base->version, head->version);
  }
  if (base->unit != head->unit || base->better != head->better) {
    return "unit or direction of the score differ";
  }
  return "";
}

std::vector<std::string> AllScoreIds(const Results& base, const Results& head) {
  std::vector<std::string> ids;
  for (const ScoreInfo& info : base.scores) ids.push_back(info.id);
  for (const ScoreInfo& info : head.scores) {
    if (FindInfo(base, info.id) == nullptr) ids.push_back(info.id);
  }
  return ids;
}

void CompareOutcomes(Comparison& comparison, const CellsByKey& base, const CellsByKey& head) {
  size_t only_base = 0;
  size_t only_head = 0;
  for (const auto& [key, cell] : base) {
    const auto other = head.find(key);
    if (other == head.end()) {
      ++only_base;
      continue;
    }
    const bool was_done = cell->status == CellStatus::kDone;
    const bool is_done = other->second->status == CellStatus::kDone;
    if (was_done && !is_done) comparison.newly_failing.push_back(ToString(other->second->key));
    if (!was_done && is_done) comparison.fixed.push_back(ToString(other->second->key));
  }
  for (const auto& [key, cell] : head) only_head += base.count(key) == 0;
  if (only_base > 0) {
    comparison.warnings.push_back(Counted(only_base, "cell") + " of base not planned in head");
  }
  if (only_head > 0) {
    comparison.warnings.push_back(Counted(only_head, "cell") + " of head not planned in base");
  }
}

// One warning for every value that both sides state and that differs.
void WarnOfDifferences(Comparison& comparison,
                       const std::map<std::string, std::string>& base,
                       const std::map<std::string, std::string>& head,
                       std::string_view what) {
  for (const auto& [key, value] : base) {
    const auto other = head.find(key);
    if (other != head.end() && other->second != value) {
      comparison.warnings.push_back(
          fmt::format("other {} {}: {} in base, {} in head", what, key, value, other->second));
    }
  }
}

}  // namespace

void CompareOptions::Validate() const {
  if (resamples < 100) throw UsageError("resamples: at least 100 expected");
  if (!(level > 0.5 && level < 1.0)) throw UsageError("level: between 0.5 and 1 expected");
  if (min_pairs < 1) throw UsageError("min_pairs: at least 1 expected");
  if (min_scenes < 1) throw UsageError("min_scenes: at least 1 expected");
  if (!(min_effect >= 0.0 && std::isfinite(min_effect))) {
    throw UsageError("min_effect: a finite number of at least 0 expected");
  }
}

Comparison Compare(const ComparisonSide& base,
                   const ComparisonSide& head,
                   const CompareOptions& options) {
  options.Validate();
  const CellsByKey base_cells = CellsOf(base);
  const CellsByKey head_cells = CellsOf(head);
  const Results& before = *base.results;
  const Results& after = *head.results;

  Comparison comparison;
  comparison.base = LabelOf(base);
  comparison.head = LabelOf(head);
  const bool equal_digests = before.suite_digest == after.suite_digest;
  if (!equal_digests) {
    comparison.warnings.push_back(
        fmt::format("other suite: {} in base, {} in head", before.suite, after.suite));
  }
  WarnOfDifferences(comparison, before.versions, after.versions, "version of");
  WarnOfDifferences(comparison, before.machine, after.machine, "machine:");

  for (const std::string& id : AllScoreIds(before, after)) {
    const ScoreInfo* base_info = FindInfo(before, id);
    const ScoreInfo* head_info = FindInfo(after, id);
    const Pairs pairs = PairsOf(base_cells, head_cells, id);
    const std::string obstacle = Obstacle(base_info, head_info, equal_digests || options.lenient);
    if (obstacle.empty()) {
      comparison.metrics.push_back(CompareMetric(*head_info, pairs, options));
      continue;
    }
    MetricComparison metric;
    metric.info = head_info != nullptr ? *head_info : *base_info;
    metric.verdict = Verdict::kNotComparable;
    metric.why = obstacle;
    metric.only_base = pairs.only_base;
    metric.only_head = pairs.only_head;
    comparison.metrics.push_back(std::move(metric));
  }
  CompareOutcomes(comparison, base_cells, head_cells);
  return comparison;
}

}  // namespace plumb
