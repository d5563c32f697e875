// SPDX-License-Identifier: Apache-2.0
#include "reports/markdown.h"

#include <algorithm>
#include <sstream>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "reports/compare.h"
#include "tests/reports/sample_results.h"

namespace plumb {
namespace {

using ::testing::HasSubstr;
using ::testing::Not;

// Column marks of a table line that no backslash disarms.
int Columns(const std::string& line) {
  int count = 0;
  for (size_t at = 0; at < line.size(); ++at) {
    if (line[at] == '\\') {
      ++at;
    } else {
      count += line[at] == '|';
    }
  }
  return count;
}

TEST(MarkdownTest, TableWithCoverageBoundsAndReasons) {
  const std::string text = MarkdownTable(SampleResults());
  EXPECT_THAT(
      text,
      HasSubstr("| model | geometry.consistency | permanence.persistence | dynamics.lawfulness |"));
  EXPECT_THAT(text, HasSubstr("| frozen | not measurable 0/12<br>no\\_camera\\_motion × 12 |"));
  EXPECT_THAT(text, HasSubstr("<br>bounds 0."));
  EXPECT_THAT(text, HasSubstr("**Failed and missing**"));
  EXPECT_THAT(text,
              HasSubstr("* collide-1/0 native&#58;checkpoints/tiny&#58; failed generate&#58; not "
                        "finite&#58; tensor latents, step 3"));
  EXPECT_THAT(text, HasSubstr("**Left out of the plan**"));
}

TEST(MarkdownTest, ComparisonTable) {
  const Results results = SampleResults();
  const std::string text =
      MarkdownComparison(Compare({&results, "oracle", ""}, {&results, "frozen", ""}));
  EXPECT_THAT(text, HasSubstr("| dynamics.lawfulness | regressed | 0.977 |"));
  EXPECT_THAT(text,
              HasSubstr("| geometry.consistency | not enough data | – | – | – | – | 0 | no cell is "
                        "measured on both sides |"));
}

TEST(MarkdownTest, HostileTextsAddNoColumnLineOrHtml) {
  const std::string text = MarkdownTable(HostileResults());
  std::istringstream stream(text);
  std::string line;
  while (std::getline(stream, line)) {
    if (line.starts_with("|")) {
      EXPECT_EQ(Columns(line), 5) << line;
    } else if (!line.empty()) {
      EXPECT_TRUE(line.starts_with("**") || line.starts_with("* ")) << line;
    }
  }
  EXPECT_THAT(text, Not(HasSubstr("<script")));
  EXPECT_THAT(text, Not(HasSubstr("<img")));
}

TEST(MarkdownTest, LongListsEndWithACount) {
  Results results = SampleResults();
  for (Cell& cell : results.cells) cell.status = CellStatus::kMissing;
  EXPECT_THAT(MarkdownTable(results), HasSubstr("* … and 8 more"));
}

}  // namespace
}  // namespace plumb
