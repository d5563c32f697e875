// SPDX-License-Identifier: Apache-2.0
// A check for options of the command line.
#pragma once

#include <cmath>
#include <string>

#include <CLI/CLI.hpp>

namespace plumb {

// For check() of an option: a finite number above 0. CLI11's own lets "nan" through.
inline CLI::Validator PositiveNumber() {
  const auto problem = [](std::string& text) -> std::string {
    double value = 0.0;
    const bool is_number = CLI::detail::lexical_cast(text, value);
    return is_number && std::isfinite(value) && value > 0.0 ? "" : text + " is no number above 0";
  };
  return {problem, "POSITIVE"};
}

}  // namespace plumb
