// SPDX-License-Identifier: Apache-2.0
// Broken assumptions: PLUMB_CHECK(condition, format, values…) throws CheckFailure with the values
// in its text.
#pragma once

#include <stdexcept>
#include <string>

#include <fmt/format.h>

namespace plumb {

// A mistake of the program itself, never of its input. Ends the program with exit code 6.
class CheckFailure : public std::logic_error {
 public:
  using std::logic_error::logic_error;
};

[[noreturn]] inline void FailCheck(const char* file,
                                   int line,
                                   const char* condition,
                                   const std::string& values) {
  throw CheckFailure(fmt::format(
      "{}:{}: {} does not hold{}{}", file, line, condition, values.empty() ? "" : ": ", values));
}

}  // namespace plumb

#define PLUMB_CHECK(condition, ...)                                                      \
  do {                                                                                   \
    if (!(condition)) {                                                                  \
      ::plumb::FailCheck(__FILE__, __LINE__, #condition, ::fmt::format("" __VA_ARGS__)); \
    }                                                                                    \
  } while (false)
