// SPDX-License-Identifier: Apache-2.0
// Lines of a text file cut into words, each knowing where it stands.
#pragma once

#include <cstdint>
#include <filesystem>
#include <string>
#include <vector>

namespace plumb {

struct TextLine {
  std::string file;
  int number = 0;  // from 1
  std::string text;
  std::vector<std::string> words;

  [[noreturn]] void Fail(const std::string& message) const;  // InputError "file:number: …"
  // Word `index` as a finite number, or as a whole number ≥ 0.
  double Number(size_t index) const;
  uint64_t Index(size_t index) const;
};

// All lines, words cut at `separator` (a blank stands for any run of blanks and tabs). Without its
// line end, CR included; a byte order mark is left out. Throws InputError when the file can't be
// read or is larger than 1 GB.
std::vector<TextLine> ReadTextLines(const std::filesystem::path& path, char separator);

}  // namespace plumb
