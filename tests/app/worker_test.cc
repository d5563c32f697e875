// SPDX-License-Identifier: Apache-2.0
// `plumb worker` as the pool speaks to it: requests as lines, answers on descriptor 3.
#include "app/worker.h"

#include <new>
#include <sstream>
#include <stdexcept>
#include <system_error>
#include <vector>

#include <gmock/gmock.h>

#include "app/cell_task.h"
#include "app/score_task.h"
#include "app/truth_store.h"
#include "app/video_io.h"
#include "tests/app/tiny_run.h"

namespace plumb {
namespace {

using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::Not;
using ::testing::SizeIs;

class WorkerTest : public ::testing::Test {
 protected:
  // Everything that a worker answers to these request lines.
  std::vector<Json> Answers(const std::string& requests) {
    WriteText(folder_ / "requests", requests);
    output_ = RunShell(PlumbProgram() + " worker <" + (folder_ / "requests").string() + " 3>" +
                       (folder_ / "answers").string());
    std::vector<Json> answers;
    std::istringstream lines(FileText(folder_ / "answers"));
    for (std::string line; std::getline(lines, line);) answers.push_back(Json::parse(line));
    return answers;
  }
  std::string ScoreRequest(const std::string& file) {
    ScoreTask task;
    task.sample = folder_ / file;
    task.decode_only = true;
    return ToJson(task).dump() + "\n";
  }
  TestFolder folder_;
  ProgramOutput output_;
};

TEST_F(WorkerTest, TheEndOfRequestsIsAGoodEnd) {
  EXPECT_THAT(Answers(""), IsEmpty());
  EXPECT_EQ(output_.code, 0);
}

TEST_F(WorkerTest, WhatIsNoRequestIsAnsweredAsAnInternalFailure) {
  const std::vector<Json> answers = Answers("hello\n[1]\n{\"kind\": \"dance\"}\n{}\n");
  ASSERT_THAT(answers, SizeIs(4));
  for (const Json& answer : answers) {
    EXPECT_EQ(answer["failed"]["code"], 6);
    EXPECT_EQ(answer["failed"]["stage"], "");
  }
  EXPECT_EQ(answers[0]["failed"]["reason"], "the request is no JSON object");
  EXPECT_EQ(answers[1]["failed"]["reason"], "the request is no JSON object");
  EXPECT_THAT(answers[2]["failed"]["reason"].get<std::string>(),
              HasSubstr("unknown request 'dance'"));
  EXPECT_THAT(answers[3]["failed"]["reason"].get<std::string>(), HasSubstr("kind"));
  EXPECT_EQ(output_.code, 0);
}

TEST_F(WorkerTest, StagesComeBeforeTheAnswerAndRequestsAreAnsweredInOrder) {
  WriteLossless(folder_ / "a.mkv", Video(std::vector<Image>(6, Image(48, 32)), 24.0));
  WriteText(folder_ / "t.mkv", "text");
  const std::vector<Json> answers = Answers(ScoreRequest("a.mkv") + ScoreRequest("t.mkv"));
  ASSERT_THAT(answers, SizeIs(5));
  EXPECT_EQ(answers[0]["stage"], "decode");
  EXPECT_EQ(answers[1]["stage"], "encode");
  EXPECT_EQ(answers[2]["done"]["frames"], 6);
  EXPECT_EQ(answers[3]["stage"], "decode");
  EXPECT_EQ(answers[4]["failed"]["stage"], "decode");
  EXPECT_EQ(answers[4]["failed"]["code"], 4);
  EXPECT_THAT(answers[4]["failed"]["reason"].get<std::string>(), HasSubstr("t.mkv"));
  EXPECT_THAT(output_.out, IsEmpty()) << "what libraries print must not reach standard output";
}

TEST_F(WorkerTest, ATruthAndItsCellAreMadeInOneProcess) {
  const Suite suite = TinySuite();
  CreateRunFolder(folder_ / "r");
  const std::string run = (folder_ / "r").string();
  const Json truth = {
      {"kind", "truth"}, {"run", run}, {"suite", ToJson(suite)}, {"scene", "drop-1"}};
  const Json cell = {{"kind", "cell"},
                     {"run", run},
                     {"suite", ToJson(suite)},
                     {"truth", TruthDigest(ScenesOf(suite)[0], TruthProtocolOf(suite))},
                     {"model", "oracle"},
                     {"seed", 0},
                     {"sample", ""},
                     {"sample_notes", Json::array()},
                     {"sample_seconds", 0.0}};
  const std::vector<Json> answers = Answers(truth.dump() + "\n" + cell.dump() + "\n");
  std::vector<std::string> stages;
  for (const Json& answer : answers) {
    if (answer.contains("stage")) stages.push_back(answer["stage"]);
  }
  EXPECT_EQ(stages, (std::vector<std::string>{"truth", "truth", "generate", "encode", "score"}));
  EXPECT_TRUE(answers.back()["done"].contains("made")) << answers.back();
}

template <typename Exception>
Json AnswerFor(const Exception& exception) {
  try {
    throw exception;
  } catch (...) {
    return FailureAnswer("score")["failed"];
  }
}

TEST_F(WorkerTest, MemoryThatRanOutIsAFailureOfTheCell) {
  const Json failed = AnswerFor(std::bad_alloc());
  EXPECT_EQ(failed["stage"], "score");
  EXPECT_EQ(failed["reason"], "out of memory");
  EXPECT_EQ(failed["code"], static_cast<int>(ExitCode::kIncomplete)) << "5 would stop the run";
}

TEST_F(WorkerTest, EveryOtherErrorHasTheCodeThatTheProgramEndsWith) {
  const std::system_error full(std::make_error_code(std::errc::no_space_on_device), "a.mkv");
  EXPECT_EQ(AnswerFor(full)["code"], 5);
  EXPECT_THAT(AnswerFor(full)["reason"].get<std::string>(), HasSubstr("a.mkv"));
  EXPECT_EQ(AnswerFor(EnvironmentError("no codec"))["code"], 5);
  EXPECT_EQ(AnswerFor(InputError("a.mkv", "text"))["code"], 4);
  EXPECT_EQ(AnswerFor(UsageError("no such law"))["code"], 2);
  EXPECT_EQ(AnswerFor(std::logic_error("broken"))["code"], 6);
}

TEST_F(WorkerTest, AParentThatDoesNotListenEndsTheWorker) {
  WriteText(folder_ / "requests", "{}\n{}\n");
  const ProgramOutput output =
      RunShell(PlumbProgram() + " worker <" + (folder_ / "requests").string() + " 3>&-");
  EXPECT_EQ(output.code, 130);
}

TEST_F(WorkerTest, TheVerbIsHidden) {
  EXPECT_THAT(RunPlumb("--help").out, Not(HasSubstr("worker ")));
  EXPECT_THAT(RunPlumb("wroker").err, Not(HasSubstr("'worker'")));
}

}  // namespace
}  // namespace plumb
