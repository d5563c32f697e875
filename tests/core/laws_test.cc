// SPDX-License-Identifier: Apache-2.0
#include "core/laws.h"

#include <algorithm>
#include <cmath>
#include <set>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "core/errors.h"
#include "tests/core/message_of.h"

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
  const auto refusal = [](const char* text) {
    return MessageOf<UsageError>([&] { ParseSabotage(text); });
  };
  EXPECT_THAT(refusal("gravty=1"), testing::HasSubstr("did you mean 'gravity'"));
  EXPECT_THAT(refusal("gravity=much"), testing::HasSubstr("'much' is no number"));
  EXPECT_THAT(refusal("gravity=nan"), testing::HasSubstr("no number"));
  EXPECT_THAT(refusal("gravity=1,onest=3"), testing::HasSubstr("unknown option 'onest'"));
  EXPECT_THAT(refusal("gravity=1,onset=-3"), testing::HasSubstr("onset"));
}

TEST(LawsTest, AmountsAndDosesLieInTheLawsRange) {
  for (const Law& law : AllLaws()) {
    EXPECT_LE(law.low, law.neutral) << law.id;
    EXPECT_GE(law.high, law.neutral) << law.id;
    for (const double dose : law.doses) {
      EXPECT_GE(dose, law.low) << law.id;
      EXPECT_LE(dose, law.high) << law.id;
    }
  }
}

TEST(LawsTest, TheListIsWhole) {
  std::set<std::string_view> ids;
  for (const Law& law : AllLaws()) ids.insert(law.id);
  for (const char* id : {"gravity",
                         "gravity_direction",
                         "restitution",
                         "friction",
                         "momentum",
                         "energy_gain",
                         "inertia",
                         "penetrate",
                         "hover",
                         "late_contact",
                         "early_reaction",
                         "time_warp",
                         "freeze_mid_air",
                         "vanish",
                         "appear",
                         "duplicate",
                         "swap",
                         "mutate_colour",
                         "mutate_shape",
                         "mutate_size",
                         "teleport",
                         "merge",
                         "split",
                         "count_drift",
                         "scale_breathe",
                         "drift_px",
                         "warp_px",
                         "shear_background",
                         "parallax_flat",
                         "focal_breathe",
                         "pose_jitter",
                         "texture_swim",
                         "cut"}) {
    EXPECT_EQ(ids.count(id), 1u) << id;
  }
}

TEST(LawsTest, AModeStandsInTheAmountsPlaceOrBehindIt) {
  const Sabotage behind = ParseSabotage("vanish=behind");
  EXPECT_EQ(behind.mode, "behind");
  EXPECT_EQ(behind.amount, FindLaw("vanish").default_amount);
  EXPECT_EQ(ToString(behind), "vanish=1,mode=behind");
  const Sabotage half = ParseSabotage("vanish=0.5,onset=9,mode=open");
  EXPECT_EQ(half.mode, "open");
  EXPECT_EQ(half.amount, 0.5);
  EXPECT_EQ(ToString(ParseSabotage(ToString(half))), ToString(half));
  EXPECT_EQ(ParseSabotage("vanish").mode, "");
  const auto refusal = [](const char* text) {
    return MessageOf<UsageError>([&] { ParseSabotage(text); });
  };
  EXPECT_THAT(refusal("vanish=0.5,mode=above"), testing::HasSubstr("expected behind or open"));
  EXPECT_THAT(refusal("swap=1,mode=open"), testing::HasSubstr("it has none"));
  EXPECT_THAT(refusal("vanish=beneath"), testing::HasSubstr("'beneath' is no number"));
}

TEST(LawsTest, OnlyLawsThatABodyCanHaveTakeOne) {
  const auto refusal = [](const char* text) {
    return MessageOf<UsageError>([&] { ParseSabotage(text); });
  };
  EXPECT_THAT(refusal("cut=1,body=ball"),
              testing::HasSubstr("'cut' is broken for the whole world, not for a body"));
  EXPECT_THAT(refusal("gravity_direction=9,body=ball"), testing::HasSubstr("the whole world"));
  EXPECT_EQ(ParseSabotage("gravity=0.5,body=ball").body, "ball");
  EXPECT_EQ(ParseSabotage("swap,body=ball").body, "ball");
}

TEST(LawsTest, WhereALawCanShow) {
  EXPECT_TRUE(CanShow(FindLaw("gravity"), "drop"));
  EXPECT_FALSE(CanShow(FindLaw("gravity"), "orbit_room"));
}

TEST(LawsTest, IdsAreDistinctAndFoundAgain) {
  std::set<std::string_view> ids;
  for (const Law& law : AllLaws()) {
    EXPECT_TRUE(ids.insert(law.id).second) << law.id;
    EXPECT_EQ(&FindLaw(law.id), &law);
    EXPECT_FALSE(law.summary.empty()) << law.id;
    EXPECT_FALSE(law.unit.empty()) << law.id;
  }
}

TEST(LawsTest, FactorsAreNeutralAtOneOffsetsAtZero) {
  for (const Law& law : AllLaws()) {
    EXPECT_EQ(law.neutral, law.unit == "factor" ? 1.0 : 0.0) << law.id;
  }
}

// A saboteur without an amount breaks the law by one of the doses that are calibrated.
TEST(LawsTest, TheDefaultAmountIsOneOfTheDoses) {
  for (const Law& law : AllLaws()) {
    EXPECT_NE(std::find(law.doses.begin(), law.doses.end(), law.default_amount), law.doses.end())
        << law.id;
  }
}

TEST(LawsTest, ScoresBelongToAFamilyAndStandOnce) {
  for (const Law& law : AllLaws()) {
    std::set<std::string_view> seen;
    for (const std::string_view score : law.scores) {
      const std::string_view family = score.substr(0, score.find('.'));
      EXPECT_TRUE(family == "geometry" || family == "permanence" || family == "dynamics") << score;
      EXPECT_TRUE(seen.insert(score).second) << law.id << " " << score;
    }
  }
}

TEST(LawsTest, EveryScenarioOfALawCanShowItAndStandsOnce) {
  for (const Law& law : AllLaws()) {
    std::set<std::string_view> seen;
    for (const std::string_view scenario : law.scenarios) {
      EXPECT_TRUE(CanShow(law, scenario));
      EXPECT_TRUE(seen.insert(scenario).second) << law.id << " " << scenario;
    }
    EXPECT_FALSE(CanShow(law, ""));
  }
}

// Written and read again, every dose of every law is the same sabotage.
TEST(LawsTest, EverySabotageComesBackFromItsText) {
  for (const Law& law : AllLaws()) {
    for (const double dose : law.doses) {
      for (const int onset : {-1, 0, 17}) {
        for (const std::string body : {"", "red ball", "a=b"}) {
          if (!body.empty() && !law.takes_body) continue;
          const Sabotage sabotage{std::string(law.id), dose, onset, body};
          const Sabotage back = ParseSabotage(ToString(sabotage));
          EXPECT_EQ(back.law, law.id);
          EXPECT_EQ(back.amount, dose);
          EXPECT_EQ(back.onset_frame, onset);
          EXPECT_EQ(back.body, body);
        }
      }
    }
  }
}

TEST(LawsTest, AmountsThatAreNoneAreRefused) {
  const auto refusal = [](const std::string& text) {
    return MessageOf<UsageError>([&] { ParseSabotage(text); });
  };
  for (const char* amount : {"", " 1", "1 ", "1e999", "inf", "0x10", "1;rm", "--1"}) {
    EXPECT_THAT(refusal(std::string("gravity=") + amount), testing::HasSubstr("is no number"))
        << amount;
  }
  for (const char* onset : {"", "2.5", "-1", "1e300", "99999999999", "eight"}) {
    EXPECT_THAT(refusal(std::string("gravity=1,onset=") + onset),
                testing::HasSubstr("onset must be a frame number"))
        << onset;
  }
  EXPECT_THAT(refusal("gravity=1,"), testing::HasSubstr("expected onset, body or mode"));
  EXPECT_THAT(refusal("gravity=1,body="), testing::HasSubstr("expected onset, body or mode"));
  EXPECT_THAT(refusal("gravity,onset=1,,"), testing::HasSubstr("expected onset, body or mode"));
}

TEST(LawsTest, UnknownLawsListTheKnown) {
  const std::string message = MessageOf<UsageError>([] { FindLaw("colour"); });
  EXPECT_THAT(message, testing::HasSubstr("unknown law 'colour'; expected one of: gravity"));
  for (const Law& law : AllLaws()) {
    EXPECT_THAT(message, testing::HasSubstr(std::string(law.id)));
  }
  EXPECT_THROW(ParseSabotage(""), UsageError);
  EXPECT_THROW(ParseSabotage("=1"), UsageError);
}

}  // namespace
}  // namespace plumb
