// SPDX-License-Identifier: Apache-2.0
#include "app/terminal.h"

#include <cmath>
#include <cstdio>
#include <cstdlib>
#include <sys/ioctl.h>
#include <unistd.h>

#include <fmt/format.h>

#include "app/signals.h"

namespace plumb {
namespace {

using namespace std::chrono_literals;

ColourMode colour_mode = ColourMode::kAuto;

bool IsSet(const char* name) {
  const char* value = std::getenv(name);
  return value != nullptr && *value != '\0';
}

void PrintMarked(std::string_view mark, std::string_view colour, std::string_view text) {
  const bool coloured = UseColour(2);
  fmt::print(stderr, "{}{}{} {}\n", coloured ? colour : "", mark, coloured ? "\x1b[0m" : "", text);
}

double SecondsBetween(std::chrono::steady_clock::time_point from,
                      std::chrono::steady_clock::time_point to) {
  return std::chrono::duration<double>(to - from).count();
}

// "12 of 48 (25 %), 1.3 a second, 40 s left"; `fresh` of the done ones took `seconds`.
std::string RateText(int done, int total, int fresh, double seconds) {
  if (total <= 0) return done > 0 ? fmt::format("{}", done) : std::string();
  std::string text = fmt::format("{} of {} ({} %)", done, total, 100 * done / total);
  if (fresh > 0 && done < total) {
    const double rate = fresh / seconds;
    text += rate >= 1.0 ? fmt::format(", {:.1f} a second", rate)
                        : fmt::format(", {:.1f} a minute", 60.0 * rate);
    text += fmt::format(", {} left", DurationText((total - done) / rate));
  }
  return text;
}

}  // namespace

bool WantsColour(ColourMode mode, int descriptor) {
  if (mode != ColourMode::kAuto) return mode == ColourMode::kAlways;
  if (IsSet("NO_COLOR")) return false;
  if (IsSet("FORCE_COLOR")) return std::string_view(std::getenv("FORCE_COLOR")) != "0";
  const char* term = std::getenv("TERM");
  if (term != nullptr && std::string_view(term) == "dumb") return false;
  return isatty(descriptor) == 1;
}

void SetColourMode(ColourMode mode) { colour_mode = mode; }

bool UseColour(int descriptor) { return WantsColour(colour_mode, descriptor); }

int TerminalWidth() {
  winsize size = {};
  if (ioctl(STDOUT_FILENO, TIOCGWINSZ, &size) == 0 && size.ws_col >= 40) return size.ws_col;
  return 100;
}

void PrintNote(std::string_view text) { fmt::print(stderr, "{}\n", text); }

void PrintWarning(std::string_view text) { PrintMarked("warning:", "\x1b[33m", text); }

void PrintError(std::string_view text) { PrintMarked("error:", "\x1b[31m", text); }

std::string Printable(std::string_view text) {
  std::string out;
  for (size_t i = 0; i < text.size(); ++i) {
    const auto byte = static_cast<unsigned char>(text[i]);
    const bool c1 = byte == 0xC2 && i + 1 < text.size() &&
                    static_cast<unsigned char>(text[i + 1]) >= 0x80 &&
                    static_cast<unsigned char>(text[i + 1]) < 0xA0;
    if (c1) {
      out += '?';
      ++i;
    } else if ((byte < 0x20 && byte != '\n') || byte == 0x7F) {
      out += byte == '\t' ? ' ' : '?';
    } else {
      out += text[i];
    }
  }
  return out;
}

std::string DurationText(double seconds) {
  const auto whole = static_cast<int64_t>(std::llround(std::max(0.0, seconds)));
  if (whole < 60) return fmt::format("{} s", whole);
  if (whole < 3600) return fmt::format("{} min {:02} s", whole / 60, whole % 60);
  return fmt::format("{} h {:02} min", whole / 3600, whole / 60 % 60);
}

ProgressLine::ProgressLine(bool quiet)
    : quiet_(quiet),
      terminal_(isatty(STDERR_FILENO) == 1),
      started_(Clock::now()),
      last_(started_) {}

ProgressLine::~ProgressLine() { Clear(); }

void ProgressLine::Show(const std::string& what, int done, int total) {
  const auto now = Clock::now();
  if (total != last_total_ || done < last_done_) {
    counting_since_ = now;
    first_done_ = done;
  }
  last_total_ = total;
  last_done_ = done;
  const auto pause = terminal_ ? 100ms : 15000ms;
  const bool early = now - started_ < 2s;
  // The first line comes after two seconds, the next ones in a steady beat.
  if (quiet_ || early || (last_ != started_ && now - last_ < pause)) return;
  last_ = now;
  const std::string rate =
      RateText(done, total, done - first_done_, SecondsBetween(counting_since_, now));
  const std::string text = Printable(what) + (rate.empty() ? "" : ": " + rate);
  if (!terminal_) {
    fmt::print(stderr, "{}\n", text);
    return;
  }
  const size_t width = static_cast<size_t>(std::max(20, TerminalWidth() - 1));
  fmt::print(stderr, "\r\x1b[K{}", text.substr(0, width));
  std::fflush(stderr);
  shown_ = true;
}

void ProgressLine::Clear() {
  if (!shown_) return;
  fmt::print(stderr, "\r\x1b[K");
  std::fflush(stderr);
  shown_ = false;
}

Progress ProgressLine::AsProgress() {
  Progress progress;
  progress.report = [this](const std::string& what, int done, int total) {
    Show(what, done, total);
  };
  progress.cancelled = StopRequested;
  return progress;
}

}  // namespace plumb
