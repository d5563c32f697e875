// SPDX-License-Identifier: Apache-2.0
#include "generator/native/prompt_expansion.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace plumb {
namespace {

using testing::EndsWith;
using testing::HasSubstr;
using testing::Not;

TEST(PromptExpansionTest, EventsAreToldAsCaptionsTellThem) {
  const std::string stage = "a wooden floor in front of a plaster wall";
  const std::string still = " The camera does not move.";
  const std::vector<std::pair<std::string, std::string>> cases = {
      {"red ball falls",
       "At first a red rubber ball hangs in the air above " + stage + "; then it is let go."},
      {"An orange ceramic cube drops.",
       "At first an orange ceramic box hangs in the air above " + stage + "; then it is let go."},
      {"A ball is thrown to the left",
       "Above " + stage + ", a red rubber ball is thrown obliquely upwards to the left."},
      {"purple plastic block slides",
       "On " + stage + ", a purple plastic block has been given a push and moves to the right."},
      {"the blue ball rolls to the left!",
       "On " + stage + ", the blue ball rolls from the right to the left."},
      {"a green cone", "On " + stage + ", a green rubber cone stands at rest."}};
  for (const auto& [prompt, expected] : cases) {
    EXPECT_EQ(ExpandedPrompt(prompt), expected + still) << prompt;
  }
}

TEST(PromptExpansionTest, OtherEventsKeepTheirWords) {
  EXPECT_EQ(ExpandedPrompt("A red ball hits a cube"),
            "On a wooden floor in front of a plaster wall, a red rubber ball hits a blue rubber "
            "box. The camera does not move.");
  EXPECT_EQ(ExpandedPrompt("rain on a street"),
            "On a wooden floor in front of a plaster wall, rain on a street. The camera does not "
            "move.");
}

TEST(PromptExpansionTest, WhatIsSaidIsNotSaidAgain) {
  const std::string placed = ExpandedPrompt("a pink ball falls onto a tiled floor");
  EXPECT_EQ(placed, "A pink rubber ball falls onto a tiled floor. The camera does not move.");
  const std::string moving = ExpandedPrompt("A red ball. The camera travels to the left.");
  EXPECT_THAT(moving, HasSubstr("a red rubber ball. The camera travels to the left."));
  EXPECT_THAT(moving, Not(HasSubstr("does not move")));
}

TEST(PromptExpansionTest, CaptionsStayAsTheyAre) {
  for (const char* caption :
       {"On a tiled floor in front of a plaster wall, a purple rubber ball rolls from the right "
        "towards a turquoise plastic ball at rest. The camera does not move.",
        "A room with a chequered floor in front of a panelled wall.  The camera turns. "}) {
    EXPECT_EQ(ExpandedPrompt(caption), caption);
  }
}

TEST(PromptExpansionTest, ExpandingTwiceIsExpandingOnce) {
  for (const char* prompt :
       {"ball", "a cube falls", "Two balls meet.", "a red ball hits the blue box", "wind"}) {
    const std::string once = ExpandedPrompt(prompt);
    EXPECT_EQ(ExpandedPrompt(once), once) << prompt;
    EXPECT_THAT(once, EndsWith("."));
  }
}

TEST(PromptExpansionTest, NothingStaysNothing) {
  EXPECT_EQ(ExpandedPrompt(""), "");
  EXPECT_EQ(ExpandedPrompt(" \t\n"), "");
  EXPECT_EQ(ExpandedPrompt("..."), "...");
}

TEST(PromptExpansionTest, EveryThingHasItsOwnColour) {
  EXPECT_THAT(ExpandedPrompt("ball, cube and cone"),
              HasSubstr("a red rubber ball, a blue rubber box and a yellow rubber cone"));
  EXPECT_THAT(ExpandedPrompt("a blue ball hits a cube"), HasSubstr("hits a red rubber box"));
  EXPECT_THAT(ExpandedPrompt("a ball hits a red cube"),
              HasSubstr("a blue rubber ball hits a red rubber box"));
  EXPECT_THAT(ExpandedPrompt("ball, cube, cone, ring and red block"),
              HasSubstr("a green rubber cone, an orange rubber ring"));
}

TEST(PromptExpansionTest, AnyBytesAreTaken) {
  EXPECT_THAT(ExpandedPrompt("\xC3\x84pfel \xFF fallen"), HasSubstr("\xC3\x84pfel \xFF fallen"));
  EXPECT_THAT(ExpandedPrompt(std::string("a\0b ball", 8)), HasSubstr("rubber ball"));
}

TEST(PromptExpansionTest, WhatPicturesShowIsNotMadeUp) {
  EXPECT_EQ(
      ExpandedPrompt("ball rolls", {.looks_are_shown = true}),
      "On a wooden floor in front of a plaster wall, a ball rolls from the left to the right. "
      "The camera does not move.");
  EXPECT_EQ(ExpandedPrompt("a red ball falls", {.looks_are_shown = true}),
            "At first a red ball hangs in the air above a wooden floor in front of a plaster wall; "
            "then it is let go. The camera does not move.");
  EXPECT_EQ(ExpandedPrompt("ice cube slides", {.looks_are_shown = true}),
            "On a wooden floor in front of a plaster wall, an ice box has been given a push and "
            "moves to the right. The camera does not move.");
}

}  // namespace
}  // namespace plumb
