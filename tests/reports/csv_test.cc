// SPDX-License-Identifier: Apache-2.0
#include "reports/csv.h"

#include <sstream>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/reports/sample_results.h"

namespace plumb {
namespace {

// Records by RFC 4180: fields split at commas outside quotes.
std::vector<std::vector<std::string>> Parse(const std::string& csv) {
  std::vector<std::vector<std::string>> records(1, {""});
  bool quoted = false;
  for (size_t at = 0; at < csv.size(); ++at) {
    const char c = csv[at];
    std::string& field = records.back().back();
    if (quoted && c == '"' && at + 1 < csv.size() && csv[at + 1] == '"') {
      field += csv[++at];
    } else if (c == '"') {
      quoted = !quoted;
    } else if (c == ',' && !quoted) {
      records.back().emplace_back();
    } else if (c == '\n' && !quoted) {
      records.push_back({""});
    } else {
      field += c;
    }
  }
  records.pop_back();
  return records;
}

TEST(CsvTest, OneLinePerCellAndScore) {
  const Results results = SampleResults();
  const auto records = Parse(CsvTable(results));
  ASSERT_EQ(records.size(), 1 + 56 * results.scores.size() + 2);
  for (const auto& record : records) EXPECT_EQ(record.size(), records[0].size());
  EXPECT_EQ(records[0][0], "model");
  EXPECT_EQ(records[1][0], "oracle");
  EXPECT_EQ(records[1][8], "geometry.consistency");
  EXPECT_EQ(records[1][12], "measured");
}

TEST(CsvTest, ValuesKeepFullPrecision) {
  const Results results = SampleResults();
  const auto records = Parse(CsvTable(results));
  EXPECT_EQ(std::stod(records[1][13]), results.cells[0].scores[0].value());
  EXPECT_EQ(std::stod(records[1][14]), results.cells[0].scores[0].low());
}

TEST(CsvTest, WhatHasNoValueHasAReason) {
  for (const auto& record : Parse(CsvTable(SampleResults()))) {
    if (record[12] == "not_measurable" || record[12] == "not_tested") {
      EXPECT_EQ(record[13], "");
      EXPECT_NE(record[16], "");
      EXPECT_NE(record[17], "");
    }
    if (record[4] == "failed") {
      EXPECT_EQ(record[6], "not finite: tensor latents, step 3");
    }
  }
}

TEST(CsvTest, HostileTextsAddNoFieldAndNoFormula) {
  const auto records = Parse(CsvTable(HostileResults()));
  for (const auto& record : records) {
    ASSERT_EQ(record.size(), records[0].size());
    for (const std::string& field : record) {
      EXPECT_TRUE(field.empty() || std::string("=+@").find(field[0]) == std::string::npos) << field;
    }
  }
}

}  // namespace
}  // namespace plumb
