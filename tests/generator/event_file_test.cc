// SPDX-License-Identifier: Apache-2.0
#include <cstring>
#include <map>
#include <vector>

#include <gtest/gtest.h>

#include "core/errors.h"
#include "generator/training/internal_event_file.h"
#include "tests/paths.h"
#include "tests/test_folder.h"

namespace plumb {
namespace {

// A reader written from the formats' descriptions, apart from the writer.
template <typename T>
T Take(std::string_view& bytes) {
  T value;
  EXPECT_GE(bytes.size(), sizeof(T));
  std::memcpy(&value, bytes.data(), sizeof(T));
  bytes.remove_prefix(sizeof(T));
  return value;
}

std::vector<std::string> Records(const std::string& file) {
  std::vector<std::string> records;
  for (std::string_view rest = file; !rest.empty();) {
    const std::string_view length_bytes = rest.substr(0, 8);
    const auto length = Take<uint64_t>(rest);
    EXPECT_EQ(Take<uint32_t>(rest), MaskedCrc32c(length_bytes));
    records.emplace_back(rest.substr(0, length));
    rest.remove_prefix(length);
    EXPECT_EQ(Take<uint32_t>(rest), MaskedCrc32c(records.back()));
  }
  return records;
}

uint64_t TakeVarint(std::string_view& bytes) {
  uint64_t value = 0;
  for (int shift = 0;; shift += 7) {
    const auto byte = Take<uint8_t>(bytes);
    value |= static_cast<uint64_t>(byte & 0x7f) << shift;
    if (byte < 0x80) return value;
  }
}

// The fields of a protobuf message: numbers as their eight or four bytes, varints as eight.
std::map<int, std::string> Fields(std::string_view bytes) {
  std::map<int, std::string> fields;
  while (!bytes.empty()) {
    const uint64_t key = TakeVarint(bytes);
    const uint64_t wire_type = key & 7;
    size_t size = wire_type == 1 ? 8 : 4;
    if (wire_type == 0) {
      const uint64_t value = TakeVarint(bytes);
      fields[static_cast<int>(key >> 3)] = std::string(reinterpret_cast<const char*>(&value), 8);
      continue;
    }
    if (wire_type == 2) size = TakeVarint(bytes);
    fields[static_cast<int>(key >> 3)] = std::string(bytes.substr(0, size));
    bytes.remove_prefix(size);
  }
  return fields;
}

template <typename T>
T As(const std::string& bytes) {
  T value;
  std::memcpy(&value, bytes.data(), sizeof(T));
  return value;
}

class EventFileTest : public testing::Test {
 protected:
  std::string Text() const { return FileText(path_); }

  TestFolder folder_;
  const std::filesystem::path path_ = folder_ / "events.out.tfevents.plumb";
};

TEST_F(EventFileTest, ChecksumIsTheStandardsOne) {
  // RFC 3720, B.4.
  EXPECT_EQ(Crc32c("123456789"), 0xe3069283U);
  EXPECT_EQ(Crc32c(std::string(32, '\0')), 0x8a9136aaU);
  EXPECT_EQ(Crc32c(std::string(32, '\xff')), 0x62a8ab43U);
  EXPECT_EQ(Crc32c(""), 0U);
  // ((c >> 15) | (c << 17)) + 0xa282ead8.
  EXPECT_EQ(MaskedCrc32c("123456789"), 0xc78ab0e5U);
}

TEST_F(EventFileTest, ScalarsComeBackAsTheyWere) {
  EventFile events(path_, 0, 1000.5);
  events.AddScalar("dit/loss", 0.25, {.step = 300, .wall_s = 1001.25});
  const auto records = Records(Text());
  ASSERT_EQ(records.size(), 2U);
  const auto first = Fields(records[0]);
  EXPECT_EQ(first.at(3), "brain.Event:2");
  EXPECT_EQ(As<double>(first.at(1)), 1000.5);
  auto event = Fields(records[1]);
  EXPECT_EQ(As<double>(event.at(1)), 1001.25);
  EXPECT_EQ(As<int64_t>(event.at(2)), 300);
  const auto value = Fields(Fields(event.at(5)).at(1));
  EXPECT_EQ(value.at(1), "dit/loss");
  EXPECT_EQ(As<float>(value.at(2)), 0.25F);
}

TEST_F(EventFileTest, PicturesCarryTheirSizeAndBytes) {
  std::string png("\x89PNG\0\001", 6);
  png.append(300, 'x');
  EventFile(path_, 0, 0).AddPicture("samples", {640, 128, png}, {.step = 7});
  const auto value = Fields(Fields(Fields(Records(Text()).back()).at(5)).at(1));
  EXPECT_EQ(value.at(1), "samples");
  const auto image = Fields(value.at(4));
  EXPECT_EQ(As<int64_t>(image.at(1)), 128);
  EXPECT_EQ(As<int64_t>(image.at(2)), 640);
  EXPECT_EQ(As<int64_t>(image.at(3)), 3);
  EXPECT_EQ(image.at(4), png);
}

TEST_F(EventFileTest, GoesOnBehindTheBytesThatCount) {
  int64_t kept = 0;
  {
    EventFile events(path_, 0, 1);
    events.AddScalar("loss", 3, {1, 2});
    kept = events.bytes();
    events.AddScalar("loss", 2, {2, 3});  // after the last saved state
  }
  const std::string whole = Text();
  EXPECT_GT(static_cast<int64_t>(whole.size()), kept);
  {
    EventFile again(path_, kept, 9);
    EXPECT_EQ(again.bytes(), kept);
    again.AddScalar("loss", 2, {2, 3});
  }
  EXPECT_TRUE(Text() == whole);
}

TEST_F(EventFileTest, AShorterOrMissingFileIsBegunAnew) {
  const int64_t bytes = EventFile(path_, 5000, 1).bytes();
  EXPECT_EQ(bytes, static_cast<int64_t>(std::filesystem::file_size(path_)));
  const std::string fresh = Text();
  EXPECT_EQ(Records(fresh).size(), 1U);
  std::filesystem::resize_file(path_, 10);
  const EventFile again(path_, static_cast<int64_t>(fresh.size()), 1);
  EXPECT_TRUE(Text() == fresh);
}

TEST_F(EventFileTest, AFileThatCannotBeWrittenIsTheEnvironments) {
  EXPECT_THROW(EventFile(folder_ / "missing/events", 0, 0), EnvironmentError);
}

}  // namespace
}  // namespace plumb
