// SPDX-License-Identifier: Apache-2.0
// A whole file in memory without a copy: pages come from the file when they are touched.
#pragma once

#include <cstdint>
#include <filesystem>
#include <span>

namespace plumb {

// What others rename into the file's place does not show; a file that another program cuts short
// while it is mapped ends this one (SIGBUS). Plumb's own writers only rename.
class MappedFile {
 public:
  // Throws InputError naming the path when it is no regular file or can't be opened or mapped.
  explicit MappedFile(const std::filesystem::path& path);
  ~MappedFile();
  MappedFile(const MappedFile&) = delete;
  MappedFile& operator=(const MappedFile&) = delete;

  // Page-aligned. Writing to them changes this process's view alone, never the file.
  std::span<uint8_t> bytes() const { return bytes_; }

  // Takes the pages that lie wholly within `part` out of memory. They come back from the file when
  // they are touched; what was written to them is lost.
  void Release(std::span<const uint8_t> part) const;

 private:
  std::span<uint8_t> bytes_;
};

}  // namespace plumb
