// SPDX-License-Identifier: Apache-2.0
#include "generator/weights/config_file.h"

#include <fstream>
#include <sstream>

namespace plumb {

Document ReadJsonFile(const std::filesystem::path& path, const std::string& need) {
  std::ifstream stream(path, std::ios::binary);
  if (!stream) throw InputError(path.string(), "cannot be opened; " + need);
  std::ostringstream text;
  text << stream.rdbuf();
  return ParseJsonDocument(text.str(), path.string());
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
