// SPDX-License-Identifier: Apache-2.0
// Columns of text for a terminal.
#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace plumb {

struct TextRow {
  std::vector<std::string> cells;  // clean text; missing ones are empty
  bool dim = false;                // printed faint where colours are allowed
};

struct TextTable {
  std::vector<std::string> head;
  std::vector<TextRow> rows;
  int left_columns = 1;  // the first ones are aligned left, all others right
};

// Lines of at most `width` columns. What doesn't fit beside the first column comes as a second
// block below, with the first column again; a first column wider than 2/5 of the width is cut.
std::string RenderTable(const TextTable& table, int width, bool colour);

// Lines under a title; of more than `limit` the rest is counted.
struct TextList {
  std::string title;
  std::vector<std::string> lines;  // any text; cleaned and cut to the width
  int limit = 8;
};

// Begins with an empty line; nothing at all when there are no lines.
std::string RenderList(const TextList& list, int width, bool colour);

// ANSI sequences where colours are allowed, the bare text otherwise.
std::string Bold(std::string_view text, bool colour);
std::string Dim(std::string_view text, bool colour);
std::string Red(std::string_view text, bool colour);
std::string Green(std::string_view text, bool colour);

}  // namespace plumb
