// SPDX-License-Identifier: Apache-2.0
#include "app/folder_model.h"

#include <optional>
#include <vector>

#include <fmt/format.h>

#include "app/manifest_file.h"
#include "app/sample_matching.h"
#include "app/video_io.h"
#include "core/errors.h"

namespace plumb {
namespace {

namespace fs = std::filesystem;

// A folder and what its manifest says, when it has one.
struct VideoFolder {
  fs::path path;
  std::optional<Manifest> manifest;
};

VideoFolder OpenFolder(const fs::path& path) {
  std::error_code error;
  if (!fs::is_directory(path, error)) throw InputError(path.string(), "is no folder of videos");
  VideoFolder folder{path, std::nullopt};
  if (fs::exists(path / kManifestFile)) folder.manifest = ReadManifest(path);
  return folder;
}

fs::path FindByManifest(const VideoFolder& folder, const std::string& cell_id) {
  const std::string place = (folder.path / kManifestFile).string();
  for (const ManifestEntry& entry : folder.manifest->entries) {
    if (entry.cell_id != cell_id) continue;
    if (entry.status == "failed" || entry.status == "refused") {
      throw InputError(place,
                       fmt::format("{}: {}: {}",
                                   cell_id,
                                   entry.status,
                                   entry.reason.empty() ? "no reason given" : entry.reason));
    }
    const fs::path video = PathInside(folder.path, entry.output);
    if (!fs::exists(video)) {
      throw InputError(place, fmt::format("{}: {} is not there", cell_id, entry.output));
    }
    return video;
  }
  throw InputError(place, fmt::format("has no cell {}", cell_id));
}

fs::path FindByName(const fs::path& folder, const std::string& cell_id) {
  // What the cell may be called, without extension.
  std::vector<std::string> stems = {CellFileStem(cell_id), cell_id};
  const size_t slash = cell_id.find('/');
  if (slash != cell_id.npos && cell_id.substr(slash) == "/0")
    stems.push_back(cell_id.substr(0, slash));
  std::vector<fs::path> found;
  for (const std::string& stem : stems) {
    for (const std::string_view extension : VideoExtensions()) {
      const fs::path file = PathInside(folder, stem + std::string(extension));
      if (fs::is_regular_file(file)) found.push_back(file);
    }
  }
  if (found.empty()) {
    throw InputError(folder.string(),
                     fmt::format("has no video for {}; expected {}.mp4, or another "
                                 "video format",
                                 cell_id,
                                 stems.front()));
  }
  if (found.size() > 1) {
    throw InputError(folder.string(),
                     fmt::format("has {} videos for {}: {} and {}",
                                 found.size(),
                                 cell_id,
                                 found[0].filename().string(),
                                 found[1].filename().string()));
  }
  return found.front();
}

fs::path Find(const VideoFolder& folder, const std::string& cell_id) {
  return folder.manifest ? FindByManifest(folder, cell_id) : FindByName(folder.path, cell_id);
}

class FolderModel : public Model {
 public:
  explicit FolderModel(VideoFolder folder) : folder_(std::move(folder)) {}

  Video Generate(const Prompt& prompt, const Progress& progress) override {
    VideoReadOptions read;
    read.png_fps = prompt.fps;  // an output may be a folder of PNG frames, which carries no rate
    return ReadVideo(Find(folder_, prompt.cell_id), read, progress).video;
  }

 private:
  VideoFolder folder_;
};

}  // namespace

fs::path FindCellVideo(const fs::path& folder, const std::string& cell_id) {
  return Find(OpenFolder(folder), cell_id);
}

std::unique_ptr<Model> OpenFolderModel(const fs::path& folder) {
  return std::make_unique<FolderModel>(OpenFolder(folder));
}

}  // namespace plumb
