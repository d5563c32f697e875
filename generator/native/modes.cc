// SPDX-License-Identifier: Apache-2.0
#include "generator/native/modes.h"

#include <algorithm>

#include <fmt/format.h>

#include "core/errors.h"

namespace plumb {
namespace {

int ClipFrames(const NativeModel& model, const ModeOptions& options) {
  return options.clip_frames > 0 ? options.clip_frames : model.Trained().frames;
}

// A request for one clip of the mode; `part` tells the clips of a mode apart.
VideoRequest ClipLike(const NativeModel& model,
                      const Video& video,
                      const ModeOptions& options,
                      const std::string& part) {
  VideoRequest request;
  request.name = "generate/" + part;
  request.seed = options.seed;
  request.caption = options.caption;
  request.references = options.references;
  request.width = video.width();
  request.height = video.height();
  request.fps = video.fps();
  request.frames = ClipFrames(model, options);
  return request;
}

// The request's frames stand from frame `at` on in a video of `total` frames.
void GiveCameras(const ModeOptions& options, int at, int total, VideoRequest& request) {
  if (options.cameras.empty()) return;
  if (static_cast<int>(options.cameras.size()) < total) {
    throw UsageError(fmt::format(
        "the camera path has {} cameras, the video {} frames", options.cameras.size(), total));
  }
  request.cameras = PartOfPath(options.cameras, at, request.frames);
}

// Frames first … first+count-1 of `video` become frames at … at+count-1 of the request.
void Give(const Video& video, int first, int count, int at, VideoRequest& request) {
  for (int i = 0; i < count; ++i) {
    request.given.push_back({.frame = at + i, .image = video.frame(first + i)});
  }
}

// Given beginnings cover whole latent frames: a multiple of the step plus one.
int WholeBeginning(const NativeModel& model, int frames) {
  return (frames - 1) / model.FrameStep() * model.FrameStep() + 1;
}

// Given ends do so too: a multiple of the step, one at least. Of a shorter video the clip would see
// nothing.
int WholeEnd(const NativeModel& model, const Video& end, const ModeOptions& options) {
  const int step = model.FrameStep();
  if (end.num_frames() < step) {
    throw UsageError(fmt::format(
        "a video of {} frames can't be led to: expected {} or more", end.num_frames(), step));
  }
  return std::max(std::min(options.overlap, end.num_frames()) / step, 1) * step;
}

void RequireNewFrames(const NativeModel& model, const VideoRequest& request) {
  const int given = static_cast<int>(request.given.size()), step = model.FrameStep();
  if (given < request.frames) return;
  throw UsageError(
      fmt::format("of a clip of {} frames {} are given and none is made: expected clips of {} "
                  "frames or more",
                  request.frames,
                  given,
                  (given + step - 1) / step * step + 1));
}

void CheckClipFrames(const NativeModel& model, const ModeOptions& options) {
  const int clip = ClipFrames(model, options);
  if (clip >= 1 && (clip - 1) % model.FrameStep() == 0) return;
  throw UsageError(fmt::format(
      "clip_frames {}: expected a multiple of {}, plus 1", options.clip_frames, model.FrameStep()));
}

void RequireAlike(const Video& a, const Video& b) {
  if (a.width() == b.width() && a.height() == b.height() && a.fps() == b.fps()) return;
  throw UsageError(fmt::format("the two videos differ: {}x{} at {} fps and {}x{} at {} fps",
                               a.width(),
                               a.height(),
                               a.fps(),
                               b.width(),
                               b.height(),
                               b.fps()));
}

// From the end of one video to the beginning of another; of a loop both are the same.
struct Gap {
  const Video& first;
  const Video& second;
  bool is_loop = false;
};

// The frames between.
std::vector<Image> Between(NativeModel& model,
                           const Gap& gap,
                           const ModeOptions& options,
                           const Progress& progress) {
  options.Validate(model);
  const auto& [first, second, is_loop] = gap;
  RequireAlike(first, second);
  VideoRequest request = ClipLike(model, first, options, "between");
  const int before = WholeBeginning(model, std::min(options.overlap, first.num_frames()));
  const int after = WholeEnd(model, second, options);
  Give(first, first.num_frames() - before, before, 0, request);
  Give(second, 0, after, request.frames - after, request);
  RequireNewFrames(model, request);
  const int back = first.num_frames() + request.frames - before - after;  // where `second` begins
  const int total = is_loop ? back : back + second.num_frames();
  GiveCameras(options, first.num_frames() - before, total, request);
  if (is_loop && !options.cameras.empty()) {
    const std::vector<Camera> again = PartOfPath(options.cameras, 0, after);
    std::copy(again.begin(), again.end(), request.cameras.end() - after);
  }
  const Video made = model.Make(request, progress);
  return {made.frames().begin() + before, made.frames().end() - after};
}

}  // namespace

void ModeOptions::Validate(const NativeModel& model) const {
  CheckClipFrames(model, *this);
  const int clip = ClipFrames(model, *this);
  if (overlap < 1 || 2 * overlap > clip) {
    throw UsageError(fmt::format("overlap {}: expected 1 to {}", overlap, clip / 2));
  }
}

std::vector<Camera> PartOfPath(const std::vector<Camera>& path, int first, int count) {
  std::vector<Camera> part;
  for (int i = first; i < first + count; ++i) {
    part.push_back(path.at(std::clamp(i, 0, static_cast<int>(path.size()) - 1)));
  }
  return part;
}

void ExtendForward(NativeModel& model,
                   const Video& start,
                   int frames,
                   const ModeOptions& options,
                   const FrameSink& sink,
                   const Progress& progress) {
  options.Validate(model);
  // The last frames so far: all that the next clip sees.
  std::vector<Image> recent;
  int written = 0;
  const auto hand_on = [&](const Image& frame) {
    if (written == frames) return;
    sink(frame);
    ++written;
    recent.push_back(frame);
    if (static_cast<int>(recent.size()) > options.overlap) recent.erase(recent.begin());
  };
  for (const Image& frame : start.frames()) hand_on(frame);
  for (int clip = 0; written < frames; ++clip) {
    progress.ThrowIfCancelled();
    progress.Report("extending", written, frames);
    VideoRequest request = ClipLike(model, start, options, fmt::format("forward {}", clip));
    const int known = WholeBeginning(model, static_cast<int>(recent.size()));
    Give({recent, start.fps()}, static_cast<int>(recent.size()) - known, known, 0, request);
    GiveCameras(options, written - known, frames, request);
    const Video made = model.Make(request, {.cancelled = progress.cancelled});
    for (int i = known; i < made.num_frames(); ++i) hand_on(made.frame(i));
  }
}

Video ExtendBackward(NativeModel& model,
                     const Video& end,
                     int frames,
                     const ModeOptions& options,
                     const Progress& progress) {
  options.Validate(model);
  std::vector<Image> all = end.frames();
  const size_t wanted = all.size() + static_cast<size_t>(frames);
  for (int clip = 0; all.size() < wanted; ++clip) {
    progress.ThrowIfCancelled();
    progress.Report("extending", static_cast<int>(all.size()), static_cast<int>(wanted));
    VideoRequest request = ClipLike(model, end, options, fmt::format("backward {}", clip));
    const Video so_far(all, end.fps());
    const int known = WholeEnd(model, so_far, options);
    Give(so_far, 0, known, request.frames - known, request);
    RequireNewFrames(model, request);
    const int missing = static_cast<int>(wanted - all.size());
    GiveCameras(options, missing + known - request.frames, static_cast<int>(wanted), request);
    const Video made = model.Make(request, {.cancelled = progress.cancelled});
    const int fresh = std::min(request.frames - known, missing);
    const auto last = made.frames().end() - known;
    all.insert(all.begin(), last - fresh, last);
  }
  return {std::move(all), end.fps()};
}

Video Connect(NativeModel& model,
              const Video& first,
              const Video& second,
              const ModeOptions& options,
              const Progress& progress) {
  std::vector<Image> all = first.frames();
  const std::vector<Image> between = Between(model, {first, second}, options, progress);
  all.insert(all.end(), between.begin(), between.end());
  all.insert(all.end(), second.frames().begin(), second.frames().end());
  return {std::move(all), first.fps()};
}

Video Loop(NativeModel& model,
           const Video& video,
           const ModeOptions& options,
           const Progress& progress) {
  std::vector<Image> all = video.frames();
  const std::vector<Image> back = Between(model, {video, video, true}, options, progress);
  all.insert(all.end(), back.begin(), back.end());
  return {std::move(all), video.fps()};
}

Video EditMasked(NativeModel& model,
                 const Video& video,
                 const std::vector<uint8_t>& mask,
                 const ModeOptions& options,
                 const Progress& progress) {
  CheckClipFrames(model, options);
  VideoRequest request = ClipLike(model, video, options, "edit");
  request.frames = WholeBeginning(model, std::min(request.frames, video.num_frames()));
  for (int i = 0; i < request.frames; ++i) {
    request.given.push_back({.frame = i, .image = video.frame(i), .mask = mask});
  }
  GiveCameras(options, 0, request.frames, request);
  return model.Make(request, progress);
}

Video Redraw(NativeModel& model,
             const Video& video,
             double strength,
             const ModeOptions& options,
             const Progress& progress) {
  CheckClipFrames(model, options);
  VideoRequest request = ClipLike(model, video, options, "redraw");
  request.frames = WholeBeginning(model, std::min(request.frames, video.num_frames()));
  request.edited.assign(video.frames().begin(), video.frames().begin() + request.frames);
  request.strength = strength;
  GiveCameras(options, 0, request.frames, request);
  return model.Make(request, progress);
}

std::vector<Video> Shots(NativeModel& model,
                         const std::vector<std::string>& captions,
                         const std::vector<Image>& references,
                         const VideoRequest& shape,
                         const Progress& progress) {
  std::vector<Video> shots;
  for (size_t i = 0; i < captions.size(); ++i) {
    VideoRequest request = shape;
    request.name = fmt::format("generate/shot {}", i);
    request.caption = captions[i];
    request.references = references;
    if (references.empty() && i > 0) request.references = {shots.front().frame(0)};
    shots.push_back(model.Make(request, progress));
  }
  return shots;
}

}  // namespace plumb
