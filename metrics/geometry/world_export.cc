// SPDX-License-Identifier: Apache-2.0
#include "metrics/geometry/world_export.h"

#include <algorithm>
#include <cmath>
#include <map>

#include "core/check.h"

namespace plumb {
namespace {

constexpr double kViewUnits = kAgreementUnits.back();  // farther sightings are of something else

// Turns one fitted world into the video's pixels and frame numbers.
class Exporter {
 public:
  Exporter(const TrackSet& set, const RigidWorld& world, const Video& video)
      : set_(set), world_(world), video_(video) {
    scale_ = {static_cast<double>(video.width()) / set.width,
              static_cast<double>(video.height()) / set.height};
  }

  ReconstructedWorld Run() {
    const double focal_px = world_.clip.pinhole.focal_px;
    out_.intrinsics = {video_.width(),
                       video_.height(),
                       focal_px * scale_.x(),
                       focal_px * scale_.y(),
                       0.5 * video_.width(),
                       0.5 * video_.height()};
    out_.turns_only = world_.clip.turns_only;
    for (int frame = world_.stretch.first; frame <= world_.stretch.last; ++frame) {
      if (!world_.clip.posed[frame]) continue;
      place_[frame] = out_.frames.size();
      out_.frames.push_back({set_.frames[frame], world_.clip.camera_from_world[frame], {}});
    }
    for (const ScenePoint& point : world_.points) Add(point);
    return std::move(out_);
  }

 private:
  void Add(const ScenePoint& point) {
    const Track& track = set_.tracks[point.track];
    std::vector<int> frames;
    double sum_px = 0.0;
    for (const auto& [frame, place] : place_) {
      if (!track.Sees(frame)) continue;
      const double residual_px = ReprojectionPx(world_.clip.pinhole,
                                                world_.clip.camera_from_world[frame],
                                                {point.x_in_world, track.At(frame)});
      if (residual_px > kViewUnits * set_.UnitPx()) continue;
      frames.push_back(frame);
      sum_px += residual_px;
    }
    if (frames.size() < 2) return;
    const int index = static_cast<int>(out_.points.size());
    const int middle = frames[frames.size() / 2];
    out_.points.push_back({point.x_in_world,
                           ColourAt(middle, InVideo(track.At(middle))),
                           sum_px / static_cast<double>(frames.size()) * set_.sample_scale});
    for (const int frame : frames) {
      out_.frames[place_.at(frame)].views.push_back({index, InVideo(track.At(frame))});
    }
  }

  Eigen::Vector2d InVideo(const Eigen::Vector2d& tracked_px) const {
    return tracked_px.cwiseProduct(scale_);
  }

  std::array<uint8_t, 3> ColourAt(int tracked_frame, const Eigen::Vector2d& point_px) const {
    const Image& image = video_.frame(set_.frames[tracked_frame]);
    const int x = std::clamp(static_cast<int>(std::floor(point_px.x())), 0, image.width - 1);
    const int y = std::clamp(static_cast<int>(std::floor(point_px.y())), 0, image.height - 1);
    const uint8_t* pixel = image.Pixel(x, y);
    return {pixel[0], pixel[1], pixel[2]};
  }

  const TrackSet& set_;
  const RigidWorld& world_;
  const Video& video_;
  Eigen::Vector2d scale_;
  std::map<int, size_t> place_;  // tracked frame -> index in out_.frames
  ReconstructedWorld out_;
};

}  // namespace

Reconstruction ReconstructionOf(const TrackSet& set, const WorldFit& fit, const Video& video) {
  Reconstruction reconstruction;
  for (const RigidWorld& world : fit.worlds) {
    ReconstructedWorld exported = Exporter(set, world, video).Run();
    if (!exported.frames.empty()) reconstruction.worlds.push_back(std::move(exported));
  }
  std::stable_sort(reconstruction.worlds.begin(),
                   reconstruction.worlds.end(),
                   [](const ReconstructedWorld& a, const ReconstructedWorld& b) {
                     return a.frames.front().frame < b.frames.front().frame;
                   });
  if (reconstruction.worlds.empty()) reconstruction.why_not = fit.why_not;
  return reconstruction;
}

}  // namespace plumb
