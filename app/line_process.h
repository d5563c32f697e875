// SPDX-License-Identifier: Apache-2.0
// An outside program that is spoken to in lines over its standard input and output.
#pragma once

#include <string>
#include <sys/types.h>
#include <vector>

#include "core/progress.h"

namespace plumb {

class LineProcess {
 public:
  // Starts argv[0], found on PATH, in the current folder; its standard error is ours.
  // Throws UsageError when it can't be started.
  explicit LineProcess(const std::vector<std::string>& argv);
  // Closes the program's input, waits up to two seconds for it to end, then ends it.
  ~LineProcess();
  LineProcess(const LineProcess&) = delete;
  LineProcess& operator=(const LineProcess&) = delete;

  // Sends one line. Throws InputError when the program no longer reads.
  void Send(const std::string& line);
  // The next line without its end. Throws InputError when the program ends first, sends a line
  // longer than 1 MB or takes longer than `timeout_s` (it is then ended); CancelledError.
  std::string Receive(double timeout_s, const Progress& progress);

 private:
  bool Ended(int wait_ms);
  [[noreturn]] void FailBecauseEnded();
  void Kill();

  std::string name_;
  pid_t pid_ = -1;
  int to_ = -1;     // the program's standard input
  int from_ = -1;   // its standard output
  int status_ = 0;  // as waitpid gave it, once ended
  std::string unread_;
};

}  // namespace plumb
