// SPDX-License-Identifier: Apache-2.0
#include "app/internal_worker_process.h"

#include <array>
#include <cctype>
#include <cerrno>
#include <cstring>
#include <fcntl.h>
#include <signal.h>
#include <sys/wait.h>
#include <unistd.h>
#include <vector>

#include <fmt/format.h>
#include <spawn.h>

#include "core/errors.h"

extern char** environ;

namespace plumb {
namespace {

constexpr size_t kLastWords = 1000;

struct Pipe {
  int read_end = -1;
  int write_end = -1;
};

// Both ends above the descriptors that the child uses, closed on exec: no other worker may hold
// them open.
Pipe MakePipe() {
  int ends[2];
  if (pipe2(ends, O_CLOEXEC) != 0) {
    throw EnvironmentError(fmt::format("no pipe for a worker: {}", std::strerror(errno)));
  }
  const Pipe moved = {fcntl(ends[0], F_DUPFD_CLOEXEC, 16), fcntl(ends[1], F_DUPFD_CLOEXEC, 16)};
  close(ends[0]);
  close(ends[1]);
  if (moved.read_end < 0 || moved.write_end < 0) {
    throw EnvironmentError(fmt::format("no pipe for a worker: {}", std::strerror(errno)));
  }
  return moved;
}

// This process's environment with one thread for every library that asks it.
std::vector<std::string> WorkerEnvironment() {
  std::vector<std::string> entries;
  for (char** entry = environ; *entry != nullptr; ++entry) {
    const std::string_view text = *entry;
    if (text.starts_with("OMP_NUM_THREADS=") || text.starts_with("OPENBLAS_NUM_THREADS=")) continue;
    entries.emplace_back(text);
  }
  entries.emplace_back("OMP_NUM_THREADS=1");
  entries.emplace_back("OPENBLAS_NUM_THREADS=1");
  return entries;
}

pid_t Spawn(const std::string& program,
            const Pipe& requests,
            const Pipe& replies,
            const Pipe& errors) {
  posix_spawn_file_actions_t actions;
  posix_spawn_file_actions_init(&actions);
  posix_spawn_file_actions_adddup2(&actions, requests.read_end, STDIN_FILENO);
  posix_spawn_file_actions_adddup2(&actions, errors.write_end, STDERR_FILENO);
  posix_spawn_file_actions_adddup2(&actions, replies.write_end, 3);
  std::vector<std::string> environment = WorkerEnvironment();
  std::vector<char*> environment_pointers;
  for (std::string& entry : environment) environment_pointers.push_back(entry.data());
  environment_pointers.push_back(nullptr);
  std::string name = "plumb";
  std::string verb = "worker";
  char* arguments[] = {name.data(), verb.data(), nullptr};
  pid_t pid = -1;
  const int code =
      posix_spawn(&pid, program.c_str(), &actions, nullptr, arguments, environment_pointers.data());
  posix_spawn_file_actions_destroy(&actions);
  if (code != 0) {
    throw EnvironmentError(
        fmt::format("{}: no worker can be started: {}", program, std::strerror(code)));
  }
  return pid;
}

// Reads once; false at the end.
bool ReadSome(int descriptor, std::string& into) {
  std::array<char, 65536> block;
  const ssize_t size = read(descriptor, block.data(), block.size());
  if (size > 0) into.append(block.data(), static_cast<size_t>(size));
  return size > 0 || (size < 0 && (errno == EINTR || errno == EAGAIN));
}

// The status of a process that is ending; one that closed its pipes and lives on after two seconds
// is killed.
int WaitForEnd(pid_t pid) {
  int status = 0;
  for (int i = 0; i < 200; ++i) {
    if (waitpid(pid, &status, WNOHANG) == pid) return status;
    usleep(10000);
  }
  kill(pid, SIGKILL);
  while (waitpid(pid, &status, 0) < 0 && errno == EINTR) {
  }
  return status;
}

}  // namespace

WorkerProcess::WorkerProcess(const std::string& program) {
  const Pipe requests = MakePipe();
  const Pipe replies = MakePipe();
  const Pipe errors = MakePipe();
  request_ = requests.write_end;
  reply_ = replies.read_end;
  error_ = errors.read_end;
  fcntl(error_, F_SETFL, O_NONBLOCK);
  const auto close_other_ends = [&] {
    close(requests.read_end);
    close(replies.write_end);
    close(errors.write_end);
  };
  try {
    pid_ = Spawn(program, requests, replies, errors);
  } catch (...) {
    close_other_ends();
    throw;
  }
  close_other_ends();
}

WorkerProcess::~WorkerProcess() {
  if (busy) Kill();
  close(request_);
  close(reply_);
  close(error_);
  if (pid_ > 0) waitpid(pid_, nullptr, 0);
}

bool WorkerProcess::Send(const Json& request) {
  const std::string line = request.dump(-1, ' ', false, Json::error_handler_t::replace) + "\n";
  std::string_view rest = line;
  while (!rest.empty()) {
    const ssize_t written = write(request_, rest.data(), rest.size());
    if (written < 0 && errno == EINTR) continue;
    if (written <= 0) return false;
    rest.remove_prefix(static_cast<size_t>(written));
  }
  return true;
}

bool WorkerProcess::ReadReplies() { return ReadSome(reply_, replies_); }

void WorkerProcess::ReadErrors() {
  ReadSome(error_, last_words_);
  if (last_words_.size() > kLastWords) last_words_.erase(0, last_words_.size() - kLastWords);
}

std::optional<std::string> WorkerProcess::NextLine() {
  const size_t end = replies_.find('\n');
  if (end == std::string::npos) return std::nullopt;
  std::string line = replies_.substr(0, end);
  replies_.erase(0, end + 1);
  return line;
}

void WorkerProcess::Kill() {
  if (pid_ > 0) kill(pid_, SIGKILL);
}

std::string WorkerProcess::DescribeEnd() {
  const int status = WaitForEnd(pid_);
  pid_ = -1;
  busy = false;
  // Everything that is still in the pipe, up to a read that brings nothing new.
  std::string before;
  do {
    before = last_words_;
    ReadErrors();
  } while (before != last_words_);
  std::string text = WIFSIGNALED(status)
                         ? fmt::format("the worker was ended by signal {} ({})",
                                       WTERMSIG(status),
                                       strsignal(WTERMSIG(status)))
                         : fmt::format("the worker ended with code {}", WEXITSTATUS(status));
  while (!last_words_.empty() && std::isspace(static_cast<unsigned char>(last_words_.back()))) {
    last_words_.pop_back();
  }
  // The last three lines are where libraries say what they could not stand.
  size_t start = last_words_.size();
  for (int line = 0; line < 3 && start != std::string::npos && start > 0; ++line) {
    start = last_words_.rfind('\n', start - 1);
  }
  if (start != std::string::npos && start < last_words_.size() && last_words_[start] == '\n') {
    ++start;
  }
  const std::string words = start == std::string::npos ? last_words_ : last_words_.substr(start);
  if (!words.empty()) text += fmt::format("; last words: {}", words);
  return text;
}

}  // namespace plumb
