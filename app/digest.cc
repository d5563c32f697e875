// SPDX-License-Identifier: Apache-2.0
#include "app/digest.h"

#include <algorithm>
#include <array>
#include <bit>
#include <fstream>
#include <vector>

#include <fmt/format.h>
#include <openssl/evp.h>

#include "core/check.h"
#include "core/errors.h"

namespace plumb {
namespace {

// Numbers enter a digest as their eight bytes, lowest first.
template <typename T>
void AddNumber(Sha256& hash, T value) {
  const auto bits = std::bit_cast<uint64_t>(value);
  std::array<uint8_t, 8> bytes;
  for (int i = 0; i < 8; ++i) bytes[i] = static_cast<uint8_t>(bits >> (8 * i));
  hash.Add(bytes);
}

void AddFile(Sha256& hash, const std::filesystem::path& path) {
  std::ifstream file(path, std::ios::binary);
  if (!file) throw InputError(path.string(), "cannot be opened");
  std::vector<char> block(1 << 20);
  while (file.read(block.data(), static_cast<std::streamsize>(block.size())) || file.gcount() > 0) {
    hash.Add(std::string_view(block.data(), static_cast<size_t>(file.gcount())));
  }
  if (file.bad()) throw InputError(path.string(), "cannot be read");
}

}  // namespace

struct Sha256::Impl {
  EVP_MD_CTX* context = EVP_MD_CTX_new();
  ~Impl() { EVP_MD_CTX_free(context); }
};

Sha256::Sha256() : impl_(std::make_unique<Impl>()) {
  PLUMB_CHECK(impl_->context != nullptr &&
              EVP_DigestInit_ex(impl_->context, EVP_sha256(), nullptr));
}

Sha256::~Sha256() = default;

void Sha256::Add(std::span<const uint8_t> bytes) {
  PLUMB_CHECK(EVP_DigestUpdate(impl_->context, bytes.data(), bytes.size()));
}

void Sha256::Add(std::string_view text) {
  Add(std::span(reinterpret_cast<const uint8_t*>(text.data()), text.size()));
}

std::string Sha256::Finish() {
  std::array<uint8_t, EVP_MAX_MD_SIZE> digest;
  unsigned int size = 0;
  PLUMB_CHECK(EVP_DigestFinal_ex(impl_->context, digest.data(), &size));
  std::string text;
  for (unsigned int i = 0; i < size; ++i) text += fmt::format("{:02x}", digest[i]);
  return text;
}

std::string DigestOf(std::string_view text) {
  Sha256 hash;
  hash.Add(text);
  return hash.Finish();
}

std::string DigestOfJson(const Json& json) { return DigestOf(std::string_view(json.dump())); }

std::string DigestOf(const Video& video) {
  Sha256 hash;
  AddNumber(hash, static_cast<int64_t>(video.width()));
  AddNumber(hash, static_cast<int64_t>(video.height()));
  AddNumber(hash, video.fps());
  for (const double time_s : video.times_s()) AddNumber(hash, time_s);
  for (const Image& frame : video.frames()) hash.Add(frame.rgb);
  return hash.Finish();
}

std::string DigestOfFile(const std::filesystem::path& path) {
  Sha256 hash;
  AddFile(hash, path);
  return hash.Finish();
}

std::string DigestOfFolder(const std::filesystem::path& folder) {
  std::vector<std::filesystem::path> files;
  std::error_code error;
  for (std::filesystem::recursive_directory_iterator entry(folder, error), end;
       !error && entry != end;
       entry.increment(error)) {
    if (entry->is_regular_file(error)) files.push_back(entry->path());
  }
  if (error) throw InputError(folder.string(), "cannot be listed: " + error.message());
  std::sort(files.begin(), files.end());
  Sha256 hash;
  for (const auto& file : files) {
    // Name and length go before the bytes, so that nothing can move from one file to the next
    // unseen.
    hash.Add(file.lexically_relative(folder).generic_string());
    AddNumber(hash, static_cast<uint64_t>(std::filesystem::file_size(file)));
    AddFile(hash, file);
  }
  return hash.Finish();
}

}  // namespace plumb
