// SPDX-License-Identifier: Apache-2.0
// The memory that a part of a test takes, whatever the process had before.
#pragma once

#include <cstdint>
#include <fstream>
#include <functional>
#include <stdexcept>
#include <string>

#include <malloc.h>

namespace plumb {

// Whether freed memory stays the process's for a while, so that no peak says what was needed.
#ifdef __SANITIZE_ADDRESS__
inline constexpr bool kFreedMemoryIsHeld = true;
#else
inline constexpr bool kFreedMemoryIsHeld = false;
#endif

// The most bytes that the process has in memory while `work` runs. What was freed before is handed
// back first, and the kernel's high-water mark (VmHWM, proc(5)) set to what is left.
inline int64_t PeakBytesOf(const std::function<void()>& work) {
  malloc_trim(0);
  std::ofstream("/proc/self/clear_refs") << "5" << std::flush;
  work();
  std::ifstream status("/proc/self/status");
  for (std::string line; std::getline(status, line);) {
    if (line.starts_with("VmHWM:")) return 1024 * std::stoll(line.substr(6));
  }
  throw std::runtime_error("/proc/self/status has no VmHWM");
}

}  // namespace plumb
