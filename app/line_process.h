// SPDX-License-Identifier: Apache-2.0
// An outside program that is spoken to in lines over its standard input and output. The end of what
// it writes to standard error is kept, to say why it failed.
#pragma once

#include <string>
#include <sys/types.h>
#include <vector>

#include "core/progress.h"

namespace plumb {

class LineProcess {
 public:
  // Starts argv[0], found on PATH, in the current folder. It ends with the thread that started it,
  // however that ends. Throws UsageError when it can't be started.
  explicit LineProcess(const std::vector<std::string>& argv);
  // Closes the program's input, waits up to two seconds for it to end, then ends it.
  ~LineProcess();
  LineProcess(const LineProcess&) = delete;
  LineProcess& operator=(const LineProcess&) = delete;

  // Every InputError below ends with the last lines of the program's standard error, if there are
  // any, and the program is ended.

  // Sends one line. Throws InputError when the program no longer reads.
  void Send(const std::string& line);
  // The next line without its end. Throws InputError when the program ends first, sends a line
  // longer than 1 MB or takes longer than `timeout_s`; CancelledError.
  std::string Receive(double timeout_s, const Progress& progress);
  // Throws InputError with `message`, for an answer that is none.
  [[noreturn]] void Fail(const std::string& message);

 private:
  bool Ended(int wait_ms);
  [[noreturn]] void FailBecauseEnded();
  void Kill();
  void ReadErrors();
  bool IsReady(int descriptor, short events);
  std::string LastWords() const;

  std::string name_;
  pid_t pid_ = -1;
  int to_ = -1;      // the program's standard input
  int from_ = -1;    // its standard output
  int errors_ = -1;  // its standard error
  int status_ = 0;   // as waitpid gave it, once ended
  std::string unread_;
  std::string last_words_;  // the end of its standard error
};

}  // namespace plumb
