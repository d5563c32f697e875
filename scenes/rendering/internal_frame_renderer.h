// SPDX-License-Identifier: Apache-2.0
// One frame after the other of one scene, with what still bodies share between frames kept.
// Internal to the scenes room.
#pragma once

#include <functional>
#include <optional>
#include <vector>

#include "core/scene.h"
#include "core/truth.h"
#include "scenes/render.h"
#include "scenes/rendering/internal_edges.h"
#include "scenes/rendering/internal_light.h"
#include "scenes/rendering/internal_ray_scene.h"
#include "scenes/rendering/internal_surface.h"

namespace plumb {

// Departures from an honest rendering. Empty functions change nothing.
struct RenderVariation {
  // How far from its own place a picture point looks.
  std::function<Eigen::Vector2d(const Eigen::Vector2d& point_px, int frame)> look_shift_px;
  // How far a body's texture has slid along its own axes.
  std::function<Eigen::Vector3d(int body, int frame)> texture_shift_m;
  // … and how much further for each metre along them.
  std::function<Eigen::Matrix3d(int body, int frame)> texture_lean;
  // What a body is made of in a frame, and whether it is there at all; asked of `changing_bodies`
  // only.
  std::function<Material(int body, int frame)> material;
  std::function<bool(int body, int frame)> is_gone;
  std::vector<int> changing_bodies;
};

struct FrameInput {
  int frame = 0;
  Camera camera;
  std::vector<Rigid3> world_from_body;
};

struct FrameOutput {
  Image picture;
  std::vector<SurfaceSample> samples;  // at pixel centres, row-major
  std::vector<uint8_t> present;        // by body
  std::vector<std::vector<uint8_t>>
      amodal;  // by body, row-major; empty for structure and absent bodies
};

// A surface point in its body's frame; body -1: nothing was there.
struct TrackAnchor {
  int body = -1;
  Eigen::Vector3d x_in_body = Eigen::Vector3d::Zero();
  Eigen::Vector3d normal_in_body = Eigen::Vector3d::Zero();
};
// Where it is seen in one frame.
struct TrackPlace {
  Eigen::Vector2d point_px = Eigen::Vector2d::Zero();
  Presence state = Presence::kAbsent;
};

class FrameRenderer {
 public:
  FrameRenderer(const Scene& scene, const RenderOptions& options, RenderVariation variation);
  // Picture and masks.
  FrameOutput Render(const FrameInput& input);
  // The picture alone, without amodal masks.
  FrameOutput RenderPicture(const FrameInput& input);
  // The surface points seen at places of one frame.
  std::vector<TrackAnchor> AnchorsAt(const FrameInput& input,
                                     const std::vector<Eigen::Vector2d>& points_px);
  // Where surface points are in a frame, and whether anything stands before them.
  std::vector<TrackPlace> PlacesOf(const FrameInput& input,
                                   const std::vector<TrackAnchor>& anchors);

 private:
  // What the still bodies alone look like from a camera.
  struct StillLayer {
    std::vector<SurfaceSample> samples;
    std::vector<BlockedBits> blocked;
    // Only of a layer that is kept.
    std::vector<Openness> open;
    Image picture;
  };
  using PixelList = std::vector<int>;

  std::vector<uint8_t> PresentIn(int frame) const;
  void PlaceBodies(const FrameInput& input, const std::vector<uint8_t>& present);
  RayCamera CameraFor(const FrameInput& input) const { return RayCamera(input.camera); }
  Eigen::Vector2d LookPoint(const Eigen::Vector2d& point_px, int frame) const;
  StillLayer MakeStillLayer(const FrameInput& input) const;
  void KeepStillLayer(const FrameInput& input);
  // Whether the kept still layer shows the pixel just so.
  bool IsAsKept(size_t pixel, const SurfaceSample& sample, const Openness& open) const;
  PixelList PixelsNear(const FrameInput& input, int body) const;
  // Traces the moving bodies over `samples`; returns the pixels that they took.
  PixelList AddMoving(const FrameInput& input,
                      const std::vector<uint8_t>& present,
                      std::vector<SurfaceSample>& samples) const;
  void AddMovingShadows(const FrameInput& input,
                        const std::vector<uint8_t>& present,
                        const std::vector<SurfaceSample>& samples,
                        std::vector<BlockedBits>& blocked) const;
  Finish FinishAt(const SurfaceSample& sample) const;
  Image Shade(const FrameInput& input,
              const std::vector<SurfaceSample>& samples,
              const std::vector<Openness>& open) const;
  // The pixels in which bodies meet, from several looks each.
  void ShadeEdges(const FrameInput& input,
                  const PixelList& pixels,
                  const OpenPicture& centres,
                  Image& picture) const;
  std::vector<std::vector<uint8_t>> TraceAmodal(const FrameInput& input, const FrameOutput& output);

  Scene scene_;
  RenderOptions options_;
  RenderVariation variation_;
  std::vector<uint8_t> is_still_;
  bool camera_is_still_;
  RayScene rays_;
  Surfaces surfaces_;
  Light light_;
  std::optional<StillLayer> still_layer_;  // of the camera that stands still
  std::vector<std::optional<std::vector<uint8_t>>> still_amodal_;  // by body, likewise
};

// Where everything stands in a frame. Throws CheckFailure when the motion does not cover it.
FrameInput InputAtFrame(const Scene& scene,
                        const Motion& motion,
                        const RenderOptions& options,
                        int frame);

// The pictures of the frames from `first_frame` to the end, with departures.
struct PictureJob {
  const Scene& scene;
  const Motion& motion;
  RenderOptions options;
  RenderVariation variation;
  int first_frame = 0;
};
std::vector<Image> RenderPictures(const PictureJob& job, const Progress& progress);

}  // namespace plumb
