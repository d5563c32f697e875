// SPDX-License-Identifier: Apache-2.0
#include "scenes/render.h"

#include <algorithm>
#include <cmath>
#include <optional>

#include "core/check.h"
#include "core/errors.h"
#include "scenes/rendering/internal_frame_renderer.h"
#include "scenes/rendering/internal_passes.h"
#include "scenes/simulate.h"

namespace plumb {
namespace {

// The physics step of a frame; rates must fit without interpolation.
size_t StepOfFrame(const Motion& motion, double fps, int frame) {
  const double step = frame * motion.rate_hz / fps;
  PLUMB_CHECK(std::abs(step - std::round(step)) < 1e-6,
              "{} Hz is no whole multiple of {} fps",
              motion.rate_hz,
              fps);
  const auto index = static_cast<size_t>(std::llround(step));
  PLUMB_CHECK(index < motion.states.size(),
              "frame {} is step {} of {}",
              frame,
              index,
              motion.states.size());
  return index;
}

}  // namespace

FrameInput InputAtFrame(const Scene& scene,
                        const Motion& motion,
                        const RenderOptions& options,
                        int frame) {
  FrameInput input;
  input.frame = frame;
  input.camera = CameraAtFrame(scene, options, frame);
  for (const BodyState& state : motion.states[StepOfFrame(motion, options.fps, frame)]) {
    input.world_from_body.push_back(state.world_from_body);
  }
  PLUMB_CHECK(input.world_from_body.size() == scene.bodies.size());
  return input;
}

RenderOptions RenderOptions::PicturesOnly(const RenderOptions& protocol) {
  RenderOptions options = protocol;
  options.depth = options.normals = options.instances = options.amodal = options.flow = false;
  return options;
}

void RenderOptions::Validate() const {
  const auto require = [](bool condition, const std::string& message) {
    if (!condition) throw UsageError(message);
  };
  require(width >= 8 && width <= 4096, fmt::format("width is {}, expected 8 to 4096", width));
  require(height >= 8 && height <= 4096, fmt::format("height is {}, expected 8 to 4096", height));
  require(frames >= 1 && frames <= 100000,
          fmt::format("frames is {}, expected 1 to 100000", frames));
  require(std::isfinite(fps) && fps > 0, fmt::format("fps is {}, expected above 0", fps));
}

Camera CameraAtFrame(const Scene& scene, const RenderOptions& options, int frame) {
  const double share = std::min(1.0, frame / options.fps / scene.duration_s);
  Camera camera;
  camera.intrinsics =
      Intrinsics::FromShorterFov(options.width, options.height, scene.camera.fov_rad);
  camera.camera_from_world = Inverse(WorldFromCamera(scene.camera, share));
  return camera;
}

std::vector<Image> RenderPictures(const PictureJob& job, const Progress& progress) {
  const FloatModeGuard float_mode;
  FrameRenderer renderer(job.scene, job.options, job.variation);
  std::vector<Image> pictures;
  for (int frame = job.first_frame; frame < job.options.frames; ++frame) {
    progress.ThrowIfCancelled();
    progress.Report("render", frame, job.options.frames);
    const FrameInput input = InputAtFrame(job.scene, job.motion, job.options, frame);
    pictures.push_back(renderer.RenderPicture(input).picture);
  }
  return pictures;
}

Truth Render(const Scene& scene,
             const Motion& motion,
             const RenderOptions& options,
             const Progress& progress) {
  Validate(scene, scene.id);
  options.Validate();
  PLUMB_CHECK(scene.bodies.size() <= 255 || !options.instances,
              "{} bodies do not fit the instance pass",
              scene.bodies.size());
  const FloatModeGuard float_mode;
  FrameRenderer renderer(scene, options, {});
  PassStore passes(options, static_cast<int>(scene.bodies.size()));
  std::vector<Image> pictures;
  std::vector<Camera> cameras;
  std::vector<std::vector<BodyView>> views;
  std::optional<std::pair<FrameInput, FrameOutput>> previous;
  for (int frame = 0; frame < options.frames; ++frame) {
    progress.ThrowIfCancelled();
    progress.Report("render", frame, options.frames);
    FrameInput input = InputAtFrame(scene, motion, options, frame);
    FrameOutput output = renderer.Render(input);
    pictures.push_back(std::move(output.picture));
    cameras.push_back(input.camera);
    views.push_back(ViewsOf(scene, input, output));
    passes.Add(input, output);
    if (previous) passes.AddFlow({previous->first, previous->second, input, output});
    previous.emplace(std::move(input), std::move(output));
  }
  return {scene, motion, Video(std::move(pictures), options.fps), cameras, views, passes.Take()};
}

Truth MakeTruth(const Scene& scene, const RenderOptions& options, const Progress& progress) {
  options.Validate();
  SimulateOptions simulate;
  simulate.fps = options.fps;
  simulate.duration_s = std::max(scene.duration_s, (options.frames - 1) / options.fps);
  return Render(scene, Simulate(scene, simulate, progress), options, progress);
}

}  // namespace plumb
