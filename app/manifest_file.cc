// SPDX-License-Identifier: Apache-2.0
#include "app/manifest_file.h"

#include <algorithm>
#include <system_error>

#include <fmt/format.h>

#include "app/run_folder.h"
#include "app/video_io.h"
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

ManifestEntry WriteEntry(const Prompt& prompt, const fs::path& folder, const std::string& stem) {
  ManifestEntry entry;
  entry.cell_id = prompt.cell_id;
  entry.prompt = prompt.caption;
  for (size_t i = 0; i < prompt.conditioning_frames.size(); ++i) {
    entry.conditioning.push_back(fmt::format("{}_{:03}.png", stem, i));
    entry.known_frames.push_back(static_cast<int>(i));
    WritePng(folder / entry.conditioning.back(), prompt.conditioning_frames[i]);
  }
  entry.cameras = prompt.cameras;
  entry.width = prompt.width;
  entry.height = prompt.height;
  entry.fps = prompt.fps;
  entry.frames = prompt.frames;
  entry.seed = prompt.seed;
  return entry;
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
