// SPDX-License-Identifier: Apache-2.0
#include "metrics/metrics.h"

#include <set>

#include <gtest/gtest.h>

#include "core/check.h"
#include "core/errors.h"
#include "core/laws.h"
#include "tests/metrics/disc_world.h"

namespace plumb {
namespace {

TEST(MetricsTest, ScoreIdsAreUniqueAndNamedAfterTheirFamily) {
  std::set<std::string> ids;
  for (const ScoreInfo& info : AllScores()) {
    EXPECT_TRUE(ids.insert(info.id).second) << info.id;
    const std::string family = info.id.substr(0, info.id.find('.'));
    EXPECT_TRUE(family == "geometry" || family == "permanence" || family == "dynamics") << info.id;
    EXPECT_FALSE(info.unit.empty()) << info.id;
    EXPECT_FALSE(info.summary.empty()) << info.id;
    EXPECT_GE(info.version, 1) << info.id;
  }
}

TEST(MetricsTest, EachFamilyHasOneHeadlineAndItComesFirst) {
  for (const auto& scores : {GeometryScores(), PermanenceScores(), DynamicsScores()}) {
    for (size_t i = 0; i < scores.size(); ++i)
      EXPECT_EQ(scores[i].headline, i == 0) << scores[i].id;
    EXPECT_EQ(scores.front().better, Direction::kHigher);
  }
}

TEST(MetricsTest, EveryScoreThatALawNamesExists) {
  std::set<std::string> ids;
  for (const ScoreInfo& info : AllScores()) ids.insert(info.id);
  for (const Law& law : AllLaws()) {
    for (const std::string_view id : law.scores) {
      EXPECT_TRUE(ids.contains(std::string(id))) << law.id << " names " << id;
    }
  }
}

TEST(MetricsTest, NeedsBeginWithTheVideo) {
  for (const ScoreInfo& info : AllScores()) {
    const std::vector<Need> needs = NeedsOf(info.id);
    ASSERT_FALSE(needs.empty()) << info.id;
    EXPECT_EQ(needs.front(), Need::kVideo) << info.id;
    for (const Need need : needs) EXPECT_FALSE(NeedName(need).empty());
  }
  EXPECT_THROW(NeedsOf("dynamics.wishes"), CheckFailure);
}

TEST(MetricsTest, MotionClassesHaveNames) {
  EXPECT_EQ(MotionClassName(MotionClass::kUnknown), "unknown");
  EXPECT_EQ(MotionClassName(MotionClass::kRotation), "rotation");
  EXPECT_EQ(MotionClassName(MotionClass::kCut), "cut");
}

TEST(MetricsTest, AMisspeltFamilyIsNamedWithItsNearest) {
  const Video video({Image(8, 8)}, 24.0);
  MetricInput input;
  input.sample = &video;
  try {
    Measure(input, {{"dynamic"}}, {});
    FAIL() << "accepted";
  } catch (const UsageError& error) {
    EXPECT_NE(std::string(error.what()).find("dynamics"), std::string::npos) << error.what();
  }
}

TEST(MetricsTest, AskedFamiliesComeInOrderWithAllTheirScores) {
  const Video video({Image(16, 16), Image(16, 16)}, 24.0);
  MetricInput input;
  input.sample = &video;
  const MetricReport report = Measure(input, {{"dynamics", "permanence"}}, {});
  ASSERT_EQ(report.scores.size(), PermanenceScores().size() + DynamicsScores().size());
  EXPECT_EQ(report.scores.front().id(), "permanence.persistence");
  EXPECT_EQ(report.scores.back().id(), DynamicsScores().back().id);
  ASSERT_EQ(report.seconds.size(), 2u);
  for (const Score& score : report.scores) {
    ASSERT_FALSE(score.measured());
    EXPECT_EQ(score.reason().code, ReasonCode::kNoTruth);
    EXPECT_FALSE(score.reason().text.empty());
  }
}

TEST(MetricsTest, ATruthThatContradictsItselfCostsOnlyItsScores) {
  DiscWorld world;
  world.discs = {{.place_m = Rolling({-0.6, 0.3}, 0.6)}};
  world.frames = 12;
  Truth truth = world.MakeTruth();
  truth.motion.states.resize(3);  // far fewer steps than frames
  MetricInput input;
  input.sample = &truth.video;
  input.truth = &truth;
  const MetricReport report = Measure(input, {{"permanence"}}, {});
  ASSERT_EQ(report.scores.size(), PermanenceScores().size());
  for (const Score& score : report.scores) {
    ASSERT_FALSE(score.measured());
    EXPECT_EQ(score.reason().code, ReasonCode::kMetricFailed);
  }
}

TEST(MetricsTest, CancellingStopsTheMeasurement) {
  DiscWorld world;
  world.discs = {{.place_m = Rolling({-0.6, 0.3}, 0.6)}};
  world.frames = 8;
  const Truth truth = world.MakeTruth();
  MetricInput input;
  input.sample = &truth.video;
  input.truth = &truth;
  Progress progress;
  progress.cancelled = [] { return true; };
  EXPECT_THROW(Measure(input, {{"permanence"}}, progress), CancelledError);
}

}  // namespace
}  // namespace plumb
