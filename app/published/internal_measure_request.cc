// SPDX-License-Identifier: Apache-2.0
#include "app/published/internal_measure_request.h"

#include <charconv>
#include <cmath>
#include <limits>

#include <fmt/format.h>

#include "core/errors.h"

namespace plumb {

namespace fs = std::filesystem;

fs::path PathFrom(const MeasureRequest& request, const Json& value, const std::string& name) {
  if (!value.is_string()) throw UsageError(fmt::format("input '{}' is no path", name));
  return request.folder / value.get<std::string>();
}

fs::path PathOf(const MeasureRequest& request, const std::string& name) {
  return PathFrom(request, request.inputs.at(name), name);
}

double NumberSetting(const MeasureRequest& request, const std::string& key, double fallback) {
  if (!request.settings.contains(key)) return fallback;
  const Json& value = request.settings[key];
  if (!value.is_number() || !(value.get<double>() > 0) || !std::isfinite(value.get<double>())) {
    throw UsageError(
        fmt::format("setting '{}' is {}, a number above 0 is needed", key, value.dump()));
  }
  return value.get<double>();
}

int CountSetting(const MeasureRequest& request, const std::string& key, int fallback) {
  const double value = NumberSetting(request, key, fallback);
  if (value != std::floor(value) || value > std::numeric_limits<int>::max()) {
    throw UsageError(fmt::format("setting '{}' is {}, a whole number is needed", key, value));
  }
  return static_cast<int>(value);
}

std::vector<std::string> ListSetting(const MeasureRequest& request, const std::string& key) {
  std::vector<std::string> words;
  if (!request.settings.contains(key)) return words;
  const Json& value = request.settings[key];
  const std::string text = value.is_string()   ? value.get<std::string>()
                           : value.is_number() ? fmt::format("{}", value.get<double>())
                                               : value.dump();
  for (size_t from = 0; from <= text.size();) {
    const size_t to = std::min(text.find(',', from), text.size());
    words.push_back(text.substr(from, to - from));
    from = to + 1;
  }
  return words;
}

std::string Between(const std::string& text, const std::string& after, const std::string& before) {
  const size_t from = text.find(after);
  if (from == std::string::npos) return "";
  const size_t start = from + after.size();
  const size_t end = before.empty() ? text.size() : text.find(before, start);
  return end == std::string::npos ? "" : text.substr(start, end - start);
}

std::optional<double> NumberIn(const std::string& text) {
  double value = 0.0;
  const char* end = text.data() + text.size();
  const auto [stopped, error] = std::from_chars(text.data(), end, value);
  const bool is_number = error == std::errc() && stopped == end && std::isfinite(value);
  return is_number && value > 0 ? std::optional(value) : std::nullopt;
}

}  // namespace plumb
