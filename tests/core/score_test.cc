// SPDX-License-Identifier: Apache-2.0
#include "core/score.h"

#include <cmath>
#include <limits>
#include <set>

#include <gtest/gtest.h>

#include "core/check.h"
#include "core/errors.h"

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
    for (const char* key : {"id",
                            "status",
                            "value",
                            "low",
                            "high",
                            "unit",
                            "better",
                            "reason",
                            "noise_floor",
                            "version",
                            "evidence",
                            "frames"}) {
      EXPECT_TRUE(json.contains(key)) << key;
    }
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

}  // namespace
}  // namespace plumb
