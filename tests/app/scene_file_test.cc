// SPDX-License-Identifier: Apache-2.0
#include "app/scene_file.h"

#include <cmath>
#include <set>

#include <gmock/gmock.h>

#include "app/yaml_document.h"
#include "core/errors.h"
#include "core/scene_json.h"
#include "tests/app/run_program.h"

namespace plumb {
namespace {

namespace fs = std::filesystem;
using ::testing::AllOf;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::SizeIs;

const char* const kGround = R"(schema: 1
id: mine
bodies:
  - name: ground
    size_m: [8, 8, 0.2]
    position_m: [0, 0, -0.1]
    fixed: true
)";

CheckedScene Checked(const std::string& yaml) {
  return CheckSceneDocument(ParseYamlDocument(yaml, "a.yaml"));
}

std::vector<std::string> Findings(const std::string& yaml) {
  std::vector<std::string> lines;
  for (const SceneFinding& finding : Checked(yaml).findings) {
    lines.push_back(finding.place + ": " + finding.message + (finding.warning ? " (warning)" : ""));
  }
  return lines;
}

std::string WithBody(const std::string& fields) {
  return kGround + ("  - name: ball\n    shape: sphere\n    size_m: [0.2, 0.2, 0.2]\n" + fields);
}

TEST(SceneFileTest, ASoundSceneHasNoFindings) {
  const CheckedScene checked = Checked(WithBody("    position_m: [0, 0, 1]\n"));
  EXPECT_THAT(checked.findings, IsEmpty());
  ASSERT_TRUE(checked.scene.has_value());
  EXPECT_EQ(checked.scene->scenario, "mine");
  EXPECT_THAT(checked.scene->bodies, SizeIs(2));
}

TEST(SceneFileTest, EveryMistakeIsToldInTheOrderOfTheFile) {
  EXPECT_THAT(
      Findings(WithBody("    mass_kg: -1\n    position_m: [0, .nan, 1]\n"
                        "    material: {restitution: 1.5, pattern: woood}\n"
                        "    velocity_mp: [1, 0, 0]\n"
                        "joints:\n  - {name: j, body_a: bal, kind: hing}\n")),
      ElementsAre(HasSubstr("a.yaml:11: body 'ball': key 'mass_kg': is -1"),
                  HasSubstr("a.yaml:12: body 'ball': key 'position_m': expected a finite"),
                  HasSubstr("a.yaml:13: body 'ball': key 'restitution': is 1.5"),
                  HasSubstr("a.yaml:13: body 'ball': key 'pattern': unknown 'woood'; did "
                            "you mean 'wood'?"),
                  HasSubstr("a.yaml:14: body 'ball': key 'velocity_mp': unknown; did you mean "
                            "'velocity_mps'?"),
                  HasSubstr("a.yaml:16: joint 'j': key 'kind': unknown 'hing'"),
                  HasSubstr("a.yaml:16: joint 'j': key 'body_a': there is no 'bal'; did "
                            "you mean 'ball'?")));
}

TEST(SceneFileTest, DeepOverlapsAreMistakesAndTouchingIsNone) {
  EXPECT_THAT(Findings(WithBody("    position_m: [0, 0, 0.08]\n")),
              ElementsAre("a.yaml:8: body 'ball': stands 20.0 mm deep in 'ground' at the start, at "
                          "most 5 allowed"));
  EXPECT_THAT(Findings(WithBody("    position_m: [0, 0, 0.098]\n")), IsEmpty());
}

TEST(SceneFileTest, AnOverlapIsToldBesideOtherMistakes) {
  EXPECT_THAT(Findings(WithBody("    position_m: [0, 0, 0.08]\n    mass_kg: 0\n")), SizeIs(2));
}

TEST(SceneFileTest, ABodyThatIsNeverSeenIsAWarning) {
  const std::string yaml = WithBody("    position_m: [40, -30, 1]\n");
  EXPECT_THAT(Findings(yaml),
              ElementsAre("a.yaml:8: body 'ball': is outside of the view for the whole clip "
                          "(warning)"));
  EXPECT_TRUE(Checked(yaml).scene.has_value());
  EXPECT_EQ(Checked(yaml).mistakes(), 0);
  // It flies through the picture for a moment.
  EXPECT_THAT(Findings(WithBody("    position_m: [-5, 0, 1]\n    velocity_mps: [5, 0, 4.9]\n")),
              IsEmpty());
}

TEST(SceneFileTest, NamesAndOrdersAreHeld) {
  EXPECT_THAT(Findings(std::string(kGround) + "  - {name: ground, position_m: [0, 0, 2]}\n"),
              ElementsAre("a.yaml:8: body 'ground': key 'name': 'ground' stands twice"));
  const std::string body = WithBody("    position_m: [0, 0, 1]\n");
  EXPECT_THAT(Findings(body + "events:\n  - {time_s: 1, kind: remove, body: ball}\n"
                              "  - {time_s: 0.5, kind: break, body: string}\n"),
              ElementsAre(HasSubstr("a.yaml:14: event 1: key 'body': there is no 'string'"),
                          HasSubstr("a.yaml:14: event 1: key 'time_s': 0.5 is earlier than")));
  EXPECT_THAT(Findings(body + "joints:\n  - {body_a: ball, body_b: ball, axis: [0, 0, 0]}\n"),
              ElementsAre(HasSubstr("a joint holds 'ball' to itself"), HasSubstr("key 'axis'")));
  EXPECT_THAT(
      Findings(body + "camera:\n  motion: keys\n  keys:\n"
                      "    - {share: 0, eye_m: [0, -4, 1], target_m: [0, 0, 1]}\n"
                      "    - {share: 0, eye_m: [1, -4, 1], target_m: [0, 0, 1]}\n"),
      ElementsAre(HasSubstr("a.yaml:16: camera: key 'share': 0 is not above the 0 before")));
}

TEST(SceneFileTest, AnEventAfterTheEndIsAWarning) {
  const std::string yaml = WithBody("    position_m: [0, 0, 1]\n") + "duration_s: 2\nevents:\n";
  const std::string push = ", kind: impulse, body: ball, impulse_ns: [1, 0, 0]}\n";
  EXPECT_THAT(Findings(yaml + "  - {time_s: 1.9" + push), IsEmpty());
  EXPECT_THAT(Findings(yaml + "  - {time_s: 2" + push),
              ElementsAre(AllOf(HasSubstr("a.yaml:14: event 0: "),
                                HasSubstr("never comes about; the clip ends at 2 s (warning)"))));
}

TEST(SceneFileTest, WhatOnlyCoreKnowsIsToldAsWell) {
  EXPECT_THAT(Findings(std::string(kGround) +
                       "  - {name: pipe, shape: hoop, size_m: [0.4, 0.4, 0.2], wall_m: 0.3,"
                       " position_m: [0, 0, 2]}\n"),
              ElementsAre(HasSubstr("a.yaml:8: body 'pipe': ")));
  EXPECT_THAT(Findings(WithBody("    position_m: [0, 0, 1]\n") +
                       "camera: {eye_m: [0, 0, 5], target_m: [0, 0, 5]}\n"),
              ElementsAre(HasSubstr("a.yaml:12: camera: ")));
  EXPECT_THAT(Findings(WithBody("    position_m: [0, 0, 1]\n") +
                       "camera: {eye_m: [0, 0, 5], target_m: [0, 0, 0]}\n"),
              ElementsAre())
      << "a camera may look straight down";
}

TEST(SceneFileTest, MoreBodiesThanCanBeToldApartAreRefused) {
  std::string yaml = kGround;
  for (int i = 0; i < 255; ++i) yaml += "  - {name: b" + std::to_string(i) + ", fixed: true}\n";
  EXPECT_THAT(Findings(yaml), ElementsAre(HasSubstr("has 256 values, expected 1 to 255")));
}

TEST(SceneFileTest, DegreesAndRoundedQuaternionsAreForPeople) {
  const CheckedScene turned =
      Checked(WithBody("    position_m: [0, 0, 1]\n    turn_deg: {axis: [0, 0, 2], angle: 90}\n"
                       "camera: {fov_deg: 60}\n"));
  ASSERT_TRUE(turned.scene.has_value());
  const Eigen::Vector3d x =
      turned.scene->bodies[1].world_from_body.rotation * Eigen::Vector3d::UnitX();
  EXPECT_NEAR((x - Eigen::Vector3d::UnitY()).norm(), 0, 1e-12);
  EXPECT_NEAR(turned.scene->camera.fov_rad, std::acos(-1.0) / 3, 1e-12);
  const CheckedScene rounded =
      Checked(WithBody("    position_m: [0, 0, 1]\n    rotation_xyzw: [0, 0, 0.7071, 0.7071]\n"));
  ASSERT_TRUE(rounded.scene.has_value());
  EXPECT_NEAR(rounded.scene->bodies[1].world_from_body.rotation.norm(), 1, 1e-12);
  EXPECT_THAT(Findings(WithBody("    position_m: [0, 0, 1]\n    rotation_xyzw: [0, 0, 1, 1]\n")),
              ElementsAre(HasSubstr("rotation_xyzw")));
  EXPECT_THAT(Findings(WithBody("    position_m: [0, 0, 1]\n    rotation_xyzw: [0, 0, 0, 1]\n"
                                "    turn_deg: {axis: [0, 0, 1], angle: 5}\n")),
              ElementsAre(HasSubstr("say the same thing")));
}

TEST(SceneFileTest, LoadingNamesTheFirstMistakeAndCountsTheOthers) {
  const TestFolder folder;
  WriteText(folder / "a.yaml",
            WithBody("    mass_kg: -1\n    density: 3\n    position_m: [0, 0, 1]\n"));
  try {
    LoadSceneFile(folder / "a.yaml");
    FAIL() << "read a scene with mistakes";
  } catch (const InputError& error) {
    EXPECT_THAT(error.what(), HasSubstr("a.yaml:11: body 'ball': key 'mass_kg'"));
    EXPECT_THAT(error.what(), HasSubstr("and 1 more")) << "the unknown key";
  }
}

// The keys that SceneFromDocument asks for at a place: it names them for a key it doesn't know.
std::set<std::string> CoreKeys(const Json& scene, const std::string& pointer) {
  Json asked = scene;
  asked.at(Json::json_pointer(pointer))["qqqqqqqqqqqqqqqqqqqqqqqqq"] = 1;
  try {
    SceneFromDocument({"a", asked, {}});
  } catch (const UsageError& error) {
    std::string text = error.what();
    text.erase(0, text.find("one of: ") + 8);
    std::set<std::string> keys;
    for (size_t comma; (comma = text.find(", ")) != std::string::npos; text.erase(0, comma + 2)) {
      keys.insert(text.substr(0, comma));
    }
    keys.insert(text);
    return keys;
  }
  return {};
}

std::set<std::string> SchemaKeys(const Json& object) {
  const std::set<std::string> friendly = {"turn_deg", "sweep_deg", "fov_deg"};
  std::set<std::string> keys;
  for (const auto& [key, ignored] : object.at("properties").items()) {
    if (!friendly.contains(key)) keys.insert(key);
  }
  return keys;
}

TEST(SceneFileTest, TheSchemaHasTheKeysThatScenesAreReadWith) {
  const Json scene = Json::parse(R"({"schema": 1, "id": "a", "bodies": [{"name": "b",
    "material": {}, "path": [{}], "shape": "compound", "parts": [{}]}],
    "joints": [{"body_a": "b"}], "events": [{"kind": "remove", "body": "b"}],
    "lighting": {}, "camera": {"keys": [{}]}})");
  const Json& schema = SceneSchema();
  const Json& defs = schema["$defs"];
  EXPECT_EQ(SchemaKeys(schema), CoreKeys(scene, ""));
  for (const auto& [name, pointer] : {std::pair{"body", "/bodies/0"},
                                      std::pair{"material", "/bodies/0/material"},
                                      std::pair{"part", "/bodies/0/parts/0"},
                                      std::pair{"joint", "/joints/0"},
                                      std::pair{"event", "/events/0"},
                                      std::pair{"lighting", "/lighting"},
                                      std::pair{"camera", "/camera"}}) {
    std::set<std::string> core = CoreKeys(scene, pointer);
    if (std::string(name) == "part") core.erase("parts");  // no compound of compounds
    EXPECT_EQ(SchemaKeys(defs[name]), core) << name;
  }
  EXPECT_EQ(SchemaKeys(defs["body"]["properties"]["path"]["items"]),
            CoreKeys(scene, "/bodies/0/path/0"));
  EXPECT_EQ(SchemaKeys(defs["camera"]["properties"]["keys"]["items"]),
            CoreKeys(scene, "/camera/keys/0"));
}

// The names that SceneFromDocument offers for a wrong one.
std::set<std::string> CoreNames(Json scene, const std::string& pointer) {
  scene[Json::json_pointer(pointer)] = "qqqqqqqqqqqqqqqqqqqqqqqqq";
  try {
    SceneFromDocument({"a", scene, {}});
  } catch (const UsageError& error) {
    std::string text = error.what();
    text.erase(0, text.find("one of: ") + 8);
    std::set<std::string> names;
    for (size_t comma; (comma = text.find(", ")) != std::string::npos; text.erase(0, comma + 2)) {
      names.insert(text.substr(0, comma));
    }
    names.insert(text);
    return names;
  }
  return {};
}

TEST(SceneFileTest, TheSchemaHasTheNamesThatScenesAreReadWith) {
  const Json scene = Json::parse(R"({"schema": 1, "id": "a", "bodies": [{"name": "b"}],
    "joints": [{"body_a": "b"}], "events": [{"kind": "remove", "body": "b"}]})");
  const Json& defs = SceneSchema()["$defs"];
  for (const auto& [name, key, pointer] :
       {std::tuple{"body", "shape", "/bodies/0/shape"},
        std::tuple{"body", "role", "/bodies/0/role"},
        std::tuple{"material", "pattern", "/bodies/0/material/pattern"},
        std::tuple{"joint", "kind", "/joints/0/kind"},
        std::tuple{"event", "kind", "/events/0/kind"},
        std::tuple{"camera", "motion", "/camera/motion"}}) {
    EXPECT_EQ(defs[name]["properties"][key]["enum"].get<std::set<std::string>>(),
              CoreNames(scene, pointer))
        << name << " " << key;
  }
}

TEST(SceneFileTest, TheExamplesHaveNoFindings) {
  int examples = 0;
  for (const auto& entry : fs::directory_iterator(SourceFolder() / "examples/scenes")) {
    const CheckedScene checked = CheckSceneDocument(ReadDocument(entry.path()));
    for (const SceneFinding& finding : checked.findings) {
      ADD_FAILURE() << finding.place << ": " << finding.message;
    }
    ASSERT_TRUE(checked.scene.has_value()) << entry.path();
    EXPECT_GE(checked.scene->paraphrases.size(), 3u) << entry.path();
    EXPECT_FALSE(checked.scene->outcome.empty()) << entry.path();
    ++examples;
  }
  EXPECT_GE(examples, 3);
}

TEST(SceneFileTest, ValidateTellsAllAndEndsWithFour) {
  const TestFolder folder;
  WriteText(folder / "a.yaml",
            WithBody("    mass_kg: -1\n    position_m: [0, 0, 1]\n    colour: 1\n"));
  const ProgramOutput bad = RunPlumb("validate " + (folder / "a.yaml").string());
  EXPECT_EQ(bad.code, 4);
  EXPECT_THAT(bad.err, HasSubstr("a.yaml:11: body 'ball': key 'mass_kg'"));
  EXPECT_THAT(bad.err, HasSubstr("a.yaml:13: body 'ball': key 'colour': unknown"));
  EXPECT_THAT(bad.err, HasSubstr("2 mistakes"));
  const Json json = Json::parse(RunPlumb("validate --json " + (folder / "a.yaml").string()).out);
  EXPECT_EQ(json["valid"], false);
  EXPECT_THAT(json["findings"], SizeIs(2));
  const ProgramOutput good =
      RunPlumb("validate " + (SourceFolder() / "examples/scenes/swing.yaml").string());
  EXPECT_EQ(good.code, 0) << good.err;
  EXPECT_THAT(good.out, HasSubstr("valid: scene swing, 5 bodies"));
}

}  // namespace
}  // namespace plumb
