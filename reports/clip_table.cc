// SPDX-License-Identifier: Apache-2.0
#include "reports/clip_table.h"

#include <algorithm>
#include <vector>

#include <fmt/format.h>

#include "reports/summary_text.h"
#include "reports/text.h"

namespace plumb {
namespace {

using Row = std::vector<std::string>;

const Score* FindScore(const Cell& cell, const std::string& id) {
  for (const Score& score : cell.scores) {
    if (score.id() == id) return &score;
  }
  return nullptr;
}

// "too_few_tracks" as people read it.
std::string ReasonWords(ReasonCode code) {
  std::string words(ReasonCodeName(code));
  std::replace(words.begin(), words.end(), '_', ' ');
  return words;
}

std::string IntervalText(const Score& score) {
  return fmt::format("{} [{}, {}]",
                     FormatNumber(score.value()),
                     FormatLike(score.low(), score.value()),
                     FormatLike(score.high(), score.value()));
}

// What follows a value on its line.
std::string Behind(const std::string& text) { return text.empty() ? "" : "  " + text; }

std::string Brief(const Score* score) {
  if (!score) return "";
  return score->measured() ? IntervalText(*score) : "– " + ReasonWords(score->reason().code);
}

// Decoding and measuring. The review copy for the report is not part of it, nor are the parts of a
// stage ("score geometry") counted twice.
double TotalSeconds(const Cell& cell) {
  double seconds = 0.0;
  for (const auto& [stage, stage_seconds] : cell.stage_seconds) {
    if (stage == "decode" || stage == "score") seconds += stage_seconds;
  }
  return seconds;
}

Row HeaderRow(const Results& results) {
  Row row = {"clip"};
  if (results.models.size() > 1) row.push_back("model");
  row.insert(row.end(), {"frames", "fps", "size", "motion"});
  for (const ScoreInfo& info : ColumnsOf(results)) row.push_back(info.id);
  row.push_back("s");
  return row;
}

Row CellRow(const Results& results, const Cell& cell) {
  Row row = {cell.key.scene};
  if (results.models.size() > 1) row.push_back(CleanText(cell.key.model));
  if (cell.status != CellStatus::kDone) {
    row.push_back(fmt::format("{}: {}", CellStatusName(cell.status), CleanText(cell.reason)));
    return row;
  }
  const SampleInfo& sample = cell.sample;
  row.insert(row.end(),
             {std::to_string(sample.frames),
              fmt::format("{:.4g}", sample.fps),
              fmt::format("{}x{}", sample.width, sample.height),
              CleanText(sample.motion_class)});
  for (const ScoreInfo& info : ColumnsOf(results)) row.push_back(Brief(FindScore(cell, info.id)));
  row.push_back(fmt::format("{:.1f}", TotalSeconds(cell)));
  return row;
}

// The end of a long name tells more than its start.
std::string ShortName(const std::string& name, int width) {
  const std::string clean = CleanText(name);
  if (DisplayWidth(clean) <= width) return clean;
  size_t start = clean.size();
  int used = 1;
  while (start > 0) {
    size_t before = start - 1;
    while (before > 0 && (static_cast<unsigned char>(clean[before]) & 0xC0) == 0x80) --before;
    used += DisplayWidth(clean.substr(before, start - before));
    if (used > width) break;
    start = before;
  }
  return "…" + clean.substr(start);
}

// Widths of all columns; rows of failed cells, which run free, don't count beyond their name.
std::vector<int> ColumnWidths(const std::vector<Row>& rows) {
  std::vector<int> widths(rows.front().size(), 0);
  for (const Row& row : rows) {
    const size_t count = row.size() == widths.size() ? row.size() : row.size() - 1;
    for (size_t i = 0; i < count; ++i) widths[i] = std::max(widths[i], DisplayWidth(row[i]));
  }
  return widths;
}

std::string RowText(const Row& row, const std::vector<int>& widths) {
  std::string text;
  for (size_t i = 0; i < row.size(); ++i) {
    text += row[i];
    if (i + 1 < row.size()) text += std::string(widths[i] - DisplayWidth(row[i]) + 2, ' ');
  }
  return text + "\n";
}

Json SampleJson(const Cell& cell) {
  Json json{{"source", cell.sample.source},
            {"frames", cell.sample.frames},
            {"fps", cell.sample.fps},
            {"width", cell.sample.width},
            {"height", cell.sample.height},
            {"motion_class", cell.sample.motion_class},
            {"model", cell.key.model},
            {"name", cell.key.scene},
            {"notes", cell.sample.notes},
            {"scores", Json::object()}};
  for (const Score& score : cell.scores) json["scores"][score.id()] = ToJson(score);
  return json;
}

}  // namespace

std::string ClipTable(const Results& results, int width) {
  std::vector<Row> rows = {HeaderRow(results)};
  for (const Cell& cell : results.cells) rows.push_back(CellRow(results, cell));
  // Names take what the other columns leave, and at least 24.
  const std::vector<int> natural = ColumnWidths(rows);
  int others = 0;
  for (size_t i = 1; i < natural.size(); ++i) others += natural[i] + 2;
  for (Row& row : rows) row[0] = ShortName(row[0], std::max(24, width - others));
  const std::vector<int> widths = ColumnWidths(rows);
  std::string text;
  for (const Row& row : rows) text += RowText(row, widths);
  return text;
}

std::string ClipDetails(const Results& results, const Cell& cell) {
  std::string text;
  for (const std::string& note : cell.sample.notes) {
    text += fmt::format("note: {}\n", CleanText(note));
  }
  size_t width = 0;
  for (const ScoreInfo& info : results.scores) width = std::max(width, info.id.size());
  for (const ScoreInfo& info : results.scores) {
    const Score* score = FindScore(cell, info.id);
    if (!score) continue;
    const std::string unit = info.unit == "1" ? "" : " " + info.unit;
    text +=
        fmt::format("{} {:<{}}  {}\n",
                    info.headline ? "*" : " ",
                    info.id,
                    width,
                    score->measured() ? IntervalText(*score) + unit + Behind(ThresholdText(*score))
                                      : fmt::format("– {}: {}",
                                                    ReasonWords(score->reason().code),
                                                    CleanText(score->reason().text)));
  }
  return text;
}

Json ClipsJson(const Results& results) {
  Json json{{"schema", 1}, {"samples", Json::array()}, {"failed", Json::array()}};
  for (const Cell& cell : results.cells) {
    if (cell.status == CellStatus::kDone) {
      json["samples"].push_back(SampleJson(cell));
      continue;
    }
    json["failed"].push_back({{"source", cell.sample.source},
                              {"model", cell.key.model},
                              {"name", cell.key.scene},
                              {"stage", cell.stage},
                              {"reason", cell.reason}});
  }
  return json;
}

}  // namespace plumb
