// SPDX-License-Identifier: Apache-2.0
#include "app/stage_clock.h"

#include <string>
#include <unistd.h>
#include <vector>

#include <gmock/gmock.h>

namespace plumb {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;

TEST(StageClockTest, AnnouncesEveryStageAndNoEnd) {
  std::vector<std::string> announced;
  StageClock clock([&](const std::string& stage) { announced.push_back(stage); });
  EXPECT_EQ(clock.stage(), "");
  clock.Begin("truth");
  clock.Begin("score");
  EXPECT_EQ(clock.stage(), "score");
  clock.Begin("");
  EXPECT_EQ(clock.stage(), "");
  EXPECT_THAT(announced, ElementsAre("truth", "score"));
}

TEST(StageClockTest, AStageThatComesTwiceAddsUp) {
  StageClock clock;
  clock.Begin("decode");
  usleep(3000);
  clock.Begin("score");
  const double first = clock.seconds().at("decode");
  EXPECT_GE(first, 0.003);
  clock.Begin("decode");
  usleep(3000);
  clock.Begin("");
  EXPECT_GE(clock.seconds().at("decode"), first + 0.003);
  EXPECT_EQ(clock.seconds().size(), 2u);
}

TEST(StageClockTest, WhatHasNotEndedIsNotCounted) {
  StageClock clock;
  clock.Begin("truth");
  EXPECT_THAT(clock.seconds(), IsEmpty());
  clock.Begin("");
  clock.Begin("");
  EXPECT_EQ(clock.seconds().size(), 1u);
}

}  // namespace
}  // namespace plumb
