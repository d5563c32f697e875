// SPDX-License-Identifier: Apache-2.0
// What a run commits, keeps and gives up, with a small program in the place of the workers.
#include "app/run_suite.h"

#include <algorithm>
#include <limits>
#include <sstream>

#include <gmock/gmock.h>

#include "app/store.h"
#include "core/errors.h"
#include "tests/app/tiny_run.h"

namespace plumb {
namespace {

namespace fs = std::filesystem;
using ::testing::HasSubstr;

// What a worker says of a cell that went well.
constexpr const char* kDone =
    R"({"done":{"source":"samples/x/sample.mkv","frames":8,"fps":24.0,"width":48,"height":48,)"
    R"("motion_class":"unknown","notes":[],"truth_video":"","stage_seconds":{},"scores":[],)"
    R"("made":{"path":"samples/x/sample.mkv","notes":["cut"],"seconds":1.5}}})";

class RunSuiteTest : public ::testing::Test {
 protected:
  RunSuiteTest() : folder_(CreateRunFolder(root_ / "r")) {
    options_.workers = 1;
    Answer("");
  }

  // The worker answers as the shell's case branches say, and well to everything else; every request
  // is noted.
  void Answer(const std::string& branches) {
    options_.program = WriteWorkerScript(
        root_ / "worker.sh",
        "while read -r line; do\n  printf '%s\\n' \"$line\" >>" + (root_ / "log").string() +
            "\n  case \"$line\" in\n" + branches +
            "    *'\"kind\":\"truth\"'*) echo '{\"done\":{}}' >&3;;\n    *) echo '" + kDone +
            "' >&3;;\n  esac\ndone\n");
  }
  std::vector<Json> Requests() {
    std::vector<Json> requests;
    std::istringstream lines(FileText(root_ / "log"));
    for (std::string line; std::getline(lines, line);) requests.push_back(Json::parse(line));
    fs::remove(root_ / "log");
    return requests;
  }
  RunSummary Run(const Plan& plan, const Progress& progress = {}) {
    return RunPlan(folder_, plan, options_, progress);
  }
  // Runs a plan of four cells of which two fail.
  Results RunWithTwoFailures(const Plan& plan) {
    const RunSummary summary = Run(plan);
    EXPECT_EQ(summary.done, 2);
    EXPECT_EQ(summary.failed, 2);
    EXPECT_FALSE(summary.stopped);
    return ResultsOf(plan, Read());
  }
  Store Read() { return Store::OpenForReading(folder_.store()); }

  TestFolder root_;
  RunFolder folder_;
  WorkerPoolOptions options_;
};

int Count(const std::vector<Json>& requests, const std::string& kind) {
  return static_cast<int>(std::count_if(requests.begin(), requests.end(), [&](const Json& request) {
    return request["kind"] == kind;
  }));
}

TEST_F(RunSuiteTest, EveryCellIsAskedForAndCommittedOnce) {
  const Plan plan = TinyPlan();
  const RunSummary first = Run(plan);
  EXPECT_EQ(first.planned, 5);  // gravity cannot show in orbit_room
  EXPECT_EQ(first.done, 5);
  EXPECT_EQ(first.kept + first.failed, 0);
  EXPECT_FALSE(first.stopped);
  const std::vector<Json> requests = Requests();
  EXPECT_EQ(Count(requests, "truth"), 2);
  EXPECT_EQ(Count(requests, "cell"), 5);
  EXPECT_EQ(Read().CountRows("cells"), 5);
  EXPECT_EQ(Read().GetSample(plan.cells[0].sample_key)->seconds, 1.5);
  const RunSummary again = Run(plan);
  EXPECT_EQ(again.kept, 5);
  EXPECT_EQ(again.done, 0);
  EXPECT_TRUE(Requests().empty());
}

TEST_F(RunSuiteTest, ACommandHasALittleLessTimeThanItsCell) {
  options_.task_seconds = 7200;
  Run(TinyPlan({"oracle"}));
  for (const Json& request : Requests()) EXPECT_EQ(request["answer_seconds"], 6840.0);
  options_.task_seconds = std::numeric_limits<double>::infinity();
  Run(TinyPlan({"frozen"}));
  for (const Json& request : Requests()) EXPECT_EQ(request["answer_seconds"], 1e9);
}

TEST_F(RunSuiteTest, ATruthComesBeforeItsCellsAndOnlyWhenItIsMissing) {
  const Plan plan = TinyPlan({"oracle", "frozen"});
  WriteText(folder_.truths() / plan.cells[0].truth / "truth.json", "{}");
  Run(plan);
  const std::vector<Json> requests = Requests();
  ASSERT_EQ(Count(requests, "truth"), 1);
  const auto truth = std::find_if(requests.begin(), requests.end(), [](const Json& request) {
    return request["kind"] == "truth";
  });
  EXPECT_EQ((*truth)["scene"], "orbit_room-1");
  for (auto request = requests.begin(); request != truth; ++request) {
    EXPECT_EQ((*request)["truth"], plan.cells[0].truth) << "a cell came before its truth";
  }
}

TEST_F(RunSuiteTest, AFailedCellIsStoredWithStageAndReasonAndTriedAgain) {
  Answer(
      "    *'\"model\":\"frozen\"'*) echo '{\"stage\":\"generate\"}' >&3; echo "
      "'{\"failed\":{\"stage\":\"generate\",\"reason\":\"no legs\",\"code\":4}}' >&3;;\n");
  const Plan plan = TinyPlan({"oracle", "frozen"});
  for (const Cell& cell : RunWithTwoFailures(plan).cells) {
    const bool frozen = cell.key.model == "frozen";
    EXPECT_EQ(cell.status, frozen ? CellStatus::kFailed : CellStatus::kDone);
    EXPECT_EQ(cell.stage, frozen ? "generate" : "");
    EXPECT_EQ(cell.reason, frozen ? "no legs" : "");
  }
  Requests();
  Answer("");
  const RunSummary again = Run(plan);
  EXPECT_EQ(again.kept, 2);
  EXPECT_EQ(again.done, 2);
  EXPECT_EQ(Count(Requests(), "cell"), 2);
  EXPECT_EQ(Read().CountRows("cells"), 4);
}

TEST_F(RunSuiteTest, AFailedTruthFailsItsCellsAndNoOthers) {
  Answer(
      "    *'\"scene\":\"orbit_room-1\"'*) echo "
      "'{\"failed\":{\"stage\":\"truth\",\"reason\":\"no light\",\"code\":6}}' >&3;;\n");
  const Plan plan = TinyPlan({"oracle", "frozen"});
  const Results results = RunWithTwoFailures(plan);
  EXPECT_EQ(Count(Requests(), "cell"), 2);
  for (const Cell& cell : results.cells) {
    if (cell.scenario != "orbit_room") continue;
    EXPECT_EQ(cell.stage, "truth");
    EXPECT_EQ(cell.reason, "no light");
  }
}

TEST_F(RunSuiteTest, AWorkerThatIsKilledCostsItsCell) {
  Answer("    *'\"model\":\"frozen\"'*) echo '{\"stage\":\"score\"}' >&3; kill -9 $$;;\n");
  const Plan plan = TinyPlan({"frozen", "oracle"});
  for (const Cell& cell : RunWithTwoFailures(plan).cells) {
    if (cell.key.model != "frozen") continue;
    EXPECT_EQ(cell.stage, "score");
    EXPECT_THAT(cell.reason, HasSubstr("signal 9"));
  }
}

TEST_F(RunSuiteTest, WhatTheMachineLacksStopsTheRunAndFailsNoCell) {
  Answer(
      "    *'\"model\":\"frozen\"'*) echo "
      "'{\"failed\":{\"stage\":\"encode\",\"reason\":\"disk full\",\"code\":5}}' >&3;;\n");
  const Plan plan = TinyPlan({"oracle", "frozen"});
  EXPECT_THAT(ErrorTextOf([&] { Run(plan); }), HasSubstr("disk full"));
  EXPECT_EQ(Read().CountRows("cells"), 1) << "what had ended was committed, the rest is missing";
  Answer("");
  const RunSummary rest = Run(plan);
  EXPECT_EQ(rest.kept, 1);
  EXPECT_EQ(rest.done, 3);
}

TEST_F(RunSuiteTest, AStoppedRunKeepsWhatWasDone) {
  const Plan plan = TinyPlan();
  Progress progress;
  progress.cancelled = [&] {
    return fs::exists(folder_.store()) && Read().CountRows("cells") >= 2;
  };
  const RunSummary stopped = Run(plan, progress);
  EXPECT_TRUE(stopped.stopped);
  EXPECT_EQ(stopped.done, 2);
  const RunSummary rest = Run(plan);
  EXPECT_EQ(rest.kept, 2);
  EXPECT_EQ(rest.done, 3);
  EXPECT_FALSE(rest.stopped);
}

TEST_F(RunSuiteTest, AChangedMetricScoresAgainWithoutMaking) {
  Plan plan = TinyPlan({"oracle"});
  Run(plan);
  Requests();
  for (PlannedCell& cell : plan.cells) cell.cell_key += " version 2";
  EXPECT_EQ(Run(plan).done, 2);
  for (const Json& request : Requests()) {
    if (request["kind"] != "cell") continue;
    EXPECT_EQ(request["sample"], "samples/x/sample.mkv");
    EXPECT_EQ(request["sample_notes"], Json{"cut"});
    EXPECT_EQ(request["sample_seconds"], 1.5);
  }
  EXPECT_EQ(Read().CountRows("cells"), 4) << "older rows stay";
}

TEST_F(RunSuiteTest, TwoCellsOfOneKeyAreOnePieceOfWork) {
  Plan plan = TinyPlan({"oracle"});
  plan.cells.push_back(plan.cells[0]);
  plan.cells.back().key.model = "the same under another name";
  Run(plan);
  EXPECT_EQ(Count(Requests(), "cell"), 2);
  for (const Cell& cell : ResultsOf(plan, Read()).cells) EXPECT_EQ(cell.status, CellStatus::kDone);
}

TEST_F(RunSuiteTest, LeftoversOfKilledProcessesAreRemoved) {
  WriteText(folder_.truths() / "abc.123-0.part" / "rgb.mkv", "half");
  WriteText(folder_.samples() / "d" / "sample.mkv.123-1.part", "half");
  WriteText(folder_.samples() / "download.part", "somebody else's");
  WriteText(folder_.samples() / "d" / "sample.mkv", "whole");
  Run(TinyPlan({"oracle"}));
  EXPECT_FALSE(fs::exists(folder_.truths() / "abc.123-0.part"));
  EXPECT_FALSE(fs::exists(folder_.samples() / "d" / "sample.mkv.123-1.part"));
  EXPECT_TRUE(fs::exists(folder_.samples() / "download.part"));
  EXPECT_TRUE(fs::exists(folder_.samples() / "d" / "sample.mkv"));
}

TEST_F(RunSuiteTest, PlansOfOneSuiteAreAddedUpInTheFolder) {
  StorePlan(folder_, TinyPlan({"oracle"}));
  const Plan whole = StorePlan(folder_, TinyPlan({"frozen"}));
  EXPECT_EQ(whole.models, (std::vector<std::string>{"oracle", "frozen"}));
  EXPECT_EQ(ToJson(ReadPlan(folder_)).dump(), ToJson(whole).dump());
  Suite other = TinySuite();
  other.version = 2;
  const std::string before = FileText(folder_.plan());
  EXPECT_THAT(ErrorTextOf([&] { StorePlan(folder_, MakePlan(other, {})); }),
              ::testing::AllOf(HasSubstr("the folder holds suite tiny v1"),
                               HasSubstr("not tiny v2"),
                               HasSubstr("use another --out")));
  EXPECT_EQ(FileText(folder_.plan()), before);
}

TEST_F(RunSuiteTest, AChangedMetricRescoresTheModelsThatAreNotNamedToo) {
  const Plan oracle = TinyPlan({"oracle"});
  Plan old = oracle;
  old.scores.front().version += 1;
  for (PlannedCell& cell : old.cells) cell.cell_key = "scored by another version";
  WriteText(folder_.plan(), ToJson(old).dump());
  const Plan whole = StorePlan(folder_, TinyPlan({"frozen"}));
  std::vector<std::string> keys, expected;
  for (const PlannedCell& cell : whole.cells) {
    if (cell.key.model == "oracle") keys.push_back(cell.cell_key);
  }
  for (const PlannedCell& cell : oracle.cells) expected.push_back(cell.cell_key);
  EXPECT_EQ(keys, expected);
}

TEST_F(RunSuiteTest, ABrokenPlanIsNamedWithItsLine) {
  WriteText(folder_.plan(), "{\n  \"schema\": 1,\n  \"name\" }");
  EXPECT_THAT(ErrorTextOf([&] { ReadPlan(folder_); }), HasSubstr("plan.json:3"));
  WriteText(folder_.plan(), "{\"schema\": 7}");
  EXPECT_THAT(ErrorTextOf([&] { ReadPlan(folder_); }),
              HasSubstr("has schema 7; this version of Plumb reads schema 1"));
  WriteText(folder_.plan(), "{\"schema\": 1}");
  EXPECT_THAT(ErrorTextOf([&] { ReadPlan(folder_); }),
              ::testing::AllOf(HasSubstr("plan.json: "), HasSubstr("name")));
}

TEST_F(RunSuiteTest, OnlyWhatIsMissingNeedsSpace) {
  const Protocol protocol = {256, 256, 48, 24.0, 5, 1};
  const int64_t nothing = BytesNeeded(protocol, 0, 0);
  EXPECT_EQ(nothing, int64_t{16} << 20);
  const int64_t clip = int64_t{256} * 256 * 48;
  EXPECT_EQ(BytesNeeded(protocol, 1, 0), nothing + 6 * clip);
  EXPECT_EQ(BytesNeeded(protocol, 2, 3), nothing + 12 * clip + 6 * clip);
}

}  // namespace
}  // namespace plumb
