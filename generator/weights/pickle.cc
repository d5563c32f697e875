// SPDX-License-Identifier: Apache-2.0
#include "generator/weights/pickle.h"

#include <algorithm>
#include <array>
#include <string_view>

#include <fmt/format.h>

#include "core/errors.h"

namespace plumb {
namespace {

constexpr std::array<std::string_view, 6> kExtensions = {
    ".bin", ".ckpt", ".pickle", ".pkl", ".pt", ".pth"};

[[noreturn]] void Refuse(const std::string& place, const std::string& what) {
  throw InputError(place,
                   what +
                       "; a pickle is a program that runs when it is loaded, so none is ever read: "
                       "convert it to safetensors where you trust it "
                       "(model.save_pretrained(folder, safe_serialization=True), or "
                       "safetensors.torch.save_file on its state dict)");
}

bool BeginsWith(std::span<const uint8_t> bytes, std::string_view prefix) {
  return bytes.size() >= prefix.size() && std::equal(prefix.begin(), prefix.end(), bytes.begin());
}

}  // namespace

bool IsPickleName(const std::filesystem::path& name) {
  const std::string extension = name.extension().string();
  return std::find(kExtensions.begin(), kExtensions.end(), extension) != kExtensions.end();
}

void RefusePickleName(const std::string& place, const std::filesystem::path& name) {
  if (IsPickleName(name)) {
    Refuse(place, fmt::format("'{}' is a pickle by its name", name.filename().string()));
  }
}

void RefusePickleBytes(const std::string& place, std::span<const uint8_t> bytes) {
  // Read as the length of a safetensors header, either beginning would be more than 2³² bytes.
  if (bytes.size() < 8 ||
      std::all_of(bytes.begin() + 4, bytes.begin() + 8, [](uint8_t byte) { return byte == 0; })) {
    return;
  }
  if (BeginsWith(bytes, "PK\x03\x04")) Refuse(place, "is a zip archive, as PyTorch pickles are");
  if (bytes[0] == 0x80 && bytes[1] >= 2 && bytes[1] <= 5) Refuse(place, "begins as a pickle does");
}

std::filesystem::path PickleIn(const std::filesystem::path& folder) {
  std::filesystem::path first;
  std::error_code unreadable;
  for (const auto& file : std::filesystem::directory_iterator(folder, unreadable)) {
    if (IsPickleName(file.path()) && (first.empty() || file.path() < first)) first = file.path();
  }
  return first;
}

}  // namespace plumb
