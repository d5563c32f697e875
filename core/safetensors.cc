// SPDX-License-Identifier: Apache-2.0
#include "core/safetensors.h"

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <fcntl.h>
#include <fstream>
#include <unistd.h>
#include <vector>

#include "core/document.h"
#include "core/errors.h"

namespace plumb {
namespace {

constexpr uint64_t kMaxHeaderBytes = 100'000'000;

struct Entry {
  std::string name;
  DType dtype = DType::kF32;
  std::vector<int64_t> shape;
  uint64_t begin = 0;
  uint64_t end = 0;
};

std::string Place(const std::string& place, const std::string& name) {
  return fmt::format("{}: tensor '{}'", place, name);
}

std::vector<int64_t> ReadShape(const Json& json, const std::string& place) {
  std::vector<int64_t> shape;
  for (const Json& extent : json) {
    if (!extent.is_number_unsigned()) throw InputError(place, "shape must be a list of sizes");
    const auto size = extent.get<uint64_t>();
    if (size > (uint64_t{1} << 48))
      throw InputError(place, fmt::format("extent {} is absurd", size));
    shape.push_back(static_cast<int64_t>(size));
  }
  return shape;
}

Entry ReadEntry(const std::string& name, const Json& json, const std::string& file_place) {
  const std::string place = Place(file_place, name);
  if (!json.is_object() || json.size() != 3 || !json.contains("dtype") || !json.contains("shape") ||
      !json.contains("data_offsets")) {
    throw InputError(place, "expected exactly dtype, shape and data_offsets");
  }
  Entry entry;
  entry.name = name;
  if (!json["dtype"].is_string()) throw InputError(place, "dtype must be a text");
  try {
    entry.dtype = DTypeFromName(json["dtype"].get<std::string>());
  } catch (const CheckFailure&) {
    throw InputError(place, fmt::format("dtype {} is not supported", json["dtype"].dump()));
  }
  if (!json["shape"].is_array()) throw InputError(place, "shape must be a list of sizes");
  entry.shape = ReadShape(json["shape"], place);
  const Json& offsets = json["data_offsets"];
  if (!offsets.is_array() || offsets.size() != 2 || !offsets[0].is_number_unsigned() ||
      !offsets[1].is_number_unsigned()) {
    throw InputError(place, "data_offsets must be two whole numbers");
  }
  entry.begin = offsets[0].get<uint64_t>();
  entry.end = offsets[1].get<uint64_t>();
  return entry;
}

// Offsets must tile the buffer: no hole, no overlap, nothing left, and each span as long as type
// and shape demand.
void CheckLayout(std::vector<Entry> entries, uint64_t buffer_size, const std::string& place) {
  std::sort(entries.begin(), entries.end(), [](const Entry& a, const Entry& b) {
    return std::tie(a.begin, a.end) < std::tie(b.begin, b.end);
  });
  uint64_t at = 0;
  for (const Entry& entry : entries) {
    if (entry.begin != at || entry.end < entry.begin || entry.end > buffer_size) {
      throw InputError(
          Place(place, entry.name),
          fmt::format("data_offsets {}–{} overlap, leave a hole or pass the end ({} bytes)",
                      entry.begin,
                      entry.end,
                      buffer_size));
    }
    uint64_t needed = ByteSize(entry.dtype);
    for (const int64_t extent : entry.shape) {
      if (__builtin_mul_overflow(needed, static_cast<uint64_t>(extent), &needed)) {
        throw InputError(Place(place, entry.name), "shape overflows");
      }
    }
    if (needed != entry.end - entry.begin) {
      throw InputError(
          Place(place, entry.name),
          fmt::format(
              "{} bytes stored, type and shape demand {}", entry.end - entry.begin, needed));
    }
    at = entry.end;
  }
  if (at != buffer_size) {
    throw InputError(place, fmt::format("{} bytes behind the last tensor", buffer_size - at));
  }
}

std::map<std::string, std::string> ReadMetadata(const Json& json, const std::string& place) {
  std::map<std::string, std::string> metadata;
  if (!json.is_object()) throw InputError(place, "__metadata__ must be an object of texts");
  for (const auto& [key, value] : json.items()) {
    if (!value.is_string()) throw InputError(place, "__metadata__ must be an object of texts");
    metadata[key] = value.get<std::string>();
  }
  return metadata;
}

// The order of tensors in the file.
std::vector<const std::pair<const std::string, Tensor>*> FileOrder(const Safetensors& contents) {
  std::vector<const std::pair<const std::string, Tensor>*> order;
  for (const auto& named : contents.tensors) order.push_back(&named);
  std::stable_sort(order.begin(), order.end(), [](const auto* a, const auto* b) {
    return ByteSize(a->second.dtype()) > ByteSize(b->second.dtype());
  });
  return order;
}

std::string EncodeHeader(const Safetensors& contents) {
  Json header = Json::object();
  if (!contents.metadata.empty()) {
    for (const auto& [key, value] : contents.metadata) header["__metadata__"][key] = value;
  }
  uint64_t at = 0;
  for (const auto* named : FileOrder(contents)) {
    const auto& [name, tensor] = *named;
    header[name] = {{"dtype", DTypeName(tensor.dtype())},
                    {"shape", tensor.shape()},
                    {"data_offsets", {at, at + tensor.bytes().size()}}};
    at += tensor.bytes().size();
  }
  std::string text = header.dump();
  text.append((8 - text.size() % 8) % 8, ' ');
  return text;
}

void WriteAll(int descriptor, const void* data, size_t size, const std::string& place) {
  const char* at = static_cast<const char*>(data);
  while (size > 0) {
    const ssize_t written = ::write(descriptor, at, size);
    if (written < 0 && errno == EINTR) continue;
    if (written < 0) throw EnvironmentError(fmt::format("{}: {}", place, std::strerror(errno)));
    at += written;
    size -= static_cast<size_t>(written);
  }
}

void WriteContents(int descriptor, const Safetensors& contents, const std::string& place) {
  const std::string header = EncodeHeader(contents);
  const uint64_t header_size = header.size();
  WriteAll(descriptor, &header_size, sizeof header_size, place);
  WriteAll(descriptor, header.data(), header.size(), place);
  for (const auto* named : FileOrder(contents)) {
    WriteAll(descriptor, named->second.bytes().data(), named->second.bytes().size(), place);
  }
  if (::fsync(descriptor) != 0) {
    throw EnvironmentError(fmt::format("{}: {}", place, std::strerror(errno)));
  }
}

}  // namespace

Safetensors ParseSafetensors(std::span<const uint8_t> bytes, const std::string& place) {
  uint64_t header_size = 0;
  if (bytes.size() < sizeof header_size) throw InputError(place, "shorter than 8 bytes");
  std::memcpy(&header_size, bytes.data(), sizeof header_size);
  if (header_size > kMaxHeaderBytes || header_size > bytes.size() - sizeof header_size) {
    throw InputError(place,
                     fmt::format("header of {} bytes in a file of {}", header_size, bytes.size()));
  }
  const std::span<const uint8_t> buffer = bytes.subspan(sizeof header_size + header_size);
  const char* header_text = reinterpret_cast<const char*>(bytes.data()) + sizeof header_size;
  const Document header = ParseJsonDocument({header_text, header_size}, place);
  if (!header.root.is_object()) throw InputError(place, "the header is no JSON object");

  Safetensors contents;
  std::vector<Entry> entries;
  for (const auto& [name, value] : header.root.items()) {
    if (name == "__metadata__") {
      contents.metadata = ReadMetadata(value, place);
    } else {
      entries.push_back(ReadEntry(name, value, place));
    }
  }
  CheckLayout(entries, buffer.size(), place);
  for (const Entry& entry : entries) {
    const auto* begin = buffer.data() + entry.begin;
    contents.tensors[entry.name] = Tensor(
        entry.dtype, entry.shape, std::vector<uint8_t>(begin, begin + (entry.end - entry.begin)));
  }
  return contents;
}

Safetensors ReadSafetensors(const std::filesystem::path& path) {
  std::error_code unknown;
  if (std::filesystem::is_directory(path, unknown)) throw InputError(path.string(), "is a folder");
  std::ifstream file(path, std::ios::binary | std::ios::ate);
  if (!file) throw InputError(path.string(), "cannot be opened");
  std::vector<uint8_t> bytes(static_cast<size_t>(std::max<std::streamoff>(0, file.tellg())));
  file.seekg(0);
  file.read(reinterpret_cast<char*>(bytes.data()), static_cast<std::streamsize>(bytes.size()));
  if (!file) throw InputError(path.string(), "cannot be read");
  return ParseSafetensors(bytes, path.string());
}

void WriteSafetensors(const std::filesystem::path& path, const Safetensors& contents) {
  const std::string aside = path.string() + ".part";
  const int descriptor = ::open(aside.c_str(), O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0644);
  if (descriptor < 0) throw EnvironmentError(fmt::format("{}: {}", aside, std::strerror(errno)));
  try {
    WriteContents(descriptor, contents, aside);
  } catch (...) {
    ::close(descriptor);
    ::unlink(aside.c_str());
    throw;
  }
  ::close(descriptor);
  std::error_code error;
  std::filesystem::rename(aside, path, error);
  if (error) {
    ::unlink(aside.c_str());
    throw EnvironmentError(fmt::format("{}: {}", path.string(), error.message()));
  }
}

}  // namespace plumb
