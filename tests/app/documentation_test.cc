// SPDX-License-Identifier: Apache-2.0
// The documentation names what the program has.
#include <map>
#include <set>
#include <sstream>

#include <gmock/gmock.h>

#include "app/calibration_file.h"
#include "core/laws.h"
#include "core/nuisances.h"
#include "core/score.h"
#include "metrics/dynamics/likelihood.h"
#include "metrics/metrics.h"
#include "reports/calibration_tables.h"
#include "tests/app/run_program.h"
#include "tests/paths.h"

namespace plumb {
namespace {

using ::testing::HasSubstr;

std::string Page(const std::string& name) { return FileText(SourceFolder() / name); }

TEST(DocumentationTest, EveryScoreIsDefined) {
  const std::string page = Page("docs/scores.md");
  std::vector<ScoreInfo> scores = AllScores();
  scores.push_back(LikelihoodScore());
  for (const ScoreInfo& info : scores) {
    EXPECT_THAT(page, HasSubstr("| `" + info.id + "` | " + info.unit + " | "));
  }
}

TEST(DocumentationTest, EveryReasonIsDefined) {
  const std::string page = Page("docs/scores.md");
  for (int code = 0; code <= static_cast<int>(ReasonCode::kMetricFailed); ++code) {
    const std::string name(ReasonCodeName(static_cast<ReasonCode>(code)));
    EXPECT_THAT(page, HasSubstr("| `" + name + "` |"));
  }
}

// The words in backquotes of one column of a table row, the first column being 1.
std::vector<std::string> Quoted(const std::string& row, int column) {
  std::istringstream cells(row);
  std::string cell;
  for (int k = 0; k <= column; ++k) std::getline(cells, cell, '|');
  std::vector<std::string> words;
  std::istringstream parts(cell);
  for (std::string part; std::getline(parts, part, '`');) words.push_back(part);
  std::vector<std::string> quoted;
  for (size_t k = 1; k < words.size(); k += 2) quoted.push_back(words[k]);
  return quoted;
}

// What scripts/law-table measured is what core's table of laws promises.
TEST(DocumentationTest, EveryLawIsNoticedByTheScoresThatItLists) {
  const std::string page = Page("docs/laws.md");
  const size_t start = page.find("<!-- table: laws -->");
  ASSERT_NE(start, page.npos);
  std::istringstream rows(page.substr(start, page.find("<!-- /table -->", start) - start));
  std::map<std::string, std::set<std::string>> noticed;
  for (std::string row; std::getline(rows, row);) {
    if (!row.starts_with("| `")) continue;
    const std::vector<std::string> scores = Quoted(row, 4);
    noticed[Quoted(row, 1).at(0)].insert(scores.begin(), scores.end());
  }
  for (const Law& law : AllLaws()) {
    ASSERT_TRUE(noticed.contains(std::string(law.id))) << law.id;
    EXPECT_EQ(noticed.at(std::string(law.id)),
              std::set<std::string>(law.scores.begin(), law.scores.end()))
        << law.id;
  }
  EXPECT_EQ(noticed.size(), AllLaws().size());
}

// `plumb calibrate geometry --table metrics/geometry/calibration.json --page docs/calibration.md`
// writes both.
TEST(DocumentationTest, TheCalibrationsPageShowsTheCommittedTable) {
  const std::string page = Page("docs/calibration.md");
  const CalibrationTable table =
      ReadCalibration(SourceFolder() / "metrics/geometry/calibration.json");
  EXPECT_EQ(WithTables(page, CalibrationTables(table)), page);
  EXPECT_EQ(CalibrationText(table), CalibrationText(GeometryCalibration()));
  EXPECT_FALSE(table.scores.empty());
}

TEST(DocumentationTest, EveryLawAndNuisanceIsExplained) {
  const std::string page = Page("docs/laws.md");
  for (const Law& law : AllLaws()) {
    EXPECT_THAT(page, HasSubstr("| " + std::string(law.summary)));
  }
  for (const Nuisance& nuisance : AllNuisances()) {
    EXPECT_THAT(page, HasSubstr("| " + std::string(nuisance.summary)));
  }
}

TEST(DocumentationTest, EveryVerbIsInTheHelpAndInTheChangelog) {
  const std::string help = RunPlumb("--help").out;
  const std::string changes = Page("CHANGELOG.md");
  std::istringstream lines(help.substr(help.find("Subcommands:")));
  size_t listed = 0;
  for (std::string line; std::getline(lines, line) && line != "Examples:";) {
    listed += line.starts_with("  ") && !line.starts_with("   ");
  }
  EXPECT_EQ(listed, std::size(kVerbs)) << help;
  for (const char* verb : kVerbs) {
    EXPECT_THAT(help, HasSubstr(std::string("\n  ") + verb + " "));
    EXPECT_THAT(changes, HasSubstr(verb));
  }
}

TEST(DocumentationTest, EveryLinkedFileOfTheReadmeIsThere) {
  const std::string readme = Page("README.md");
  for (size_t at = readme.find("]("); at != readme.npos; at = readme.find("](", at + 1)) {
    const std::string link = readme.substr(at + 2, readme.find(')', at) - at - 2);
    if (link.starts_with("http")) continue;
    EXPECT_TRUE(std::filesystem::exists(SourceFolder() / link)) << link;
  }
}

}  // namespace
}  // namespace plumb
