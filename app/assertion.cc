// SPDX-License-Identifier: Apache-2.0
#include "app/assertion.h"

#include <algorithm>
#include <charconv>
#include <cmath>
#include <map>
#include <regex>
#include <utility>

#include <fmt/format.h>

#include "core/errors.h"
#include "core/statistics.h"

namespace plumb {
namespace {

const std::vector<std::pair<std::string, Aggregate>>& Aggregates() {
  static const std::vector<std::pair<std::string, Aggregate>> table = {
      {"mean", Aggregate::kMean},
      {"median", Aggregate::kMedian},
      {"worst", Aggregate::kWorst},
      {"best", Aggregate::kBest},
      {"coverage", Aggregate::kCoverage}};
  return table;
}

[[noreturn]] void FailAssertion(std::string_view text, const std::string& message) {
  throw UsageError(fmt::format("assertion '{}': {}", text, message));
}

std::string Suggestion(const std::string& name, const std::vector<std::string>& names) {
  const std::string near = NearestName(name, names);
  return near.empty() ? fmt::format("; there is: {}", fmt::join(names, ", "))
                      : fmt::format(", did you mean '{}'?", near);
}

// Splits "worst(geometry.consistency)" into its two parts.
void ReadScore(const std::string& part, Assertion& assertion) {
  const size_t open = part.find('(');
  if (open == part.npos) {
    assertion.score = part;
    return;
  }
  if (part.back() != ')') FailAssertion(assertion.text, "a bracket is left open");
  const std::string name = part.substr(0, open);
  std::vector<std::string> names;
  for (const auto& [known, aggregate] : Aggregates()) {
    names.push_back(known);
    if (known != name) continue;
    assertion.aggregate = aggregate;
    assertion.score = part.substr(open + 1, part.size() - open - 2);
    return;
  }
  FailAssertion(assertion.text, fmt::format("unknown '{}'{}", name, Suggestion(name, names)));
}

AssertionLevel LevelFromName(ObjectReader& reader, const std::string& name) {
  if (name == "error") return AssertionLevel::kError;
  if (name == "warn") return AssertionLevel::kWarn;
  if (name == "off") return AssertionLevel::kOff;
  reader.Fail("level", fmt::format("'{}', expected error, warn or off", name));
}

// The cells an assertion looks at, as far as they went.
struct Looked {
  int planned = 0;
  std::vector<double> values;
  std::map<std::string, int> reasons;
};

Looked Look(const Assertion& assertion, const std::string& model, const Results& results) {
  const std::regex scenes(assertion.scenes.empty() ? ".*" : assertion.scenes);
  Looked looked;
  for (const Cell& cell : results.cells) {
    if (cell.key.model != model || !std::regex_match(cell.key.scene, scenes)) continue;
    const auto score = std::find_if(cell.scores.begin(), cell.scores.end(), [&](const Score& s) {
      return s.id() == assertion.score;
    });
    if (score == cell.scores.end()) {
      ++looked.planned;
      ++looked.reasons[std::string(CellStatusName(cell.status))];
    } else if (score->measured()) {
      ++looked.planned;
      looked.values.push_back(score->value());
    } else if (score->status() == ScoreStatus::kNotMeasurable) {
      ++looked.planned;
      ++looked.reasons[std::string(ReasonCodeName(score->reason().code))];
    }
  }
  return looked;
}

// The worst and the best of a plain estimate are nothing: a bound on its mean or median may be
// asked for.
void RequireDirection(const Assertion& assertion, const ScoreInfo& info) {
  const bool directed =
      assertion.aggregate == Aggregate::kWorst || assertion.aggregate == Aggregate::kBest;
  if (!directed || info.better != Direction::kNone) return;
  FailAssertion(
      assertion.text,
      fmt::format("neither way is better for {}; use mean, median or its error score", info.id));
}

double ValueOf(Aggregate aggregate, const Looked& looked, Direction better) {
  const auto [low, high] = std::minmax_element(looked.values.begin(), looked.values.end());
  const bool higher = better == Direction::kHigher;
  switch (aggregate) {
    case Aggregate::kMean:
      return Mean(looked.values);
    case Aggregate::kMedian:
      return Median(looked.values);
    case Aggregate::kWorst:
      return higher ? *low : *high;
    case Aggregate::kBest:
      return higher ? *high : *low;
    case Aggregate::kCoverage:
      return static_cast<double>(looked.values.size()) / looked.planned;
  }
  return 0.0;
}

bool Holds(double value, const std::string& comparator, double threshold) {
  if (comparator == ">=") return value >= threshold;
  if (comparator == "<=") return value <= threshold;
  if (comparator == ">") return value > threshold;
  return value < threshold;
}

AssertionOutcome CheckModel(const Assertion& assertion,
                            const std::string& model,
                            const ScoreInfo& info,
                            const Results& results) {
  AssertionOutcome outcome;
  outcome.assertion = assertion;
  outcome.model = model;
  const Looked looked = Look(assertion, model, results);
  if (looked.values.empty()) {
    std::vector<std::string> reasons;
    for (const auto& [reason, count] : looked.reasons) {
      reasons.push_back(fmt::format("{}: {}", reason, count));
    }
    outcome.why = reasons.empty()
                      ? "no cell to measure"
                      : fmt::format("nothing was measured ({})", fmt::join(reasons, ", "));
    return outcome;
  }
  outcome.value = ValueOf(assertion.aggregate, looked, info.better);
  outcome.passed = Holds(*outcome.value, assertion.comparator, assertion.threshold);
  outcome.why = fmt::format(
      "{:.4g} over {} of {} cells", *outcome.value, looked.values.size(), looked.planned);
  return outcome;
}

const ScoreInfo& FindInfo(const Assertion& assertion, const Results& results) {
  std::vector<std::string> names;
  for (const ScoreInfo& info : results.scores) {
    if (info.id == assertion.score) return info;
    names.push_back(info.id);
  }
  FailAssertion(
      assertion.text,
      fmt::format(
          "no score '{}' in these results{}", assertion.score, Suggestion(assertion.score, names)));
}

}  // namespace

Assertion ParseAssertion(std::string_view text, AssertionLevel level) {
  Assertion assertion;
  assertion.text = text;
  assertion.level = level;
  // The comparison is the last < or > of the text; model names may hold '=' and ':'.
  const size_t at = text.find_last_of("<>");
  if (at == text.npos) FailAssertion(text, "expected model:score>=number");
  const bool or_equal = at + 1 < text.size() && text[at + 1] == '=';
  assertion.comparator = text.substr(at, or_equal ? 2 : 1);
  const std::string_view number = text.substr(at + assertion.comparator.size());
  const auto [end, error] =
      std::from_chars(number.data(), number.data() + number.size(), assertion.threshold);
  if (error != std::errc() || end != number.data() + number.size() ||
      !std::isfinite(assertion.threshold)) {
    FailAssertion(text, fmt::format("'{}' is no number", number));
  }
  const std::string left(text.substr(0, at));
  const size_t colon = left.rfind(':');
  if (colon != left.npos) assertion.model = left.substr(0, colon);
  const std::string score = colon == left.npos ? left : left.substr(colon + 1);
  if (score.empty()) FailAssertion(text, "names no score");
  ReadScore(score, assertion);
  return assertion;
}

std::vector<Assertion> AssertionsFromDocument(const Document& document) {
  ObjectReader root(document, "");
  root.Require("schema");
  if (root.Integer("schema", 0) != 1) root.Fail("schema", "expected 1");
  std::vector<Assertion> assertions;
  for (ObjectReader& entry : root.Objects("assert")) {
    entry.Require("require");
    const std::string level = entry.Text("level", "error");
    Assertion assertion = ParseAssertion(entry.Text("require", ""), LevelFromName(entry, level));
    assertion.scenes = entry.Text("scenes", "");
    try {
      const std::regex checked(assertion.scenes);
    } catch (const std::regex_error&) {
      entry.Fail("scenes", fmt::format("'{}' is no regular expression", assertion.scenes));
    }
    entry.Finish();
    assertions.push_back(std::move(assertion));
  }
  root.Finish();
  return assertions;
}

std::vector<AssertionOutcome> CheckAssertion(const Assertion& assertion, const Results& results) {
  std::vector<AssertionOutcome> outcomes;
  if (assertion.level == AssertionLevel::kOff) return outcomes;
  const ScoreInfo& info = FindInfo(assertion, results);
  RequireDirection(assertion, info);
  for (const std::string& model : results.models) {
    if (assertion.model.empty() || assertion.model == model) {
      outcomes.push_back(CheckModel(assertion, model, info, results));
    }
  }
  if (outcomes.empty()) {
    FailAssertion(assertion.text,
                  fmt::format("no model '{}' in these results{}",
                              assertion.model,
                              Suggestion(assertion.model, results.models)));
  }
  return outcomes;
}

}  // namespace plumb
