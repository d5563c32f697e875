// SPDX-License-Identifier: Apache-2.0
#include "core/truth_events_json.h"

#include <set>

#include <gmock/gmock.h>

#include "core/errors.h"

namespace plumb {
namespace {

using ::testing::HasSubstr;
using enum TruthEventKind;

TEST(TruthEventsJsonTest, EveryKindComesBackUnderAnotherName) {
  std::set<std::string> names;
  for (const TruthEventKind kind :
       {kFirstContact, kSeparation, kRest, kEntersView, kLeavesView, kHidden, kShown}) {
    const int other = kind == kFirstContact || kind == kSeparation ? 2 : -1;
    const TruthEvent event{0.1 + 0.2, kind, 1, other};
    const TruthEvent read = TruthEventFromJson(Json::parse(ToJson(event).dump()), 3, "t.json");
    EXPECT_EQ(read.time_s, event.time_s);
    EXPECT_EQ(read.kind, kind);
    EXPECT_EQ(read.body, 1);
    EXPECT_EQ(read.other, other);
    names.insert(NameOf(kind));
  }
  EXPECT_EQ(names.size(), 7u);
}

TEST(TruthEventsJsonTest, ASecondBodyStandsOnlyWhereThereIsOne) {
  EXPECT_EQ(ToJson({0.5, kRest, 1}).dump(), R"({"time_s":0.5,"kind":"rest","body":1})");
  EXPECT_EQ(ToJson({0.5, kFirstContact, 0, 1}).dump(),
            R"({"time_s":0.5,"kind":"first_contact","body":0,"other":1})");
}

std::string Refusal(const char* text) {
  try {
    TruthEventFromJson(Json::parse(text), 2, "t.json");
  } catch (const InputError& error) {
    return error.what();
  }
  return "accepted";
}

TEST(TruthEventsJsonTest, WhatFitsNoBodyIsRefused) {
  EXPECT_EQ(Refusal(R"({"time_s": 1, "kind": "rest", "body": 1})"), "accepted");
  EXPECT_THAT(Refusal(R"({"time_s": 1, "kind": "sleep", "body": 1})"),
              HasSubstr("t.json: event kind 'sleep'"));
  EXPECT_THAT(Refusal(R"({"time_s": 1, "kind": "rest", "body": 2})"),
              HasSubstr("bodies 2 and -1 of 2"));
  EXPECT_THAT(Refusal(R"({"time_s": 1, "kind": "rest", "body": -1})"), HasSubstr("of 2"));
  EXPECT_THAT(Refusal(R"({"time_s": 1, "kind": "rest", "body": 0, "other": 1})"),
              HasSubstr("bodies 0 and 1 of 2"));
  EXPECT_THAT(Refusal(R"({"time_s": 1, "kind": "separation", "body": 0})"),
              HasSubstr("bodies 0 and -1 of 2"));
  EXPECT_THAT(Refusal(R"({"time_s": -1, "kind": "rest", "body": 0})"), HasSubstr("at -1 s"));
  EXPECT_THROW(TruthEventFromJson(Json::parse(R"({"kind": "rest", "body": 0})"), 2, "t.json"),
               Json::exception);
}

}  // namespace
}  // namespace plumb
