// SPDX-License-Identifier: Apache-2.0
// The pool with real workers, and with small programs that misbehave in their place.
#include "app/worker_pool.h"

#include <set>

#include <gmock/gmock.h>

#include "app/score_task.h"
#include "app/video_io.h"
#include "core/errors.h"
#include "tests/app/run_program.h"

namespace plumb {
namespace {

namespace fs = std::filesystem;
using ::testing::HasSubstr;

class WorkerPoolTest : public ::testing::Test {
 protected:
  // A shell script that stands where the worker would: descriptor 3 takes its answers.
  std::string Script(const std::string& body) {
    const fs::path path = folder_ / "worker.sh";
    WriteText(path, "#!/bin/sh\n" + body);
    fs::permissions(path, fs::perms::owner_all);
    return path.string();
  }

  std::vector<WorkerResult> Run(int tasks,
                                const WorkerPoolOptions& options,
                                const std::vector<int>& after = {}) {
    std::vector<WorkerTask> list(tasks);
    for (int i = 0; i < tasks; ++i) {
      list[i].name = "task";
      list[i].request = {{"i", i}};
      if (i < static_cast<int>(after.size())) list[i].after = after[i];
    }
    std::vector<WorkerResult> results;
    RunTasks(list, options, [&](const WorkerResult& result) { results.push_back(result); }, {});
    return results;
  }

  TestFolder folder_;
};

TEST_F(WorkerPoolTest, EveryTaskIsAnsweredOnce) {
  WorkerPoolOptions options;
  options.workers = 3;
  options.program = Script("while read line; do echo \"{\\\"done\\\": $line}\" >&3; done\n");
  std::set<int> seen;
  for (const WorkerResult& result : Run(20, options)) {
    EXPECT_TRUE(result.ok) << result.reason;
    EXPECT_EQ(result.reply["i"], result.index);
    EXPECT_TRUE(seen.insert(result.index).second);
  }
  EXPECT_EQ(seen.size(), 20u);
}

TEST_F(WorkerPoolTest, ADeadWorkerCostsOneTaskAndIsReplaced) {
  WorkerPoolOptions options;
  options.workers = 2;
  options.program = Script(
      "while read line; do\n"
      "  echo '{\"stage\": \"score\"}' >&3\n"
      "  case \"$line\" in *:3*) echo 'Check failed: x > 0' >&2; kill -9 $$;; esac\n"
      "  echo \"{\\\"done\\\": $line}\" >&3\n"
      "done\n");
  int failed = 0;
  for (const WorkerResult& result : Run(8, options)) {
    if (result.ok) continue;
    ++failed;
    EXPECT_EQ(result.index, 3);
    EXPECT_EQ(result.stage, "score");
    EXPECT_EQ(result.code, ExitCode::kInternal);
    EXPECT_THAT(result.reason, HasSubstr("signal 9"));
    EXPECT_THAT(result.reason, HasSubstr("Check failed: x > 0"));
  }
  EXPECT_EQ(failed, 1);
}

TEST_F(WorkerPoolTest, WhatFollowsAFailureIsNotStarted) {
  WorkerPoolOptions options;
  options.workers = 2;
  options.program = Script(
      "while read line; do case \"$line\" in\n"
      "  *:0*) echo '{\"failed\": {\"stage\": \"truth\", \"reason\": \"no\", \"code\": 4}}' >&3;;\n"
      "  *) echo '{\"done\": {}}' >&3;;\n"
      "esac; done\n");
  const auto results = Run(4, options, {-1, 0, 1, -1});
  ASSERT_EQ(results.size(), 4u);
  for (const WorkerResult& result : results) {
    EXPECT_EQ(result.ok, result.index == 3);
    EXPECT_EQ(result.started, result.index == 0 || result.index == 3);
    if (!result.ok) {
      EXPECT_EQ(result.reason, "no");
      EXPECT_EQ(result.code, ExitCode::kInputRejected);
    }
  }
}

TEST_F(WorkerPoolTest, AWorkerThatHangsIsEnded) {
  WorkerPoolOptions options;
  options.workers = 1;
  options.task_seconds = 0.3;
  options.program = Script("read line; exec sleep 60\n");
  const auto results = Run(1, options);
  ASSERT_EQ(results.size(), 1u);
  EXPECT_THAT(results[0].reason, HasSubstr("took longer than"));
}

TEST_F(WorkerPoolTest, AnswersThatAreNoJsonFailTheTask) {
  WorkerPoolOptions options;
  options.workers = 1;
  options.program = Script("while read line; do echo 'nonsense' >&3; done\n");
  EXPECT_THAT(Run(1, options)[0].reason, HasSubstr("no JSON"));
}

TEST_F(WorkerPoolTest, AProgramThatIsNotThereIsTheEnvironment) {
  WorkerPoolOptions options;
  options.program = (folder_ / "none").string();
  EXPECT_THROW(Run(1, options), EnvironmentError);
}

TEST_F(WorkerPoolTest, NothingNewStartsAfterCancelling) {
  WorkerPoolOptions options;
  options.workers = 1;
  options.program = Script("while read line; do echo '{\"done\": {}}' >&3; done\n");
  std::vector<WorkerTask> tasks(5);
  int ended = 0;
  Progress progress;
  progress.cancelled = [&] { return ended >= 2; };
  RunTasks(
      tasks, options, [&](const WorkerResult&) { ++ended; }, progress);
  EXPECT_EQ(ended, 2);
}

TEST_F(WorkerPoolTest, AnExceptionFromTheCallerPassesThrough) {
  WorkerPoolOptions options;
  options.program = Script("while read line; do echo '{\"done\": {}}' >&3; done\n");
  std::vector<WorkerTask> tasks(3);
  EXPECT_THROW(
      RunTasks(tasks, options, [](const WorkerResult&) { throw EnvironmentError("full"); }, {}),
      EnvironmentError);
}

TEST_F(WorkerPoolTest, TheProgramItselfScoresAClip) {
  WriteLossless(folder_ / "a.mkv", Video(std::vector<Image>(6, Image(48, 32)), 24.0));
  ScoreTask task;
  task.sample = folder_ / "a.mkv";
  WorkerTask good, text, unknown;
  good.request = ToJson(task);
  WriteText(folder_ / "t.mp4", "text");
  task.sample = folder_ / "t.mp4";
  text.request = ToJson(task);
  unknown.request = {{"kind", "dance"}};
  WorkerPoolOptions options;
  options.workers = 1;
  options.program = PlumbProgram();
  RunTasks({good, text, unknown},
           options,
           [&](const WorkerResult& result) {
             if (result.index == 0) {
               ASSERT_TRUE(result.ok) << result.reason;
               Cell cell;
               AddReply(result.reply, cell);
               EXPECT_EQ(cell.sample.frames, 6);
               EXPECT_FALSE(cell.scores.empty());
             } else {
               EXPECT_FALSE(result.ok);
               EXPECT_EQ(result.code,
                         result.index == 1 ? ExitCode::kInputRejected : ExitCode::kInternal);
               EXPECT_EQ(result.stage, result.index == 1 ? "decode" : "");
             }
           },
           {});
}

}  // namespace
}  // namespace plumb
