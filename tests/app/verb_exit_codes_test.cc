// SPDX-License-Identifier: Apache-2.0
// Every verb with input it must refuse: the documented exit code, and a message that names what was
// wrong.
#include <fmt/format.h>
#include <gmock/gmock.h>

#include "app/run_suite.h"
#include "app/store.h"
#include "core/json.h"
#include "tests/app/tiny_run.h"

namespace plumb {
namespace {

namespace fs = std::filesystem;
using ::testing::AllOf;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::StartsWith;

struct Refused {
  std::string command;
  int code;
  std::string message;  // part of what stands on standard error
};

class VerbExitCodesTest : public ::testing::Test {
 protected:
  std::string Path(const std::string& name) const { return (folder_ / name).string(); }

  void Check(const std::vector<Refused>& cases) const {
    for (const Refused& refused : cases) {
      const ProgramOutput output = RunPlumb(refused.command);
      EXPECT_EQ(output.code, refused.code) << refused.command << "\n" << output.err;
      EXPECT_THAT(output.err, HasSubstr(refused.message)) << refused.command;
      EXPECT_THAT(output.err, StartsWith("error: ")) << refused.command;
      EXPECT_THAT(output.out, IsEmpty()) << refused.command;
    }
  }
  // A run folder with a plan and no cell, or with hand-made rows.
  RunFolder PlannedRun(const std::string& name) const {
    const RunFolder folder = CreateRunFolder(folder_ / name);
    StorePlan(folder, TinyPlan());
    return folder;
  }
  TestFolder folder_;
};

TEST_F(VerbExitCodesTest, CommandLinesThatMakeNoSense) {
  Check({{"walk", 2, "unknown verb 'walk'"},
         {"--colour always list", 2, "unknown option '--colour' (did you mean '--color'?)"},
         {"--color sometimes list", 2, "sometimes"},
         {"run --filter", 2, "--filter"},
         {"run --model", 2, "--model"},
         {"run a.yaml b.yaml", 2, "unknown argument 'b.yaml'"},
         {"run --workers many", 2, "many"},
         {"run --workers 2000 --limit 1", 2, "--workers must be between 0 and 1024"},
         {"plan --limit -1", 2, "--limit must not be negative"},
         {"plan --filter '['", 2, "--filter '['"},
         {"plan --filter nothing-like-it", 2, "no cell matches --filter 'nothing-like-it'"},
         {"plan --model sabotage:gravity --filter orbit", 2, "no cell"},
         {"plan --model orcale", 2, "did you mean 'oracle'?"},
         {"plan --model folder:/no/such/folder", 2, "folder:/no/such/folder: no such folder"},
         {"plan no-suite", 2, "no-suite: no such suite; name a YAML file or 'quick'"},
         {"status", 2, "run"},
         {"resume", 2, "run"},
         {"validate", 2, "file"},
         {"report", 2, "run"},
         {"list cats", 2, "cats"},
         {"completion", 2, "shell"},
         {"completion csh", 2, "csh"},
         {"doctor --folder .", 2, "unknown option '--folder'"},
         {"assert " + folder_.path().string(), 2, "nothing to assert"},
         {"compare", 2, "runs"}});
}

TEST_F(VerbExitCodesTest, RunsThatAreNotThere) {
  fs::create_directories(folder_ / "empty");
  for (const char* verb : {"status ", "resume ", "report "}) {
    Check({{verb + Path("none"), 2, Path("none")}, {verb + Path("empty"), 2, "no run there"}});
  }
  Check({{"compare " + Path("none") + " " + Path("none"), 2, "no such run or file"},
         {"assert " + Path("none") + " --require 'a.b>=1'", 2, "no such run or file"}});
}

TEST_F(VerbExitCodesTest, ARunNearbyIsNamed) {
  PlannedRun("mine");
  Check({{"status " + Path("mien"), 2, "runs beside it: " + Path("mine")}});
}

TEST_F(VerbExitCodesTest, FilesThatAreBroken) {
  WriteText(folder_ / "list.yaml", "- 1\n");
  WriteText(folder_ / "broken.yaml", "schema: 1\nname: [\n");
  WriteText(folder_ / "empty.yaml", "");
  WriteText(folder_ / "scene.json", R"({"schema": 1, "bodies": 3})");
  WriteText(folder_ / "manifest.json", R"({"schema": 1, "entries": [{}]})");
  WriteText(folder_ / "key.yaml", "schema: 1\nname: t\nsceens: []\n");
  WriteText(folder_ / "results.json", "{\"schema\": 99}");
  Check({{"validate " + Path("none.yaml"), 4, "none.yaml: no such file"},
         {"validate " + Path("broken.yaml"), 4, "broken.yaml:"},
         {"validate " + Path("empty.yaml"), 4, "expected one document, found 0"},
         {"validate " + Path("list.yaml"), 2, "expected an object"},
         {"validate " + Path("key.yaml"), 2, "key.yaml:"},
         {"validate " + folder_.path().string(), 4, "is a folder"},
         {"run " + Path("broken.yaml"), 4, "broken.yaml:"},
         {"plan " + Path("key.yaml"), 2, "key.yaml:"},
         {"report " + Path("results.json"), 4, "results.json: no valid results"},
         {"report " + Path("list.yaml"), 4, "list.yaml"}});
  for (const char* name : {"scene.json", "manifest.json"}) {
    const ProgramOutput output = RunPlumb("validate " + Path(name));
    EXPECT_TRUE(output.code == 2 || output.code == 4) << output.code;
    EXPECT_THAT(output.err, HasSubstr(name));
  }
}

TEST_F(VerbExitCodesTest, ADamagedRunFolder) {
  const RunFolder folder = PlannedRun("a");
  WriteText(folder.store(), std::string(9000, 'x'));
  const std::string damaged = "results.sqlite: is no results store or is damaged";
  for (const char* verb : {"status ", "report ", "resume "}) {
    Check({{verb + Path("a"), 5, damaged}});
  }
  Check({{"assert " + Path("a") + " --require 'permanence.persistence>=0'", 5, damaged},
         {"compare " + Path("a") + " --base oracle --head frozen", 5, damaged}});
  WriteText(folder.plan(), "{");
  Check({{"status " + Path("a"), 4, "plan.json:"}, {"resume " + Path("a"), 4, "plan.json:"}});
}

TEST_F(VerbExitCodesTest, PlacesThatCannotBeWritten) {
  WriteText(folder_ / "file", "x");
  const std::string suite = Path("tiny.yaml");
  WriteText(suite, "schema: 1\nname: t\nscenes: [{scenario: drop, seeds: [1]}]\n");
  Check({{"run " + suite + " --model oracle --out " + Path("file"), 5, Path("file")},
         {"run " + suite + " --workers 1 --model oracle --out /proc/none", 5, "/proc/none"}});
  PlannedRun("a");
  Check({{"report " + Path("a") + " --format csv --out /no/such/folder/t.csv",
          5,
          "/no/such/folder/t.csv: cannot be written"}});
}

TEST_F(VerbExitCodesTest, AnythingUnfinishedIsThree) {
  PlannedRun("a");
  const ProgramOutput status = RunPlumb("status " + Path("a") + " --json");
  EXPECT_EQ(status.code, 3);
  const Json json = Json::parse(status.out);
  EXPECT_EQ(json["schema"], 1);
  EXPECT_EQ(json["cells"], (Json{{"done", 0}, {"failed", 0}, {"missing", 5}}));
  EXPECT_EQ(json["models"]["oracle"]["missing"], 2);
  EXPECT_EQ(json["models"]["sabotage:gravity=0.25"]["missing"], 1);
  EXPECT_EQ(json["working"], false);
  EXPECT_EQ(json["failed"], Json::array());
  EXPECT_EQ(RunPlumb("compare " + Path("a") + " --base oracle --head frozen").code, 3);
  EXPECT_EQ(RunPlumb("assert " + Path("a") + " --warn 'permanence.persistence>=0'").code, 3);
  EXPECT_EQ(RunPlumb("assert " + Path("a") + " --require 'permanence.persistence>=0'").code, 1);
}

TEST_F(VerbExitCodesTest, AFailedCellIsToldWithStageAndReason) {
  const RunFolder folder = PlannedRun("a");
  const PlannedCell planned = ReadPlan(folder).cells[0];
  Cell cell;
  cell.key = planned.key;
  cell.status = CellStatus::kFailed;
  cell.stage = "generate";
  cell.reason = "no \x1b[31mlegs";
  { Store::OpenForWriting(folder.store()).PutCell(planned.cell_key, cell); }
  const ProgramOutput text = RunPlumb("status " + Path("a"));
  EXPECT_EQ(text.code, 3);
  EXPECT_THAT(text.out,
              AllOf(HasSubstr("0 of 5 cells done, 1 failed, 4 missing"),
                    HasSubstr("nobody is working on it"),
                    HasSubstr("failed: drop-1/0 oracle at generate: ")));
  EXPECT_EQ(text.out.find('\x1b'), std::string::npos) << "a reason must not steer the terminal";
  const Json failed = Json::parse(RunPlumb("status " + Path("a") + " --json").out)["failed"];
  ASSERT_EQ(failed.size(), 1u);
  EXPECT_EQ(failed[0]["cell"], "drop-1/0 oracle");
  EXPECT_EQ(failed[0]["stage"], "generate");
  EXPECT_EQ(failed[0]["reason"], cell.reason);
}

TEST_F(VerbExitCodesTest, ARunThatAnotherProcessHoldsIsTheEnvironment) {
  const RunFolder folder = PlannedRun("a");
  const RunLock lock(folder.lock());
  Check({{"resume " + Path("a"),
          5,
          fmt::format("process {} is working there; wait for it", getpid())}});
  EXPECT_EQ(Json::parse(RunPlumb("status " + Path("a") + " --json").out)["working"], true);
}

TEST_F(VerbExitCodesTest, WhatCannotBePrintedIsNoSuccess) {
  if (!fs::exists("/dev/full")) GTEST_SKIP() << "no /dev/full";
  for (const char* command : {"list", "version", "--help", "completion bash", "plan --json"}) {
    const ProgramOutput output = RunShell(PlumbProgram() + " " + command + " >/dev/full");
    EXPECT_EQ(output.code, 5) << command;
    EXPECT_THAT(output.err, AllOf(HasSubstr("error: "), HasSubstr("writ"))) << command;
  }
}

TEST_F(VerbExitCodesTest, HelpIsNoMistake) {
  for (const char* verb : kVerbs) {
    const ProgramOutput output = RunPlumb(std::string(verb) + " --help");
    EXPECT_EQ(output.code, 0) << verb;
    EXPECT_THAT(output.out, HasSubstr("plumb " + std::string(verb))) << verb;
    EXPECT_THAT(output.err, IsEmpty()) << verb;
  }
}

}  // namespace
}  // namespace plumb
