// SPDX-License-Identifier: Apache-2.0
#include "app/published/internal_text_lines.h"

#include <charconv>
#include <cmath>
#include <fstream>
#include <sstream>
#include <system_error>

#include <fmt/format.h>

#include "core/errors.h"

namespace plumb {
namespace {

constexpr uintmax_t kMaxBytes = uintmax_t{1} << 30;

std::vector<std::string> Cut(const std::string& text, char separator) {
  std::vector<std::string> words;
  if (separator == ' ') {
    std::istringstream stream(text);
    for (std::string word; stream >> word;) words.push_back(word);
    return words;
  }
  for (size_t from = 0; from <= text.size();) {
    const size_t to = std::min(text.find(separator, from), text.size());
    words.push_back(text.substr(from, to - from));
    from = to + 1;
  }
  return words;
}

template <typename Value>
bool Parse(const std::string& word, Value& value) {
  const char* end = word.data() + word.size();
  const auto [stopped, error] = std::from_chars(word.data(), end, value);
  return error == std::errc() && stopped == end;
}

}  // namespace

void TextLine::Fail(const std::string& message) const {
  throw InputError(fmt::format("{}:{}", file, number), message);
}

double TextLine::Number(size_t index) const {
  double value = 0.0;
  if (!Parse(words.at(index), value) || !std::isfinite(value)) {
    Fail(fmt::format("'{}' is no finite number", words[index]));
  }
  return value;
}

uint64_t TextLine::Index(size_t index) const {
  uint64_t value = 0;
  if (!Parse(words.at(index), value)) {
    Fail(fmt::format("'{}' is no whole number of 0 or more", words[index]));
  }
  return value;
}

std::vector<TextLine> ReadTextLines(const std::filesystem::path& path, char separator) {
  std::error_code error;
  if (!std::filesystem::is_regular_file(path, error)) {
    throw InputError(path.string(), "is no file that can be read");
  }
  if (std::filesystem::file_size(path, error) > kMaxBytes) {
    throw InputError(path.string(), "is larger than 1 GB");
  }
  std::ifstream stream(path, std::ios::binary);
  if (!stream) throw InputError(path.string(), "can't be opened");
  std::vector<TextLine> lines;
  for (std::string text; std::getline(stream, text);) {
    if (lines.empty() && text.starts_with("\xEF\xBB\xBF")) text.erase(0, 3);
    if (text.ends_with('\r')) text.pop_back();
    std::vector<std::string> words = Cut(text, separator);
    const int number = static_cast<int>(lines.size()) + 1;
    lines.push_back({path.string(), number, std::move(text), std::move(words)});
  }
  return lines;
}

}  // namespace plumb
