// SPDX-License-Identifier: Apache-2.0
#include "app/run_report.h"

#include <fmt/format.h>
#include <gmock/gmock.h>

#include "app/run_suite.h"
#include "app/store.h"
#include "app/truth_store.h"
#include "core/errors.h"
#include "core/json.h"
#include "tests/app/tiny_run.h"

namespace plumb {
namespace {

namespace fs = std::filesystem;
using ::testing::HasSubstr;

// A run whose cells were written by hand: the oracle is done, frozen failed, the rest is missing.
class RunReportTest : public ::testing::Test {
 protected:
  RunReportTest() : folder_(CreateRunFolder(root_ / "r")), plan_(TinyPlan()) {
    StorePlan(folder_, plan_);
    Store store = Store::OpenForWriting(folder_.store());
    for (const PlannedCell& planned : plan_.cells) {
      Cell cell;
      cell.key = planned.key;
      cell.status = planned.key.model == "oracle" ? CellStatus::kDone : CellStatus::kFailed;
      if (planned.key.model == "frozen") {
        cell.stage = "generate";
        cell.reason = "no legs";
      }
      cell.sample.source = StoreSample(folder_, Clip());
      cell.stage_seconds["score"] = 1.25;
      for (const ScoreInfo& info : plan_.scores) {
        if (cell.status == CellStatus::kDone) cell.scores.push_back(Score::Measured(info, 1, 1, 1));
      }
      if (planned.key.model != "sabotage:gravity=0.25") store.PutCell(planned.cell_key, cell);
    }
  }

  static Video Clip() { return {std::vector<Image>(6, Image(48, 32)), 24.0}; }
  Results Load() const { return LoadResults(folder_.root); }

  TestFolder root_;
  RunFolder folder_;
  Plan plan_;
};

TEST_F(RunReportTest, EveryFormatHoldsEveryModel) {
  for (const std::string& format : ReportFormats()) {
    if (format == "html") continue;
    const std::string text = ResultsAs(Load(), format);
    for (const char* model : {"oracle", "frozen", "gravity=0.25"}) {
      EXPECT_THAT(text, HasSubstr(model)) << format;
    }
  }
}

TEST_F(RunReportTest, UnknownFormatsNameTheNearestOrAll) {
  EXPECT_THAT(ErrorTextOf([&] { ResultsAs(Load(), "jsn"); }), HasSubstr("did you mean 'json'?"));
  EXPECT_THAT(ErrorTextOf([&] { ResultsAs(Load(), "spreadsheet"); }),
              HasSubstr("known are html, json, junit, csv, markdown, console"));
}

TEST_F(RunReportTest, ResultsComeBackFromTheirJson) {
  const Results results = Load();
  const Json json = Json::parse(ResultsAs(results, "json"));
  EXPECT_EQ(ToJson(ResultsFromJson(json, "x")).dump(), ToJson(results).dump());
  EXPECT_EQ(results.name, "r") << "a run is called after its folder";
}

TEST_F(RunReportTest, StatusAndReasonOfEveryCellAreToldApart) {
  for (const Cell& cell : Load().cells) {
    const std::string& model = cell.key.model;
    EXPECT_EQ(cell.status,
              model == "oracle"   ? CellStatus::kDone
              : model == "frozen" ? CellStatus::kFailed
                                  : CellStatus::kMissing);
    EXPECT_EQ(cell.reason, model == "oracle" ? "" : model == "frozen" ? "no legs" : "not run yet");
    EXPECT_FALSE(cell.caption.empty());
  }
}

TEST_F(RunReportTest, RepeatableResultsHaveNothingOfTheDay) {
  Results one = Load();
  Results two = Load();
  two.name = "another";
  two.started = "2000-01-01T00:00:00Z";
  two.machine["cpu"] = "another";
  two.cells[0].stage_seconds["score"] = 99.0;
  EXPECT_NE(ToJson(one).dump(), ToJson(two).dump());
  EXPECT_EQ(ToJson(Repeatable(one)).dump(), ToJson(Repeatable(two)).dump());
  two.cells[0].scores.clear();
  EXPECT_NE(ToJson(Repeatable(one)).dump(), ToJson(Repeatable(two)).dump());
}

TEST_F(RunReportTest, ThePageCarriesItsVideosAndNeedsNoFileBesideIt) {
  const fs::path page = WriteRunReport(folder_, Load());
  EXPECT_EQ(page, folder_.report_page());
  const std::string text = FileText(page);
  EXPECT_THAT(text, HasSubstr("<!doctype html"));
  EXPECT_FALSE(fs::exists(folder_.report() / "media"));
  const auto with_videos = text.size();
  fs::remove_all(folder_.samples());
  EXPECT_LT(FileText(WriteRunReport(folder_, Load())).size(), with_videos)
      << "a video that is gone is left out";
}

TEST_F(RunReportTest, ThePageIsReplacedWhole) {
  WriteText(folder_.report_page(), "old");
  WriteRunReport(folder_, Load());
  EXPECT_THAT(FileText(folder_.report_page()), ::testing::StartsWith("<!doctype html"));
  int files = 0;
  for ([[maybe_unused]] const auto& entry : fs::directory_iterator(folder_.report())) ++files;
  EXPECT_EQ(files, 1);
}

TEST_F(RunReportTest, APageThatCannotBeWrittenIsTheEnvironment) {
  fs::remove_all(folder_.report());
  WriteText(folder_.report(), "a file");
  EXPECT_THROW(WriteRunReport(folder_, Load()), EnvironmentError);
}

}  // namespace
}  // namespace plumb
