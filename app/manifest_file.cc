// SPDX-License-Identifier: Apache-2.0
#include "app/manifest_file.h"

#include <algorithm>
#include <system_error>

#include <fmt/format.h>

#include "app/run_folder.h"
#include "core/errors.h"

namespace plumb {

namespace fs = std::filesystem;

Manifest ReadManifest(const fs::path& folder) {
  constexpr int64_t kMaxBytes = 64 << 20;
  const fs::path path = folder / kManifestFile;
  return ManifestFromDocument(ParseJsonDocument(ReadFile(path, kMaxBytes), path.string()));
}

void WriteManifest(const fs::path& folder, const Manifest& manifest) {
  WriteFileDurably(folder / kManifestFile, DumpJson(ToJson(manifest)));
}

fs::path PathInside(const fs::path& folder, const std::string& relative) {
  const fs::path root = fs::weakly_canonical(folder);
  std::error_code error;
  const fs::path path = fs::weakly_canonical(root / relative, error);
  if (error) {
    throw InputError(folder.string(), fmt::format("'{}': {}", relative, error.message()));
  }
  const fs::path below = path.lexically_relative(root);
  if (below.empty() || *below.begin() == "..") {
    throw InputError(folder.string(), fmt::format("'{}' leads out of the folder", relative));
  }
  return path;
}

std::string CellFileStem(const std::string& cell_id) {
  std::string stem = cell_id;
  std::replace(stem.begin(), stem.end(), '/', '_');
  return stem;
}

}  // namespace plumb
