// SPDX-License-Identifier: Apache-2.0
#include "reports/text_table.h"

#include <algorithm>

#include <fmt/format.h>

#include "reports/text.h"

namespace plumb {
namespace {

constexpr int kGap = 2;

std::string Coloured(std::string_view code, std::string_view text, bool colour) {
  if (!colour || text.empty()) return std::string(text);
  return fmt::format("\x1b[{}m{}\x1b[0m", code, text);
}

std::string CellAt(const std::vector<std::string>& cells, size_t column) {
  return column < cells.size() ? cells[column] : std::string();
}

std::vector<int> ColumnWidths(const TextTable& table, int width) {
  std::vector<int> widths;
  for (size_t column = 0; column < table.head.size(); ++column) {
    int widest = DisplayWidth(table.head[column]);
    for (const TextRow& row : table.rows) {
      widest = std::max(widest, DisplayWidth(CellAt(row.cells, column)));
    }
    widths.push_back(widest);
  }
  const int first_limit = std::max(12, width * 2 / 5);
  if (!widths.empty()) widths[0] = std::min(widths[0], first_limit);
  return widths;
}

// The columns of each block; every block begins with column 0.
std::vector<std::vector<size_t>> Blocks(const std::vector<int>& widths, int width) {
  std::vector<std::vector<size_t>> blocks = {{0}};
  int used = widths[0];
  for (size_t column = 1; column < widths.size(); ++column) {
    if (used + kGap + widths[column] > width && blocks.back().size() > 1) {
      blocks.push_back({0});
      used = widths[0];
    }
    blocks.back().push_back(column);
    used += kGap + widths[column];
  }
  return blocks;
}

std::string Line(const TextTable& table,
                 const std::vector<std::string>& cells,
                 const std::vector<size_t>& block,
                 const std::vector<int>& widths) {
  std::string line;
  for (const size_t column : block) {
    const std::string text = Shortened(CellAt(cells, column), std::max(1, widths[column]));
    const std::string padding(std::max(0, widths[column] - DisplayWidth(text)), ' ');
    const bool left = static_cast<int>(column) < table.left_columns;
    if (!line.empty() || column != 0) line += std::string(kGap, ' ');
    line += left ? text + padding : padding + text;
  }
  line.erase(line.find_last_not_of(' ') + 1);
  return line;
}

// A row that says nothing in this block is left out, unless it has a first cell.
bool HasText(const TextRow& row, const std::vector<size_t>& block) {
  return std::any_of(block.begin(), block.end(), [&](size_t column) {
    return !CellAt(row.cells, column).empty();
  });
}

}  // namespace

std::string RenderTable(const TextTable& table, int width, bool colour) {
  if (table.head.empty()) return "";
  const std::vector<int> widths = ColumnWidths(table, width);
  std::string out;
  for (const std::vector<size_t>& block : Blocks(widths, width)) {
    if (!out.empty()) out += '\n';
    out += Bold(Line(table, table.head, block, widths), colour) + '\n';
    for (const TextRow& row : table.rows) {
      if (!HasText(row, block)) continue;
      const std::string line = Line(table, row.cells, block, widths);
      out += (row.dim ? Dim(line, colour) : line) + '\n';
    }
  }
  return out;
}

std::string RenderList(const TextList& list, int width, bool colour) {
  if (list.lines.empty()) return "";
  const size_t limit = std::max(1, list.limit);
  std::string out = '\n' + Bold(list.title, colour) + '\n';
  for (size_t i = 0; i < std::min(limit, list.lines.size()); ++i) {
    out += "  " + Shortened(list.lines[i], std::max(20, width - 2)) + '\n';
  }
  if (list.lines.size() > limit) {
    out += fmt::format("  … and {} more\n", list.lines.size() - limit);
  }
  return out;
}

std::string Bold(std::string_view text, bool colour) { return Coloured("1", text, colour); }
std::string Dim(std::string_view text, bool colour) { return Coloured("2", text, colour); }
std::string Red(std::string_view text, bool colour) { return Coloured("31", text, colour); }
std::string Green(std::string_view text, bool colour) { return Coloured("32", text, colour); }

}  // namespace plumb
