// SPDX-License-Identifier: Apache-2.0
#include "app/asked_metrics.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "core/errors.h"
#include "metrics/dynamics/likelihood.h"
#include "metrics/metrics.h"
#include "tests/core/message_of.h"
#include "tests/paths.h"

namespace plumb {
namespace {

using ::testing::AllOf;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::SizeIs;

std::vector<std::string> Ids(const std::vector<std::string>& names) {
  std::vector<std::string> ids;
  for (const ScoreInfo& info : ScoresOf(names)) ids.push_back(info.id);
  return ids;
}

TEST(AskedMetricsTest, NoNamesAreAllFamiliesAndNoLikelihood) {
  EXPECT_THAT(ParseMetrics({}).families, ElementsAre("geometry", "permanence", "dynamics"));
  EXPECT_EQ(ParseMetrics({}).judge, "");
  EXPECT_THAT(ScoresOf({}), SizeIs(AllScores().size()));
}

TEST(AskedMetricsTest, FamiliesAndLikelihoodStandSideBySide) {
  const std::string id = LikelihoodScore().id;
  EXPECT_THAT(Ids({"likelihood:some/where"}), ElementsAre(id));
  const std::vector<std::string> both = Ids({"likelihood:some/where", "geometry"});
  EXPECT_EQ(both.front(), "geometry.consistency");
  EXPECT_EQ(both.back(), id);
  EXPECT_THAT(both, SizeIs(GeometryScores().size() + 1));
  EXPECT_EQ(ParseMetrics({"likelihood:a:b"}).judge, "a:b") << "a path may hold a colon";
}

TEST(AskedMetricsTest, UnknownNamesAndMissingJudgesAreRefused) {
  const auto complaint = [](const std::string& name) {
    return MessageOf<UsageError>([&] { ParseMetrics({name}); });
  };
  EXPECT_THAT(complaint("geometri"), HasSubstr("did you mean 'geometry'"));
  EXPECT_THAT(complaint("likelihod"), HasSubstr("did you mean 'likelihood'"));
  for (const char* name : {"likelihood", "likelihood:"}) {
    EXPECT_THAT(complaint(name), AllOf(HasSubstr("judge"), HasSubstr("--judge CHECKPOINT")));
  }
}

TEST(AskedMetricsTest, AJudgeIsPutInOrReplaced) {
  EXPECT_THAT(WithJudge({"geometry", "likelihood"}, "a"), ElementsAre("geometry", "likelihood:a"));
  EXPECT_THAT(WithJudge({"likelihood:a"}, "b"), ElementsAre("likelihood:b"));
  EXPECT_THAT(WithJudge({"likelihood:a"}, ""), ElementsAre("likelihood:a"));
  EXPECT_THAT(WithJudge({}, ""), IsEmpty());
  EXPECT_THROW(WithJudge({"geometry"}, "a"), UsageError);
  EXPECT_THROW(WithJudge({}, "a"), UsageError) << "all families are not likelihood";
}

TEST(AskedMetricsTest, TheJudgesWeightsArePartOfTheVersion) {
  EXPECT_FALSE(MetricVersions({"geometry"}).contains("judge"));
  EXPECT_EQ(MetricVersions({"geometry"}).at("geometry.consistency"),
            GeometryScores().front().version);
  const std::string shipped = (SourceFolder() / "models/plumb-tiny").string();
  const Json judged = MetricVersions({"likelihood:" + shipped});
  EXPECT_EQ(judged.at(LikelihoodScore().id), LikelihoodScore().version);
  EXPECT_THAT(judged.at("judge").get<std::string>(), SizeIs(64));
  EXPECT_NE(MetricVersions({"likelihood:" + shipped + "/vae"}).at("judge"), judged.at("judge"));
}

}  // namespace
}  // namespace plumb
