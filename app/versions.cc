// SPDX-License-Identifier: Apache-2.0
#include "app/versions.h"

extern "C" {
#include <libavutil/avutil.h>
}

#include <CLI/Version.hpp>
#include <Eigen/Core>
#include <fmt/format.h>
#include <nlohmann/json.hpp>
#include <sqlite3.h>

namespace plumb {
namespace {

std::string Dotted(int major, int minor, int patch) {
  return fmt::format("{}.{}.{}", major, minor, patch);
}

}  // namespace

std::map<std::string, std::string> BuildVersions() {
  return {
      {"plumb", PLUMB_VERSION},
      {"compiler", fmt::format("GCC {}", __VERSION__)},
#ifdef NDEBUG
      {"build", "optimised"},
#else
      {"build", "with checks"},
#endif
      {"generator", PLUMB_WITH_GENERATOR ? "yes" : "no"},
      {"cli11", CLI11_VERSION},
      {"eigen", Dotted(EIGEN_WORLD_VERSION, EIGEN_MAJOR_VERSION, EIGEN_MINOR_VERSION)},
      {"ffmpeg", av_version_info()},
      {"fmt", Dotted(FMT_VERSION / 10000, FMT_VERSION / 100 % 100, FMT_VERSION % 100)},
      {"json",
       Dotted(
           NLOHMANN_JSON_VERSION_MAJOR, NLOHMANN_JSON_VERSION_MINOR, NLOHMANN_JSON_VERSION_PATCH)},
      {"sqlite", sqlite3_libversion()},
  };
}

}  // namespace plumb
