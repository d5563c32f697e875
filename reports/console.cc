// SPDX-License-Identifier: Apache-2.0
#include "reports/console.h"

#include <algorithm>
#include <map>
#include <set>
#include <vector>

#include <fmt/format.h>

#include "reports/summary_text.h"
#include "reports/text.h"
#include "reports/text_table.h"

namespace plumb {
namespace {

std::string FamilyOf(const ScoreInfo& info) { return info.id.substr(0, info.id.find('.')); }

size_t CountStatus(const Results& results, CellStatus status) {
  return std::count_if(results.cells.begin(), results.cells.end(), [&](const Cell& cell) {
    return cell.status == status;
  });
}

// "quick-1 · quick v1 · 84 cells: 80 done, 3 failed, 1 missing", the counts on a line of their own
// where they must.
std::string Title(const Results& results, const ConsoleOptions& options) {
  std::string name = CleanText(results.name);
  if (!results.suite.empty()) name += " · " + CleanText(results.suite);
  std::string counts = fmt::format("{}: {} done",
                                   Counted(results.cells.size(), "cell"),
                                   CountStatus(results, CellStatus::kDone));
  for (const CellStatus status : {CellStatus::kFailed, CellStatus::kMissing}) {
    const size_t count = CountStatus(results, status);
    if (count > 0) counts += fmt::format(", {} {}", count, CellStatusName(status));
  }
  const bool fits = DisplayWidth(name) + 3 + DisplayWidth(counts) <= options.width;
  if (fits) return Bold(name + " · " + counts, options.colour);
  return Bold(Shortened(name, options.width), options.colour) + '\n' + counts;
}

std::string MostFrequentReason(const ModelScore& summary) {
  const auto most = std::max_element(
      summary.reasons.begin(), summary.reasons.end(), [](const auto& a, const auto& b) {
        return a.second < b.second;
      });
  return most == summary.reasons.end() ? "" : CleanText(most->first);
}

// What the mean hides: its bounds, or why there is none.
std::string NoteText(const ModelScore& summary) {
  return summary.mean ? BoundsText(summary) : MostFrequentReason(summary);
}

// Models × these scores.
TextTable SummaryTable(const std::vector<ModelScore>& summaries,
                       const std::vector<ScoreInfo>& columns) {
  std::set<std::string> wanted;
  for (const ScoreInfo& info : columns) wanted.insert(info.id);
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
    if (!wanted.contains(summary.info.id)) continue;
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

std::string DetailTables(const Results& results,
                         const std::vector<ModelScore>& summaries,
                         const ConsoleOptions& options) {
  std::vector<std::string> families;
  std::map<std::string, std::vector<ScoreInfo>> parts;
  for (const ScoreInfo& info : results.scores) {
    const auto [part, is_new] = parts.try_emplace(FamilyOf(info));
    if (is_new) families.push_back(part->first);
    if (!info.headline) part->second.push_back(info);
  }
  std::string out;
  for (const std::string& family : families) {
    if (parts[family].empty()) continue;
    out +=
        '\n' + RenderTable(SummaryTable(summaries, parts[family]), options.width, options.colour);
  }
  return out;
}

// A list under the table, as long and wide as the options allow.
std::string List(const std::string& title,
                 const std::vector<std::string>& lines,
                 const ConsoleOptions& options) {
  return RenderList({title, lines, options.list_limit}, options.width, options.colour);
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

}  // namespace

std::string ConsoleTable(const Results& results, const ConsoleOptions& options) {
  const std::vector<ModelScore> summaries = Summarise(results);
  const TextTable headlines = SummaryTable(summaries, ColumnsOf(results));
  std::string out =
      Title(results, options) + "\n\n" + RenderTable(headlines, options.width, options.colour);
  if (options.details) out += DetailTables(results, summaries, options);
  return out + BrokenCells(results, CellStatus::kFailed, options) +
         BrokenCells(results, CellStatus::kMissing, options) +
         UnmeasuredScores(summaries, options) +
         List("worse than 95 % of the clips of intact worlds", BeyondThreshold(results), options) +
         LeftOutPairs(results, options);
}

}  // namespace plumb
