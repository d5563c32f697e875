// SPDX-License-Identifier: Apache-2.0
// One worker process with its three pipes.
#pragma once

#include <chrono>
#include <optional>
#include <string>
#include <sys/types.h>

#include "core/json.h"

namespace plumb {

class WorkerProcess {
 public:
  // Starts `program worker`. Throws EnvironmentError when it can't.
  explicit WorkerProcess(const std::string& program);
  // Closes its input and waits for its end; kills it when it is in the middle of something.
  ~WorkerProcess();
  WorkerProcess(const WorkerProcess&) = delete;
  WorkerProcess& operator=(const WorkerProcess&) = delete;

  int reply_descriptor() const { return reply_; }
  int error_descriptor() const { return error_; }
  // False when the process no longer reads.
  bool Send(const Json& request);
  // Takes what is there to read. False at the end of the replies: the process ended or is about to.
  bool ReadReplies();
  void ReadErrors();
  // The next whole reply line, if there is one.
  std::optional<std::string> NextLine();
  void Kill();
  // Waits for the end; "was ended by signal 9 (Killed); last words: …".
  std::string DescribeEnd();

  bool busy = false;

 private:
  pid_t pid_ = -1;
  int request_ = -1;
  int reply_ = -1;
  int error_ = -1;
  std::string replies_;
  std::string last_words_;
};

}  // namespace plumb
