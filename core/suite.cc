// SPDX-License-Identifier: Apache-2.0
#include "core/suite.h"

#include <algorithm>
#include <cmath>
#include <set>

#include <fmt/format.h>

#include "core/errors.h"
#include "core/scene_json.h"

namespace plumb {
namespace {

constexpr int kMaxSide = 4096;
constexpr int kMaxFrames = 10000;

int IntegerInRange(ObjectReader& reader, const std::string& key, int fallback, Json range) {
  const int64_t value = reader.Integer(key, fallback);
  if (value < range[0].get<int64_t>() || value > range[1].get<int64_t>()) {
    reader.Fail(
        key,
        fmt::format(
            "{} is outside {} to {}", value, range[0].get<int64_t>(), range[1].get<int64_t>()));
  }
  return static_cast<int>(value);
}

Protocol ReadProtocol(ObjectReader reader) {
  Protocol protocol;
  protocol.width = IntegerInRange(reader, "width", protocol.width, {16, kMaxSide});
  protocol.height = IntegerInRange(reader, "height", protocol.height, {16, kMaxSide});
  protocol.frames = IntegerInRange(reader, "frames", protocol.frames, {1, kMaxFrames});
  protocol.fps = reader.Number("fps", protocol.fps);
  if (!(protocol.fps >= 1.0 && protocol.fps <= 240.0)) reader.Fail("fps", "expected 1 to 240");
  protocol.conditioning_frames =
      IntegerInRange(reader, "conditioning_frames", protocol.conditioning_frames, {0, kMaxFrames});
  if (protocol.conditioning_frames >= protocol.frames) {
    reader.Fail("conditioning_frames",
                fmt::format("must be fewer than frames ({})", protocol.frames));
  }
  protocol.samples_per_scene =
      IntegerInRange(reader, "samples_per_scene", protocol.samples_per_scene, {1, 1000});
  protocol.truth_masks = reader.Flag("truth_masks", protocol.truth_masks);
  reader.Finish();
  return protocol;
}

SceneSet ReadFileSet(ObjectReader& reader, const Document& document, const std::string& pointer) {
  SceneSet set;
  set.file = reader.Text("file", "");
  if (set.file.empty()) reader.Fail("file", "must not be empty");
  if (reader.Has("scene")) set.scene = SceneFromDocument(document, pointer + "/scene");
  reader.Finish();
  return set;
}

SceneSet ReadSceneSet(ObjectReader& reader, const Document& document, const std::string& pointer) {
  if (reader.Has("file")) return ReadFileSet(reader, document, pointer);
  SceneSet set;
  reader.Require("scenario");
  reader.Require("seeds");
  set.scenario = reader.Text("scenario", "");
  std::set<int64_t> seen;
  for (const int64_t seed : reader.Integers("seeds", {})) {
    if (seed < 0) reader.Fail("seeds", fmt::format("{} is negative", seed));
    if (!seen.insert(seed).second) reader.Fail("seeds", fmt::format("{} stands twice", seed));
    set.seeds.push_back(static_cast<uint64_t>(seed));
  }
  if (set.seeds.empty()) reader.Fail("seeds", "needs at least one seed");
  reader.Finish();
  return set;
}

void RefuseDuplicates(const ObjectReader& reader,
                      const std::string& key,
                      const std::vector<std::string>& names) {
  std::set<std::string> seen;
  for (const std::string& name : names) {
    if (!seen.insert(name).second) reader.Fail(key, fmt::format("'{}' stands twice", name));
  }
}

Json ToJson(const SceneSet& set) {
  if (set.file.empty()) return {{"scenario", set.scenario}, {"seeds", set.seeds}};
  Json json = {{"file", set.file}};
  if (set.scene) json["scene"] = ToJson(*set.scene);
  return json;
}

}  // namespace

std::string ScenarioOf(const SceneSet& set) {
  return set.file.empty() || !set.scene ? set.scenario : set.scene->scenario;
}

Suite SuiteFromDocument(const Document& document) {
  ObjectReader reader(document, "");
  Suite suite;
  reader.Require("schema");
  suite.schema = static_cast<int>(reader.Integer("schema", 1));
  if (suite.schema != 1) reader.Fail("schema", "this version of Plumb reads schema 1");
  reader.Require("name");
  suite.name = reader.Text("name", "");
  if (suite.name.empty()) reader.Fail("name", "must not be empty");
  suite.version = IntegerInRange(reader, "version", 1, {1, 1000000});
  suite.seed = reader.Seed("seed", 0);
  if (reader.Has("protocol")) suite.protocol = ReadProtocol(reader.Object("protocol"));
  std::vector<std::string> names;
  for (ObjectReader& scenes : reader.Objects("scenes")) {
    suite.scenes.push_back(
        ReadSceneSet(scenes, document, fmt::format("/scenes/{}", suite.scenes.size())));
    const SceneSet& set = suite.scenes.back();
    names.push_back(set.file.empty() ? set.scenario : set.file);
  }
  if (suite.scenes.empty()) reader.Fail("scenes", "needs at least one scenario");
  RefuseDuplicates(reader, "scenes", names);
  suite.models = reader.Texts("models", {});
  RefuseDuplicates(reader, "models", suite.models);
  suite.families = reader.Texts("families", {});
  RefuseDuplicates(reader, "families", suite.families);
  reader.Finish();
  return suite;
}

Json ToJson(const Suite& suite) {
  Json json;
  json["schema"] = suite.schema;
  json["name"] = suite.name;
  json["version"] = suite.version;
  json["seed"] = suite.seed;
  json["scenes"] = Json::array();
  for (const SceneSet& set : suite.scenes) json["scenes"].push_back(ToJson(set));
  const Protocol& p = suite.protocol;
  json["protocol"] = {{"width", p.width},
                      {"height", p.height},
                      {"frames", p.frames},
                      {"fps", p.fps},
                      {"conditioning_frames", p.conditioning_frames},
                      {"samples_per_scene", p.samples_per_scene}};
  // Absent where it says nothing, so that older plans keep their digests.
  if (!p.truth_masks) json["protocol"]["truth_masks"] = false;
  json["models"] = suite.models;
  json["families"] = suite.families;
  return json;
}

}  // namespace plumb
