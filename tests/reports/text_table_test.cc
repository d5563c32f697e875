// SPDX-License-Identifier: Apache-2.0
#include "reports/text_table.h"

#include <sstream>

#include <gtest/gtest.h>

#include "reports/text.h"

namespace plumb {
namespace {

std::vector<std::string> Lines(const std::string& text) {
  std::vector<std::string> lines;
  std::istringstream stream(text);
  for (std::string line; std::getline(stream, line);) lines.push_back(line);
  return lines;
}

TEST(TextTableTest, FirstColumnLeftOthersRight) {
  TextTable table;
  table.head = {"model", "score"};
  table.rows = {{{"oracle", "1.000"}}, {{"a", "12.5"}}};
  EXPECT_EQ(RenderTable(table, 80, false),
            "model   score\n"
            "oracle  1.000\n"
            "a        12.5\n");
}

TEST(TextTableTest, WhatDoesNotFitComesBelowWithTheFirstColumnAgain) {
  TextTable table;
  table.head = {"m", "aaaaaaaa", "bbbbbbbb", "cccccccc"};
  table.rows = {{{"x", "1", "2", "3"}}};
  const std::vector<std::string> lines = Lines(RenderTable(table, 22, false));
  ASSERT_EQ(lines.size(), 5u);
  EXPECT_EQ(lines[0], "m  aaaaaaaa  bbbbbbbb");
  EXPECT_EQ(lines[1], "x         1         2");
  EXPECT_EQ(lines[2], "");
  EXPECT_EQ(lines[3], "m  cccccccc");
}

TEST(TextTableTest, NoLineIsWiderThanAllowed) {
  TextTable table;
  table.head = {"a name", "one", "two", "three"};
  for (int i = 0; i < 5; ++i) {
    table.rows.push_back({{std::string(80, 'n'), "1.234 ±0.567 12/12", "世界世界世界", "x"}});
  }
  for (const int width : {40, 60, 80, 100, 200}) {
    for (const std::string& line : Lines(RenderTable(table, width, false))) {
      EXPECT_LE(DisplayWidth(line), width);
    }
  }
}

TEST(TextTableTest, WideCharactersStayInTheirColumn) {
  TextTable table;
  table.head = {"m", "v"};
  table.rows = {{{"世界", "1"}}, {{"abcd", "2"}}};
  EXPECT_EQ(RenderTable(table, 80, false), "m     v\n世界  1\nabcd  2\n");
}

TEST(TextTableTest, ColourOnlyWhenAllowed) {
  TextTable table;
  table.head = {"m"};
  table.rows = {{{"x"}, true}};
  EXPECT_EQ(RenderTable(table, 80, false).find('\x1b'), std::string::npos);
  EXPECT_EQ(RenderTable(table, 80, true), "\x1b[1mm\x1b[0m\n\x1b[2mx\x1b[0m\n");
  EXPECT_EQ(Red("", true), "");
  EXPECT_EQ(Green("ok", false), "ok");
}

TEST(TextTableTest, EmptyTableIsEmptyText) { EXPECT_EQ(RenderTable({}, 80, false), ""); }

}  // namespace
}  // namespace plumb
