// SPDX-License-Identifier: Apache-2.0
#include "app/line_process.h"

#include <chrono>
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <string.h>
#include <sys/wait.h>
#include <thread>
#include <unistd.h>

#include <fmt/format.h>
#include <spawn.h>

#include "core/errors.h"

extern char** environ;

namespace plumb {
namespace {

constexpr size_t kMaxLineBytes = 1 << 20;
constexpr int kPollMs = 100;  // how soon a Ctrl-C is noticed

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

// Starts the program with the given descriptors as its standard input and output. Returns 0 or an
// errno.
int Spawn(const std::vector<std::string>& argv, int input, int output, pid_t& pid) {
  std::vector<char*> words;
  for (const std::string& word : argv) words.push_back(const_cast<char*>(word.c_str()));
  words.push_back(nullptr);
  posix_spawn_file_actions_t actions;
  posix_spawn_file_actions_init(&actions);
  posix_spawn_file_actions_adddup2(&actions, input, STDIN_FILENO);
  posix_spawn_file_actions_adddup2(&actions, output, STDOUT_FILENO);
  // The program gets default signals and a group of its own, so that Ctrl-C stops Plumb, which then
  // ends it.
  posix_spawnattr_t attributes;
  posix_spawnattr_init(&attributes);
  sigset_t defaults;
  sigfillset(&defaults);
  posix_spawnattr_setsigdefault(&attributes, &defaults);
  posix_spawnattr_setpgroup(&attributes, 0);
  posix_spawnattr_setflags(&attributes, POSIX_SPAWN_SETSIGDEF | POSIX_SPAWN_SETPGROUP);
  const int error = posix_spawnp(&pid, words[0], &actions, &attributes, words.data(), environ);
  posix_spawnattr_destroy(&attributes);
  posix_spawn_file_actions_destroy(&actions);
  return error;
}

// Writes all bytes; false when the other end is closed. SIGPIPE is kept from this thread meanwhile.
bool WriteAll(int descriptor, const std::string& bytes) {
  sigset_t broken_pipe, before;
  sigemptyset(&broken_pipe);
  sigaddset(&broken_pipe, SIGPIPE);
  pthread_sigmask(SIG_BLOCK, &broken_pipe, &before);
  size_t written = 0;
  bool open = true;
  while (open && written < bytes.size()) {
    const ssize_t count = write(descriptor, bytes.data() + written, bytes.size() - written);
    if (count >= 0) written += count;
    open = count >= 0 || errno == EINTR;
  }
  if (!open) {
    const timespec now = {0, 0};
    sigtimedwait(&broken_pipe, nullptr, &now);
  }
  pthread_sigmask(SIG_SETMASK, &before, nullptr);
  return open;
}

double SecondsNow() {
  using namespace std::chrono;
  return duration<double>(steady_clock::now().time_since_epoch()).count();
}

}  // namespace

LineProcess::LineProcess(const std::vector<std::string>& argv) : name_(argv.at(0)) {
  const Pipe input = OpenPipe();
  const Pipe output = OpenPipe();
  const int error = Spawn(argv, input.read_end, output.write_end, pid_);
  close(input.read_end);
  close(output.write_end);
  to_ = input.write_end;
  from_ = output.read_end;
  if (error != 0) {
    close(to_);
    close(from_);
    throw UsageError(fmt::format("command '{}' can't be started: {}", name_, strerror(error)));
  }
}

LineProcess::~LineProcess() {
  close(to_);
  if (!Ended(2000)) Kill();
  close(from_);
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

void LineProcess::FailBecauseEnded() {
  if (!Ended(1000)) {
    Kill();
    throw InputError(name_, "closed its output without an answer");
  }
  throw InputError(name_,
                   WIFSIGNALED(status_) ? fmt::format("was ended by signal {}", WTERMSIG(status_))
                                        : fmt::format("ended with exit code {} before it answered",
                                                      WEXITSTATUS(status_)));
}

void LineProcess::Send(const std::string& line) {
  if (!WriteAll(to_, line + "\n")) FailBecauseEnded();
}

std::string LineProcess::Receive(double timeout_s, const Progress& progress) {
  const double deadline_s = SecondsNow() + timeout_s;
  size_t end;
  while ((end = unread_.find('\n')) == unread_.npos) {
    if (unread_.size() > kMaxLineBytes) throw InputError(name_, "answered with an endless line");
    progress.ThrowIfCancelled();
    if (SecondsNow() > deadline_s) {
      Kill();
      throw InputError(name_, fmt::format("gave no answer within {} s", timeout_s));
    }
    pollfd output = {from_, POLLIN, 0};
    if (poll(&output, 1, kPollMs) <= 0) continue;
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
