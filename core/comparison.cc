// SPDX-License-Identifier: Apache-2.0
#include "core/comparison.h"

#include "core/check.h"

namespace plumb {

std::string_view VerdictName(Verdict verdict) {
  switch (verdict) {
    case Verdict::kImproved:
      return "improved";
    case Verdict::kRegressed:
      return "regressed";
    case Verdict::kNoChange:
      return "no change";
    case Verdict::kNotEnoughData:
      return "not enough data";
    case Verdict::kNotComparable:
      return "not comparable";
    case Verdict::kNotJudged:
      return "not judged";
  }
  throw CheckFailure("unknown verdict");
}

Json ToJson(const Comparison& comparison) {
  Json json = {{"schema", 1},
               {"base", comparison.base},
               {"head", comparison.head},
               {"metrics", Json::array()},
               {"newly_failing", comparison.newly_failing},
               {"fixed", comparison.fixed},
               {"warnings", comparison.warnings}};
  for (const MetricComparison& metric : comparison.metrics) {
    const bool paired = metric.pairs > 0;
    const auto number = [paired](double value) { return paired ? Json(value) : Json(nullptr); };
    json["metrics"].push_back({{"id", metric.info.id},
                               {"unit", metric.info.unit},
                               {"better", ToJson(metric.info.better)},
                               {"verdict", VerdictName(metric.verdict)},
                               {"why", metric.why},
                               {"pairs", metric.pairs},
                               {"scenes", metric.scenes},
                               {"only_base", metric.only_base},
                               {"only_head", metric.only_head},
                               {"base_mean", number(metric.base_mean)},
                               {"head_mean", number(metric.head_mean)},
                               {"difference", number(metric.difference)},
                               {"low", number(metric.low)},
                               {"high", number(metric.high)}});
  }
  return json;
}

}  // namespace plumb
