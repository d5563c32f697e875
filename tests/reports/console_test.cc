// SPDX-License-Identifier: Apache-2.0
#include "reports/console.h"

#include <sstream>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "reports/compare.h"
#include "reports/text.h"
#include "tests/reports/sample_results.h"

namespace plumb {
namespace {

using ::testing::ContainsRegex;
using ::testing::HasSubstr;
using ::testing::Not;
using ::testing::StartsWith;

std::vector<std::string> Lines(const std::string& text) {
  std::vector<std::string> lines;
  std::istringstream stream(text);
  for (std::string line; std::getline(stream, line);) lines.push_back(line);
  return lines;
}

Results TwoCells() {
  Results results;
  results.name = "tiny";
  results.models = {"oracle"};
  results.scores = {{"geometry.consistency", "share", Direction::kHigher, 1, true, ""}};
  for (int i = 0; i < 2; ++i) {
    Cell cell;
    cell.key = {"oracle", i == 0 ? "a.mp4" : "b.mp4", 0};
    cell.status = CellStatus::kDone;
    cell.sample = {"x", 120, 24.0, 256, 256, i == 0 ? "parallax" : "rotation", {}};
    cell.stage_seconds = {{"decode", 0.25}, {"score", 1.0}};
    cell.scores = {
        i == 0 ? Score::Measured(results.scores[0], 0.5, 0.5, 0.5)
               : Score::NotMeasurable(results.scores[0], {ReasonCode::kNoParallax, "turned only"})};
    results.cells.push_back(cell);
  }
  return results;
}

TEST(ConsoleTest, MeanIntervalCoverageAndBounds) {
  EXPECT_EQ(ConsoleTable(TwoCells()),
            "tiny · 2 cells: 2 done\n"
            "\n"
            "model   geometry.consistency\n"
            "oracle             0.500 1/2\n"
            "          bounds 0.250–0.750\n"
            "\n"
            "without a value\n"
            "  geometry.consistency, oracle: no_parallax × 1\n");
}

TEST(ConsoleTest, EveryOutcomeIsListed) {
  const std::string table = ConsoleTable(SampleResults());
  EXPECT_THAT(table,
              StartsWith("sample run · quick v1 · 58 cells: 56 done, 1 failed, 1 missing\n"));
  EXPECT_THAT(table, HasSubstr("not measurable 0/12"));
  EXPECT_THAT(table, HasSubstr("no_camera_motion"));
  EXPECT_THAT(
      table,
      HasSubstr(
          "collide-1/0 native:checkpoints/tiny in generate: not finite: tensor latents, step 3"));
  EXPECT_THAT(table, HasSubstr("orbit_room-2/0 native:checkpoints/tiny: the run was interrupted"));
  EXPECT_THAT(table,
              HasSubstr("sabotage:gravity=0.5, 2 scenes: gravity cannot show: nothing moves"));
  EXPECT_THAT(table, HasSubstr("dynamics.centroid_error"));
  EXPECT_THAT(ConsoleTable(SampleResults(), {.details = false}),
              Not(HasSubstr("dynamics.centroid_error")));
}

TEST(ConsoleTest, LongListsEndWithACount) {
  Results results = SampleResults();
  for (Cell& cell : results.cells) {
    cell.status = CellStatus::kFailed;
    cell.reason = "disk full";
  }
  EXPECT_THAT(ConsoleTable(results, {.list_limit = 3}), HasSubstr("… and 55 more"));
}

TEST(ConsoleTest, FitsTheWidth) {
  for (const int width : {60, 80, 100, 160}) {
    for (const std::string& line : Lines(ConsoleTable(SampleResults(), {.width = width}))) {
      EXPECT_LE(DisplayWidth(line), width) << line;
    }
  }
}

TEST(ConsoleTest, EmptyRunSaysSo) {
  Results results;
  results.name = "empty";
  EXPECT_EQ(ConsoleTable(results), "empty · 0 cells: 0 done\n\nmodel\n");
}

TEST(ConsoleTest, HostileTextsNeverReachTheTerminal) {
  const Results results = HostileResults();
  const Comparison comparison =
      Compare({&results, results.models[0], "\x1b]0;x\x07"}, {&results, results.models[1], ""});
  for (const std::string& text : {ConsoleTable(results), ConsoleComparison(comparison)}) {
    for (const char c : text) EXPECT_TRUE(c == '\n' || static_cast<unsigned char>(c) >= 0x20);
    EXPECT_THAT(text, Not(HasSubstr("\u202E")));
    for (const std::string& line : Lines(text)) EXPECT_THAT(line, Not(StartsWith("::error")));
  }
}

TEST(ConsoleTest, ComparisonShowsVerdictNumbersAndWhy) {
  const Results results = SampleResults();
  const Comparison comparison =
      Compare({&results, "oracle", ""}, {&results, "native:checkpoints/tiny", ""});
  const std::string text = ConsoleComparison(comparison);
  EXPECT_THAT(
      text, StartsWith("base  sample run · oracle\nhead  sample run · native:checkpoints/tiny\n"));
  EXPECT_THAT(text,
              ContainsRegex("regressed +dynamics.lawfulness +0\\.[0-9]+ → 0\\.[0-9]+  -0\\.[0-9]+ "
                            "\\[-0\\.[0-9]+, -0\\.[0-9]+\\]  10 pairs, 10 scenes"));
  EXPECT_THAT(text, HasSubstr("measured only in base 2, only in head 0"));
  EXPECT_THAT(text, HasSubstr("8 regressed"));
  EXPECT_THAT(text, HasSubstr("newly failing\n  collide-1/0 native:checkpoints/tiny"));
  EXPECT_THAT(ConsoleComparison(comparison, {.colour = true}),
              HasSubstr("\x1b[31mregressed\x1b[0m"));
}

TEST(ConsoleTest, ComparisonOfNothing) {
  EXPECT_THAT(ConsoleComparison({}), HasSubstr("nothing to compare"));
}

}  // namespace
}  // namespace plumb
