// SPDX-License-Identifier: Apache-2.0
#include "core/safetensors.h"

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <fcntl.h>
#include <unistd.h>
#include <utility>

#include "core/errors.h"
#include "core/json.h"
#include "core/safetensors_header.h"

namespace plumb {
namespace {

// The order of tensors in the file.
std::vector<const std::pair<const std::string, Tensor>*> FileOrder(const Safetensors& contents) {
  std::vector<const std::pair<const std::string, Tensor>*> order;
  for (const auto& named : contents.tensors) order.push_back(&named);
  std::stable_sort(order.begin(), order.end(), [](const auto* a, const auto* b) {
    return ByteSize(a->second.dtype()) > ByteSize(b->second.dtype());
  });
  return order;
}

// Entry by entry: Json looks through all keys of an object for each new one.
std::string EncodeHeader(const Safetensors& contents) {
  std::string text = "{";
  if (!contents.metadata.empty())
    text += "\"__metadata__\":" + Json(contents.metadata).dump() + ",";
  uint64_t at = 0;
  for (const auto* named : FileOrder(contents)) {
    const auto& [name, tensor] = *named;
    const Json entry = {{"dtype", DTypeName(tensor.dtype())},
                        {"shape", tensor.shape()},
                        {"data_offsets", {at, at + tensor.bytes().size()}}};
    text += Json(name).dump() + ":" + entry.dump() + ",";
    at += tensor.bytes().size();
  }
  if (text.size() > 1) text.pop_back();
  text += "}";
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
  SafetensorsHeader header = ParseSafetensorsHeader(bytes, place);
  Safetensors contents;
  contents.metadata = std::move(header.metadata);
  for (auto& [name, tensor] : header.tensors) {
    const uint8_t* begin = bytes.data() + tensor.begin;
    std::vector<uint8_t> copy(begin, begin + (tensor.end - tensor.begin));
    contents.tensors.emplace(name, Tensor(tensor.dtype, std::move(tensor.shape), std::move(copy)));
  }
  return contents;
}

Safetensors ReadSafetensors(const std::filesystem::path& path) {
  return ParseSafetensors(MappedFile(path).bytes(), path.string());
}

MappedSafetensors MapSafetensors(const std::filesystem::path& path) {
  MappedSafetensors mapped;
  mapped.file = std::make_shared<const MappedFile>(path);
  const std::span<uint8_t> bytes = mapped.file->bytes();
  SafetensorsHeader header = ParseSafetensorsHeader(bytes, path.string());
  mapped.metadata = std::move(header.metadata);
  for (auto& [name, tensor] : header.tensors) {
    mapped.tensors[name] = {.dtype = tensor.dtype,
                            .shape = std::move(tensor.shape),
                            .bytes = bytes.subspan(tensor.begin, tensor.end - tensor.begin)};
  }
  return mapped;
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
