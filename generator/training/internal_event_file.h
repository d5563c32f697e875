// SPDX-License-Identifier: Apache-2.0
// A log that TensorBoard reads. Records: TFRecord (tensorflow/core/lib/io/record_writer.h); their
// content: Event of tensorflow/core/util/event.proto, as protobuf wire format. No library of
// either.
#pragma once

#include <cstdint>
#include <filesystem>
#include <fstream>
#include <string>
#include <string_view>

namespace plumb {

// CRC-32C (Castagnoli; RFC 3720, B.4), and as TFRecord stores it: turned by 15 bits, plus a
// constant.
uint32_t Crc32c(std::string_view bytes);
uint32_t MaskedCrc32c(std::string_view bytes);

// Where a value stands: step of the training, seconds since 1970.
struct EventTime {
  int64_t step = 0;
  double wall_s = 0.0;
};

struct EventPicture {
  int width = 0;
  int height = 0;
  std::string png;
};

class EventFile {
 public:
  // Goes on behind the first `kept_bytes` of the file and cuts what follows; a file that is missing
  // or shorter is begun anew. Throws EnvironmentError when it can't be written.
  EventFile(const std::filesystem::path& path, int64_t kept_bytes, double wall_s);

  // Each is in the file when the call returns.
  void AddScalar(const std::string& tag, double value, const EventTime& time);
  void AddPicture(const std::string& tag, const EventPicture& picture, const EventTime& time);

  int64_t bytes() const { return bytes_; }

 private:
  void Append(const std::string& event);
  std::filesystem::path path_;
  std::ofstream stream_;
  int64_t bytes_ = 0;
};

}  // namespace plumb
