// SPDX-License-Identifier: Apache-2.0
#include "scenes/pictures.h"

#include <algorithm>
#include <utility>

#include "scenes/rendering/internal_frame_renderer.h"
#include "scenes/simulate.h"

namespace plumb {

Pictures MakePictures(const Scene& scene, const RenderOptions& options, const Progress& progress) {
  options.Validate();
  SimulateOptions simulate;
  simulate.fps = options.fps;
  simulate.duration_s = std::max(scene.duration_s, (options.frames - 1) / options.fps);
  const Motion motion = Simulate(scene, simulate, progress);
  std::vector<Camera> cameras;
  for (int frame = 0; frame < options.frames; ++frame) {
    cameras.push_back(CameraAtFrame(scene, options, frame));
  }
  const PictureJob job{scene, motion, RenderOptions::PicturesOnly(options), {}};
  return {Video(RenderPictures(job, progress), options.fps), std::move(cameras)};
}

}  // namespace plumb
