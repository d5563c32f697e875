// SPDX-License-Identifier: Apache-2.0
// What people see: colour when it is wanted, and a progress line with rate and time left on
// standard error.
#pragma once

#include <chrono>
#include <string>
#include <string_view>

#include "core/progress.h"

namespace plumb {

enum class ColourMode { kAuto, kAlways, kNever };

// `mode` as given by --color; kAuto looks at NO_COLOR, FORCE_COLOR, TERM=dumb and whether the
// descriptor (1 output, 2 errors) is a terminal.
bool WantsColour(ColourMode mode, int descriptor);
// Set once by `main`; verbs ask UseColour().
void SetColourMode(ColourMode mode);
bool UseColour(int descriptor = 1);
// Columns of the terminal, 100 when there is none.
int TerminalWidth();
// Lines on standard error: plain, or "error:"/"warning:" in colour before them.
void PrintNote(std::string_view text);
void PrintWarning(std::string_view text);
void PrintError(std::string_view text);

// Texts from outside (file names, model answers) without control characters, so that they cannot
// steer a terminal.
std::string Printable(std::string_view text);

// "12 s", "3 min 20 s", "1 h 05 min".
std::string DurationText(double seconds);

// Shows nothing for the first two seconds, then one line that is rewritten on a terminal, or a line
// every 15 s when there is none. Not for several threads.
class ProgressLine {
 public:
  explicit ProgressLine(bool quiet = false);
  ~ProgressLine();  // wipes the line
  void Show(const std::string& what, int done, int total);
  // Wipes the line so that other text may be printed.
  void Clear();
  // A Progress that reports here and is cancelled by signals. Must not outlive this object.
  Progress AsProgress();

 private:
  using Clock = std::chrono::steady_clock;
  bool quiet_;
  bool terminal_;
  bool shown_ = false;
  Clock::time_point started_;
  Clock::time_point last_;
  // The rate is measured from the first report of a count: work done earlier (a resumed run) or for
  // another count (the stage before) is no part of it.
  Clock::time_point counting_since_;
  int first_done_ = 0;
  int last_done_ = 0;
  int last_total_ = -1;
};

}  // namespace plumb
