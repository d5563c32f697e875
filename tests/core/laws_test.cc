// SPDX-License-Identifier: Apache-2.0
#include "core/laws.h"

#include <cmath>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "core/errors.h"

namespace plumb {
namespace {

TEST(LawsTest, DosesGrowAwayFromNeutral) {
  for (const Law& law : AllLaws()) {
    double last = 0.0;
    for (const double dose : law.doses) {
      const double distance = std::abs(dose - law.neutral);
      EXPECT_GT(distance, last) << law.id;
      last = distance;
    }
    EXPECT_NE(law.default_amount, law.neutral) << law.id;
    EXPECT_FALSE(law.scenarios.empty()) << law.id;
    EXPECT_FALSE(law.scores.empty()) << law.id;
  }
}

TEST(LawsTest, SabotageIsParsedWithItsOptions) {
  const Sabotage full = ParseSabotage("gravity=0.25,onset=8,body=red ball");
  EXPECT_EQ(full.law, "gravity");
  EXPECT_DOUBLE_EQ(full.amount, 0.25);
  EXPECT_EQ(full.onset_frame, 8);
  EXPECT_EQ(full.body, "red ball");
  EXPECT_EQ(ToString(full), "gravity=0.25,onset=8,body=red ball");
  EXPECT_DOUBLE_EQ(ParseSabotage("warp_px").amount, FindLaw("warp_px").default_amount);
}

TEST(LawsTest, MistakesAreNamed) {
  const auto refusal = [](const char* text) -> std::string {
    try {
      ParseSabotage(text);
    } catch (const UsageError& error) {
      return error.what();
    }
    return "accepted";
  };
  EXPECT_THAT(refusal("gravty=1"), testing::HasSubstr("did you mean 'gravity'"));
  EXPECT_THAT(refusal("gravity=much"), testing::HasSubstr("'much' is no number"));
  EXPECT_THAT(refusal("gravity=nan"), testing::HasSubstr("no number"));
  EXPECT_THAT(refusal("gravity=1,onest=3"), testing::HasSubstr("unknown option 'onest'"));
  EXPECT_THAT(refusal("gravity=1,onset=-3"), testing::HasSubstr("onset"));
}

TEST(LawsTest, WhereALawCanShow) {
  EXPECT_TRUE(CanShow(FindLaw("gravity"), "drop"));
  EXPECT_FALSE(CanShow(FindLaw("gravity"), "orbit_room"));
}

}  // namespace
}  // namespace plumb
