// SPDX-License-Identifier: Apache-2.0
#include "reports/junit.h"

#include <cstdlib>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "reports/compare.h"
#include "tests/reports/sample_results.h"
#include "tests/test_folder.h"

namespace plumb {
namespace {

using ::testing::HasSubstr;
using ::testing::Not;

// What xmllint says about the text; "" when it is well formed.
std::string XmlProblem(const std::string& xml, const std::string& name) {
  if (std::system("command -v xmllint > /dev/null") != 0) return "";
  const TestFolder folder;
  WriteText(folder / name, xml);
  const int code = std::system(("xmllint --noout " + (folder / name).string()).c_str());
  return code == 0 ? "" : "not well formed: " + name;
}

TEST(JunitTest, CellsOfEveryOutcome) {
  const std::string xml = JUnitXml(SampleResults());
  EXPECT_EQ(XmlProblem(xml, "sample.xml"), "");
  EXPECT_THAT(xml,
              HasSubstr("<testsuites name=\"sample run\" tests=\"60\" failures=\"0\" errors=\"2\" "
                        "skipped=\"2\">"));
  EXPECT_THAT(xml,
              HasSubstr("<testsuite name=\"oracle\" tests=\"12\" failures=\"0\" errors=\"0\" "
                        "skipped=\"0\" time=\"24.000\">"));
  EXPECT_THAT(
      xml, HasSubstr("<error type=\"generate\" message=\"not finite: tensor latents, step 3\"/>"));
  EXPECT_THAT(xml, HasSubstr("<error type=\"missing\" message=\"the run was interrupted\"/>"));
  EXPECT_THAT(xml, HasSubstr("<skipped message=\"gravity cannot show: nothing moves\"/>"));
  EXPECT_THAT(xml,
              HasSubstr("<property name=\"geometry.consistency\" value=\"no_camera_motion: 47 of "
                        "47 frame pairs are identical\"/>"));
}

TEST(JunitTest, PartsOfAStageAreNotCountedAgain) {
  Results results = SampleResults();
  for (Cell& cell : results.cells) cell.stage_seconds["score geometry"] = 0.5;
  EXPECT_EQ(JUnitXml(results).find("time=\"2.500\""), std::string::npos);
}

TEST(JunitTest, NothingMeasuredIsSkippedWithItsReasons) {
  Results results = SampleResults();
  for (Cell& cell : results.cells) {
    for (Score& score : cell.scores) {
      score = Score::NotMeasurable(score.info(), {ReasonCode::kShotCut, "3 shots"});
    }
  }
  const std::string xml = JUnitXml(results);
  EXPECT_THAT(xml, HasSubstr("errors=\"2\" skipped=\"58\""));
  EXPECT_THAT(xml, HasSubstr("<skipped message=\"geometry.consistency shot_cut: 3 shots; "));
}

TEST(JunitTest, HostileTextsStayWellFormed) {
  const Results results = HostileResults();
  EXPECT_EQ(XmlProblem(JUnitXml(results), "hostile.xml"), "");
  std::vector<GateOutcome> gates;
  for (const std::string& text : HostileTexts()) gates.push_back({text, GateStatus::kFailed, text});
  EXPECT_EQ(XmlProblem(JUnitXml(gates, HostileTexts()[1]), "gates.xml"), "");
}

TEST(JunitTest, GatesPassFailAndSkip) {
  const std::string xml = JUnitXml({{"a ≥ 0.9", GateStatus::kPassed, "0.95"},
                                    {"b ≥ 0.9", GateStatus::kFailed, "0.85 < 0.9"},
                                    {"c ≥ 0.9", GateStatus::kSkipped, "no value"}},
                                   "assert");
  EXPECT_EQ(XmlProblem(xml, "assert.xml"), "");
  EXPECT_THAT(xml, HasSubstr("tests=\"3\" failures=\"1\" errors=\"0\" skipped=\"1\""));
  EXPECT_THAT(xml, HasSubstr("<failure type=\"gate\" message=\"0.85 &lt; 0.9\"/>"));
  EXPECT_THAT(xml, HasSubstr("<system-out>0.95</system-out>"));
}

TEST(JunitTest, OnlyADecisionPassesAGate) {
  Comparison comparison;
  for (int i = 0; i <= static_cast<int>(Verdict::kNotJudged); ++i) {
    MetricComparison metric;
    metric.verdict = static_cast<Verdict>(i);
    metric.info.id = std::string(VerdictName(metric.verdict));
    comparison.metrics.push_back(metric);
  }
  comparison.newly_failing = {"drop-1/0 m"};
  const std::vector<GateOutcome> gates = GatesOf(comparison);
  ASSERT_EQ(gates.size(), 7u);
  const std::vector<GateStatus> expected = {GateStatus::kPassed,
                                            GateStatus::kFailed,
                                            GateStatus::kPassed,
                                            GateStatus::kSkipped,
                                            GateStatus::kSkipped,
                                            GateStatus::kSkipped,
                                            GateStatus::kFailed};
  for (size_t i = 0; i < gates.size(); ++i)
    EXPECT_EQ(gates[i].status, expected[i]) << gates[i].name;
}

TEST(JunitTest, EmptyRunIsAnEmptySuite) {
  EXPECT_THAT(JUnitXml(Results{}), HasSubstr("tests=\"0\""));
  EXPECT_EQ(XmlProblem(JUnitXml(Results{}), "empty.xml"), "");
}

}  // namespace
}  // namespace plumb
