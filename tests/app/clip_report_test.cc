// SPDX-License-Identifier: Apache-2.0
#include "app/clip_report.h"

#include <gmock/gmock.h>

#include "app/run_folder.h"
#include "app/video_io.h"
#include "core/json.h"
#include "tests/app/run_program.h"

namespace plumb {
namespace {

namespace fs = std::filesystem;
using ::testing::HasSubstr;
using ::testing::Not;

// Of a version that no calibration knows, so that reading it back adds nothing.
ScoreInfo Consistency() { return {"geometry.consistency", "1", Direction::kHigher, 99, true, "x"}; }

Results TwoClips() {
  Results results;
  results.name = "score";
  results.models = {"video"};
  results.scores = {Consistency()};
  for (const char* name : {"a.mp4", "b.mp4"}) {
    Cell cell;
    cell.key = {"video", name, 0};
    cell.status = CellStatus::kDone;
    cell.sample = {name, 3, 24.0, 32, 32, "parallax", {}};
    cell.truth_video = "gt.mp4";
    cell.scores = {Score::Measured(Consistency(), 0.9, 0.8, 1.0)};
    results.cells.push_back(cell);
  }
  return results;
}

void WriteCopies(const fs::path& folder, bool truth) {
  fs::create_directories(folder / "media");
  const Video video(std::vector<Image>(3, Image(32, 32)), 24.0);
  for (size_t i = 0; i < 2; ++i) {
    WriteProxy(SampleProxy(folder, i), video);
    if (truth) WriteProxy(TruthProxy(folder, i), video);
  }
}

size_t Count(const std::string& text, const std::string& part) {
  size_t count = 0;
  for (size_t at = text.find(part); at != text.npos; at = text.find(part, at + 1)) ++count;
  return count;
}

TEST(ClipReportTest, SmallVideosGoIntoThePageAndLeaveTheFolder) {
  const TestFolder folder;
  WriteCopies(folder.path(), /*truth=*/false);
  WriteClipReport(folder.path(), TwoClips(), std::nullopt);
  const std::string page = FileText(folder / "index.html");
  EXPECT_THAT(page, HasSubstr("a.mp4"));
  EXPECT_THAT(page, Not(HasSubstr("media/0000_sample.mp4")));
  EXPECT_FALSE(fs::exists(folder / "media"));
}

TEST(ClipReportTest, ClipsWithOneTruthShareItsVideo) {
  const TestFolder one, two;
  WriteCopies(one.path(), /*truth=*/true);
  WriteCopies(two.path(), /*truth=*/true);
  Results apart = TwoClips();
  apart.cells[1].truth_video = "other_gt.mp4";
  WriteClipReport(one.path(), TwoClips(), std::nullopt);
  WriteClipReport(two.path(), apart, std::nullopt);
  EXPECT_LT(fs::file_size(one / "index.html"), fs::file_size(two / "index.html"));
}

TEST(ClipReportTest, ResultsComeBackFromTheFolder) {
  const TestFolder folder;
  WriteClipReport(folder.path(), TwoClips(), std::nullopt);
  EXPECT_EQ(DumpJson(ToJson(LoadResults(folder.path()))), DumpJson(ToJson(TwoClips())));
  EXPECT_EQ(Json::parse(FileText(folder / "scores.json"))["samples"].size(), 2u);
}

TEST(ClipReportTest, HostileNamesStayText) {
  const TestFolder folder;
  Results results = TwoClips();
  results.cells[0].key.scene = "</script><script>alert(1)</script>.mp4";
  results.cells[0].sample.source = results.cells[0].key.scene;
  WriteClipReport(folder.path(), results, std::nullopt);
  EXPECT_EQ(Count(FileText(folder / "index.html"), "<script>alert(1)"), 0u);
}

TEST(ClipReportTest, AFolderThatCannotBeWrittenIsTheEnvironmentsFault) {
  EXPECT_THROW(WriteClipReport("/proc/no/such/folder", TwoClips(), std::nullopt), EnvironmentError);
}

}  // namespace
}  // namespace plumb
