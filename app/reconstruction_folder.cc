// SPDX-License-Identifier: Apache-2.0
#include "app/reconstruction_folder.h"

#include <algorithm>
#include <cctype>
#include <set>
#include <system_error>

#include <fmt/format.h>

#include "app/colmap_writer.h"
#include "app/run_folder.h"
#include "app/video_io.h"
#include "core/errors.h"

namespace plumb {
namespace {

namespace fs = std::filesystem;

void CreateFolder(const fs::path& folder) {
  std::error_code error;
  fs::create_directories(folder, error);
  if (error) throw EnvironmentError(fmt::format("{}: {}", folder.string(), error.message()));
}

// A name that is one part of a path everywhere.
std::string Plain(std::string name) {
  for (char& letter : name) {
    const bool kept = std::isalnum(static_cast<unsigned char>(letter)) ||
                      std::string_view("._-=+").find(letter) != std::string_view::npos ||
                      static_cast<unsigned char>(letter) >= 0x80;
    if (!kept) letter = '_';
  }
  if (name.find_first_not_of('.') == std::string::npos) name = "clip" + name;
  return name;
}

std::string ClipName(const CellKey& key) {
  const fs::path path = fs::path(key.scene).lexically_normal();
  const fs::path last = path.has_filename() ? path : path.parent_path();
  return Plain(last.stem().string());
}

void WriteModel(const fs::path& folder, const ReconstructedWorld& world) {
  CreateFolder(folder);
  const ColmapModel model = ColmapModelOf(world);
  WriteFileDurably(folder / "cameras.bin", model.cameras);
  WriteFileDurably(folder / "images.bin", model.images);
  WriteFileDurably(folder / "points3D.bin", model.points);
  WriteFileDurably(folder / "points.ply", PointsPly(world));
  WriteFileDurably(folder / "cameras.ply", CamerasPly(world));
}

}  // namespace

void RequireEmptyFolder(const fs::path& folder) {
  std::error_code error;
  const bool free = !fs::exists(folder, error);
  if (free || (fs::is_directory(folder, error) && fs::is_empty(folder, error))) return;
  throw UsageError(fmt::format("{} is not empty; reconstructions need a new or an empty folder",
                               folder.string()));
}

std::vector<fs::path> ReconstructionFolders(const fs::path& root,
                                            const std::vector<CellKey>& cells) {
  if (cells.size() == 1) return {root};
  const bool one_model = std::all_of(cells.begin(), cells.end(), [&](const CellKey& key) {
    return key.model == cells.front().model;
  });
  std::vector<fs::path> folders;
  std::set<fs::path> taken;
  for (const CellKey& key : cells) {
    const fs::path above = one_model ? root : root / Plain(key.model);
    const std::string name = ClipName(key);
    fs::path folder = above / name;
    for (int i = 2; !taken.insert(folder).second; ++i)
      folder = above / fmt::format("{}-{}", name, i);
    folders.push_back(std::move(folder));
  }
  return folders;
}

void WriteReconstruction(const fs::path& folder,
                         const Reconstruction& reconstruction,
                         const Video* pictures) {
  CreateFolder(folder);
  for (size_t i = 0; i < reconstruction.worlds.size(); ++i) {
    WriteModel(folder / std::to_string(i), reconstruction.worlds[i]);
  }
  if (pictures == nullptr || reconstruction.worlds.empty()) return;
  CreateFolder(folder / "images");
  for (const ReconstructedWorld& world : reconstruction.worlds) {
    for (const ReconstructedFrame& frame : world.frames) {
      WritePng(folder / "images" / FrameFileName(frame.frame), pictures->frame(frame.frame));
    }
  }
}

std::string ReconstructionNote(const Reconstruction& reconstruction) {
  if (reconstruction.worlds.empty()) return "no reconstruction: " + reconstruction.why_not;
  size_t points = 0;
  for (const ReconstructedWorld& world : reconstruction.worlds) points += world.points.size();
  const size_t worlds = reconstruction.worlds.size();
  return fmt::format("reconstruction: {} {}, {} of {} frames posed, {} points",
                     worlds,
                     worlds == 1 ? "world" : "worlds",
                     reconstruction.PosedFrames(),
                     reconstruction.video_frames,
                     points);
}

}  // namespace plumb
