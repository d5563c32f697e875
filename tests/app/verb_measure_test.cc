// SPDX-License-Identifier: Apache-2.0
// `plumb measure`: what it prints and which codes it ends with.
#include <gmock/gmock.h>

#include "core/json.h"
#include "tests/app/run_program.h"

namespace plumb {
namespace {

using ::testing::HasSubstr;

std::string Case(const std::string& file) {
  return (SourceFolder() / "tests/metrics/published/cases" / file).string();
}

TEST(VerbMeasureTest, PrintsNumbersAndReasons) {
  const std::string files =
      " truth=" + Case("traj-short/truth.tum") + " estimate=" + Case("traj-short/estimate.tum");
  const ProgramOutput text = RunPlumb("measure trajectory" + files);
  EXPECT_EQ(text.code, 0) << text.err;
  EXPECT_THAT(text.out, HasSubstr("rpe_trans/d10/none/rmse          undefined: no two of the 6"));
  const Json json = Json::parse(RunPlumb("measure trajectory --json" + files).out);
  EXPECT_EQ(json["metric"], "trajectory");
  EXPECT_EQ(json["version"], 1);
  EXPECT_EQ(json["status"], "measured");
  EXPECT_TRUE(json["reason"].is_null());
  EXPECT_EQ(json["values"]["associated_pairs"], 6.0);
  EXPECT_TRUE(json["values"]["rpe_trans/d10/none/rmse"].is_null());
  EXPECT_THAT(json["reasons"]["rpe_trans/d10/none/rmse"].get<std::string>(), HasSubstr("10 apart"));
}

TEST(VerbMeasureTest, SettingsChangeWhatIsMeasured) {
  const Json json = Json::parse(RunPlumb("measure trajectory --json --set deltas=2,2_all truth=" +
                                         Case("traj-short/truth.tum") +
                                         " estimate=" + Case("traj-short/estimate.tum"))
                                    .out);
  EXPECT_EQ(json["values"]["rpe_trans/d2/none/n"], 2.0);
  EXPECT_EQ(json["values"]["rpe_trans/d2_all/none/n"], 4.0);
  EXPECT_FALSE(json["values"].contains("rpe_trans/d1/none/n"));
}

TEST(VerbMeasureTest, AnInputGivenAgainIsAList) {
  const std::string folder = Case("gvgc-three-pairs");
  const auto pair = [&](int i) {
    return " pairs=" + folder + "/matches" + std::to_string(i) + ".csv," + folder + "/F" +
           std::to_string(i) + ".json";
  };
  const Json one = Json::parse(RunPlumb("measure gvgc --json" + pair(0)).out);
  EXPECT_EQ(one["values"]["video/matches"], 40.0);
  const Json three = Json::parse(RunPlumb("measure gvgc --json" + pair(0) + pair(1) + pair(2)).out);
  EXPECT_NEAR(three["values"]["video/matches"].get<double>(), 125.0 / 3, 1e-12);
}

TEST(VerbMeasureTest, NothingMeasuredIsNoSuccess) {
  const ProgramOutput output =
      RunPlumb("measure sampson --json matches=" + Case("sampson-few/matches.csv"));
  EXPECT_EQ(output.code, 3);
  const Json json = Json::parse(output.out);
  EXPECT_EQ(json["status"], "not_measurable");
  EXPECT_THAT(json["reason"].get<std::string>(), HasSubstr("19 matches"));
}

TEST(VerbMeasureTest, MistakesAreToldWithTheNearestName) {
  const auto mistake = [](const std::string& arguments) {
    const ProgramOutput output = RunPlumb("measure " + arguments);
    EXPECT_EQ(output.code, 2) << arguments;
    return output.err;
  };
  EXPECT_THAT(mistake("trajectry a=b"), HasSubstr("did you mean 'trajectory'"));
  EXPECT_THAT(mistake("trajectory truht=b"), HasSubstr("did you mean 'truth'"));
  EXPECT_THAT(mistake("trajectory truth=b"), HasSubstr("needs the input estimate=FILE"));
  EXPECT_THAT(mistake("trajectory truth"), HasSubstr("name=FILE"));
  EXPECT_THAT(mistake("trajectory truth=a estimate=b --set delta=3"), HasSubstr("'deltas'"));
  const std::string files =
      " truth=" + Case("traj-short/truth.tum") + " estimate=" + Case("traj-short/estimate.tum");
  EXPECT_THAT(mistake("trajectory --set deltas=0" + files), HasSubstr("delta '0'"));
  EXPECT_THAT(mistake("trajectory --set t_max_diff=soon" + files), HasSubstr("'t_max_diff'"));
  EXPECT_THAT(mistake("gvgc"), HasSubstr("one of the inputs video=FILE and pairs=FILE"));
  EXPECT_THAT(mistake("sampson matches=a video=b"), HasSubstr("one of the inputs"));
  EXPECT_THAT(mistake("gvgc video=a --set matcher=fast"), HasSubstr("exact and flann"));
  EXPECT_THAT(mistake("gvgc pairs=one.csv"), HasSubstr("matches.csv,F.json"));
}

TEST(VerbMeasureTest, BrokenFilesAreRefused) {
  const ProgramOutput output = RunPlumb("measure trajectory truth=/no/such.tum estimate=x.tum");
  EXPECT_EQ(output.code, 4);
  EXPECT_THAT(output.err, HasSubstr("/no/such.tum"));
}

TEST(VerbMeasureTest, HelpListsTheMetricsWithTheirInputs) {
  const ProgramOutput output = RunPlumb("measure --help");
  EXPECT_EQ(output.code, 0);
  for (const char* text : {"syscon3d_sparse", "estimate=…", "--set min_matches=…"}) {
    EXPECT_THAT(output.out, HasSubstr(text));
  }
}

}  // namespace
}  // namespace plumb
