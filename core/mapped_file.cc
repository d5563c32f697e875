// SPDX-License-Identifier: Apache-2.0
#include "core/mapped_file.h"

#include <cerrno>
#include <cstring>
#include <fcntl.h>
#include <string>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

#include <fmt/format.h>

#include "core/errors.h"

namespace plumb {
namespace {

// Closes the descriptor; a mapping outlives it.
class Descriptor {
 public:
  explicit Descriptor(const std::string& path)
      : value_(::open(path.c_str(), O_RDONLY | O_CLOEXEC | O_NONBLOCK)) {}
  ~Descriptor() {
    if (value_ >= 0) ::close(value_);
  }
  Descriptor(const Descriptor&) = delete;
  Descriptor& operator=(const Descriptor&) = delete;
  int value() const { return value_; }

 private:
  int value_;
};

}  // namespace

MappedFile::MappedFile(const std::filesystem::path& path) {
  const Descriptor file(path.string());
  if (file.value() < 0) {
    throw InputError(path.string(), fmt::format("cannot be opened ({})", std::strerror(errno)));
  }
  struct stat facts {};
  if (::fstat(file.value(), &facts) != 0) {
    throw InputError(path.string(), fmt::format("cannot be read ({})", std::strerror(errno)));
  }
  if (S_ISDIR(facts.st_mode)) throw InputError(path.string(), "is a folder");
  if (!S_ISREG(facts.st_mode)) throw InputError(path.string(), "is no regular file");
  const auto size = static_cast<size_t>(facts.st_size);
  if (size == 0) return;
  // Private and writable: whoever changes a weight in place gets a page of its own. Without a
  // reservation, so that a file larger than the memory can be opened too.
  void* mapping = ::mmap(nullptr,
                         size,
                         PROT_READ | PROT_WRITE,
                         MAP_PRIVATE | MAP_NORESERVE,
                         file.value(),
                         /*offset=*/0);
  if (mapping == MAP_FAILED) {
    throw InputError(path.string(), fmt::format("cannot be mapped ({})", std::strerror(errno)));
  }
  bytes_ = {static_cast<uint8_t*>(mapping), size};
}

MappedFile::~MappedFile() {
  if (!bytes_.empty()) ::munmap(bytes_.data(), bytes_.size());
}

void MappedFile::Release(std::span<const uint8_t> part) const {
  const auto page = static_cast<uintptr_t>(::sysconf(_SC_PAGESIZE));
  const auto address = reinterpret_cast<uintptr_t>(part.data());
  const uintptr_t first = (address + page - 1) / page * page;
  const uintptr_t last = (address + part.size()) / page * page;
  if (last > first) ::madvise(reinterpret_cast<void*>(first), last - first, MADV_DONTNEED);
}

}  // namespace plumb
