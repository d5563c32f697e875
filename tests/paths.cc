// SPDX-License-Identifier: Apache-2.0
#include "tests/paths.h"

#include <cstdlib>

namespace plumb {

std::filesystem::path SourceFolder() { return PLUMB_SOURCE_DIR; }

std::filesystem::path BinaryFolder() { return PLUMB_BINARY_DIR; }

std::filesystem::path DataFolder() {
  const char* named = std::getenv("PLUMB_DATA");
  return named != nullptr ? std::filesystem::path(named)
                          : SourceFolder().parent_path() / "shared" / "data";
}

}  // namespace plumb
