// SPDX-License-Identifier: Apache-2.0
#include "core/score.h"

#include <cmath>
#include <limits>
#include <set>

#include <gtest/gtest.h>

#include "core/check.h"
#include "core/errors.h"
#include "tests/core/message_of.h"
#include "tests/score_keys.h"

namespace plumb {
namespace {

ScoreInfo Reprojection() {
  return {
      .id = "geometry.reprojection_px", .unit = "px", .better = Direction::kLower, .version = 3};
}

TEST(ScoreTest, MeasuredNeedsAFiniteValueInsideItsInterval) {
  const double nan = std::nan("");
  const double infinity = std::numeric_limits<double>::infinity();
  EXPECT_THROW(Score::Measured(Reprojection(), nan, 0, 1), CheckFailure);
  EXPECT_THROW(Score::Measured(Reprojection(), 0.5, 0, infinity), CheckFailure);
  EXPECT_THROW(Score::Measured(Reprojection(), 2, 0, 1), CheckFailure);
  EXPECT_DOUBLE_EQ(Score::Measured(Reprojection(), 0.5, 0.4, 0.6).value(), 0.5);
}

TEST(ScoreTest, DirectionsAreHigherLowerOrNull) {
  for (const Direction better : {Direction::kHigher, Direction::kLower, Direction::kNone}) {
    ScoreInfo info = Reprojection();
    info.better = better;
    info.summary = "s";
    const ScoreInfo column = ScoreInfoFromJson(ToJson(info));
    EXPECT_EQ(column.better, better);
    EXPECT_EQ(ToJson(column).dump(), ToJson(info).dump());
    const Score score = Score::Measured(info, 1, 1, 1);
    EXPECT_EQ(ScoreFromJson(ToJson(score), "x").info().better, better);
  }
  EXPECT_EQ(DirectionName(Direction::kNone), "");
  EXPECT_TRUE(ToJson(Direction::kNone).is_null());
  Json json = ToJson(Score::Measured(Reprojection(), 1, 1, 1));
  json["better"] = "sideways";
  try {
    ScoreFromJson(json, "results.json");
    FAIL();
  } catch (const InputError& error) {
    EXPECT_NE(std::string(error.what()).find("expected higher, lower or null"), std::string::npos);
  }
}

TEST(ScoreTest, EitherAValueOrAReason) {
  const Score measured = Score::Measured(Reprojection(), 1, 1, 1);
  EXPECT_THROW(measured.reason(), CheckFailure);
  const Score reason = Score::NotMeasurable(Reprojection(), {ReasonCode::kShotCut, "cut at 12"});
  EXPECT_THROW(reason.value(), CheckFailure);
  EXPECT_THROW(reason.WithNoiseFloor(1), CheckFailure);
  EXPECT_THROW(Score::NotMeasurable(Reprojection(), {ReasonCode::kShotCut, ""}), CheckFailure);
}

TEST(ScoreTest, JsonHasAllKeysAndComesBack) {
  Evidence evidence{{4, 2}, {{"per_frame", {{"values", {1.0, nullptr}}}}}};
  const std::vector<Score> scores = {
      Score::Measured(Reprojection(), 0.1, 0.05, 0.2, evidence).WithNoiseFloor(0.04),
      Score::NotMeasurable(Reprojection(), {ReasonCode::kNoParallax, "only turned"}, evidence),
      Score::NotTested(Reprojection(), {ReasonCode::kNoEvent, "no contact"})};
  for (const Score& score : scores) {
    const Json json = ToJson(score);
    for (const std::string& key : kScoreKeys) EXPECT_TRUE(json.contains(key)) << key;
    EXPECT_EQ(json.size(), kScoreKeys.size()) << json;
    EXPECT_EQ(ToJson(ScoreFromJson(json, "here")), json);
  }
}

TEST(ScoreTest, ContradictionsAreRefusedWithTheirPlace) {
  Json json = ToJson(Score::Measured(Reprojection(), 1, 1, 1));
  json["value"] = nullptr;
  EXPECT_THROW(ScoreFromJson(json, "here"), InputError);
  json = ToJson(Score::NotTested(Reprojection(), {ReasonCode::kNoEvent, "none"}));
  json["reason"]["code"] = "because";
  EXPECT_THROW(ScoreFromJson(json, "here"), InputError);
  json.erase("status");
  EXPECT_THROW(ScoreFromJson(json, "here"), InputError);
}

TEST(ScoreTest, ReasonCodesAreDistinctAndComeBack) {
  std::set<std::string_view> names;
  for (int i = 0; i <= static_cast<int>(ReasonCode::kMetricFailed); ++i) {
    const auto code = static_cast<ReasonCode>(i);
    names.insert(ReasonCodeName(code));
    EXPECT_EQ(ReasonCodeFromName(ReasonCodeName(code)), code);
  }
  EXPECT_EQ(names.size(), static_cast<size_t>(ReasonCode::kMetricFailed) + 1);
  EXPECT_THROW(ReasonCodeFromName("no_such"), CheckFailure);
}

// One score of each outcome.
std::vector<Score> OneOfEach() {
  const Evidence evidence{{3}, {{"note", "seen"}}};
  return {Score::Measured(Reprojection(), 0.5, 0.25, 1.0, evidence),
          Score::NotMeasurable(Reprojection(), {ReasonCode::kShotCut, "cut at 12"}, evidence),
          Score::NotTested(Reprojection(), {ReasonCode::kNoEvent, "no contact"})};
}

TEST(ScoreTest, EveryScoreHasAValueOrAReasonAndNeverBoth) {
  for (const Score& score : OneOfEach()) {
    EXPECT_EQ(score.measured(), score.status() == ScoreStatus::kMeasured);
    if (score.measured()) {
      EXPECT_NO_THROW(score.value());
      EXPECT_THROW(score.reason(), CheckFailure);
    } else {
      EXPECT_NO_THROW(score.reason());
      EXPECT_THROW(score.value(), CheckFailure);
      EXPECT_THROW(score.low(), CheckFailure);
      EXPECT_THROW(score.high(), CheckFailure);
      EXPECT_THROW(score.WithNoiseFloor(0.1), CheckFailure);
    }
  }
}

TEST(ScoreTest, WhatDoesNotApplyIsNullInJson) {
  const std::vector<Score> scores = OneOfEach();
  const Json measured = ToJson(scores[0]);
  EXPECT_EQ(measured["value"], 0.5);
  EXPECT_EQ(measured["low"], 0.25);
  EXPECT_EQ(measured["high"], 1.0);
  EXPECT_TRUE(measured["reason"].is_null());
  EXPECT_TRUE(measured["noise_floor"].is_null());
  for (size_t i = 1; i < scores.size(); ++i) {
    const Json json = ToJson(scores[i]);
    for (const char* key : {"value", "low", "high", "noise_floor"}) {
      EXPECT_TRUE(json.contains(key) && json[key].is_null()) << key;
    }
    EXPECT_FALSE(json["reason"]["code"].get<std::string>().empty());
    EXPECT_FALSE(json["reason"]["text"].get<std::string>().empty());
  }
  EXPECT_EQ(ToJson(scores[1])["status"], "not_measurable");
  EXPECT_EQ(ToJson(scores[2])["status"], "not_tested");
}

TEST(ScoreTest, NothingThatIsNotFiniteBecomesAScore) {
  const double infinity = std::numeric_limits<double>::infinity();
  for (const double bad : {std::nan(""), infinity, -infinity}) {
    EXPECT_THROW(Score::Measured(Reprojection(), bad, 0, 1), CheckFailure);
    EXPECT_THROW(Score::Measured(Reprojection(), 0, bad, 1), CheckFailure);
    EXPECT_THROW(Score::Measured(Reprojection(), 0, 0, bad), CheckFailure);
    EXPECT_THROW(Score::Measured(Reprojection(), 0, 0, 0).WithNoiseFloor(bad), CheckFailure);
  }
}

TEST(ScoreTest, TheValueMayLieOnTheEndsOfItsInterval) {
  EXPECT_NO_THROW(Score::Measured(Reprojection(), 0.5, 0.5, 0.5));
  EXPECT_NO_THROW(Score::Measured(Reprojection(), 1.0, 0.5, 1.0));
  EXPECT_THROW(Score::Measured(Reprojection(), 0.49, 0.5, 1.0), CheckFailure);
  EXPECT_THROW(Score::Measured(Reprojection(), 1.01, 0.5, 1.0), CheckFailure);
}

TEST(ScoreTest, ANoiseFloorIsAddedToACopy) {
  const Score score = OneOfEach()[0];
  const Score calibrated = score.WithNoiseFloor(0.04);
  EXPECT_FALSE(score.noise_floor());
  EXPECT_EQ(*calibrated.noise_floor(), 0.04);
  EXPECT_EQ(calibrated.value(), score.value());
  EXPECT_EQ(*ScoreFromJson(ToJson(calibrated), "here").noise_floor(), 0.04);
}

// Each key that is taken away from a stored score is missed, with the place that lacks it.
TEST(ScoreTest, EveryMissingKeyIsRefusedWithItsPlace) {
  for (const Score& score : OneOfEach()) {
    const Json whole = ToJson(score);
    for (const char* key :
         {"id", "status", "unit", "better", "version", "headline", "evidence", "frames"}) {
      Json json = whole;
      json.erase(key);
      const std::string message =
          MessageOf<InputError>([&] { ScoreFromJson(json, "results.json: drop-1"); });
      EXPECT_EQ(message.rfind("results.json: drop-1: no valid score", 0), 0u) << key << message;
    }
  }
}

TEST(ScoreTest, StoredContradictionsAreRefused) {
  const std::vector<Score> scores = OneOfEach();
  const auto refuse = [](const Score& score, const char* key, const Json& value) {
    Json json = ToJson(score);
    json[key] = value;
    EXPECT_THROW(ScoreFromJson(json, "here"), InputError) << key << value.dump();
  };
  refuse(scores[0], "value", 5.0);  // outside its interval
  refuse(scores[0], "value", "0.5");
  refuse(scores[0], "low", nullptr);
  refuse(scores[0], "status", "guessed");
  refuse(scores[0], "status", "not_measurable");  // without a reason
  refuse(scores[0], "better", "up");
  refuse(scores[0], "reason", {{"code", "shot_cut"}, {"text", "cut"}});
  refuse(scores[1], "reason", {{"code", "shot_cut"}, {"text", ""}});
  refuse(scores[1], "reason", {{"text", "cut"}});
  refuse(scores[1], "value", 0.5);
  refuse(scores[2], "noise_floor", 0.5);
  refuse(scores[1], "status", "measured");
}

}  // namespace
}  // namespace plumb
