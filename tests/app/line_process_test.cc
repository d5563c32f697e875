// SPDX-License-Identifier: Apache-2.0
#include "app/line_process.h"

#include <chrono>
#include <signal.h>
#include <sys/wait.h>
#include <unistd.h>

#include <fmt/format.h>
#include <gmock/gmock.h>

#include "core/errors.h"
#include "tests/app/run_program.h"

namespace plumb {
namespace {

using ::testing::HasSubstr;

LineProcess Shell(const std::string& script) { return LineProcess({"sh", "-c", script}); }

std::string WhyRefused(const std::function<void()>& work) {
  try {
    work();
  } catch (const InputError& error) {
    return error.what();
  }
  return "";
}

TEST(LineProcessTest, LinesGoBothWaysInOrder) {
  LineProcess cat({"cat"});
  for (const char* line : {"one", "", "three with blanks ", "{\"a\": \"ü\"}"}) {
    cat.Send(line);
    EXPECT_EQ(cat.Receive(10, {}), line);
  }
}

TEST(LineProcessTest, SeveralLinesAtOnceAreKeptApart) {
  LineProcess process = Shell("printf 'a\\nb\\nc\\n'; cat > /dev/null");
  EXPECT_EQ(process.Receive(10, {}), "a");
  EXPECT_EQ(process.Receive(10, {}), "b");
  EXPECT_EQ(process.Receive(10, {}), "c");
}

TEST(LineProcessTest, ALineMayComeInPieces) {
  LineProcess process = Shell("printf 'al'; sleep 0.2; printf 'most\\n'; cat > /dev/null");
  EXPECT_EQ(process.Receive(10, {}), "almost");
}

TEST(LineProcessTest, LongLinesArriveWholeInBothDirections) {
  LineProcess cat({"cat"});
  const std::string line(300000, 'x');
  // More than a pipe holds: the other side has to read while it is written.
  cat.Send(line.substr(0, 60000));
  EXPECT_EQ(cat.Receive(10, {}).size(), 60000u);
  LineProcess process = Shell("head -c 300000 /dev/zero | tr '\\0' 'x'; echo; cat > /dev/null");
  EXPECT_EQ(process.Receive(20, {}), line);
}

TEST(LineProcessTest, AnEndlessLineIsRefused) {
  LineProcess process = Shell("tr '\\0' 'x' < /dev/zero");
  EXPECT_THAT(WhyRefused([&] { process.Receive(20, {}); }), HasSubstr("endless line"));
}

TEST(LineProcessTest, HowTheProgramEndedIsTold) {
  LineProcess seven = Shell("exit 7");
  EXPECT_THAT(WhyRefused([&] { seven.Receive(10, {}); }), HasSubstr("exit code 7"));
  LineProcess killed = Shell("kill -9 $$");
  EXPECT_THAT(WhyRefused([&] { killed.Receive(10, {}); }), HasSubstr("signal 9"));
}

TEST(LineProcessTest, AnUnfinishedLastLineIsNoAnswer) {
  LineProcess process = Shell("printf '{\"status\"'");
  EXPECT_THAT(WhyRefused([&] { process.Receive(10, {}); }), HasSubstr("exit code 0"));
}

TEST(LineProcessTest, SendingToAProgramThatNoLongerReadsDoesNotEndUs) {
  LineProcess process = Shell("exec 0<&-; sleep 0.1; exit 3");
  const std::string why = WhyRefused([&] {
    for (int i = 0; i < 100; ++i) process.Send(std::string(10000, 'x'));
  });
  EXPECT_THAT(why, HasSubstr("exit code 3"));
}

TEST(LineProcessTest, ADeadlineEndsTheProgram) {
  LineProcess process = Shell("sleep 600");
  EXPECT_THAT(WhyRefused([&] { process.Receive(0.2, {}); }), HasSubstr("within 0.2 s"));
}

TEST(LineProcessTest, FailuresEndWithTheLastLinesOfStandardError) {
  const std::string traceback = "for i in 1 2 3 4 5 6 7; do echo line $i >&2; done; ";
  const std::string words = "; last words: line 3\nline 4\nline 5\nline 6\nline 7";
  LineProcess ended = Shell(traceback + "exit 7");
  EXPECT_EQ(WhyRefused([&] { ended.Receive(10, {}); }),
            "sh: ended with exit code 7 before it answered" + words);
  LineProcess late = Shell(traceback + "sleep 600");
  EXPECT_EQ(WhyRefused([&] { late.Receive(0.3, {}); }), "sh: gave no answer within 0.3 s" + words);
  LineProcess wrong = Shell("echo yes; echo ' one line' >&2; cat > /dev/null");
  EXPECT_EQ(wrong.Receive(10, {}), "yes");
  EXPECT_EQ(WhyRefused([&] { wrong.Fail("said yes"); }), "sh: said yes; last words:  one line");
  LineProcess silent = Shell("exec 2>&-; exit 1");
  EXPECT_EQ(WhyRefused([&] { silent.Receive(10, {}); }),
            "sh: ended with exit code 1 before it answered");
}

TEST(LineProcessTest, AFloodOnStandardErrorHoldsNothingUpAndOnlyItsEndIsKept) {
  const std::string flood = "head -c 400000 /dev/zero | tr '\\0' 'x' >&2; ";
  LineProcess process = Shell(flood + "read line; " + flood + "echo up; read line; exit 2");
  // Longer than a pipe holds, to a program that does not read before it is rid of its own.
  process.Send(std::string(100000, 'y'));
  EXPECT_EQ(process.Receive(20, {}), "up");
  process.Send("");
  EXPECT_LT(WhyRefused([&] { process.Receive(20, {}); }).size(), 4100u);
}

TEST(LineProcessTest, TheProgramEndsWithTheProcessThatStartedIt) {
  const TestFolder folder;
  const std::string pid_file = (folder / "pid").string();
  const pid_t starter = fork();
  if (starter == 0) {
    LineProcess process({"sh", "-c", "echo $$ > " + pid_file + "; echo up; exec sleep 600"});
    process.Receive(10, {});
    kill(getpid(), SIGKILL);
  }
  waitpid(starter, nullptr, 0);
  const int pid = std::stoi(FileText(pid_file));
  // Gone, or dead and waiting for whoever inherits it.
  const auto alive = [&] {
    const std::string stat = FileText(fmt::format("/proc/{}/stat", pid));
    return !stat.empty() && stat.find(") Z") == std::string::npos;
  };
  for (int i = 0; i < 500 && alive(); ++i) usleep(10000);
  EXPECT_FALSE(alive());
}

TEST(LineProcessTest, CancellingIsNoticedWhileWaiting) {
  LineProcess process = Shell("sleep 600");
  int asked = 0;
  Progress progress;
  progress.cancelled = [&] { return ++asked > 2; };
  EXPECT_THROW(process.Receive(600, progress), CancelledError);
}

TEST(LineProcessTest, TheEndOfInputEndsTheProgramAndNothingIsLeftBehind) {
  const TestFolder folder;
  {
    LineProcess process =
        Shell("echo $$ > " + (folder / "pid").string() + "; echo up; trap '' TERM; sleep 600");
    EXPECT_EQ(process.Receive(10, {}), "up");
  }
  const int pid = std::stoi(FileText(folder / "pid"));
  EXPECT_NE(kill(pid, 0), 0) << "the program is still there";
}

TEST(LineProcessTest, AProgramThatIsNotThereIsAUsageError) {
  EXPECT_THROW(LineProcess({"no-such-program-anywhere"}), UsageError);
}

}  // namespace
}  // namespace plumb
