// SPDX-License-Identifier: Apache-2.0
#include "metrics/permanence/evidence.h"

#include <cmath>
#include <limits>
#include <map>

#include <gtest/gtest.h>

#include "tests/metrics/followed_world.h"

namespace plumb {
namespace {

using Path = std::function<std::optional<Eigen::Vector2d>(int)>;

const Path kWay = Straight({30.0, 50.0}, {3.0, 0.0});

// Lost from 10 to 13; the sample has two frames a pair and is twice as large as the paired
// pictures.
Observation LostForAWhile() {
  FollowedWorld world;
  world.paths = {{"red ball", kWay, [](int k) -> std::optional<Eigen::Vector2d> {
                    return k >= 10 && k < 14 ? std::nullopt : kWay(k);
                  }}};
  Observation observation = world.Observe();
  for (FramePair& pair : observation.paired.pairs) pair.sample = 2 * pair.truth;
  observation.paired.sample_px_per_px_x = 2.0;
  observation.paired.sample_px_per_px_y = 2.0;
  return observation;
}

TEST(EvidenceTest, PersistenceShowsEverythingInPixelsAndFramesOfTheSample) {
  const Observation observation = LostForAWhile();
  const Evidence evidence = PersistenceEvidence(observation, JudgePermanence(observation));
  EXPECT_EQ(evidence.frames, (std::vector<int>{20, 22, 24, 26}));
  EXPECT_EQ(evidence.details.at("objects"), 1);
  ASSERT_EQ(evidence.details.at("events").size(), 1u);
  const Json& event = evidence.details.at("events")[0];
  EXPECT_EQ(event.at("kind"), "vanished");
  EXPECT_EQ(event.at("frame"), 20);
  EXPECT_EQ(event.at("body"), "red ball");
  const Json& box = evidence.details.at("boxes")[0];
  EXPECT_EQ(box.at("box"), Json::array({40.0, 80.0, 40.0, 40.0}));
  EXPECT_EQ(box.at("state"), "visible");
}

TEST(EvidenceTest, ALostObjectHasABoxWhereItShouldBe) {
  const Observation observation = LostForAWhile();
  const Evidence evidence = PersistenceEvidence(observation, JudgePermanence(observation));
  int absent = 0;
  for (const Json& box : evidence.details.at("boxes")) {
    if (box.at("state") != "absent") continue;
    const double pair = box.at("frame").get<double>() / 2.0;
    EXPECT_NEAR(box.at("box")[0].get<double>(), 2.0 * (30.0 + 3.0 * pair - 10.0), 1e-9);
    EXPECT_DOUBLE_EQ(box.at("box")[2].get<double>(), 40.0);
    ++absent;
  }
  EXPECT_EQ(absent, 4);
}

TEST(EvidenceTest, EveryStateHasTheNameThatReportsDraw) {
  const Observation observation = LostForAWhile();
  PermanenceVerdict verdict = JudgePermanence(observation);
  verdict.frames[0][4].state = ObjectState::kOccluded;
  verdict.frames[0][5].state = ObjectState::kOutOfView;
  verdict.frames[0][6].state = ObjectState::kNotAsked;
  const Evidence evidence = PersistenceEvidence(observation, verdict);
  std::map<int, std::string> states;
  for (const Json& box : evidence.details.at("boxes")) {
    states[box.at("frame").get<int>() / 2] = box.at("state");
  }
  EXPECT_EQ(states.at(3), "visible");
  EXPECT_EQ(states.at(4), "occluded");
  EXPECT_EQ(states.at(5), "out_of_view");
  EXPECT_FALSE(states.contains(6));
  EXPECT_EQ(states.at(12), "absent");
}

TEST(EvidenceTest, EventsOfOneKindOnly) {
  const Observation observation = LostForAWhile();
  const PermanenceVerdict verdict = JudgePermanence(observation);
  const Evidence lost = EventEvidence(observation, verdict, "vanished");
  EXPECT_EQ(lost.frames, std::vector<int>{20});
  EXPECT_EQ(lost.details.at("events").size(), 1u);
  const Evidence none = EventEvidence(observation, verdict, "swapped");
  EXPECT_TRUE(none.frames.empty());
  EXPECT_TRUE(none.details.at("events").is_array());
  EXPECT_TRUE(none.details.at("events").empty());
}

TEST(EvidenceTest, OnlyOcclusionsWithoutReturnAreOffending) {
  const Observation observation = LostForAWhile();
  const Evidence evidence =
      ReappearanceEvidence(observation, {{0, 4, 8, true}, {0, 12, 17, false}});
  EXPECT_EQ(evidence.frames, std::vector<int>{34});
  const Json& list = evidence.details.at("occlusions");
  ASSERT_EQ(list.size(), 2u);
  EXPECT_EQ(list[0].at("hidden_from"), 8);
  EXPECT_EQ(list[0].at("visible_from"), 16);
  EXPECT_EQ(list[0].at("reacquired"), true);
  EXPECT_EQ(list[1].at("body"), "red ball");
}

TEST(EvidenceTest, AStripCoversAllFramesOfTheSampleWithGapsAsNull) {
  const Observation observation = LostForAWhile();
  std::vector<double> values(24, std::numeric_limits<double>::quiet_NaN());
  values[3] = 0.123456;
  const Json strip = StripJson(observation, "share", "1", values);
  EXPECT_EQ(strip.at("name"), "share");
  ASSERT_EQ(strip.at("values").size(), 47u);  // up to the last paired frame, 46
  EXPECT_EQ(strip.at("values")[6], 0.12);
  for (int f : {0, 5, 7, 46}) EXPECT_TRUE(strip.at("values")[f].is_null()) << f;
}

TEST(EvidenceTest, TrajectoriesLeaveOutWhatIsNotFound) {
  const Observation observation = LostForAWhile();
  const Json trajectories = TrajectoriesJson(observation);
  ASSERT_EQ(trajectories.size(), 1u);
  EXPECT_EQ(trajectories[0].at("truth").size(), 24u);
  EXPECT_EQ(trajectories[0].at("sample").size(), 20u);
  EXPECT_EQ(trajectories[0].at("sample")[10], Json::array({28, 2.0 * 72.0, 100.0}));
}

}  // namespace
}  // namespace plumb
