// SPDX-License-Identifier: Apache-2.0
// SHA-256: the name of everything that is stored by content.
#pragma once

#include <cstdint>
#include <filesystem>
#include <memory>
#include <span>
#include <string>
#include <string_view>

#include "core/json.h"
#include "core/video.h"

namespace plumb {

// Takes bytes piece by piece.
class Sha256 {
 public:
  Sha256();
  ~Sha256();
  void Add(std::span<const uint8_t> bytes);
  void Add(std::string_view text);
  // 64 hexadecimal digits; the object takes nothing more afterwards.
  std::string Finish();

 private:
  struct Impl;
  std::unique_ptr<Impl> impl_;
};

std::string DigestOf(std::string_view text);
// Of the JSON's text without white space: key order matters.
std::string DigestOfJson(const Json& json);
// Of size, stamps and pixels.
std::string DigestOf(const Video& video);
// Of a file's bytes. Throws InputError when it can't be read.
std::string DigestOfFile(const std::filesystem::path& path);
// Of the names and bytes of all regular files below a folder, in name order. Throws InputError when
// it can't be read.
std::string DigestOfFolder(const std::filesystem::path& folder);

}  // namespace plumb
