// SPDX-License-Identifier: Apache-2.0
#include <array>
#include <bit>
#include <cstring>

#include <fmt/format.h>

#include "core/errors.h"
#include "generator/training/internal_event_file.h"

namespace plumb {
namespace {

constexpr std::array<uint32_t, 256> MakeTable() {
  std::array<uint32_t, 256> table{};
  for (uint32_t byte = 0; byte < 256; ++byte) {
    uint32_t value = byte;
    for (int bit = 0; bit < 8; ++bit) value = (value >> 1) ^ ((value & 1) != 0 ? 0x82f63b78U : 0U);
    table[byte] = value;
  }
  return table;
}

// The value's bytes, least significant first.
template <typename T>
std::string LittleEndian(T value) {
  static_assert(std::endian::native == std::endian::little);
  std::string bytes(sizeof(T), '\0');
  std::memcpy(bytes.data(), &value, sizeof(T));
  return bytes;
}

// Protobuf's wire types: varint 0, eight bytes 1, a length and bytes 2, four bytes 5.
std::string Varint(uint64_t value) {
  std::string bytes;
  for (; value >= 0x80; value >>= 7) bytes += static_cast<char>((value & 0x7f) | 0x80);
  return bytes + static_cast<char>(value);
}
std::string Key(int field, int wire_type) {
  return Varint(static_cast<uint64_t>(field) << 3 | static_cast<uint64_t>(wire_type));
}
std::string IntegerField(int field, int64_t value) {
  return Key(field, 0) + Varint(static_cast<uint64_t>(value));
}
std::string DoubleField(int field, double value) { return Key(field, 1) + LittleEndian(value); }
std::string BytesField(int field, const std::string& bytes) {
  return Key(field, 2) + Varint(bytes.size()) + bytes;
}
std::string FloatField(int field, float value) { return Key(field, 5) + LittleEndian(value); }

// Event: wall_time 1, step 2, file_version 3, summary 5. Summary: value 1. Value: tag 1,
// simple_value 2, image 4. Image: height 1, width 2, colorspace 3, encoded_image_string 4.
std::string SummaryEvent(const std::string& tag,
                         const std::string& content,
                         const EventTime& time) {
  const std::string value = BytesField(1, tag) + content;
  return DoubleField(1, time.wall_s) + IntegerField(2, time.step) +
         BytesField(5, BytesField(1, value));
}

}  // namespace

uint32_t Crc32c(std::string_view bytes) {
  static constexpr std::array<uint32_t, 256> kTable = MakeTable();
  uint32_t crc = 0xffffffffU;
  for (const char byte : bytes) {
    crc = kTable[(crc ^ static_cast<uint8_t>(byte)) & 0xff] ^ (crc >> 8);
  }
  return crc ^ 0xffffffffU;
}

uint32_t MaskedCrc32c(std::string_view bytes) { return std::rotr(Crc32c(bytes), 15) + 0xa282ead8U; }

EventFile::EventFile(const std::filesystem::path& path, int64_t kept_bytes, double wall_s)
    : path_(path) {
  std::error_code error;
  const auto size = std::filesystem::file_size(path, error);
  const bool goes_on = !error && kept_bytes > 0 && size >= static_cast<uintmax_t>(kept_bytes);
  if (goes_on) {
    std::filesystem::resize_file(path, static_cast<uintmax_t>(kept_bytes), error);
    if (error) throw EnvironmentError(fmt::format("{}: {}", path.string(), error.message()));
    bytes_ = kept_bytes;
  }
  stream_.open(path, std::ios::binary | (goes_on ? std::ios::app : std::ios::trunc));
  if (!goes_on) Append(DoubleField(1, wall_s) + BytesField(3, "brain.Event:2"));
}

void EventFile::AddScalar(const std::string& tag, double value, const EventTime& time) {
  Append(SummaryEvent(tag, FloatField(2, static_cast<float>(value)), time));
}

void EventFile::AddPicture(const std::string& tag,
                           const EventPicture& picture,
                           const EventTime& time) {
  constexpr int kRgb = 3;
  const std::string image = IntegerField(1, picture.height) + IntegerField(2, picture.width) +
                            IntegerField(3, kRgb) + BytesField(4, picture.png);
  Append(SummaryEvent(tag, BytesField(4, image), time));
}

void EventFile::Append(const std::string& event) {
  const std::string length = LittleEndian(static_cast<uint64_t>(event.size()));
  const std::string record =
      length + LittleEndian(MaskedCrc32c(length)) + event + LittleEndian(MaskedCrc32c(event));
  stream_.write(record.data(), static_cast<std::streamsize>(record.size()));
  stream_.flush();
  if (!stream_) throw EnvironmentError(fmt::format("{} can't be written", path_.string()));
  bytes_ += static_cast<int64_t>(record.size());
}

}  // namespace plumb
