// SPDX-License-Identifier: Apache-2.0
// `plumb run` from the outside: three tiny scenes to the end, twice, and everything that may go
// wrong on the way.
#include <fmt/format.h>
#include <gmock/gmock.h>

#include "core/json.h"
#include "tests/app/run_program.h"

namespace plumb {
namespace {

namespace fs = std::filesystem;
using ::testing::AllOf;
using ::testing::HasSubstr;
using ::testing::Not;

constexpr const char* kTinySuite = R"(schema: 1
name: tiny
seed: 3
protocol: {width: 96, height: 96, frames: 16, fps: 24, conditioning_frames: 4}
scenes:
  - {scenario: drop, seeds: [1]}
  - {scenario: collide, seeds: [1]}
  - {scenario: orbit_room, seeds: [1]}
models: [oracle, frozen, "sabotage:gravity=0.25"]
)";
constexpr int kTinyCells = 7;  // gravity cannot show in collide and orbit_room

class VerbRunTest : public ::testing::Test {
 protected:
  void SetUp() override { WriteText(folder_ / "tiny.yaml", kTinySuite); }

  std::string Path(const std::string& name) const { return (folder_ / name).string(); }
  ProgramOutput Run(const std::string& out, const std::string& more = "") const {
    return RunPlumb("run " + Path("tiny.yaml") + " --out " + Path(out) + " " + more);
  }
  std::string Table(const std::string& out) const {
    return RunPlumb("report " + Path(out) + " --format json --repeatable").out;
  }
  Json Status(const std::string& out) const {
    return Json::parse(RunPlumb("status " + Path(out) + " --json").out);
  }
  TestFolder folder_;
};

TEST_F(VerbRunTest, ThreeScenesTwiceGiveTheSameBytes) {
  const ProgramOutput one = Run("a", "--workers 1");
  EXPECT_EQ(one.code, 0) << one.err;
  EXPECT_THAT(one.out, AllOf(HasSubstr("oracle"), HasSubstr("index.html")));
  EXPECT_TRUE(fs::exists(folder_ / "a" / "report" / "index.html"));
  const ProgramOutput two = Run("b", "--workers 2 --no-report");
  EXPECT_EQ(two.code, 0) << two.err;
  EXPECT_FALSE(fs::exists(folder_ / "b" / "report" / "index.html"));
  const std::string table = Table("a");
  EXPECT_EQ(table, Table("b"));
  const Json results = Json::parse(table);
  ASSERT_EQ(results["cells"].size(), static_cast<size_t>(kTinyCells));
  for (const Json& cell : results["cells"]) EXPECT_EQ(cell["status"], "done");
  EXPECT_EQ(results["left_out"].size(), 2u);
  // The same command again does nothing.
  const ProgramOutput again = Run("a");
  EXPECT_EQ(again.code, 0) << again.err;
  EXPECT_THAT(again.err, HasSubstr("(0 new, 7 kept, 0 failed)"));
  EXPECT_EQ(Table("a"), table);
}

TEST_F(VerbRunTest, ModelsAreAddedToARun) {
  EXPECT_EQ(Run("a", "--model oracle --limit 1 --no-report").code, 0);
  EXPECT_EQ(Run("a", "--model noise --limit 1 --no-report").code, 0);
  const Json results = Json::parse(Table("a"));
  EXPECT_EQ(results["models"], (Json{"oracle", "noise"}));
  EXPECT_EQ(results["cells"].size(), 2u);
  WriteText(folder_ / "tiny.yaml", std::string(kTinySuite) + "version: 2\n");
  const ProgramOutput other = Run("a");
  EXPECT_EQ(other.code, 2);
  EXPECT_THAT(other.err, HasSubstr("use another --out"));
}

TEST_F(VerbRunTest, EveryReportFormat) {
  ASSERT_EQ(Run("a", "--model oracle --limit 1 --no-report").code, 0);
  for (const char* format : {"json", "csv", "markdown", "console", "junit"}) {
    const ProgramOutput output = RunPlumb("report " + Path("a") + " --format " + format);
    EXPECT_EQ(output.code, 0) << output.err;
    EXPECT_THAT(output.out, HasSubstr("oracle")) << format;
  }
  const ProgramOutput html = RunPlumb("report " + Path("a") + " --format html");
  EXPECT_EQ(html.code, 0) << html.err;
  EXPECT_THAT(html.out, HasSubstr("index.html"));
  EXPECT_THAT(FileText(folder_ / "a/report/index.html"), HasSubstr("<!doctype html"));
  EXPECT_EQ(RunPlumb("report " + Path("a") + " --format jsn").code, 2);
  EXPECT_EQ(RunPlumb("report " + Path("none")).code, 2);
  const ProgramOutput to_file =
      RunPlumb("report " + Path("a") + " --format csv --out " + Path("t.csv"));
  EXPECT_EQ(to_file.code, 0) << to_file.err;
  EXPECT_THAT(FileText(folder_ / "t.csv"), HasSubstr("oracle"));
}

TEST_F(VerbRunTest, UsageErrorsNameTheNearest) {
  const ProgramOutput model = Run("a", "--model orcale");
  EXPECT_EQ(model.code, 2);
  EXPECT_THAT(model.err, HasSubstr("did you mean 'oracle'"));
  EXPECT_EQ(Run("a", "--filter nothing").code, 2);
  EXPECT_EQ(Run("a", "--workers -1").code, 2);
  EXPECT_EQ(RunPlumb("resume " + Path("none")).code, 2);
  EXPECT_EQ(RunPlumb("status " + Path("none")).code, 2);
  WriteText(folder_ / "tiny.yaml",
            "schema: 1\nname: t\nscenes:\n  - {scenario: dorp, seeds: [1]}\n");
  const ProgramOutput scenario = Run("a");
  EXPECT_EQ(scenario.code, 2);
  EXPECT_THAT(scenario.err, AllOf(HasSubstr("tiny.yaml:4"), HasSubstr("did you mean 'drop'")));
  WriteText(folder_ / "tiny.yaml",
            "schema: 1\nname: t\nprotocl: {}\nscenes: [{scenario: drop, seeds: [1]}]\n");
  const ProgramOutput key = Run("a");
  EXPECT_EQ(key.code, 2);
  EXPECT_THAT(key.err, AllOf(HasSubstr("tiny.yaml:3"), HasSubstr("protocol")));
}

TEST_F(VerbRunTest, EveryModelHasItsOwnFlagAndKeepsItsCommas) {
  const auto models_of = [&](const std::string& flags) {
    const ProgramOutput output = RunPlumb("plan " + Path("tiny.yaml") + " --json " + flags);
    return output.code == 0 ? Json::parse(output.out)["models"] : Json(output.err);
  };
  EXPECT_EQ(models_of("--model sabotage:gravity=0.5,onset=8 --model oracle"),
            (Json{"sabotage:gravity=0.5,onset=8", "oracle"}));
  EXPECT_EQ(models_of("--model 'command:python3 m.py --sizes 1,2'"),
            (Json{"command:python3 m.py --sizes 1,2"}));
  // The suite may stand behind a model: the flag takes one value.
  EXPECT_EQ(Json::parse(RunPlumb("plan --json --model noise " + Path("tiny.yaml")).out)["name"],
            "tiny");
  EXPECT_THAT(models_of("--model oracle,frozen").get<std::string>(),
              HasSubstr("unknown model 'oracle,frozen'; give every model its own --model"));
  EXPECT_THAT(models_of("--models oracle").get<std::string>(),
              HasSubstr("unknown option '--models' (did you mean '--model'?)"));
  for (const char* verb : {"run", "plan"}) {
    EXPECT_THAT(RunPlumb(std::string(verb) + " --help").out,
                AllOf(HasSubstr("--model SPEC"), HasSubstr("once for every model")));
  }
}

TEST_F(VerbRunTest, PlanDoesNoWork) {
  const ProgramOutput plan = RunPlumb("plan " + Path("tiny.yaml"));
  EXPECT_EQ(plan.code, 0) << plan.err;
  EXPECT_THAT(plan.out,
              AllOf(HasSubstr("7 cells"),
                    HasSubstr("2 pairs left out"),
                    HasSubstr("sabotage:gravity=0.25 cannot show in collide-1, orbit_room-1")));
  EXPECT_EQ(Json::parse(RunPlumb("plan " + Path("tiny.yaml") + " --json").out)["cells"].size(), 7u);
  EXPECT_FALSE(fs::exists("runs/tiny"));
}

TEST_F(VerbRunTest, ValidateSaysWhatAFileIs) {
  const ProgramOutput good = RunPlumb("validate " + Path("tiny.yaml"));
  EXPECT_EQ(good.code, 0) << good.err;
  EXPECT_THAT(good.out, HasSubstr("suite tiny v1"));
  WriteText(folder_ / "bad.yaml", "schema: 1\nname: [\n");
  const ProgramOutput bad = RunPlumb("validate " + Path("bad.yaml"));
  EXPECT_EQ(bad.code, 4);
  EXPECT_THAT(bad.err, HasSubstr("bad.yaml:"));
  EXPECT_EQ(RunPlumb("validate " + Path("none.yaml")).code, 4);
}

TEST_F(VerbRunTest, AMissingVideoFailsItsCellAndComesBackLater) {
  fs::create_directories(folder_ / "videos");
  const std::string more = "--limit 1 --no-report --model oracle --model folder:" + Path("videos");
  const ProgramOutput before = Run("a", more);
  EXPECT_EQ(before.code, 3) << before.err;
  EXPECT_EQ(Status("a")["cells"]["failed"], 1);
  // The truth itself as that model's answer; then a file that is no video.
  const fs::path truth = *fs::directory_iterator(folder_ / "a" / "truth");
  fs::copy_file(truth / "rgb.mkv", folder_ / "videos" / "drop-1_0.mkv");
  const ProgramOutput after = Run("a", more);
  EXPECT_EQ(after.code, 0) << after.err;
  EXPECT_THAT(after.err, HasSubstr("(1 new, 1 kept, 0 failed)"));
  WriteText(folder_ / "videos" / "drop-1_0.mkv", "text");
  EXPECT_EQ(Run("a", more).code, 3);
  EXPECT_THAT(Status("a")["failed"][0]["reason"].get<std::string>(), HasSubstr("is no video"));
}

// Runs in the background of a shell, which then does `meanwhile` with $pid and reports the exit
// code.
ProgramOutput Interrupted(const std::string& arguments, const std::string& meanwhile) {
  return RunShell(PlumbProgram() + " " + arguments + " & pid=$!; " + meanwhile +
                  "; wait $pid; exit $?");
}

TEST_F(VerbRunTest, CtrlCStopsCleanlyAndTheSameCommandGoesOn) {
  const std::string arguments =
      "run " + Path("tiny.yaml") + " --workers 1 --no-report --out " + Path("a");
  // sh starts background programs with SIGINT ignored; the program asks for it itself.
  const ProgramOutput stopped =
      Interrupted(arguments,
                  "while kill -0 $pid && [ ! -s " + Path("a/results.sqlite") +
                      " ]; do sleep 0.02; done; kill -INT $pid");
  EXPECT_EQ(stopped.code, 130) << stopped.err;
  EXPECT_THAT(
      stopped.err,
      AllOf(HasSubstr("stopping after the cells in work"), HasSubstr("plumb resume " + Path("a"))));
  const int done = Status("a")["cells"]["done"].get<int>();
  EXPECT_LT(done, kTinyCells);
  const ProgramOutput rest = RunPlumb("resume " + Path("a") + " --no-report");
  EXPECT_EQ(rest.code, 0) << rest.err;
  EXPECT_THAT(rest.err,
              HasSubstr(fmt::format("({} new, {} kept, 0 failed)", kTinyCells - done, done)));
}

TEST_F(VerbRunTest, TermEndsWithItsOwnCode) {
  const ProgramOutput stopped =
      Interrupted("run " + Path("tiny.yaml") + " --workers 1 --no-report --out " + Path("a"),
                  "while kill -0 $pid && [ ! -s " + Path("a/results.sqlite") +
                      " ]; do sleep 0.02; done; kill -TERM $pid");
  EXPECT_EQ(stopped.code, 143) << stopped.err;
}

TEST_F(VerbRunTest, AKilledWorkerCostsOneCell) {
  const ProgramOutput output =
      Interrupted("run " + Path("tiny.yaml") + " --workers 1 --no-report --out " + Path("a"),
                  "while kill -0 $pid && [ ! -e " + Path("a/truth") +
                      "/*/truth.json ]; do sleep 0.02; done; sleep 0.1; "
                      "kill -9 $(cat /proc/$pid/task/$pid/children)");
  EXPECT_EQ(output.code, 3) << output.err;
  const Json status = Status("a");
  EXPECT_GE(status["failed"].size(), 1u);
  EXPECT_THAT(status["failed"][0]["reason"].get<std::string>(), HasSubstr("signal 9"));
  const ProgramOutput rest = Run("a", "--no-report");
  EXPECT_EQ(rest.code, 0) << rest.err;
}

TEST_F(VerbRunTest, AKilledParentLosesNothingAndLeavesNobody) {
  const std::string arguments =
      "run " + Path("tiny.yaml") + " --workers 2 --no-report --out " + Path("a");
  const ProgramOutput killed =
      Interrupted(arguments,
                  "while kill -0 $pid && ! " + PlumbProgram() + " status " + Path("a") +
                      " 2>/dev/null | grep -q '[1-9] of 7 cells done'; do sleep 0.02; done; "
                      "children=$(cat /proc/$pid/task/$pid/children); kill -9 $pid; sleep 0.3; "
                      "for c in $children; do grep -q 'State:.[RSD]' /proc/$c/status 2>/dev/null "
                      "&& echo alive; done");
  EXPECT_EQ(killed.code, 137);
  EXPECT_THAT(killed.out, Not(HasSubstr("alive")));
  const int done = Status("a")["cells"]["done"].get<int>();
  EXPECT_GE(done, 1);
  const ProgramOutput rest = RunPlumb(arguments);
  EXPECT_EQ(rest.code, 0) << rest.err;
  EXPECT_THAT(rest.err,
              HasSubstr(fmt::format("({} new, {} kept, 0 failed)", kTinyCells - done, done)));
  EXPECT_EQ(Json::parse(Table("a"))["cells"].size(), static_cast<size_t>(kTinyCells));
}

TEST_F(VerbRunTest, ASecondProcessOnTheSameFolderRefuses) {
  const ProgramOutput output = Interrupted(
      "run " + Path("tiny.yaml") + " --workers 1 --no-report --out " + Path("a"),
      "while kill -0 $pid && [ ! -s " + Path("a/results.sqlite") + " ]; do sleep 0.02; done; " +
          PlumbProgram() + " resume " + Path("a") + "; echo second $?; kill -INT $pid");
  EXPECT_THAT(output.out, HasSubstr("second 5"));
  EXPECT_THAT(output.err, HasSubstr("is working there"));
}

TEST_F(VerbRunTest, AFullDiskIsTheEnvironmentAndTheRunGoesOnLater) {
  const std::string mount = Path("small");
  fs::create_directories(mount);
  if (std::system(("mount -t tmpfs -o size=40m tmpfs " + mount + " 2>/dev/null").c_str()) != 0) {
    GTEST_SKIP() << "no right to mount";
  }
  const std::string out = mount + "/a";
  // Enough for a start by the estimate, then filled up behind the program's back.
  const ProgramOutput full =
      Interrupted("run " + Path("tiny.yaml") + " --workers 1 --no-report --out " + out,
                  "while kill -0 $pid && [ ! -e " + out +
                      "/truth/*/truth.json ]; do sleep 0.02; done; "
                      "dd if=/dev/zero of=" +
                      mount + "/fill bs=64k 2>/dev/null");
  EXPECT_EQ(full.code, 5) << full.err;
  EXPECT_THAT(full.err, HasSubstr("space"));
  const ProgramOutput before = RunPlumb("resume " + out + " --no-report");
  EXPECT_EQ(before.code, 5);
  fs::remove(mount + "/fill");
  const ProgramOutput rest = RunPlumb("resume " + out + " --no-report");
  EXPECT_EQ(rest.code, 0) << rest.err;
  EXPECT_EQ(std::system(("umount " + mount).c_str()), 0);
}

}  // namespace
}  // namespace plumb
