// SPDX-License-Identifier: Apache-2.0
#include "app/suite_file.h"

#include <gmock/gmock.h>

#include "app/plan.h"
#include "core/errors.h"
#include "core/scene_json.h"
#include "tests/app/run_program.h"

namespace plumb {
namespace {

namespace fs = std::filesystem;
using ::testing::HasSubstr;
using ::testing::SizeIs;

const char* const kBall = R"(schema: 1
id: mine
duration_s: 1
caption: A ball over a floor.
bodies:
  - {name: floor, role: structure, size_m: [6, 6, 0.2], position_m: [0, 0, -0.1], fixed: true}
  - {name: ball, shape: sphere, size_m: [0.4, 0.4, 0.4], position_m: [0, 0, 1]}
)";

class SuiteFileTest : public ::testing::Test {
 protected:
  void SetUp() override {
    WriteText(folder_ / "suites/mine.yaml",
              "schema: 1\nname: mixed\nprotocol: {width: 48, height: 48, frames: 8, "
              "conditioning_frames: 3}\nscenes:\n"
              "  - {scenario: drop, seeds: [1]}\n  - {file: ../scenes/ball.yaml}\n"
              "models: [oracle]\nfamilies: [permanence]\n");
    WriteText(folder_ / "scenes/ball.yaml", kBall);
  }
  std::string Path(const std::string& name) const { return (folder_ / name).string(); }
  std::string Refusal() const {
    try {
      LoadSuite(Path("suites/mine.yaml"));
    } catch (const Error& error) {
      return error.what();
    }
    return "no error";
  }
  TestFolder folder_;
};

TEST_F(SuiteFileTest, SceneFilesLieRelativeToTheSuite) {
  const Suite suite = LoadSuite(Path("suites/mine.yaml"));
  const std::vector<Scene> scenes = ScenesOf(suite);
  ASSERT_THAT(scenes, SizeIs(2));
  EXPECT_EQ(scenes[1].id, "mine");
  EXPECT_EQ(scenes[1].bodies[1].name, "ball");
}

TEST_F(SuiteFileTest, ThePlanKeepsTheSceneAndItsDigest) {
  const Plan plan = MakePlan(LoadSuite(Path("suites/mine.yaml")), {});
  ASSERT_THAT(plan.cells, SizeIs(2));
  EXPECT_EQ(plan.cells[1].key.scene, "mine");
  fs::remove(folder_ / "scenes/ball.yaml");
  const Plan stored = PlanFromJson(Json::parse(DumpJson(ToJson(plan))), "plan.json");
  const Plan again = Refreshed(stored);
  EXPECT_EQ(again.cells[1].cell_key, plan.cells[1].cell_key);
  EXPECT_EQ(SuiteDigest(again.suite), plan.suite_digest);
  // Another scene is another digest.
  std::string heavier = kBall;
  heavier.replace(heavier.find("position_m: [0, 0, 1]"), 21, "position_m: [0, 0, 2]");
  WriteText(folder_ / "scenes/ball.yaml", heavier);
  const Plan other = MakePlan(LoadSuite(Path("suites/mine.yaml")), {});
  EXPECT_NE(other.suite_digest, plan.suite_digest);
  EXPECT_NE(other.cells[1].truth, plan.cells[1].truth);
  EXPECT_EQ(other.cells[0].truth, plan.cells[0].truth);
}

TEST_F(SuiteFileTest, MistakesAreToldWithTheirFile) {
  WriteText(folder_ / "scenes/ball.yaml", std::string(kBall) + "joints:\n  - {body_a: bal}\n");
  EXPECT_THAT(Refusal(), HasSubstr("ball.yaml:9: joint 0: key 'body_a': there is no 'bal'"));
  fs::remove(folder_ / "scenes/ball.yaml");
  EXPECT_THAT(Refusal(), HasSubstr("mine.yaml:6: key 'file': there is no"));
  std::string twin = kBall;
  twin.replace(twin.find("id: mine"), 8, "id: drop-1");
  WriteText(folder_ / "scenes/ball.yaml", twin);
  EXPECT_THAT(Refusal(), HasSubstr("a scene 'drop-1' is in the suite already"));
}

TEST_F(SuiteFileTest, FilesAloneAreASuiteAsLongAsTheLongest) {
  const Suite suite = SuiteOfSceneFiles({Path("scenes/ball.yaml")});
  EXPECT_EQ(suite.name, "ball");
  EXPECT_EQ(suite.protocol.frames, 24);
  EXPECT_THROW(SuiteOfSceneFiles({Path("scenes/ball.yaml"), Path("scenes/ball.yaml")}), UsageError);
  EXPECT_THROW(SuiteOfSceneFiles({}), UsageError);
}

TEST_F(SuiteFileTest, ASceneFileRunsToTheEndAndAgainWithoutTheFile) {
  const std::string out = Path("run");
  const ProgramOutput run =
      RunPlumb("run " + Path("suites/mine.yaml") + " --workers 1 --no-report --out " + out);
  ASSERT_EQ(run.code, 0) << run.err;
  fs::remove_all(folder_ / "scenes");
  const ProgramOutput again = RunPlumb("resume --no-report --json " + out);
  EXPECT_EQ(again.code, 0) << again.err;
  const Json results = Json::parse(again.out);
  ASSERT_THAT(results["cells"], SizeIs(2));
  EXPECT_EQ(results["cells"][1]["scene"], "mine");
}

TEST_F(SuiteFileTest, TheSceneOptionTakesTheSuitesPlace) {
  const ProgramOutput plan = RunPlumb("plan --scene " + Path("scenes/ball.yaml") +
                                      " --model oracle --model sabotage:gravity=0.5");
  EXPECT_EQ(plan.code, 0) << plan.err;
  EXPECT_THAT(plan.out, HasSubstr("ball v1"));
  EXPECT_THAT(plan.out, HasSubstr("mine"));
  EXPECT_EQ(RunPlumb("plan quick --scene " + Path("scenes/ball.yaml")).code, 2);
  EXPECT_EQ(RunPlumb("run --scene " + Path("none.yaml") + " --model oracle").code, 2);
}

}  // namespace
}  // namespace plumb
