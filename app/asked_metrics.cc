// SPDX-License-Identifier: Apache-2.0
#include "app/asked_metrics.h"

#include <algorithm>

#include <fmt/format.h>

#include "app/model_spec.h"
#include "core/document.h"
#include "core/errors.h"
#include "metrics/dynamics/likelihood.h"
#include "metrics/metrics.h"

namespace plumb {
namespace {

const std::vector<std::string> kFamilies = {"geometry", "permanence", "dynamics"};
const std::string kLikelihood = "likelihood";

[[noreturn]] void RefuseName(const std::string& name) {
  std::vector<std::string> known = kFamilies;
  known.push_back(kLikelihood);
  const std::string near = NearestName(name, known);
  throw UsageError(fmt::format("unknown family '{}'{}; expected some of: {}",
                               name,
                               near.empty() ? "" : fmt::format(", did you mean '{}'?", near),
                               fmt::join(known, ", ")));
}

std::string FamilyOf(const ScoreInfo& info) { return info.id.substr(0, info.id.find('.')); }

}  // namespace

AskedMetrics ParseMetrics(const std::vector<std::string>& names) {
  AskedMetrics asked;
  for (const std::string& name : names) {
    const size_t colon = name.find(':');
    if (name.substr(0, colon) == kLikelihood) {
      asked.judge = colon == std::string::npos ? "" : name.substr(colon + 1);
      if (asked.judge.empty()) {
        throw UsageError("likelihood needs a judge: --judge CHECKPOINT, or likelihood:CHECKPOINT");
      }
    } else if (std::find(kFamilies.begin(), kFamilies.end(), name) != kFamilies.end()) {
      asked.families.push_back(name);
    } else {
      RefuseName(name);
    }
  }
  if (names.empty()) asked.families = kFamilies;
  return asked;
}

std::vector<std::string> WithJudge(std::vector<std::string> names, const std::string& judge) {
  if (judge.empty()) return names;
  for (std::string& name : names) {
    if (name.substr(0, name.find(':')) != kLikelihood) continue;
    name = kLikelihood + ":" + judge;
    return names;
  }
  throw UsageError("--judge: only likelihood has a judge, and it is not asked for");
}

std::vector<ScoreInfo> ScoresOf(const std::vector<std::string>& names) {
  const AskedMetrics asked = ParseMetrics(names);
  std::vector<ScoreInfo> scores;
  for (const ScoreInfo& info : AllScores()) {
    const auto& families = asked.families;
    if (std::find(families.begin(), families.end(), FamilyOf(info)) != families.end()) {
      scores.push_back(info);
    }
  }
  if (!asked.judge.empty()) scores.push_back(LikelihoodScore());
  return scores;
}

Json MetricVersions(const std::vector<std::string>& names) {
  Json versions = Json::object();
  for (const ScoreInfo& info : ScoresOf(names)) versions[info.id] = info.version;
  const std::string judge = ParseMetrics(names).judge;
  if (!judge.empty())
    versions["judge"] = ModelDigest(ParseModelSpecs({"native:" + judge}).front(), "");
  return versions;
}

}  // namespace plumb
