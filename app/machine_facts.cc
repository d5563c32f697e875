// SPDX-License-Identifier: Apache-2.0
#include <fstream>
#include <sys/sysinfo.h>
#include <sys/utsname.h>

#include <fmt/format.h>
#include <sched.h>

#include "app/versions.h"

namespace plumb {
namespace {

std::string CpuName() {
  std::ifstream file("/proc/cpuinfo");
  std::string line;
  while (std::getline(file, line)) {
    if (line.rfind("model name", 0) == 0) return line.substr(line.find(':') + 2);
  }
  return "";
}

int UsableCores() {
  cpu_set_t cores;
  return sched_getaffinity(0, sizeof(cores), &cores) == 0 ? CPU_COUNT(&cores) : 0;
}

std::string InstructionSet() {
#if defined(__AVX512F__)
  return "AVX-512";
#elif defined(__AVX2__)
  return "AVX2";
#else
  return "baseline";
#endif
}

}  // namespace

std::map<std::string, std::string> MachineFacts() {
  std::map<std::string, std::string> facts;
  facts["instruction_set"] = InstructionSet();
  utsname system;
  if (uname(&system) == 0) {
    facts["system"] = fmt::format("{} {} {}", system.sysname, system.release, system.machine);
  }
  if (const std::string cpu = CpuName(); !cpu.empty()) facts["cpu"] = cpu;
  if (const int cores = UsableCores(); cores > 0) facts["cores"] = std::to_string(cores);
  struct sysinfo memory;
  if (sysinfo(&memory) == 0) {
    const double bytes = static_cast<double>(memory.totalram) * memory.mem_unit;
    facts["memory_gb"] = fmt::format("{:.1f}", bytes / 1e9);
  }
  return facts;
}

}  // namespace plumb
