// SPDX-License-Identifier: Apache-2.0
#include "scenes/render.h"

#include <algorithm>
#include <cmath>
#include <exception>
#include <mutex>
#include <optional>
#include <thread>

#include "core/check.h"
#include "core/errors.h"
#include "scenes/rendering/internal_frame_renderer.h"
#include "scenes/rendering/internal_passes.h"
#include "scenes/simulate.h"
#include "scenes/truth_events.h"

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
  options.backward_flow = options.parts = options.albedo = false;
  options.tracks.clear();
  return options;
}

RenderOptions RenderOptions::EveryPass(const RenderOptions& protocol) {
  RenderOptions options = protocol;
  options.depth = options.normals = options.instances = options.amodal = options.flow = true;
  options.backward_flow = options.parts = options.albedo = true;
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
  require(threads >= 1 && threads <= 256, fmt::format("threads is {}, expected 1 to 256", threads));
  for (const TrackQuery& query : tracks) {
    require(query.frame >= 0 && query.frame < frames && query.point_px.allFinite(),
            fmt::format("a track starts in frame {} of {}", query.frame, frames));
  }
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

namespace {

// Everything that the frames of one clip are written into.
struct Clip {
  const Scene& scene;
  const Motion& motion;
  const RenderOptions& options;
  const Progress& progress;
  PassStore passes;
  std::vector<TrackAnchor> anchors;
  std::vector<Image> pictures;
  std::vector<Camera> cameras;
  std::vector<std::vector<BodyView>> views;
  std::mutex reporting;
  int done = 0;
};

// First and last frame of a run of neighbours, kept to join it to the next run.
struct RunEnds {
  std::optional<RenderedFrame> first;
  std::optional<RenderedFrame> last;
  std::exception_ptr error;
};

std::vector<TrackAnchor> AnchorsOf(const Clip& clip) {
  const std::vector<TrackQuery>& queries = clip.options.tracks;
  std::vector<TrackAnchor> anchors;
  if (queries.empty()) return anchors;
  FrameRenderer renderer(clip.scene, clip.options, {});
  for (const TrackQuery& query : queries) {
    const FrameInput input = InputAtFrame(clip.scene, clip.motion, clip.options, query.frame);
    anchors.push_back(renderer.AnchorsAt(input, {query.point_px}).front());
  }
  return anchors;
}

void ReportFrame(Clip& clip) {
  const std::lock_guard lock(clip.reporting);
  clip.progress.ThrowIfCancelled();
  clip.progress.Report("render", clip.done++, clip.options.frames);
}

RunEnds RenderRun(Clip& clip, int first, int end) {
  const FloatModeGuard float_mode;
  FrameRenderer renderer(clip.scene, clip.options, {});
  RunEnds ends;
  for (int frame = first; frame < end; ++frame) {
    ReportFrame(clip);
    FrameInput input = InputAtFrame(clip.scene, clip.motion, clip.options, frame);
    FrameOutput output = renderer.Render(input);
    clip.pictures[frame] = std::move(output.picture);
    clip.cameras[frame] = input.camera;
    clip.views[frame] = ViewsOf(clip.scene, input, output);
    clip.passes.Add(input, output);
    if (!clip.anchors.empty()) {
      clip.passes.AddTracks(frame, renderer.PlacesOf(input, clip.anchors));
    }
    output.amodal.clear();
    RenderedFrame rendered{std::move(input), std::move(output)};
    if (ends.last) clip.passes.AddFlow({*ends.last, rendered});
    if (frame == first && first > 0) ends.first = rendered;
    ends.last = std::move(rendered);
  }
  return ends;
}

// One run of neighbouring frames for each thread; what they have in common is written afterwards.
void RenderRuns(Clip& clip) {
  const int count = std::min(clip.options.threads, clip.options.frames);
  std::vector<RunEnds> runs(count);
  const auto work = [&](int k) {
    const int64_t frames = clip.options.frames;
    try {
      runs[k] = RenderRun(
          clip, static_cast<int>(frames * k / count), static_cast<int>(frames * (k + 1) / count));
    } catch (...) {
      runs[k].error = std::current_exception();
    }
  };
  {
    std::vector<std::jthread> threads;
    for (int k = 1; k < count; ++k) threads.emplace_back(work, k);
    work(0);
  }
  for (const RunEnds& run : runs) {
    if (run.error) std::rethrow_exception(run.error);
  }
  for (int k = 1; k < count; ++k) clip.passes.AddFlow({*runs[k - 1].last, *runs[k].first});
}

// Keeps the motion in the truth: a long one of many bodies is large.
Truth RenderOwn(const Scene& scene,
                Motion motion,
                const RenderOptions& options,
                const Progress& progress) {
  Validate(scene, scene.id);
  options.Validate();
  PLUMB_CHECK(scene.bodies.size() <= 255 || !options.instances,
              "{} bodies do not fit the instance pass",
              scene.bodies.size());
  const FloatModeGuard float_mode;
  Clip clip{scene, motion, options, progress, {options, static_cast<int>(scene.bodies.size())}};
  clip.anchors = AnchorsOf(clip);
  clip.pictures.resize(options.frames);
  clip.cameras.resize(options.frames);
  clip.views.resize(options.frames);
  RenderRuns(clip);
  Truth truth{scene,
              std::move(motion),
              Video(std::move(clip.pictures), options.fps),
              std::move(clip.cameras),
              std::move(clip.views),
              clip.passes.Take()};
  truth.events = EventsOf(truth);
  return truth;
}

}  // namespace

Truth Render(const Scene& scene,
             const Motion& motion,
             const RenderOptions& options,
             const Progress& progress) {
  return RenderOwn(scene, motion, options, progress);
}

Truth MakeTruth(const Scene& scene, const RenderOptions& options, const Progress& progress) {
  options.Validate();
  SimulateOptions simulate;
  simulate.fps = options.fps;
  simulate.duration_s = std::max(scene.duration_s, (options.frames - 1) / options.fps);
  return RenderOwn(scene, Simulate(scene, simulate, progress), options, progress);
}

}  // namespace plumb
