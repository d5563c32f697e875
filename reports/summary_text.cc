// SPDX-License-Identifier: Apache-2.0
#include "reports/summary_text.h"

#include <algorithm>

#include <fmt/format.h>

#include "core/calibration.h"
#include "reports/text.h"

namespace plumb {

std::vector<ScoreInfo> ColumnsOf(const Results& results) {
  std::vector<ScoreInfo> headlines;
  for (const ScoreInfo& info : results.scores) {
    if (info.headline) headlines.push_back(info);
  }
  return headlines.empty() ? results.scores : headlines;
}

std::string MeanText(const ModelScore& summary) {
  if (summary.planned == 0) return summary.not_tested == 0 ? "–" : "not tested";
  if (!summary.mean) return fmt::format("not measurable 0/{}", summary.planned);
  const double mean = *summary.mean;
  const double half = std::max(summary.high - mean, mean - summary.low);
  const std::string interval = summary.measured > 1 ? " ±" + FormatLike(half, mean) : "";
  return fmt::format("{}{} {}/{}", FormatNumber(mean), interval, summary.measured, summary.planned);
}

std::string BoundsText(const ModelScore& summary) {
  if (!summary.mean || summary.measured == summary.planned) return "";
  if (!summary.worst_bound || !summary.best_bound) return "";
  const auto [low, high] = std::minmax(*summary.worst_bound, *summary.best_bound);
  return fmt::format("bounds {}–{}", FormatNumber(low), FormatNumber(high));
}

std::string ThresholdText(const Score& score) {
  const std::optional<double> threshold = ThresholdOf(score);
  if (!threshold) return "";
  const Json verdict = score.evidence().details["calibration"].value("verdict", Json());
  const std::string words = verdict.is_string() ? CleanText(verdict.get<std::string>()) : "";
  return fmt::format("{} (threshold {})", words, FormatNumber(*threshold));
}

std::vector<std::string> BeyondThreshold(const Results& results) {
  std::vector<std::string> lines;
  for (const ScoreInfo& info : results.scores) {
    if (!info.headline) continue;
    for (const std::string& model : results.models) {
      size_t judged = 0;
      size_t worse = 0;
      for (const Cell& cell : results.cells) {
        if (cell.key.model != model) continue;
        for (const Score& score : cell.scores) {
          const std::optional<double> threshold = ThresholdOf(score);
          if (score.id() != info.id || !threshold) continue;
          ++judged;
          worse += IsWorse(info, score.value(), *threshold);
        }
      }
      if (worse == 0) continue;
      lines.push_back(
          fmt::format("{}, {}: {} of {}", info.id, model, worse, Counted(judged, "cell")));
    }
  }
  return lines;
}

}  // namespace plumb
