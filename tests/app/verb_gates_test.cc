// SPDX-License-Identifier: Apache-2.0
// `plumb compare` and `plumb assert`: verdicts and exit codes over results that were written by
// hand.
#include <gmock/gmock.h>

#include "core/json.h"
#include "core/results.h"
#include "tests/app/run_program.h"

namespace plumb {
namespace {

using ::testing::HasSubstr;

ScoreInfo Consistency() { return {"geometry.consistency", "1", Direction::kHigher, 1, true, "x"}; }

// Ten scenes; model "good" scores 0.9, "bad" scores 0.5, a little apart in every scene.
Results TenScenes(double shift) {
  Results results;
  results.name = "hand";
  results.suite = "quick v1";
  results.models = {"good", "bad"};
  results.scores = {Consistency()};
  for (const auto& [model, level] : {std::pair{"good", 0.9}, std::pair{"bad", 0.5}}) {
    for (int scene = 0; scene < 10; ++scene) {
      Cell cell;
      cell.key = {model, "drop-" + std::to_string(scene), 0};
      cell.scenario = "drop";
      cell.status = CellStatus::kDone;
      const double value = level + shift + 0.002 * (scene % 5);
      cell.scores = {Score::Measured(Consistency(), value, value, value)};
      results.cells.push_back(cell);
    }
  }
  return results;
}

class VerbGatesTest : public ::testing::Test {
 protected:
  std::string Write(const std::string& name, const Results& results) {
    WriteText(folder_ / (name + "/results.json"), DumpJson(ToJson(results)));
    return (folder_ / name).string();
  }
  TestFolder folder_;
};

TEST_F(VerbGatesTest, ARegressionEndsWithOne) {
  const std::string run = Write("a", TenScenes(0));
  const ProgramOutput worse = RunPlumb("compare " + run + " --base good --head bad");
  EXPECT_EQ(worse.code, 1) << worse.out << worse.err;
  EXPECT_THAT(worse.out, HasSubstr("regressed"));
  const ProgramOutput better = RunPlumb("compare " + run + " --base bad --head good --json");
  EXPECT_EQ(better.code, 0) << better.out << better.err;
  EXPECT_EQ(Json::parse(better.out)["schema"], 1);
}

TEST_F(VerbGatesTest, TwoRunsAreComparedModelByModel) {
  const std::string a = Write("a", TenScenes(0));
  EXPECT_EQ(RunPlumb("compare " + a + " " + Write("b", TenScenes(0.05))).code, 0);
  const ProgramOutput worse = RunPlumb("compare " + a + " " + Write("c", TenScenes(-0.05)));
  EXPECT_EQ(worse.code, 1);
  EXPECT_THAT(worse.out, HasSubstr("good"));
  EXPECT_THAT(worse.out, HasSubstr("bad"));
  EXPECT_THAT(RunPlumb("compare --format junit " + a + " " + a).out, HasSubstr("<testsuite"));
}

TEST_F(VerbGatesTest, TooFewScenesAreNoPass) {
  Results few = TenScenes(0);
  std::erase_if(few.cells, [](const Cell& cell) { return cell.key.scene > "drop-2"; });
  const std::string run = Write("few", few);
  const ProgramOutput output = RunPlumb("compare " + run + " --base bad --head good");
  EXPECT_EQ(output.code, 3) << output.out;
  EXPECT_THAT(output.out, HasSubstr("not enough data"));
}

TEST_F(VerbGatesTest, SidesThatMakeNoSenseAreUsageErrors) {
  const std::string run = Write("a", TenScenes(0));
  EXPECT_EQ(RunPlumb("compare " + run).code, 2);
  EXPECT_EQ(RunPlumb("compare " + run + " --base good").code, 2);
  EXPECT_EQ(RunPlumb("compare " + run + " --base good --head goood").code, 2);
  EXPECT_EQ(RunPlumb("compare " + (folder_ / "absent").string() + " " + run).code, 2);
}

TEST_F(VerbGatesTest, AssertionsDecideTheExitCode) {
  const std::string run = Write("a", TenScenes(0));
  const ProgramOutput passes =
      RunPlumb("assert " + run + " --require 'good:geometry.consistency>=0.9'");
  EXPECT_EQ(passes.code, 0) << passes.out << passes.err;
  EXPECT_THAT(passes.out, HasSubstr("pass"));
  EXPECT_THAT(passes.out, HasSubstr("10 of 10 cells"));
  EXPECT_EQ(RunPlumb("assert " + run + " --require 'geometry.consistency>=0.9'").code, 1);
  EXPECT_EQ(RunPlumb("assert " + run + " --warn 'geometry.consistency>=0.9'").code, 0);
  EXPECT_EQ(RunPlumb("assert " + run).code, 2);
}

TEST_F(VerbGatesTest, AnUnfinishedRunIsNoPass) {
  Results results = TenScenes(0);
  results.cells.back().status = CellStatus::kFailed;
  results.cells.back().reason = "crashed";
  results.cells.back().scores.clear();
  const ProgramOutput output = RunPlumb("assert --json " + Write("a", results) +
                                        " --require 'good:geometry.consistency>=0'");
  EXPECT_EQ(output.code, 3) << output.out;
  EXPECT_EQ(Json::parse(output.out)["unfinished_cells"], 1);
}

TEST_F(VerbGatesTest, ThresholdsComeFromAFile) {
  const std::string run = Write("a", TenScenes(0));
  WriteText(folder_ / "gates.yaml",
            "schema: 1\nassert:\n  - {require: 'bad:geometry.consistency>=0.9'}\n");
  EXPECT_EQ(RunPlumb("assert " + run + " --file " + (folder_ / "gates.yaml").string()).code, 1);
}

}  // namespace
}  // namespace plumb
