// SPDX-License-Identifier: Apache-2.0
#include "app/clip_scoring.h"

#include <gmock/gmock.h>

#include "app/video_io.h"
#include "core/seed.h"
#include "metrics/metrics.h"
#include "tests/app/run_program.h"

namespace plumb {
namespace {

using ::testing::Each;
using ::testing::HasSubstr;
using ::testing::Property;
using ::testing::SizeIs;
using ::testing::StartsWith;

Video StillClip() {
  Image image(64, 48);
  Random random(9);
  for (uint8_t& byte : image.rgb) byte = static_cast<uint8_t>(random.Index(256));
  return {std::vector<Image>(6, image), 24.0};
}

ClipJob JobFor(const std::filesystem::path& file) {
  ClipJob job;
  job.key = {"video", file.filename().string(), 0};
  job.task.sample = file;
  return job;
}

ClipScoringOptions WithProgram(const std::string& program = PlumbProgram()) {
  ClipScoringOptions options;
  options.program = program;
  options.workers = 1;
  return options;
}

std::string WhyRefused(const ClipScoringOptions& options) {
  try {
    options.Validate();
  } catch (const UsageError& error) {
    return error.what();
  }
  return "";
}

TEST(ClipScoringTest, FamiliesAndWorkersAreChecked) {
  ClipScoringOptions options;
  options.families = {"geometry", "dynamics"};
  EXPECT_EQ(WhyRefused(options), "");
  options.families = {"dynamic"};
  EXPECT_THAT(WhyRefused(options), HasSubstr("did you mean 'dynamics'"));
  options.families = {"beauty"};
  EXPECT_THAT(WhyRefused(options), HasSubstr("geometry, permanence, dynamics"));
  options = {};
  options.workers = -1;
  EXPECT_THAT(WhyRefused(options), HasSubstr("--threads -1"));
}

TEST(ClipScoringTest, CellsStandInTheOrderOfTheJobs) {
  const TestFolder folder;
  std::vector<ClipJob> jobs;
  for (const char* name : {"c.mkv", "a.mkv", "b.mkv"}) {
    WriteLossless(folder / name, StillClip());
    jobs.push_back(JobFor(folder / name));
  }
  const ClipScoring scoring = ScoreClips(jobs, WithProgram(), {});
  ASSERT_THAT(scoring.results.cells, SizeIs(3));
  for (size_t i = 0; i < jobs.size(); ++i) {
    const Cell& cell = scoring.results.cells[i];
    EXPECT_EQ(cell.key, jobs[i].key);
    EXPECT_EQ(cell.status, CellStatus::kDone) << cell.reason;
    EXPECT_EQ(cell.sample.source, jobs[i].task.sample.string());
    EXPECT_THAT(cell.scores, SizeIs(AllScores().size()));
  }
  EXPECT_THAT(scoring.results.scores, SizeIs(AllScores().size()));
  EXPECT_THAT(scoring.results.models, ::testing::ElementsAre("video"));
}

TEST(ClipScoringTest, OnlyTheAskedFamiliesAreMeasured) {
  const TestFolder folder;
  WriteLossless(folder / "a.mkv", StillClip());
  ClipScoringOptions options = WithProgram();
  options.families = {"geometry"};
  const ClipScoring scoring = ScoreClips({JobFor(folder / "a.mkv")}, options, {});
  EXPECT_THAT(scoring.results.scores, SizeIs(GeometryScores().size()));
  EXPECT_THAT(scoring.results.cells[0].scores, Each(Property(&Score::id, StartsWith("geometry."))));
}

TEST(ClipScoringTest, ARefusedClipOutweighsNothingMeasured) {
  const TestFolder folder;
  WriteLossless(folder / "a.mkv", StillClip());
  WriteText(folder / "b.mp4", "no video");
  const ClipScoring scoring =
      ScoreClips({JobFor(folder / "b.mp4"), JobFor(folder / "a.mkv")}, WithProgram(), {});
  EXPECT_EQ(scoring.code, ExitCode::kInputRejected);
  EXPECT_EQ(scoring.results.cells[0].status, CellStatus::kFailed);
  EXPECT_EQ(scoring.results.cells[0].stage, "decode");
  EXPECT_THAT(scoring.results.cells[0].reason, HasSubstr("b.mp4"));
  EXPECT_EQ(scoring.results.cells[1].status, CellStatus::kDone);
}

// A worker that dies on every clip whose name contains "bad", and otherwise is the program's own
// worker.
std::string CrashingProgram(const TestFolder& folder) {
  const std::string script = (folder / "worker.sh").string();
  WriteText(script,
            "#!/bin/bash\nwhile read -r line; do\n"
            "  case $line in *bad*) kill -SEGV $$ ;; esac\n"
            "  echo \"$line\" | " +
                PlumbProgram() + " worker\ndone\n");
  std::filesystem::permissions(script, std::filesystem::perms::owner_all);
  return script;
}

TEST(ClipScoringTest, ACrashCostsOneClipAndItsReasonSaysHow) {
  const TestFolder folder;
  std::vector<ClipJob> jobs;
  for (const char* name : {"good.mkv", "bad.mkv", "also_good.mkv"}) {
    WriteLossless(folder / name, StillClip());
    jobs.push_back(JobFor(folder / name));
  }
  const ClipScoring scoring = ScoreClips(jobs, WithProgram(CrashingProgram(folder)), {});
  EXPECT_EQ(scoring.code, ExitCode::kIncomplete);
  EXPECT_EQ(scoring.results.cells[0].status, CellStatus::kDone) << scoring.results.cells[0].reason;
  EXPECT_EQ(scoring.results.cells[1].status, CellStatus::kFailed);
  EXPECT_THAT(scoring.results.cells[1].reason, HasSubstr("signal 11"));
  EXPECT_EQ(scoring.results.cells[2].status, CellStatus::kDone);
}

TEST(ClipScoringTest, WhatWasCancelledStaysMissing) {
  const TestFolder folder;
  WriteLossless(folder / "a.mkv", StillClip());
  Progress progress;
  progress.cancelled = [] { return true; };
  const ClipScoring scoring = ScoreClips({JobFor(folder / "a.mkv")}, WithProgram(), progress);
  EXPECT_EQ(scoring.results.cells[0].status, CellStatus::kMissing);
  EXPECT_NE(scoring.code, ExitCode::kOk);
}

}  // namespace
}  // namespace plumb
