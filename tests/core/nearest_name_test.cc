// SPDX-License-Identifier: Apache-2.0
#include "core/nearest_name.h"

#include <gtest/gtest.h>

#include "core/seed.h"

namespace plumb {
namespace {

const std::vector<std::string> kNames = {"gravity", "restitution", "vanish", "teleport"};

TEST(NearestNameTest, ANameIsItsOwnNearest) {
  for (const std::string& name : kNames) EXPECT_EQ(NearestName(name, kNames), name);
}

// One slip of the keyboard anywhere in a name of six or more letters is understood.
TEST(NearestNameTest, AnySingleSlipIsUnderstood) {
  for (const std::string& name : kNames) {
    for (size_t i = 0; i < name.size(); ++i) {
      std::string lost = name, wrong = name, extra = name, swapped = name;
      lost.erase(i, 1);
      wrong[i] = 'q';
      extra.insert(i, "q");
      if (i + 1 < name.size()) std::swap(swapped[i], swapped[i + 1]);
      for (const std::string& slip : {lost, wrong, extra, swapped}) {
        EXPECT_EQ(NearestName(slip, kNames), name) << slip;
      }
    }
  }
}

TEST(NearestNameTest, NothingIsNearWhatIsFar) {
  EXPECT_EQ(NearestName("colour", kNames), "");
  EXPECT_EQ(NearestName("g", kNames), "");
  EXPECT_EQ(NearestName("gravity", {}), "");
}

// A third of the letters may be wrong, one more may not.
TEST(NearestNameTest, AThirdOfTheLettersIsTheLimit) {
  EXPECT_EQ(NearestName("abcdef", {"abcdxy"}), "abcdxy");
  EXPECT_EQ(NearestName("abcdef", {"abcxyz"}), "");
}

TEST(NearestNameTest, TheNearestWinsAndOfEqualsTheFirst) {
  EXPECT_EQ(NearestName("frame", {"fps", "frames", "flame"}), "frames");
  EXPECT_EQ(NearestName("frames", {"frames_x", "frame"}), "frame");
}

TEST(NearestNameTest, AHostileNameCostsNothing) {
  EXPECT_EQ(NearestName(std::string(10'000'000, 'x'), kNames), "");
}

}  // namespace
}  // namespace plumb
