// SPDX-License-Identifier: Apache-2.0
#include "app/line_process.h"

#include <chrono>
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <string.h>
#include <string_view>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <thread>
#include <unistd.h>

#include <ctype.h>
#include <fmt/format.h>

#include "core/errors.h"

namespace plumb {
namespace {

constexpr size_t kMaxLineBytes = 1 << 20;
constexpr size_t kMaxErrorBytes = 4000;
constexpr int kErrorLines = 5;  // of it that a failure shows
constexpr int kPollMs = 100;    // how soon a Ctrl-C is noticed

struct Pipe {
  int read_end = -1;
  int write_end = -1;
};

Pipe OpenPipe() {
  int ends[2];
  if (pipe2(ends, O_CLOEXEC) != 0) {
    throw EnvironmentError(fmt::format("can't open a pipe: {}", strerror(errno)));
  }
  return {ends[0], ends[1]};
}

// The ends of the pipes that the program uses.
struct ProgramEnds {
  int input = -1;
  int output = -1;
  int errors = -1;
  int failure = -1;  // takes the errno when the program can't be started
};

// The child, between fork and exec: only calls that are safe there.
[[noreturn]] void BecomeProgram(char* const* words, const ProgramEnds& ends, pid_t parent) {
  // The program ends with its parent: a group of its own would otherwise let it live on. The group
  // is there so that Ctrl-C stops Plumb, which then ends the program.
  prctl(PR_SET_PDEATHSIG, SIGKILL);
  setpgid(0, 0);
  for (int number = 1; number < NSIG; ++number) signal(number, SIG_DFL);
  if (getppid() != parent) _exit(127);
  dup2(ends.input, STDIN_FILENO);
  dup2(ends.output, STDOUT_FILENO);
  dup2(ends.errors, STDERR_FILENO);
  execvp(words[0], words);
  const int error = errno;
  [[maybe_unused]] const ssize_t written = write(ends.failure, &error, sizeof(error));
  _exit(127);
}

// Starts the program. Returns 0 or an errno.
int Start(const std::vector<std::string>& argv, ProgramEnds ends, pid_t& pid) {
  std::vector<char*> words;
  for (const std::string& word : argv) words.push_back(const_cast<char*>(word.c_str()));
  words.push_back(nullptr);
  const Pipe failure = OpenPipe();
  ends.failure = failure.write_end;
  const pid_t parent = getpid();
  pid = fork();
  if (pid == 0) BecomeProgram(words.data(), ends, parent);
  int error = pid < 0 ? errno : 0;
  close(failure.write_end);
  // The pipe closes without a word when the program has taken the child's place.
  if (pid > 0 && read(failure.read_end, &error, sizeof(error)) > 0) waitpid(pid, nullptr, 0);
  close(failure.read_end);
  if (error != 0) pid = -1;
  return error;
}

// Keeps SIGPIPE from this thread while it lives; one that came is taken.
class NoBrokenPipe {
 public:
  NoBrokenPipe() {
    sigemptyset(&broken_pipe_);
    sigaddset(&broken_pipe_, SIGPIPE);
    pthread_sigmask(SIG_BLOCK, &broken_pipe_, &before_);
  }
  ~NoBrokenPipe() {
    const timespec now = {0, 0};
    while (sigtimedwait(&broken_pipe_, nullptr, &now) > 0) {
    }
    pthread_sigmask(SIG_SETMASK, &before_, nullptr);
  }

 private:
  sigset_t broken_pipe_, before_;
};

double SecondsNow() {
  using namespace std::chrono;
  return duration<double>(steady_clock::now().time_since_epoch()).count();
}

}  // namespace

LineProcess::LineProcess(const std::vector<std::string>& argv) : name_(argv.at(0)) {
  const Pipe input = OpenPipe();
  const Pipe output = OpenPipe();
  const Pipe errors = OpenPipe();
  const int error = Start(argv, {input.read_end, output.write_end, errors.write_end, -1}, pid_);
  close(input.read_end);
  close(output.write_end);
  close(errors.write_end);
  to_ = input.write_end;
  from_ = output.read_end;
  errors_ = errors.read_end;
  // Standard error is read while a long line is written: the program may wait for either.
  fcntl(to_, F_SETFL, O_NONBLOCK);
  fcntl(errors_, F_SETFL, O_NONBLOCK);
  if (error != 0) {
    for (const int descriptor : {to_, from_, errors_}) close(descriptor);
    throw UsageError(fmt::format("command '{}' can't be started: {}", name_, strerror(error)));
  }
}

LineProcess::~LineProcess() {
  close(to_);
  if (!Ended(2000)) Kill();
  close(from_);
  close(errors_);
}

bool LineProcess::Ended(int wait_ms) {
  for (int waited_ms = 0; pid_ > 0; waited_ms += 10) {
    if (waitpid(pid_, &status_, WNOHANG) != 0) {
      pid_ = -1;
    } else if (waited_ms >= wait_ms) {
      return false;
    } else {
      std::this_thread::sleep_for(std::chrono::milliseconds(10));
    }
  }
  return true;
}

void LineProcess::Kill() {
  if (pid_ <= 0) return;
  kill(-pid_, SIGKILL);
  waitpid(pid_, &status_, 0);
  pid_ = -1;
}

void LineProcess::ReadErrors() {
  char bytes[4096];
  ssize_t count;
  // A program that writes faster than this reads must not hold it here.
  for (int i = 0; i < 64 && (count = read(errors_, bytes, sizeof(bytes))) > 0; ++i) {
    last_words_.append(bytes, count);
    if (last_words_.size() > kMaxErrorBytes) {
      last_words_.erase(0, last_words_.size() - kMaxErrorBytes);
    }
  }
}

// Waits a moment for the descriptor, and takes what comes on standard error meanwhile.
bool LineProcess::IsReady(int descriptor, short events) {
  pollfd ends[] = {{descriptor, events, 0}, {errors_, POLLIN, 0}};
  if (poll(ends, 2, kPollMs) <= 0) return false;
  ReadErrors();
  // Standard error may be closed long before the rest: no reason to ask without a pause.
  if (ends[0].revents == 0 && (ends[1].revents & POLLIN) == 0) usleep(kPollMs * 1000);
  return ends[0].revents != 0;
}

std::string LineProcess::LastWords() const {
  std::string_view words = last_words_;
  while (!words.empty() && isspace(static_cast<unsigned char>(words.back()))) {
    words.remove_suffix(1);
  }
  size_t start = words.size();
  for (int line = 0; line < kErrorLines && start != words.npos && start > 0; ++line) {
    start = words.rfind('\n', start - 1);
  }
  if (start != words.npos && start < words.size()) words.remove_prefix(start + (start > 0));
  return words.empty() ? "" : fmt::format("; last words: {}", words);
}

void LineProcess::Fail(const std::string& message) {
  // A program that is about to end has a moment to say why.
  if (!Ended(200)) Kill();
  ReadErrors();
  throw InputError(name_, message + LastWords());
}

void LineProcess::FailBecauseEnded() {
  if (!Ended(1000)) Fail("closed its output without an answer");
  Fail(WIFSIGNALED(status_)
           ? fmt::format("was ended by signal {}", WTERMSIG(status_))
           : fmt::format("ended with exit code {} before it answered", WEXITSTATUS(status_)));
}

void LineProcess::Send(const std::string& line) {
  const NoBrokenPipe guard;
  const std::string bytes = line + "\n";
  size_t written = 0;
  while (written < bytes.size()) {
    const ssize_t count = write(to_, bytes.data() + written, bytes.size() - written);
    if (count > 0) written += count;
    if (count >= 0 || errno == EINTR) continue;
    if (errno != EAGAIN) FailBecauseEnded();
    IsReady(to_, POLLOUT);
  }
}

std::string LineProcess::Receive(double timeout_s, const Progress& progress) {
  const double deadline_s = SecondsNow() + timeout_s;
  size_t end;
  while ((end = unread_.find('\n')) == unread_.npos) {
    if (unread_.size() > kMaxLineBytes) Fail("answered with an endless line");
    progress.ThrowIfCancelled();
    if (SecondsNow() > deadline_s) Fail(fmt::format("gave no answer within {:.6g} s", timeout_s));
    if (!IsReady(from_, POLLIN)) continue;
    char bytes[4096];
    const ssize_t count = read(from_, bytes, sizeof(bytes));
    if (count == 0) FailBecauseEnded();
    if (count > 0) unread_.append(bytes, count);
  }
  const std::string line = unread_.substr(0, end);
  unread_.erase(0, end + 1);
  return line;
}

}  // namespace plumb
