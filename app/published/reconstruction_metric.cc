// SPDX-License-Identifier: Apache-2.0
#include "app/published/reconstruction_metric.h"

#include <algorithm>

#include <fmt/format.h>

#include "app/reconstruction_folder.h"
#include "app/video_io.h"
#include "core/errors.h"

namespace plumb {
namespace {

// Whether the setting is there and says yes.
bool SaysYes(const Json& settings, const std::string& key) {
  if (!settings.contains(key) || settings[key] == "no") return false;
  if (settings[key] == "yes") return true;
  throw UsageError(
      fmt::format("setting '{}' is {}; there are yes and no", key, settings[key].dump()));
}

std::filesystem::path FolderSetting(const Json& settings, const std::string& key) {
  if (!settings.contains(key)) return {};
  const Json& value = settings[key];
  // A name of digits alone was read as a number.
  return value.is_string() ? value.get<std::string>() : fmt::format("{}", value.get<double>());
}

NamedValues MeasureReconstruction(const MeasureRequest& request) {
  const std::filesystem::path out = FolderSetting(request.settings, "out");
  const bool with_frames = SaysYes(request.settings, "frames");
  if (with_frames && out.empty()) throw UsageError("setting 'frames' needs 'out'");
  if (!out.empty()) RequireEmptyFolder(out);
  const Json& input = request.inputs.at("video");
  if (!input.is_string()) throw UsageError("input 'video' is no path");
  const Video video = ReadVideo(request.folder / input.get<std::string>()).video;
  const Reconstruction reconstruction = ReconstructVideo(video);
  if (!out.empty()) WriteReconstruction(out, reconstruction, with_frames ? &video : nullptr);
  return ReconstructionValues(reconstruction);
}

struct Sums {
  double points = 0.0;
  double views = 0.0;
  double error_px = 0.0;  // over views
};

Sums SumsOf(const Reconstruction& reconstruction) {
  Sums sums;
  for (const ReconstructedWorld& world : reconstruction.worlds) {
    sums.points += static_cast<double>(world.points.size());
    for (const ReconstructedFrame& frame : world.frames) {
      sums.views += static_cast<double>(frame.views.size());
      for (const PointView& view : frame.views) {
        sums.error_px += world.points[view.point].error_px;
      }
    }
  }
  return sums;
}

}  // namespace

NamedValues ReconstructionValues(const Reconstruction& reconstruction) {
  NamedValues values;
  const auto& worlds = reconstruction.worlds;
  const Sums sums = SumsOf(reconstruction);
  const auto add = [&](const char* name, double value, bool needs_points) {
    if (worlds.empty()) {
      values.AddUndefined(name, reconstruction.why_not);
    } else if (needs_points && sums.points == 0.0) {
      values.AddUndefined(name, "the camera only turns: there are no points");
    } else {
      values.Add(name, value);
    }
  };
  const auto most =
      std::max_element(worlds.begin(), worlds.end(), [](const auto& a, const auto& b) {
        return a.frames.size() < b.frames.size();
      });
  add("worlds", static_cast<double>(worlds.size()), false);
  add("frames", reconstruction.video_frames, false);
  add("posed_frames", reconstruction.PosedFrames(), false);
  add("focal_px", worlds.empty() ? 0.0 : most->intrinsics.fx_px, false);
  add("points", sums.points, false);
  add("views", sums.views, true);
  add("mean_track_length", sums.views / sums.points, true);
  add("mean_reprojection_px", sums.error_px / sums.views, true);
  return values;
}

PublishedMetric ReconstructionMetric() {
  return {"reconstruction",
          1,
          "cameras and points behind a video, which geometry's scores are measured with",
          {{"video", "a video"}},
          {{"out", "new folder for COLMAP's models 0, 1, …, as score --save-reconstruction (none)"},
           {"frames", "yes: the posed frames' pictures too (no)"}},
          MeasureReconstruction};
}

}  // namespace plumb
