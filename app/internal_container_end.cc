// SPDX-License-Identifier: Apache-2.0
#include "app/internal_container_end.h"

#include <algorithm>
#include <bit>
#include <cstdint>
#include <fstream>
#include <iterator>
#include <optional>

namespace plumb {
namespace {

// A complete GIF ends with ';', perhaps followed by padding zeros.
bool EndsWithGifTrailer(const std::filesystem::path& path) {
  std::ifstream file(path, std::ios::binary);
  const auto size = static_cast<std::streamoff>(std::filesystem::file_size(path));
  file.seekg(-std::min<std::streamoff>(4096, size), std::ios::end);
  std::string tail(std::istreambuf_iterator<char>(file), {});
  tail.erase(tail.find_last_not_of('\0') + 1);
  return tail.ends_with(';');
}

// An EBML number (RFC 8794, section 4): the leading zero bits say how many bytes follow. With the
// length marker kept it is an element's id, without it a size; a size of all ones means unknown.
std::optional<uint64_t> ReadNumber(std::istream& file, bool keep_marker) {
  const int first = file.get();
  if (first <= 0) return std::nullopt;
  const int length = std::countl_zero(static_cast<uint8_t>(first)) + 1;
  uint64_t value = keep_marker ? first : first & (0xFF >> length);
  uint64_t ones = 0xFF >> length;
  for (int i = 1; i < length; ++i) {
    const int byte = file.get();
    if (byte < 0) return std::nullopt;
    value = value << 8 | static_cast<uint64_t>(byte);
    ones = ones << 8 | 0xFF;
  }
  if (!keep_marker && value == ones) return std::nullopt;
  return value;
}

bool SegmentFits(const std::filesystem::path& path) {
  constexpr uint64_t kSegment = 0x18538067;
  std::ifstream file(path, std::ios::binary);
  const uint64_t file_size = std::filesystem::file_size(path);
  // The header, perhaps some padding, then the segment that holds everything else.
  for (int element = 0; element < 8; ++element) {
    const auto id = ReadNumber(file, /*keep_marker=*/true);
    const auto size = ReadNumber(file, /*keep_marker=*/false);
    if (!id || !size) return true;
    const auto begin = static_cast<uint64_t>(file.tellg());
    if (*size > file_size - begin) return false;
    if (*id == kSegment) return true;
    file.seekg(static_cast<std::streamoff>(begin + *size));
  }
  return true;
}

}  // namespace

bool EndsWhereItShould(const std::filesystem::path& path, const std::string& format) {
  if (format == "gif") return EndsWithGifTrailer(path);
  if (format.starts_with("matroska")) return SegmentFits(path);
  return true;
}

}  // namespace plumb
