// SPDX-License-Identifier: Apache-2.0
// Failures a user can do something about. Each carries the exit code that `main` ends with.
#pragma once

#include <stdexcept>
#include <string>

namespace plumb {

// Exit codes of the command line; scripts and cluster policies act on them.
enum class ExitCode {
  kOk = 0,             // done, gates passed
  kGateFailed = 1,     // done, a gate failed (regression, threshold)
  kUsage = 2,          // usage or configuration error
  kIncomplete = 3,     // cells missing or failed, or nothing measured
  kInputRejected = 4,  // weights, scene, video or manifest refused
  kEnvironment = 5,    // no GPU, disk full, database away
  kInternal = 6,       // broken assumption inside Plumb
  kInterrupted = 130,  // Ctrl-C; state saved
  kTerminated = 143,   // SIGTERM; state saved
};

class Error : public std::runtime_error {
 public:
  Error(ExitCode exit_code, const std::string& message)
      : std::runtime_error(message), exit_code_(exit_code) {}
  ExitCode exit_code() const { return exit_code_; }

 private:
  ExitCode exit_code_;
};

// A command line or configuration that makes no sense: unknown flag, unknown scenario, misspelt
// key.
class UsageError : public Error {
 public:
  explicit UsageError(const std::string& message) : Error(ExitCode::kUsage, message) {}
};

// A file that cannot be accepted. `place` names it: "clip.mp4", "suite.yaml:12", "weights:
// blocks.3.w".
class InputError : public Error {
 public:
  InputError(const std::string& place, const std::string& message)
      : Error(ExitCode::kInputRejected, place + ": " + message) {}
};

// The machine lacks something: disk space, a device, a writable folder.
class EnvironmentError : public Error {
 public:
  explicit EnvironmentError(const std::string& message) : Error(ExitCode::kEnvironment, message) {}
};

// Thrown by long computations after Progress::Cancelled() turned true.
class CancelledError : public Error {
 public:
  CancelledError() : Error(ExitCode::kInterrupted, "interrupted") {}
};

}  // namespace plumb
