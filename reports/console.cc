// SPDX-License-Identifier: Apache-2.0
#include "reports/console.h"

#include <fmt/format.h>

#include <algorithm>
#include <map>

#include "reports/text.h"
#include "reports/text_table.h"

namespace plumb {
namespace {

std::string FamilyOf(const ScoreInfo& info) { return info.id.substr(0, info.id.find('.')); }

size_t CountStatus(const Results& results, CellStatus status) {
  return std::count_if(results.cells.begin(), results.cells.end(),
                       [&](const Cell& cell) { return cell.status == status; });
}

// "quick-1 · quick v1 · 84 cells: 80 done, 3 failed, 1 missing"
std::string TitleLine(const Results& results) {
  std::string line = CleanText(results.name);
  if (!results.suite.empty()) line += " · " + CleanText(results.suite);
  line += fmt::format(" · {}: {} done", Counted(results.cells.size(), "cell"),
                      CountStatus(results, CellStatus::kDone));
  for (const CellStatus status : {CellStatus::kFailed, CellStatus::kMissing}) {
    const size_t count = CountStatus(results, status);
    if (count > 0) line += fmt::format(", {} {}", count, CellStatusName(status));
  }
  return line;
}

std::string MostFrequentReason(const ModelScore& summary) {
  const auto most =
      std::max_element(summary.reasons.begin(), summary.reasons.end(),
                       [](const auto& a, const auto& b) { return a.second < b.second; });
  return most == summary.reasons.end() ? "" : CleanText(most->first);
}

// "0.987 ±0.004 11/12"
std::string MeanText(const ModelScore& summary) {
  if (summary.planned == 0 && summary.not_tested == 0) return "–";
  if (summary.planned == 0) return "not tested";
  if (!summary.mean) return fmt::format("not measurable 0/{}", summary.planned);
  const double half = std::max(summary.high - *summary.mean, *summary.mean - summary.low);
  return fmt::format("{} ±{} {}/{}", FormatNumber(*summary.mean),
                     FormatLike(half, *summary.mean), summary.measured, summary.planned);
}

// What the mean hides: its bounds, or why there is none. Empty when nothing is hidden.
std::string NoteText(const ModelScore& summary) {
  if (!summary.mean) return MostFrequentReason(summary);
  if (summary.measured == summary.planned || !summary.worst_bound || !summary.best_bound) return "";
  return fmt::format("bounds {}–{}",
                     FormatNumber(std::min(*summary.worst_bound, *summary.best_bound)),
                     FormatNumber(std::max(*summary.worst_bound, *summary.best_bound)));
}

using ScoreFilter = bool (*)(const ScoreInfo& info, const std::string& family);

// Models × the scores that `wanted` accepts.
TextTable SummaryTable(const std::vector<ModelScore>& summaries, ScoreFilter wanted,
                       const std::string& family) {
  TextTable table;
  table.head = {"model"};
  std::string model;
  TextRow means, notes;
  notes.dim = true;
  const auto finish = [&] {
    if (means.cells.empty()) return;
    table.rows.push_back(means);
    table.rows.push_back(notes);
  };
  for (const ModelScore& summary : summaries) {
    if (summary.model != model || means.cells.empty()) {
      finish();
      model = summary.model;
      means.cells = {CleanText(model)};
      notes.cells = {""};
    }
    if (!wanted(summary.info, family)) continue;
    const std::string head = CleanText(summary.info.id);
    if (std::find(table.head.begin(), table.head.end(), head) == table.head.end()) {
      table.head.push_back(head);
    }
    means.cells.push_back(MeanText(summary));
    notes.cells.push_back(NoteText(summary));
  }
  finish();
  return table;
}

std::string DetailTables(const Results& results, const std::vector<ModelScore>& summaries,
                         const ConsoleOptions& options) {
  std::vector<std::string> families;
  for (const ScoreInfo& info : results.scores) {
    const std::string family = FamilyOf(info);
    if (std::find(families.begin(), families.end(), family) == families.end()) {
      families.push_back(family);
    }
  }
  std::string out;
  for (const std::string& family : families) {
    const TextTable table = SummaryTable(
        summaries,
        [](const ScoreInfo& info, const std::string& name) {
          return !info.headline && FamilyOf(info) == name;
        },
        family);
    if (table.head.size() > 1) {
      out += '\n' + RenderTable(table, options.width, options.colour);
    }
  }
  return out;
}

// A title and at most list_limit lines.
std::string List(const std::string& title, const std::vector<std::string>& lines,
                 const ConsoleOptions& options) {
  if (lines.empty()) return "";
  std::string out = '\n' + Bold(title, options.colour) + '\n';
  const size_t limit = std::max(1, options.list_limit);
  for (size_t i = 0; i < std::min(limit, lines.size()); ++i) {
    out += "  " + Shortened(lines[i], std::max(20, options.width - 2)) + '\n';
  }
  if (lines.size() > limit) out += fmt::format("  … and {} more\n", lines.size() - limit);
  return out;
}

std::string BrokenCells(const Results& results, CellStatus status, const ConsoleOptions& options) {
  std::vector<std::string> lines;
  for (const Cell& cell : results.cells) {
    if (cell.status != status) continue;
    std::string line = ToString(cell.key);
    if (!cell.stage.empty()) line += " in " + cell.stage;
    if (!cell.reason.empty()) line += ": " + cell.reason;
    lines.push_back(line);
  }
  return List(std::string(CellStatusName(status)), lines, options);
}

// "geometry.consistency, frozen: no_camera_motion × 12"
std::string UnmeasuredScores(const std::vector<ModelScore>& summaries,
                             const ConsoleOptions& options) {
  std::vector<std::string> lines;
  for (const ModelScore& summary : summaries) {
    if (!summary.info.headline || summary.reasons.empty()) continue;
    std::string line = fmt::format("{}, {}:", summary.info.id, summary.model);
    for (const auto& [reason, count] : summary.reasons) {
      line += fmt::format("{}{} × {}", line.back() == ':' ? " " : ", ", reason, count);
    }
    lines.push_back(line);
  }
  return List("without a value", lines, options);
}

std::string LeftOutPairs(const Results& results, const ConsoleOptions& options) {
  std::map<std::pair<std::string, std::string>, int> counts;
  for (const LeftOut& left : results.left_out) ++counts[{left.model, left.reason}];
  std::vector<std::string> lines;
  for (const auto& [key, count] : counts) {
    lines.push_back(fmt::format("{}, {}: {}", key.first, Counted(count, "scene"), key.second));
  }
  return List("left out of the plan", lines, options);
}

const Score* FindScore(const Cell& cell, const std::string& id) {
  for (const Score& score : cell.scores) {
    if (score.id() == id) return &score;
  }
  return nullptr;
}

std::string ClipScoreText(const Cell& cell, const std::string& id) {
  if (cell.status != CellStatus::kDone) return std::string(CellStatusName(cell.status));
  const Score* score = FindScore(cell, id);
  if (score == nullptr) return "–";
  if (!score->measured()) return std::string(ReasonCodeName(score->reason().code));
  return FormatNumber(score->value());
}

std::vector<std::string> ClipColumns(const Results& results, const std::vector<std::string>& also) {
  std::vector<std::string> ids;
  for (const ScoreInfo& info : results.scores) {
    const bool named = std::find(also.begin(), also.end(), info.id) != also.end();
    if (info.headline || named) ids.push_back(info.id);
  }
  return ids;
}

TextRow ClipRow(const Cell& cell, const std::vector<std::string>& ids, bool many_models) {
  TextRow row;
  std::string name = cell.key.scene;
  if (many_models) name = cell.key.model + ": " + name;
  double seconds = 0.0;
  for (const auto& [stage, time] : cell.stage_seconds) seconds += time;
  row.cells = {CleanText(name), CleanText(cell.sample.motion_class),
               fmt::format("{}", cell.sample.frames)};
  for (const std::string& id : ids) row.cells.push_back(ClipScoreText(cell, id));
  row.cells.push_back(fmt::format("{:.1f}", seconds));
  return row;
}

std::string VerdictText(const MetricComparison& metric, bool colour) {
  const std::string_view name = VerdictName(metric.verdict);
  if (metric.verdict == Verdict::kRegressed) return Red(name, colour);
  if (metric.verdict == Verdict::kImproved) return Green(name, colour);
  return std::string(name);
}

std::string Signed(double value) {
  return (value > 0.0 ? "+" : "") + FormatNumber(value);
}

// "improved      geometry.consistency    0.871 → 0.912  +0.041 [+0.012, +0.070]  24 pairs, 12 scenes"
std::string ComparisonLine(const MetricComparison& metric, int id_width, bool colour) {
  const std::string_view verdict = VerdictName(metric.verdict);
  const std::string id = CleanText(metric.info.id);
  std::string line = VerdictText(metric, colour) + std::string(17 - verdict.size(), ' ') + id +
                     std::string(std::max(0, id_width - DisplayWidth(id)) + 2, ' ');
  if (metric.pairs == 0) return line + "–";
  return line + fmt::format("{} → {}  {} [{}, {}]  {}, {}", FormatNumber(metric.base_mean),
                            FormatNumber(metric.head_mean), Signed(metric.difference),
                            Signed(metric.low), Signed(metric.high),
                            Counted(metric.pairs, "pair"), Counted(metric.scenes, "scene"));
}

std::string WhyLine(const MetricComparison& metric) {
  std::string line = metric.why;
  if (metric.only_base + metric.only_head > 0) {
    line += fmt::format("; measured only in base {}, only in head {}", metric.only_base,
                        metric.only_head);
  }
  return line;
}

}  // namespace

std::string ConsoleTable(const Results& results, const ConsoleOptions& options) {
  const std::vector<ModelScore> summaries = Summarise(results);
  const TextTable headlines = SummaryTable(
      summaries, [](const ScoreInfo& info, const std::string&) { return info.headline; }, "");
  std::string out = Bold(TitleLine(results), options.colour) + "\n\n" +
                    RenderTable(headlines, options.width, options.colour);
  if (options.details) out += DetailTables(results, summaries, options);
  return out + BrokenCells(results, CellStatus::kFailed, options) +
         BrokenCells(results, CellStatus::kMissing, options) +
         UnmeasuredScores(summaries, options) + LeftOutPairs(results, options);
}

std::string ConsoleClipTable(const Results& results, const std::vector<std::string>& also,
                             const ConsoleOptions& options) {
  const std::vector<std::string> ids = ClipColumns(results, also);
  TextTable table;
  table.head = {"video", "camera", "frames"};
  table.left_columns = 2;
  for (const std::string& id : ids) table.head.push_back(CleanText(id));
  table.head.push_back("s");
  for (const Cell& cell : results.cells) {
    table.rows.push_back(ClipRow(cell, ids, results.models.size() > 1));
  }
  return RenderTable(table, options.width, options.colour) +
         BrokenCells(results, CellStatus::kFailed, options) +
         BrokenCells(results, CellStatus::kMissing, options);
}

std::string ConsoleComparison(const Comparison& comparison, const ConsoleOptions& options) {
  std::string out = fmt::format("base  {}\nhead  {}\n\n", CleanText(comparison.base),
                                CleanText(comparison.head));
  int id_width = 0;
  for (const MetricComparison& metric : comparison.metrics) {
    id_width = std::max(id_width, DisplayWidth(CleanText(metric.info.id)));
  }
  std::map<Verdict, int> counts;
  for (const MetricComparison& metric : comparison.metrics) {
    out += ComparisonLine(metric, id_width, options.colour) + '\n';
    const std::string why = Shortened(WhyLine(metric), std::max(20, options.width - 17));
    out += std::string(17, ' ') + Dim(why, options.colour) + '\n';
    ++counts[metric.verdict];
  }
  std::string summary;
  for (const auto& [verdict, count] : counts) {
    summary += fmt::format("{}{} {}", summary.empty() ? "" : ", ", count, VerdictName(verdict));
  }
  out += '\n' + Bold(summary.empty() ? "nothing to compare" : summary, options.colour) + '\n';
  return out + List("newly failing", comparison.newly_failing, options) +
         List("fixed", comparison.fixed, options) + List("warnings", comparison.warnings, options);
}

}  // namespace plumb
