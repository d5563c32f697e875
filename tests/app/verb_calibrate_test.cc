// SPDX-License-Identifier: Apache-2.0
// `plumb calibrate` from the outside, with the shortest and smallest clips that it takes.
#include <gmock/gmock.h>

#include "core/json.h"
#include "tests/app/run_program.h"

namespace plumb {
namespace {

namespace fs = std::filesystem;
using ::testing::AnyOf;
using ::testing::HasSubstr;
using ::testing::Not;

class VerbCalibrateTest : public ::testing::Test {
 protected:
  std::string Path(const std::string& name) const { return (folder_ / name).string(); }
  std::string Asking(const std::string& out) const {
    return "calibrate geometry --scenes 1 --size 64 --frames 12 --out " + Path(out);
  }
  ProgramOutput Calibrate(const std::string& out, const std::string& more) const {
    return RunPlumb(Asking(out) + " " + more);
  }
  TestFolder folder_;
};

TEST_F(VerbCalibrateTest, InterruptedOrNotOneAndTwoWorkersGiveTheSameBytes) {
  WriteText(folder_ / "page.md", FileText(SourceFolder() / "docs/calibration.md"));
  const ProgramOutput stopped = RunShell(PlumbProgram() + " " + Asking("a") +
                                         " --workers 1 & pid=$!; sleep 1; kill -INT $pid; "
                                         "wait $pid");
  if (stopped.code == 130) {
    EXPECT_THAT(stopped.err, HasSubstr("Go on with: plumb calibrate geometry --size 64"));
    EXPECT_FALSE(fs::exists(folder_ / "a/calibration.json"));
  }
  const ProgramOutput one = Calibrate("a", "--workers 1 --page " + Path("page.md"));
  EXPECT_THAT(one.code, AnyOf(0, 3)) << one.err;
  EXPECT_THAT(one.out, HasSubstr("### controls"));
  EXPECT_THAT(one.err, Not(HasSubstr("Go on with")));
  const std::string table = FileText(folder_ / "a/calibration.json");
  const Json json = Json::parse(table);
  EXPECT_EQ(json["protocol"]["width"], 64);
  EXPECT_EQ(json["scenes"].size(), 1u);
  EXPECT_THAT(FileText(folder_ / "page.md"),
              HasSubstr(json["digest"].get<std::string>().substr(0, 16)));
  // Nothing but results is kept.
  EXPECT_TRUE(fs::is_empty(folder_ / "a/samples"));

  Calibrate("b", "--workers 2 --table " + Path("t.json"));
  EXPECT_EQ(FileText(folder_ / "b/calibration.json"), table);
  EXPECT_EQ(FileText(folder_ / "t.json"), table);

  // Another suite in the same folder would mix two tables.
  const ProgramOutput other = RunPlumb("calibrate geometry --scenes 2 --out " + Path("a"));
  EXPECT_EQ(other.code, 2);
  EXPECT_THAT(other.err, HasSubstr("use another --out"));

  const ProgramOutput again = Calibrate("a", "--json");
  EXPECT_THAT(again.err, HasSubstr("(0 new"));
  EXPECT_EQ(again.out, table);
}

TEST_F(VerbCalibrateTest, ShowsTheTableThatIsBuiltIn) {
  const ProgramOutput shown = RunPlumb("calibrate geometry --show --json");
  EXPECT_EQ(shown.code, 0) << shown.err;
  EXPECT_EQ(shown.out, FileText(SourceFolder() / "metrics/geometry/calibration.json"));
  EXPECT_THAT(RunPlumb("calibrate geometry --show").out, HasSubstr("| `warp_px` |"));
}

TEST_F(VerbCalibrateTest, RefusesWhatItCannotDo) {
  EXPECT_EQ(RunPlumb("calibrate permanence").code, 2);
  EXPECT_EQ(Calibrate("d", "--workers -1").code, 2);
  EXPECT_EQ(RunPlumb("calibrate geometry --size 3 --out " + Path("e")).code, 2);
  EXPECT_FALSE(fs::exists(folder_ / "e"));
  // A table that is none.
  WriteText(folder_ / "bad.json", "{\"schema\": 1}");
  const ProgramOutput bad = RunPlumb("calibrate --show --table " + Path("bad.json"));
  EXPECT_EQ(bad.code, 4);
  EXPECT_THAT(bad.err, HasSubstr("bad.json"));
}

}  // namespace
}  // namespace plumb
