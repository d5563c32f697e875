// SPDX-License-Identifier: Apache-2.0
#include "generator/weights/config_file.h"

#include <fstream>
#include <sstream>

namespace plumb {
namespace {

// Python writes infinities as bare words, which JSON does not know: the largest numbers instead.
std::string WithoutInfinities(const std::string& text) {
  const std::string word = "Infinity";
  std::string result;
  bool in_string = false;
  for (size_t i = 0; i < text.size(); ++i) {
    if (text[i] == '"') in_string = !in_string;
    if (!in_string && text.compare(i, word.size(), word) == 0) {
      result += "1.7976931348623157e308";
      i += word.size() - 1;
      continue;
    }
    result += text[i];
    // What an escape stands before ends no string.
    if (in_string && text[i] == '\\' && i + 1 < text.size()) result += text[++i];
  }
  return result;
}

}  // namespace

Document ReadJsonFile(const std::filesystem::path& path, const std::string& need) {
  std::ifstream stream(path, std::ios::binary);
  if (!stream) throw InputError(path.string(), "cannot be opened; " + need);
  std::ostringstream text;
  text << stream.rdbuf();
  return ReadJsonText(text.str(), path.string());
}

Document ReadJsonText(const std::string& text, const std::string& place) {
  return ParseJsonDocument(WithoutInfinities(text), place);
}

void ThrowAsInputError(const std::filesystem::path& path, const UsageError& error) {
  const std::string text = error.what();
  const std::string place = path.string();
  // "case.json:2: key …" names the place already, with its line.
  const size_t colon = text.starts_with(place) ? text.find(": ", place.size()) : text.npos;
  if (colon == text.npos) throw InputError(place, text);
  throw InputError(text.substr(0, colon), text.substr(colon + 2));
}

}  // namespace plumb
