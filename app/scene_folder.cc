// SPDX-License-Identifier: Apache-2.0
#include "app/scene_folder.h"

#include <fmt/format.h>

#include "app/contact_sheet.h"
#include "app/truth_store.h"
#include "app/video_io.h"
#include "core/errors.h"
#include "scenes/ensemble.h"

namespace plumb {
namespace {

namespace fs = std::filesystem;

bool IsTruthOf(const Truth& truth, const Scene& scene, const RenderOptions& options) {
  return ToJson(truth.scene) == ToJson(scene) && truth.num_frames() == options.frames &&
         truth.video.width() == options.width && truth.video.height() == options.height &&
         truth.video.fps() == options.fps;
}

Truth ReadOrMake(const fs::path& folder,
                 const Scene& scene,
                 const RenderOptions& options,
                 const Progress& progress) {
  if (!fs::exists(folder / "truth.json")) {
    return MakeTruthWithHorizons(scene, options, progress);
  }
  Truth truth = ReadTruth(folder);
  if (!IsTruthOf(truth, scene, options)) {
    throw UsageError(
        fmt::format("{}: holds the truth of {} at {}x{}, {} frames, {:.6g} fps already; name "
                    "another --out or remove it",
                    folder.string(),
                    truth.scene.id,
                    truth.video.width(),
                    truth.video.height(),
                    truth.num_frames(),
                    truth.video.fps()));
  }
  return truth;
}

}  // namespace

Truth MakeSceneFolder(const fs::path& folder,
                      const Scene& scene,
                      const RenderOptions& options,
                      const Progress& progress) {
  const fs::path truth_folder = folder / "truth";
  Truth truth = ReadOrMake(truth_folder, scene, options, progress);
  std::error_code error;
  fs::create_directories(folder, error);
  if (error) throw EnvironmentError(fmt::format("{}: {}", folder.string(), error.message()));
  WriteTruth(truth_folder, truth);
  WriteProxy(folder / "video.mp4", truth.video);
  WritePng(folder / "contact_sheet.png", ContactSheet(truth.video));
  return truth;
}

}  // namespace plumb
