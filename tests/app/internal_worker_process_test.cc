// SPDX-License-Identifier: Apache-2.0
#include "app/internal_worker_process.h"

#include <csignal>
#include <poll.h>

#include <gmock/gmock.h>

#include "core/errors.h"
#include "tests/app/tiny_run.h"

namespace plumb {
namespace {

using ::testing::EndsWith;
using ::testing::HasSubstr;
using ::testing::Not;

class InternalWorkerProcessTest : public ::testing::Test {
 protected:
  // `plumb` itself ignores it; a worker that died must not take its parent along.
  static void SetUpTestSuite() { std::signal(SIGPIPE, SIG_IGN); }

  std::string Script(const std::string& body) { return WriteWorkerScript(folder_ / "w.sh", body); }
  // The next line, however long the process takes for it; "" at the end.
  static std::string WaitForLine(WorkerProcess& process) {
    for (;;) {
      if (auto line = process.NextLine()) return *line;
      if (!process.ReadReplies()) return "";
    }
  }
  TestFolder folder_;
};

TEST_F(InternalWorkerProcessTest, LinesGoBothWays) {
  WorkerProcess process(Script("while read -r line; do printf '%s\\n' \"$line\" >&3; done\n"));
  ASSERT_TRUE(process.Send({{"a", 1}}));
  ASSERT_TRUE(process.Send({{"b", "two words"}}));
  EXPECT_EQ(WaitForLine(process), R"({"a":1})");
  EXPECT_EQ(WaitForLine(process), R"({"b":"two words"})");
  EXPECT_FALSE(process.NextLine().has_value());
}

TEST_F(InternalWorkerProcessTest, ALineCountsOnceItIsWhole) {
  WorkerProcess process(Script("printf 'ab' >&3; read -r line; printf 'c\\nd\\n' >&3\n"));
  ASSERT_TRUE(process.ReadReplies());
  EXPECT_FALSE(process.NextLine().has_value());
  process.Send(Json::object());
  EXPECT_EQ(WaitForLine(process), "abc");
  EXPECT_EQ(WaitForLine(process), "d");
  EXPECT_EQ(WaitForLine(process), "");
}

TEST_F(InternalWorkerProcessTest, BytesThatAreNoUtf8AreSentReplaced) {
  WorkerProcess process(Script("read -r line; printf '%s\\n' \"$line\" >&3\n"));
  ASSERT_TRUE(process.Send({{"name", "a\xff"}}));
  EXPECT_EQ(WaitForLine(process), "{\"name\":\"a\xEF\xBF\xBD\"}");
}

TEST_F(InternalWorkerProcessTest, LibrariesAreAskedForOneThread) {
  WorkerProcess process(
      Script("echo $OMP_NUM_THREADS $OPENBLAS_NUM_THREADS $0 >&3; echo \"$@\" >&3\n"));
  EXPECT_THAT(WaitForLine(process), HasSubstr("1 1 "));
  EXPECT_EQ(WaitForLine(process), "worker");
}

TEST_F(InternalWorkerProcessTest, AnEndIsDescribedByCodeOrSignalAndItsLastWords) {
  WorkerProcess coded(
      Script("echo one >&2; echo two >&2; echo three >&2; echo four >&2; exit 7\n"));
  EXPECT_EQ(WaitForLine(coded), "");
  const std::string text = coded.DescribeEnd();
  EXPECT_THAT(text, HasSubstr("ended with code 7; last words: two\n"));
  EXPECT_THAT(text, EndsWith("two\nthree\nfour"));
  EXPECT_THAT(text, Not(HasSubstr("one")));
  WorkerProcess killed(Script("kill -SEGV $$\n"));
  EXPECT_EQ(WaitForLine(killed), "");
  EXPECT_THAT(killed.DescribeEnd(), HasSubstr("signal 11 (Segmentation fault)"));
  WorkerProcess silent(Script("exit 0\n"));
  EXPECT_EQ(WaitForLine(silent), "");
  EXPECT_EQ(silent.DescribeEnd(), "the worker ended with code 0");
}

TEST_F(InternalWorkerProcessTest, AFloodOfWordsIsCutToItsEnd) {
  WorkerProcess process(
      Script("i=0; while [ $i -lt 3000 ]; do echo line $i >&2; i=$((i+1)); done\n"));
  // Somebody must read, or the process waits for ever.
  pollfd reply = {process.reply_descriptor(), POLLIN, 0};
  while (poll(&reply, 1, 5) == 0) process.ReadErrors();
  const std::string text = process.DescribeEnd();
  EXPECT_THAT(text, EndsWith("line 2999"));
  EXPECT_LT(text.size(), 1200u);
}

TEST_F(InternalWorkerProcessTest, ADeadProcessTakesNothing) {
  WorkerProcess process(Script("exit 3\n"));
  EXPECT_EQ(WaitForLine(process), "");
  process.DescribeEnd();  // waits until it is gone
  EXPECT_FALSE(process.Send({{"a", 1}}));
}

TEST_F(InternalWorkerProcessTest, AKilledProcessSaysSo) {
  WorkerProcess process(Script("exec sleep 60\n"));
  process.Kill();
  EXPECT_THAT(process.DescribeEnd(), HasSubstr("signal 9 (Killed)"));
}

TEST_F(InternalWorkerProcessTest, ABusyProcessIsEndedWithItsOwner) {
  const auto began = std::chrono::steady_clock::now();
  {
    WorkerProcess process(Script("exec sleep 60\n"));
    process.busy = true;
  }
  EXPECT_LT(std::chrono::steady_clock::now() - began, std::chrono::seconds(30));
}

TEST_F(InternalWorkerProcessTest, AProgramThatIsNotThereIsNamed) {
  const std::string name = (folder_ / "none").string();
  EXPECT_THAT(ErrorTextOf([&] { WorkerProcess process(name); }),
              HasSubstr(name + ": no worker can be started: No such file or directory"));
}

}  // namespace
}  // namespace plumb
