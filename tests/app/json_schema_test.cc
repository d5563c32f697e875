// SPDX-License-Identifier: Apache-2.0
#include "app/json_schema.h"

#include <gmock/gmock.h>

#include "core/check.h"

namespace plumb {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::SizeIs;

const char* const kSchema = R"({
  "type": "object", "additionalProperties": false, "required": ["name"],
  "properties": {
    "name": {"type": "string", "minLength": 1},
    "kind": {"enum": ["sphere", "box"]},
    "mass_kg": {"type": "number", "exclusiveMinimum": 0},
    "share": {"type": "number", "minimum": 0, "maximum": 1},
    "angle": {"type": "number", "exclusiveMaximum": 180},
    "look": {"type": "integer"},
    "fixed": {"type": "boolean"},
    "size": {"$ref": "#/$defs/vector"},
    "parts": {"type": "array", "minItems": 1, "items": {"$ref": "#/$defs/part"}}
  },
  "$defs": {
    "vector": {"type": "array", "minItems": 3, "maxItems": 3, "items": {"type": "number"}},
    "part": {"type": "object", "additionalProperties": false, "properties": {"x": {"type": "number"}}}
  }
})";

std::vector<std::string> Faults(const std::string& text) {
  std::vector<std::string> lines;
  for (const SchemaFault& fault : SchemaFaults(Json::parse(text), Json::parse(kSchema))) {
    lines.push_back(fault.pointer + " " + fault.message);
  }
  return lines;
}

TEST(JsonSchemaTest, WhatFitsHasNoFault) {
  EXPECT_THAT(Faults(R"({"name": "a", "kind": "box", "mass_kg": 1e-9, "share": 1, "look": 2,
                         "fixed": true, "size": [1, 2.5, 3], "parts": [{"x": 1}], "angle": null})"),
              IsEmpty());
}

TEST(JsonSchemaTest, EveryFaultIsToldWithItsPlace) {
  EXPECT_THAT(Faults(R"({"mass_kg": -1, "share": 1.5, "look": 2.5, "size": [1, "x", 3]})"),
              ElementsAre("/mass_kg key 'mass_kg': is -1, expected above 0",
                          "/share key 'share': is 1.5, expected 1 or less",
                          "/look key 'look': expected a whole number, found '2.5'",
                          "/size/1 key 'size': expected a number, found 'x'",
                          " key 'name': is missing"));
}

TEST(JsonSchemaTest, LimitsThatAreOpenRefuseTheirEnd) {
  EXPECT_THAT(Faults(R"({"name": "a", "mass_kg": 0})"), SizeIs(1));
  EXPECT_THAT(Faults(R"({"name": "a", "angle": 180})"), SizeIs(1));
  EXPECT_THAT(Faults(R"({"name": "a", "share": 0})"), IsEmpty());
}

TEST(JsonSchemaTest, UnknownKeysAndNamesComeWithTheNearest) {
  EXPECT_THAT(Faults(R"({"name": "a", "mas_kg": 1})"),
              ElementsAre("/mas_kg key 'mas_kg': unknown; did you mean 'mass_kg'?"));
  EXPECT_THAT(Faults(R"({"name": "a", "kind": "spere"})"),
              ElementsAre("/kind key 'kind': unknown 'spere'; did you mean 'sphere'?"));
  EXPECT_THAT(Faults(R"({"name": "a", "kind": "zeppelin"})"),
              ElementsAre(HasSubstr("expected one of: sphere, box")));
  EXPECT_THAT(Faults(R"({"name": "a", "parts": [{"x": 1}, {"y": 1}]})"),
              ElementsAre(HasSubstr("/parts/1/y key 'y': unknown")));
}

TEST(JsonSchemaTest, ListsHaveTheirLengths) {
  EXPECT_THAT(Faults(R"({"name": "a", "size": [1, 2]})"),
              ElementsAre("/size key 'size': has 2 values, expected 3"));
  EXPECT_THAT(Faults(R"({"name": "a", "parts": []})"),
              ElementsAre("/parts key 'parts': has 0 values, expected 1 or more"));
}

TEST(JsonSchemaTest, WordsForWhatIsNoNumberAreNamedSo) {
  for (const char* word : {".nan", "NaN", "-.inf", "Infinity"}) {
    EXPECT_THAT(Faults(std::string(R"({"name": "a", "share": ")") + word + "\"}"),
                ElementsAre(HasSubstr("expected a finite number")))
        << word;
  }
}

TEST(JsonSchemaTest, ASchemaThatIsNotUnderstoodIsNoPass) {
  EXPECT_THROW(SchemaFaults(1, Json::parse(R"({"type": "number", "multipleOf": 2})")),
               CheckFailure);
  EXPECT_THROW(SchemaFaults(1, Json::parse(R"({"type": "decimal"})")), CheckFailure);
}

}  // namespace
}  // namespace plumb
