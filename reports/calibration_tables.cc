// SPDX-License-Identifier: Apache-2.0
#include "reports/calibration_tables.h"

#include <algorithm>
#include <map>
#include <set>

#include <fmt/format.h>

#include "core/errors.h"
#include "reports/text.h"

namespace plumb {
namespace {

constexpr double kGoodArea = 0.99;
constexpr size_t kManyScenes = 20;

std::string Line(const std::vector<std::string>& fields) {
  return fmt::format("| {} |\n", fmt::join(fields, " | "));
}

std::string Head(const std::vector<std::string>& fields) {
  std::string rule = "|";
  for (size_t i = 0; i < fields.size(); ++i) rule += "---|";
  return Line(fields) + rule + "\n";
}

std::string Code(std::string_view text) { return fmt::format("`{}`", text); }

// "warp_px" and "4" of "sabotage:warp_px=4".
std::pair<std::string, std::string> PartsOf(const std::string& model) {
  const std::string argument = model.substr(model.find(':') + 1);
  const size_t equals = argument.find('=');
  if (equals == argument.npos) return {argument, ""};
  return {argument.substr(0, equals), argument.substr(equals + 1)};
}

std::string AreaText(const std::optional<Interval>& auc) {
  if (!auc) return "–";
  return fmt::format("{:.3f} [{:.2f}, {:.2f}]", auc->value, auc->low, auc->high);
}

std::string MeanText(const CalibrationRow& row) { return row.mean ? FormatNumber(*row.mean) : "–"; }

std::string Of(int part, int whole) { return fmt::format("{} of {}", part, whole); }

std::string ReasonsText(const CalibrationRow& row) {
  std::string text;
  for (const auto& [code, count] : row.reasons) {
    text += fmt::format("{}{} × {}", text.empty() ? "" : ", ", code, count);
  }
  return text.empty() ? "–" : text;
}

// The score that people look at first.
std::string HeadlineOf(const CalibrationTable& table) {
  for (const CalibratedScore& score : table.scores) {
    if (score.info.headline) return score.info.id;
  }
  return table.scores.empty() ? "" : table.scores.front().info.id;
}

std::vector<const CalibrationRow*> RowsOf(const CalibrationTable& table,
                                          ModelRole role,
                                          const std::string& score) {
  std::vector<const CalibrationRow*> rows;
  for (const CalibrationRow& row : table.rows) {
    if (RoleOf(row.model) == role && row.score == score) rows.push_back(&row);
  }
  return rows;
}

// Other scores that tell this model's clips from intact ones.
std::string AlsoSeenBy(const CalibrationTable& table, const CalibrationRow& row) {
  std::string text;
  for (const CalibrationRow& other : table.rows) {
    if (other.model != row.model || other.score == row.score || !other.auc) continue;
    if (other.auc->value < kGoodArea) continue;
    text += fmt::format("{}{} {:.3f} ({})",
                        text.empty() ? "" : ", ",
                        Code(other.score),
                        other.auc->value,
                        Counted(static_cast<size_t>(other.measured), "clip"));
  }
  return text.empty() ? "–" : text;
}

std::string Setting(const CalibrationTable& table) {
  std::map<std::string, int> scenarios;
  for (const std::string& scene : table.scenes) ++scenarios[scene.substr(0, scene.rfind('-'))];
  std::string names;
  for (const auto& [name, count] : scenarios) {
    names += fmt::format("{}{} × {}", names.empty() ? "" : ", ", Code(name), count);
  }
  std::set<int> versions;
  for (const CalibratedScore& score : table.scores) versions.insert(score.info.version);
  const Protocol& protocol = table.protocol;
  const bool pilot = table.scenes.size() < kManyScenes;
  return Head({"what", "value"}) +
         (pilot ? Line({"standing", "a pilot of few scenes: figures are coarse, intervals wide"})
                : "") +
         Line({"scenes", fmt::format("{}: {}", table.scenes.size(), names)}) +
         Line({"clips",
               fmt::format("{}x{} pixels, {} frames at {:.4g} a second",
                           protocol.width,
                           protocol.height,
                           protocol.frames,
                           protocol.fps)}) +
         Line({"false alarms allowed", fmt::format("{:.0f} %", 100.0 * table.false_alarms)}) +
         Line({"versions of the scores", fmt::format("{}", fmt::join(versions, ", "))}) +
         Line({"digest", Code(table.digest.substr(0, 16))});
}

std::string Floors(const CalibrationTable& table) {
  std::string text = Head({"score",
                           "unit",
                           "better",
                           "version",
                           "truths",
                           "truth: median, worst",
                           "noise floor",
                           "tolerance",
                           "threshold"});
  for (const CalibratedScore& score : table.scores) {
    text += Line(
        {Code(score.info.id),
         score.info.unit,
         std::string(DirectionName(score.info.better)),
         std::to_string(score.info.version),
         std::to_string(score.truths),
         fmt::format("{}, {}", FormatNumber(score.truth_median), FormatNumber(score.truth_worst)),
         FormatNumber(score.noise_floor),
         FormatNumber(score.tolerance),
         FormatNumber(score.threshold)});
  }
  return text;
}

// The other scores that call more of these clips broken than are allowed.
std::string OtherAlarms(const CalibrationTable& table, const CalibrationRow& row) {
  std::string text;
  for (const CalibrationRow& other : table.rows) {
    if (other.model != row.model || other.score == row.score) continue;
    if (other.flagged <= table.false_alarms * other.measured) continue;
    text += fmt::format(
        "{}{} {}", text.empty() ? "" : ", ", Code(other.score), Of(other.flagged, other.measured));
  }
  return text.empty() ? "–" : text;
}

std::string Nuisances(const CalibrationTable& table, const std::string& headline) {
  std::string text = Head({"clips",
                           "amount",
                           "mean",
                           "false alarms",
                           "not measurable",
                           "other scores with more than 5 %"});
  for (const CalibrationRow* row : RowsOf(table, ModelRole::kIntact, headline)) {
    const auto [name, amount] = PartsOf(row->model);
    text += Line({Code(name),
                  amount.empty() ? "–" : amount,
                  MeanText(*row),
                  Of(row->flagged, row->measured),
                  ReasonsText(*row),
                  OtherAlarms(table, *row)});
  }
  return text;
}

std::string Bends(const CalibrationTable& table, const std::string& headline) {
  std::string text =
      Head({"law", "amount", "mean", "AUC", "seen", "not measurable", "also told by"});
  for (const CalibrationRow* row : RowsOf(table, ModelRole::kBends, headline)) {
    const auto [name, amount] = PartsOf(row->model);
    text += Line({Code(name),
                  amount,
                  MeanText(*row),
                  AreaText(row->auc),
                  Of(row->flagged, row->measured),
                  ReasonsText(*row),
                  AlsoSeenBy(table, *row)});
  }
  return text;
}

std::string Series(const CalibrationTable& table, const std::string& headline) {
  std::string text =
      Head({"law", "score", "scenes", "falls within the tolerance", "falls at every step"});
  for (const DoseSeries& series : table.series) {
    const ModelRole role = RoleOf(fmt::format("sabotage:{}=", series.law));
    if (role != ModelRole::kBends) continue;
    // Beside the headline those that follow the dose in most scenes.
    if (series.score != headline && 2 * series.falls < series.series) continue;
    text += Line({Code(series.law),
                  Code(series.score),
                  std::to_string(series.series),
                  Of(series.falls, series.series),
                  Of(series.falls_exactly, series.series)});
  }
  return text;
}

std::string Rigid(const CalibrationTable& table, const std::string& headline) {
  std::string text =
      Head({"law", "amount", "mean", "false alarms", "not measurable", "told by other scores"});
  for (const CalibrationRow* row : RowsOf(table, ModelRole::kRigid, headline)) {
    const auto [name, amount] = PartsOf(row->model);
    text += Line({Code(name),
                  amount,
                  MeanText(*row),
                  Of(row->flagged, row->measured),
                  ReasonsText(*row),
                  AlsoSeenBy(table, *row)});
  }
  return text;
}

std::string Controls(const CalibrationTable& table, const std::string& headline) {
  std::string text = Head({"clips", "measured", "mean", "passes for consistent", "not measurable"});
  for (const CalibrationRow* row : RowsOf(table, ModelRole::kControl, headline)) {
    const auto [name, amount] = PartsOf(row->model);
    text += Line({Code(amount.empty() ? name : name + "=" + amount),
                  Of(row->measured, row->planned),
                  MeanText(*row),
                  Of(row->measured - row->flagged, row->planned),
                  ReasonsText(*row)});
  }
  return text;
}

}  // namespace

std::vector<NamedTable> CalibrationTables(const CalibrationTable& table) {
  const std::string headline = HeadlineOf(table);
  return {{"setting", Setting(table)},
          {"floors", Floors(table)},
          {"nuisances", Nuisances(table, headline)},
          {"bends", Bends(table, headline)},
          {"series", Series(table, headline)},
          {"rigid", Rigid(table, headline)},
          {"controls", Controls(table, headline)}};
}

std::string WithTables(const std::string& page, const std::vector<NamedTable>& tables) {
  std::string filled = page;
  for (const auto& [name, rows] : tables) {
    const std::string opening = fmt::format("<!-- table: {} -->\n", name);
    const size_t start = filled.find(opening);
    const size_t end = filled.find("<!-- /table -->", start);
    if (start == filled.npos || end == filled.npos) {
      throw UsageError(fmt::format("the page has no table '{}'", name));
    }
    const size_t from = start + opening.size();
    filled.replace(from, end - from, rows);
  }
  return filled;
}

}  // namespace plumb
