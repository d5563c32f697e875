// SPDX-License-Identifier: Apache-2.0
#include "app/assertion.h"

#include <gmock/gmock.h>

#include "app/yaml_document.h"
#include "core/errors.h"

namespace plumb {
namespace {

using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::SizeIs;

ScoreInfo Consistency() { return {"geometry.consistency", "1", Direction::kHigher, 1, true, ""}; }

Cell DoneCell(const std::string& model, const std::string& scene, Score score) {
  Cell cell;
  cell.key = {model, scene, 0};
  cell.status = CellStatus::kDone;
  cell.scores = {std::move(score)};
  return cell;
}

Score Value(double value) { return Score::Measured(Consistency(), value, value, value); }

// Oracle: 0.9, 0.8, 1.0 and one that can't be measured; noise: nothing measured.
Results SomeResults() {
  Results results;
  results.models = {"oracle", "noise", "sabotage:gravity=0.5"};
  results.scores = {Consistency()};
  const Reason reason{ReasonCode::kNoParallax, "the camera only turned"};
  results.cells = {DoneCell("oracle", "drop-1", Value(0.9)),
                   DoneCell("oracle", "drop-2", Value(0.8)),
                   DoneCell("oracle", "bounce-1", Value(1.0)),
                   DoneCell("oracle", "bounce-2", Score::NotMeasurable(Consistency(), reason)),
                   DoneCell("noise", "drop-1", Score::NotMeasurable(Consistency(), reason)),
                   DoneCell("sabotage:gravity=0.5", "drop-1", Value(0.5))};
  return results;
}

AssertionOutcome Only(const std::string& text, const std::string& scenes = "") {
  Assertion assertion = ParseAssertion(text, AssertionLevel::kError);
  assertion.scenes = scenes;
  const auto outcomes = CheckAssertion(assertion, SomeResults());
  EXPECT_THAT(outcomes, SizeIs(1));
  return outcomes.at(0);
}

std::string WhyRefused(const std::string& text) {
  try {
    CheckAssertion(ParseAssertion(text, AssertionLevel::kError), SomeResults());
  } catch (const UsageError& error) {
    return error.what();
  }
  return "";
}

TEST(AssertionTest, ModelNamesMayHoldColonsAndEqualSigns) {
  const Assertion assertion = ParseAssertion(
      "sabotage:gravity=0.5:worst(geometry.consistency)<=0.7", AssertionLevel::kWarn);
  EXPECT_EQ(assertion.model, "sabotage:gravity=0.5");
  EXPECT_EQ(assertion.aggregate, Aggregate::kWorst);
  EXPECT_EQ(assertion.score, "geometry.consistency");
  EXPECT_EQ(assertion.comparator, "<=");
  EXPECT_EQ(assertion.threshold, 0.7);
}

TEST(AssertionTest, AggregatesAreTakenOverMeasuredCells) {
  EXPECT_NEAR(*Only("oracle:geometry.consistency>=0.9").value, 0.9, 1e-12);
  EXPECT_TRUE(Only("oracle:median(geometry.consistency)>=0.9").passed);
  EXPECT_FALSE(Only("oracle:worst(geometry.consistency)>=0.81").passed);
  EXPECT_TRUE(Only("oracle:best(geometry.consistency)>0.99").passed);
  EXPECT_EQ(*Only("oracle:coverage(geometry.consistency)>=0.75").value, 0.75);
  EXPECT_FALSE(Only("oracle:coverage(geometry.consistency)>0.75").passed);
}

TEST(AssertionTest, ScenesNarrowWhatIsLookedAt) {
  EXPECT_NEAR(*Only("oracle:geometry.consistency>0", "drop-.*").value, 0.85, 1e-12);
  EXPECT_FALSE(Only("oracle:geometry.consistency>0", "no such scene").passed);
}

TEST(AssertionTest, NothingMeasuredIsNoPass) {
  const AssertionOutcome outcome = Only("noise:geometry.consistency<=1");
  EXPECT_FALSE(outcome.passed);
  EXPECT_FALSE(outcome.value.has_value());
  EXPECT_THAT(outcome.why, HasSubstr("no_parallax: 1"));
}

TEST(AssertionTest, WithoutAModelEveryModelMustHold) {
  const auto outcomes = CheckAssertion(
      ParseAssertion("geometry.consistency>=0.6", AssertionLevel::kError), SomeResults());
  ASSERT_THAT(outcomes, SizeIs(3));
  EXPECT_TRUE(outcomes[0].passed);
  EXPECT_FALSE(outcomes[1].passed);
  EXPECT_FALSE(outcomes[2].passed);
}

TEST(AssertionTest, MistakesAreNamed) {
  EXPECT_THAT(WhyRefused("oracle:geometry.consistency"), HasSubstr("expected model:score>=number"));
  EXPECT_THAT(WhyRefused("oracle:geometry.consistency>=high"), HasSubstr("'high' is no number"));
  EXPECT_THAT(WhyRefused("oracle:geometry.consistancy>=1"), HasSubstr("'geometry.consistency'"));
  EXPECT_THAT(WhyRefused("orcale:geometry.consistency>=1"), HasSubstr("'oracle'"));
  EXPECT_THAT(WhyRefused("oracle:wurst(geometry.consistency)>=1"), HasSubstr("'worst'"));
  EXPECT_THAT(WhyRefused("oracle:worst(geometry.consistency>=1"), HasSubstr("bracket"));
  EXPECT_THAT(WhyRefused("oracle:>=1"), HasSubstr("names no score"));
}

TEST(AssertionTest, AFileGivesLevelsAndScenes) {
  const auto assertions = AssertionsFromDocument(ParseYamlDocument(R"(schema: 1
assert:
  - require: "oracle:geometry.consistency>=0.95"
  - {require: "noise:geometry.consistency<=0.2", level: warn, scenes: "orbit_room-.*"}
  - {require: "geometry.consistency>=0", level: off}
)",
                                                                   "gates.yaml"));
  ASSERT_THAT(assertions, SizeIs(3));
  EXPECT_EQ(assertions[0].level, AssertionLevel::kError);
  EXPECT_EQ(assertions[1].level, AssertionLevel::kWarn);
  EXPECT_EQ(assertions[1].scenes, "orbit_room-.*");
  EXPECT_THAT(CheckAssertion(assertions[2], SomeResults()), IsEmpty());
}

TEST(AssertionTest, AFileWithAMisspeltKeyNamesFileAndLine) {
  try {
    AssertionsFromDocument(ParseYamlDocument("schema: 1\nassert:\n  - {requires: x}\n", "g.yaml"));
    FAIL();
  } catch (const UsageError& error) {
    EXPECT_THAT(error.what(), HasSubstr("g.yaml:3"));
  }
}

}  // namespace
}  // namespace plumb
