// SPDX-License-Identifier: Apache-2.0
#include "app/score_task.h"

#include <gmock/gmock.h>

#include "app/truth_store.h"
#include "app/video_io.h"
#include "core/errors.h"
#include "scenes/catalogue.h"
#include "tests/app/tiny_run.h"

namespace plumb {
namespace {

namespace fs = std::filesystem;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::Not;

Video GreyClip(int frames) { return {std::vector<Image>(frames, Image(48, 32)), 24.0}; }

class ScoreTaskTest : public ::testing::Test {
 protected:
  // A clip of six grey frames to be decoded and nothing more.
  ScoreTask DecodeTask() {
    WriteLossless(folder_ / "a.mkv", GreyClip(6));
    ScoreTask task;
    task.sample = folder_ / "a.mkv";
    task.decode_only = true;
    return task;
  }

  // The text of the error and the stage it came in.
  std::string FailureOf(const ScoreTask& task) {
    StageClock clock;
    const std::string text = ErrorTextOf([&] { DoScoreTask(task, clock); });
    return clock.stage() + ": " + text;
  }
  TestFolder folder_;
};

TEST_F(ScoreTaskTest, EveryFieldComesBackFromJson) {
  ScoreTask task;
  task.sample = "a b.mp4";
  task.truth_video = "t.mp4";
  task.truth_folder = "truth/x";
  task.conditioning_frames = 5;
  task.seed = 18446744073709551615u;
  task.families = {"geometry", "dynamics"};
  task.png_fps = 12.5;
  task.proxy = "p.mp4";
  task.truth_proxy = "q.mp4";
  task.decode_only = true;
  task.reconstruction = "m";
  task.reconstruction_pictures = true;
  const ScoreTask read = ScoreTaskFromJson(Json::parse(ToJson(task).dump()));
  EXPECT_EQ(ToJson(read).dump(), ToJson(task).dump());
  EXPECT_EQ(read.seed, task.seed);
  Json json = ToJson(task);
  json.erase("seed");
  EXPECT_THROW(ScoreTaskFromJson(json), Json::exception);
}

TEST_F(ScoreTaskTest, ARepliedCellComesBackWithoutItsKey) {
  const ScoreInfo info = {"geometry.consistency", "1", Direction::kHigher, 2, true, ""};
  Cell cell;
  cell.key = {"oracle", "drop-1", 4};
  cell.sample = {"a.mkv", 6, 24.0, 48, 32, "static", {"trimmed"}};
  cell.truth_video = "t.mkv";
  cell.stage_seconds["score"] = 0.5;
  cell.scores = {Score::Measured(info, 0.5, 0.25, 0.75),
                 Score::NotTested(info, {ReasonCode::kNoEvent, "nothing touched"})};
  Cell read;
  AddReply(Json::parse(ReplyOf(cell).dump()), read);
  EXPECT_EQ(read.status, CellStatus::kDone);
  EXPECT_EQ(read.key, CellKey{});
  EXPECT_EQ(ToJson(read.sample).dump(), ToJson(cell.sample).dump());
  EXPECT_EQ(read.truth_video, cell.truth_video);
  EXPECT_EQ(read.stage_seconds, cell.stage_seconds);
  ASSERT_EQ(read.scores.size(), 2u);
  for (int i = 0; i < 2; ++i) {
    EXPECT_EQ(ToJson(read.scores[i]).dump(), ToJson(cell.scores[i]).dump());
  }
  Json reply = ReplyOf(cell);
  reply["scores"][0]["value"] = nullptr;
  EXPECT_THROW(AddReply(reply, read), InputError);
}

TEST_F(ScoreTaskTest, DecodingAloneGivesFactsAndNoScores) {
  StageClock clock;
  const Cell cell = DoScoreTask(DecodeTask(), clock);
  EXPECT_EQ(cell.status, CellStatus::kDone);
  EXPECT_EQ(cell.sample.frames, 6);
  EXPECT_EQ(cell.sample.width, 48);
  EXPECT_EQ(cell.sample.height, 32);
  EXPECT_EQ(cell.sample.fps, 24.0);
  EXPECT_THAT(cell.scores, IsEmpty());
  EXPECT_TRUE(cell.stage_seconds.contains("decode"));
  EXPECT_FALSE(cell.stage_seconds.contains("score"));
  EXPECT_EQ(clock.stage(), "");
}

TEST_F(ScoreTaskTest, OnlyTheAskedFamiliesAreMeasured) {
  ScoreTask task = DecodeTask();
  task.decode_only = false;
  task.families = {"permanence"};
  StageClock clock;
  const Cell cell = DoScoreTask(task, clock);
  ASSERT_THAT(cell.scores, Not(IsEmpty()));
  for (const Score& score : cell.scores) EXPECT_THAT(score.id(), HasSubstr("permanence."));
  EXPECT_TRUE(cell.stage_seconds.contains("score permanence"));
  EXPECT_TRUE(cell.stage_seconds.contains("score"));
}

TEST_F(ScoreTaskTest, ReviewCopiesAreWrittenWhereAsked) {
  ScoreTask task = DecodeTask();
  task.proxy = folder_ / "p.mp4";
  task.truth_proxy = folder_ / "q.mp4";
  StageClock clock;
  DoScoreTask(task, clock);
  EXPECT_TRUE(fs::exists(task.proxy));
  EXPECT_FALSE(fs::exists(task.truth_proxy)) << "there is no truth to copy";
  task.truth_video = folder_ / "a.mkv";
  EXPECT_EQ(DoScoreTask(task, clock).truth_video, task.truth_video.string());
  EXPECT_TRUE(fs::exists(task.truth_proxy));
}

TEST_F(ScoreTaskTest, ATruthFolderGivesItsVideo) {
  const Scene scene = MakeScene("drop", 3, 1);
  const std::string digest = TruthDigest(scene, {48, 48, 8, 24.0});
  LoadOrMakeTruth(folder_.path(), scene, {48, 48, 8, 24.0});
  ScoreTask task;
  task.sample = folder_ / digest / "rgb.mkv";
  task.truth_folder = folder_ / digest;
  task.families = {"permanence"};
  StageClock clock;
  const Cell cell = DoScoreTask(task, clock);
  EXPECT_EQ(cell.truth_video, (folder_ / digest / "rgb.mkv").string());
  EXPECT_EQ(cell.sample.frames, 8);
}

TEST_F(ScoreTaskTest, FailuresNameFileAndStage) {
  ScoreTask task = DecodeTask();
  task.sample = folder_ / "none.mkv";
  EXPECT_THAT(FailureOf(task), HasSubstr("decode: " + (folder_ / "none.mkv").string()));
  WriteText(folder_ / "t.mkv", "text");
  task = DecodeTask();
  task.truth_video = folder_ / "t.mkv";
  EXPECT_THAT(FailureOf(task), HasSubstr("decode: " + (folder_ / "t.mkv").string()));
  task = DecodeTask();
  task.truth_folder = folder_ / "no-truth";
  EXPECT_THAT(FailureOf(task), HasSubstr("no-truth/truth.json: no such file"));
  task = DecodeTask();
  task.proxy = folder_ / "no-folder" / "p.mp4";
  EXPECT_THAT(FailureOf(task), HasSubstr("encode: "));
}

}  // namespace
}  // namespace plumb
