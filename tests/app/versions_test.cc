// SPDX-License-Identifier: Apache-2.0
#include "app/versions.h"

#include <gmock/gmock.h>

namespace plumb {
namespace {

using ::testing::Contains;
using ::testing::Key;
using ::testing::Pair;

TEST(VersionsTest, EveryLibraryHasANonEmptyVersion) {
  const auto versions = BuildVersions();
  for (const char* name : {"plumb", "compiler", "build", "eigen", "ffmpeg", "fmt", "sqlite"}) {
    ASSERT_THAT(versions, Contains(Key(name)));
    EXPECT_FALSE(versions.at(name).empty()) << name;
  }
  EXPECT_EQ(versions.at("plumb"), PLUMB_VERSION);
  EXPECT_THAT(versions, Contains(Pair("generator", PLUMB_WITH_GENERATOR ? "yes" : "no")));
}

TEST(VersionsTest, TheSameProgramTellsTheSameTwice) {
  EXPECT_EQ(BuildVersions(), BuildVersions());
  EXPECT_EQ(MachineFacts(), MachineFacts());
}

TEST(VersionsTest, TheMachineIsKnown) {
  const auto facts = MachineFacts();
  EXPECT_GE(std::stoi(facts.at("cores")), 1);
  EXPECT_GT(std::stod(facts.at("memory_gb")), 0.1);
  EXPECT_FALSE(facts.at("system").empty());
}

}  // namespace
}  // namespace plumb
