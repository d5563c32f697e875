// SPDX-License-Identifier: Apache-2.0
// JSON files of checkpoints and cases. What is wrong with such a file is the file's fault, not the
// command line's.
#pragma once

#include <filesystem>
#include <string>

#include "core/document.h"
#include "core/errors.h"

namespace plumb {

// What the reader of a file found wrong with it, said as an InputError of that file.
[[noreturn]] void ThrowAsInputError(const std::filesystem::path& path, const UsageError& error);

// Python's Infinity is read as the largest number. Throws InputError when the file can't be opened
// (`need` says who asks for it) or is no JSON.
Document ReadJsonFile(const std::filesystem::path& path, const std::string& need);
// The same of a text; errors name `place`.
Document ReadJsonText(const std::string& text, const std::string& place);

// What `read` makes of the document; a UsageError of it becomes an InputError.
template <typename Read>
auto ReadConfig(const Document& document, Read read) {
  try {
    return read(document);
  } catch (const UsageError& error) {
    ThrowAsInputError(document.file, error);
  }
}

// The same of a file and of a text, whose place errors name.
template <typename Read>
auto ReadConfigFile(const std::filesystem::path& path, const std::string& need, Read read) {
  return ReadConfig(ReadJsonFile(path, need), read);
}
template <typename Read>
auto ReadConfigText(const std::string& text, const std::string& place, Read read) {
  return ReadConfig(ReadJsonText(text, place), read);
}

}  // namespace plumb
