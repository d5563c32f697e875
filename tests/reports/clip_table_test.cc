// SPDX-License-Identifier: Apache-2.0
#include "reports/clip_table.h"

#include <gmock/gmock.h>

#include "tests/reports/sample_results.h"

namespace plumb {
namespace {

using ::testing::HasSubstr;
using ::testing::Not;

ScoreInfo Consistency() { return {"geometry.consistency", "1", Direction::kHigher, 1, true, ""}; }
ScoreInfo Reprojection() {
  return {"geometry.reprojection_px", "px", Direction::kLower, 1, false, ""};
}

Results ThreeClips() {
  Results results;
  results.models = {"video"};
  results.scores = {Consistency(), Reprojection()};
  Cell measured;
  measured.key = {"video", "clips/a.mp4", 0};
  measured.status = CellStatus::kDone;
  measured.sample = {"clips/a.mp4", 49, 8.0, 720, 480, "parallax", {"rotated by 90 degrees"}};
  measured.scores = {Score::Measured(Consistency(), 0.93, 0.91, 0.95),
                     Score::Measured(Reprojection(), 0.512, 0.5, 0.53)};
  measured.stage_seconds = {
      {"decode", 0.5}, {"score", 2.0}, {"score geometry", 2.0}, {"encode", 9}};
  Cell turned = measured;
  turned.key.scene = turned.sample.source = "clips/b.mp4";
  turned.sample.motion_class = "rotation";
  turned.sample.notes.clear();
  const Reason reason{ReasonCode::kNoParallax, "the camera only turned"};
  turned.scores = {Score::NotMeasurable(Consistency(), reason),
                   Score::NotMeasurable(Reprojection(), reason)};
  Cell refused;
  refused.key = {"video", "clips/c.mp4", 0};
  refused.status = CellStatus::kFailed;
  refused.stage = "decode";
  refused.reason = "clips/c.mp4: is no video";
  refused.sample.source = "clips/c.mp4";
  results.cells = {measured, turned, refused};
  return results;
}

TEST(ClipTableTest, EveryClipHasALineWithValueOrReason) {
  const std::string table = ClipTable(ThreeClips(), 120);
  EXPECT_THAT(table, HasSubstr("0.930 [0.910, 0.950]"));
  EXPECT_THAT(table, HasSubstr("– no parallax"));
  EXPECT_THAT(table, HasSubstr("failed: clips/c.mp4: is no video"));
  EXPECT_THAT(table, HasSubstr("720x480"));
  EXPECT_THAT(table, HasSubstr("2.5")) << "decode and score once each, without the review copy";
  EXPECT_THAT(table, Not(HasSubstr("11.5")));
}

TEST(ClipTableTest, LongNamesKeepTheirEnd) {
  Results results = ThreeClips();
  results.cells[0].key.scene = std::string(200, 'x') + "/the_end.mp4";
  const std::string table = ClipTable(results, 100);
  EXPECT_THAT(table, HasSubstr("the_end.mp4"));
  EXPECT_THAT(table, HasSubstr("…"));
}

TEST(ClipTableTest, HostileNamesCannotSteerTheTerminal) {
  Results results = ThreeClips();
  results.cells[0].key.scene = "a\x1b[2Jb.mp4";
  results.cells[2].reason = "x\nPASS everything";
  const std::string table = ClipTable(results, 100);
  EXPECT_THAT(table, Not(HasSubstr("\x1b")));
  EXPECT_THAT(table, Not(HasSubstr("\nPASS")));
}

TEST(ClipTableTest, NoHostileTextReachesTheTerminal) {
  const Results results = HostileResults();
  std::string text = ClipTable(results, 100);
  for (const Cell& cell : results.cells) text += ClipDetails(results, cell);
  for (const char c : text) EXPECT_TRUE(c == '\n' || static_cast<unsigned char>(c) >= 0x20);
  EXPECT_THAT(text, Not(HasSubstr("\u202E")));
  EXPECT_THAT(text, Not(HasSubstr("\n::error")));
}

TEST(ClipTableTest, DetailsGiveEveryScoreItsUnitOrSentence) {
  const Results results = ThreeClips();
  const std::string measured = ClipDetails(results, results.cells[0]);
  EXPECT_THAT(measured, HasSubstr("note: rotated by 90 degrees"));
  EXPECT_THAT(measured, HasSubstr("geometry.reprojection_px"));
  EXPECT_THAT(measured, HasSubstr(" px"));
  EXPECT_THAT(ClipDetails(results, results.cells[1]),
              HasSubstr("– no parallax: the camera only turned"));
}

TEST(ClipTableTest, JsonHasEveryClipAndNoTimes) {
  const Json json = ClipsJson(ThreeClips());
  EXPECT_EQ(json["schema"], 1);
  ASSERT_EQ(json["samples"].size(), 2u);
  ASSERT_EQ(json["failed"].size(), 1u);
  const Json& sample = json["samples"][0];
  EXPECT_EQ(sample["source"], "clips/a.mp4");
  EXPECT_EQ(sample["motion_class"], "parallax");
  EXPECT_EQ(sample["scores"]["geometry.consistency"]["value"], 0.93);
  EXPECT_TRUE(json["samples"][1]["scores"]["geometry.consistency"]["value"].is_null());
  EXPECT_EQ(json["failed"][0]["stage"], "decode");
  EXPECT_THAT(DumpJson(json), Not(HasSubstr("seconds")));
}

}  // namespace
}  // namespace plumb
