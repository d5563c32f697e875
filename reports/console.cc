// SPDX-License-Identifier: Apache-2.0
#include "reports/console.h"

#include <algorithm>
#include <map>

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

using ScoreFilter = bool (*)(const ScoreInfo& info, const std::string& family);

// Models × the scores that `wanted` accepts.
TextTable SummaryTable(const std::vector<ModelScore>& summaries,
                       ScoreFilter wanted,
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

std::string DetailTables(const Results& results,
                         const std::vector<ModelScore>& summaries,
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
  row.cells = {
      CleanText(name), CleanText(cell.sample.motion_class), fmt::format("{}", cell.sample.frames)};
  for (const std::string& id : ids) row.cells.push_back(ClipScoreText(cell, id));
  row.cells.push_back(fmt::format("{:.1f}", seconds));
  return row;
}

}  // namespace

std::string ConsoleTable(const Results& results, const ConsoleOptions& options) {
  const std::vector<ModelScore> summaries = Summarise(results);
  const TextTable headlines = SummaryTable(
      summaries, [](const ScoreInfo& info, const std::string&) { return info.headline; }, "");
  std::string out =
      Title(results, options) + "\n\n" + RenderTable(headlines, options.width, options.colour);
  if (options.details) out += DetailTables(results, summaries, options);
  return out + BrokenCells(results, CellStatus::kFailed, options) +
         BrokenCells(results, CellStatus::kMissing, options) +
         UnmeasuredScores(summaries, options) + LeftOutPairs(results, options);
}

std::string ConsoleClipTable(const Results& results,
                             const std::vector<std::string>& also,
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

}  // namespace plumb
