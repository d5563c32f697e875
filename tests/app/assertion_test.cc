// SPDX-License-Identifier: Apache-2.0
#include "app/assertion.h"

#include <gmock/gmock.h>

#include "app/yaml_document.h"
#include "core/errors.h"
#include "tests/app/tiny_run.h"

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

TEST(AssertionTest, TheGrammarIsReadPartByPart) {
  struct Case {
    const char* text;
    const char* model;
    Aggregate aggregate;
    const char* score;
    const char* comparator;
    double threshold;
  };
  for (const Case& c : {Case{"a.b>=0.5", "", Aggregate::kMean, "a.b", ">=", 0.5},
                        Case{"a.b<=0.5", "", Aggregate::kMean, "a.b", "<=", 0.5},
                        Case{"a.b>-2", "", Aggregate::kMean, "a.b", ">", -2.0},
                        Case{"a.b<1e3", "", Aggregate::kMean, "a.b", "<", 1000.0},
                        Case{"m:mean(a.b)>=0", "m", Aggregate::kMean, "a.b", ">=", 0.0},
                        Case{"m:median(a.b)>=0", "m", Aggregate::kMedian, "a.b", ">=", 0.0},
                        Case{"m:worst(a.b)>=0", "m", Aggregate::kWorst, "a.b", ">=", 0.0},
                        Case{"m:best(a.b)>=0", "m", Aggregate::kBest, "a.b", ">=", 0.0},
                        Case{"m:coverage(a.b)>=0", "m", Aggregate::kCoverage, "a.b", ">=", 0.0},
                        Case{"sabotage:gravity=0.5,onset=8:a.b>=0",
                             "sabotage:gravity=0.5,onset=8",
                             Aggregate::kMean,
                             "a.b",
                             ">=",
                             0.0}}) {
    const Assertion assertion = ParseAssertion(c.text, AssertionLevel::kWarn);
    EXPECT_EQ(assertion.text, c.text);
    EXPECT_EQ(assertion.level, AssertionLevel::kWarn);
    EXPECT_EQ(assertion.model, c.model) << c.text;
    EXPECT_EQ(assertion.aggregate, c.aggregate) << c.text;
    EXPECT_EQ(assertion.score, c.score) << c.text;
    EXPECT_EQ(assertion.comparator, c.comparator) << c.text;
    EXPECT_EQ(assertion.threshold, c.threshold) << c.text;
  }
}

TEST(AssertionTest, NumbersThatAreNoneAreRefused) {
  for (const char* number : {"", " 1", "1 ", "1x", "nan", "inf", "-inf", "0,5", "=1"}) {
    EXPECT_THAT(
        ErrorTextOf([&] { ParseAssertion(std::string("a.b>=") + number, AssertionLevel::kError); }),
        HasSubstr("is no number"))
        << number;
  }
}

// Two cells of one plain value: no way is better.
Results PlainValues() {
  const ScoreInfo info = {"dynamics.gravity_mps2", "m/s2", Direction::kNone, 1, false, ""};
  Results results;
  results.models = {"m"};
  results.scores = {info};
  for (const double value : {8.0, 10.0}) {
    Cell cell;
    cell.key = {"m", "drop-" + std::to_string(static_cast<int>(value)), 0};
    cell.status = CellStatus::kDone;
    cell.scores = {Score::Measured(info, value, value, value)};
    results.cells.push_back(cell);
  }
  return results;
}

TEST(AssertionTest, APlainValueMayBeBoundedAndHasNoWorst) {
  const Results results = PlainValues();
  const auto check = [&](const std::string& text) {
    return CheckAssertion(ParseAssertion(text, AssertionLevel::kError), results).at(0);
  };
  EXPECT_TRUE(check("dynamics.gravity_mps2>=8.9").passed);
  EXPECT_FALSE(check("dynamics.gravity_mps2>9.1").passed);
  EXPECT_EQ(check("median(dynamics.gravity_mps2)<=9").value, 9.0);
  EXPECT_EQ(check("coverage(dynamics.gravity_mps2)>=1").value, 1.0);
  for (const char* aggregate : {"worst", "best"}) {
    EXPECT_THAT(ErrorTextOf([&] { check(std::string(aggregate) + "(dynamics.gravity_mps2)>=8"); }),
                HasSubstr("neither way is better for dynamics.gravity_mps2"));
  }
}

TEST(AssertionTest, ABoundIsMetOnItsOwnSide) {
  const Results results = PlainValues();  // mean 9
  for (const auto& [bound, passed] : std::vector<std::pair<const char*, bool>>{{">=9", true},
                                                                               {">9", false},
                                                                               {"<=9", true},
                                                                               {"<9", false},
                                                                               {">8.9", true},
                                                                               {"<9.1", true}}) {
    const Assertion assertion =
        ParseAssertion(std::string("dynamics.gravity_mps2") + bound, AssertionLevel::kError);
    EXPECT_EQ(CheckAssertion(assertion, results).at(0).passed, passed) << bound;
  }
}

TEST(AssertionTest, WhatIsOffIsNotEvenLookedUp) {
  EXPECT_TRUE(
      CheckAssertion(ParseAssertion("nobody:a.b>=1", AssertionLevel::kOff), PlainValues()).empty());
}

TEST(AssertionTest, AFileWithAWrongValueNamesKeyAndExpectation) {
  const auto error_of = [](const std::string& text) {
    return ErrorTextOf([&] { AssertionsFromDocument(ParseYamlDocument(text, "g.yaml")); });
  };
  const std::string head = "schema: 1\nassert:\n";
  EXPECT_THAT(error_of("assert: []\n"), HasSubstr("schema"));
  EXPECT_THAT(error_of("schema: 2\nassert: []\n"), HasSubstr("expected 1"));
  EXPECT_THAT(error_of(head + "  - {level: warn}\n"), HasSubstr("require"));
  EXPECT_THAT(error_of(head + "  - {require: 'a.b>=1', level: loud}\n"),
              HasSubstr("'loud', expected error, warn or off"));
  EXPECT_THAT(error_of(head + "  - {require: 'a.b>=1', scenes: '('}\n"),
              HasSubstr("'(' is no regular expression"));
  EXPECT_THAT(error_of(head + "  - {require: 'a.b'}\n"),
              HasSubstr("assertion 'a.b': expected model:score>=number"));
  EXPECT_THAT(error_of(head + "  - {require: 3}\n"), HasSubstr("g.yaml:3"));
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
