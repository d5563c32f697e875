// SPDX-License-Identifier: Apache-2.0
#include "core/nuisances.h"

#include <algorithm>
#include <cmath>
#include <set>
#include <string>

#include <gmock/gmock.h>

#include "core/errors.h"
#include "tests/core/message_of.h"

namespace plumb {
namespace {

using ::testing::HasSubstr;

std::string Refusal(const std::string& text) {
  return MessageOf<UsageError>([&] { ParseNuisance(text); });
}

TEST(NuisancesTest, TheListIsWhole) {
  std::set<std::string_view> ids;
  for (const Nuisance& nuisance : AllNuisances()) {
    EXPECT_TRUE(ids.insert(nuisance.id).second) << nuisance.id;
    EXPECT_EQ(&FindNuisance(nuisance.id), &nuisance);
    EXPECT_FALSE(nuisance.summary.empty() || nuisance.unit.empty()) << nuisance.id;
  }
  EXPECT_THAT(ids,
              testing::UnorderedElementsAre("reencode",
                                            "blur",
                                            "noise",
                                            "brightness",
                                            "resize",
                                            "grain",
                                            "fps",
                                            "crop_border",
                                            "jpeg"));
}

TEST(NuisancesTest, DosesGrowAwayFromNeutralWithinTheRange) {
  for (const Nuisance& nuisance : AllNuisances()) {
    double last = 0;
    for (const double dose : nuisance.doses) {
      EXPECT_GT(std::abs(dose - nuisance.neutral), last) << nuisance.id;
      last = std::abs(dose - nuisance.neutral);
      EXPECT_TRUE(dose >= nuisance.low && dose <= nuisance.high) << nuisance.id;
    }
    EXPECT_EQ(nuisance.neutral, nuisance.unit == "factor" ? 1.0 : 0.0) << nuisance.id;
    EXPECT_NE(std::find(nuisance.doses.begin(), nuisance.doses.end(), nuisance.default_amount),
              nuisance.doses.end())
        << nuisance.id;
  }
}

TEST(NuisancesTest, EveryAmountComesBackFromItsText) {
  for (const Nuisance& nuisance : AllNuisances()) {
    const std::string id(nuisance.id);
    EXPECT_EQ(ParseNuisance(id).amount, nuisance.default_amount);
    for (const double dose : nuisance.doses) {
      const NuisanceAmount back = ParseNuisance(ToString({id, dose}));
      EXPECT_EQ(back.id, id);
      EXPECT_EQ(back.amount, dose);
    }
  }
}

TEST(NuisancesTest, MistakesAreNamed) {
  EXPECT_THAT(Refusal("blurr=1"), HasSubstr("did you mean 'blur'?"));
  EXPECT_THAT(Refusal(""), HasSubstr("unknown nuisance"));
  EXPECT_THAT(Refusal("blur="), HasSubstr("'' is no number"));
  EXPECT_THAT(Refusal("blur=nan"), HasSubstr("'nan' is no number"));
  EXPECT_THAT(Refusal("blur=1,2"), HasSubstr("'1,2' is no number"));
  EXPECT_THAT(Refusal("blur=-1"), HasSubstr("expected 0 to 20"));
  EXPECT_THAT(Refusal("resize=1.5"), HasSubstr("the amount is 1.5, expected 0.1 to 1"));
  EXPECT_THAT(Refusal("reencode=52"), HasSubstr("expected 0 to 51"));
}

}  // namespace
}  // namespace plumb
