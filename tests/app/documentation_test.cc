// SPDX-License-Identifier: Apache-2.0
// The documentation names what the program has.
#include <sstream>

#include <gmock/gmock.h>

#include "core/score.h"
#include "metrics/metrics.h"
#include "tests/app/run_program.h"
#include "tests/paths.h"

namespace plumb {
namespace {

using ::testing::HasSubstr;

std::string Page(const std::string& name) { return FileText(SourceFolder() / name); }

TEST(DocumentationTest, EveryScoreIsDefined) {
  const std::string page = Page("docs/scores.md");
  for (const ScoreInfo& info : AllScores()) {
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
