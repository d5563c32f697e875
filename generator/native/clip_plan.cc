// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <cmath>

#include <fmt/format.h>

#include "core/check.h"
#include "core/errors.h"
#include "generator/native/internal_clip_plan.h"

namespace plumb {
namespace {

// Width and height in multiples of `stride`, within the asked picture and the trained area, nearest
// in aspect and area.
std::pair<int, int> NearestSize(const Prompt& prompt, const TrainedClip& native, int stride) {
  const double area = std::min(static_cast<double>(native.width) * native.height,
                               static_cast<double>(prompt.width) * prompt.height);
  const double aspect = std::log(static_cast<double>(prompt.width) / prompt.height);
  std::pair<int, int> best = {0, 0};
  double best_cost = 0.0;
  for (int width = stride; width <= prompt.width; width += stride) {
    for (int height = stride; height <= prompt.height; height += stride) {
      const double size = static_cast<double>(width) * height;
      if (size > area) break;
      const double cost = std::abs(std::log(static_cast<double>(width) / height) - aspect) +
                          0.5 * std::log(area / size);
      if (best.first == 0 || cost < best_cost) {
        best = {width, height};
        best_cost = cost;
      }
    }
  }
  if (best.first == 0) {
    throw UsageError(
        fmt::format("{}x{} is too small for this checkpoint; its smallest picture is {}x{}",
                    prompt.width,
                    prompt.height,
                    stride,
                    stride));
  }
  return best;
}

int DownToClip(int frames, int stride) {
  return frames < 1 ? 0 : (frames - 1) / stride * stride + 1;
}
int UpToClip(int frames, int stride) { return (frames - 1 + stride - 1) / stride * stride + 1; }

// How many leading frames the conditioning frames settle at the checkpoint's rate. Slower
// conditioning than that would have to be repeated, so only its first frame counts.
int KnownFrames(const Prompt& prompt, const ClipShape& shape, int stride) {
  const int given = static_cast<int>(prompt.conditioning_frames.size());
  if (given == 0) return 0;
  if (prompt.fps < 0.9 * shape.fps) return 1;
  const double last_s = (given - 1) / prompt.fps;
  const int covered = static_cast<int>(std::floor(last_s * shape.fps + 1e-6)) + 1;
  return DownToClip(std::min(covered, shape.kept_frames), stride);
}

// A picture of any larger or equal size brought to the clip's size.
std::vector<Image> KnownImages(const Prompt& prompt, const ClipShape& shape) {
  std::vector<Image> images;
  for (int i = 0; i < shape.known_frames; ++i) {
    const double nearest = std::round(i / shape.fps * prompt.fps);
    const size_t index =
        std::min(static_cast<size_t>(nearest), prompt.conditioning_frames.size() - 1);
    const Image& image = prompt.conditioning_frames[index];
    if (image.width < shape.width || image.height < shape.height) {
      throw UsageError(fmt::format("conditioning frame {} is {}x{}, smaller than the clip's {}x{}",
                                   index,
                                   image.width,
                                   image.height,
                                   shape.width,
                                   shape.height));
    }
    images.push_back(AreaResized(image, shape.width, shape.height));
  }
  return images;
}

// The prompt's camera at every frame of the clip, the nearest in time; past the end the last stays.
std::vector<Camera> CamerasOf(const Prompt& prompt, const ClipShape& shape) {
  std::vector<Camera> cameras;
  if (prompt.cameras.empty()) return cameras;
  for (int i = 0; i < shape.frames; ++i) {
    const auto frame = static_cast<size_t>(std::round(i / shape.fps * prompt.fps));
    cameras.push_back(prompt.cameras[std::min(frame, prompt.cameras.size() - 1)]);
  }
  return cameras;
}

// The multiple of `step` nearest to `value`, at least one.
int NearestMultiple(int value, int step) { return std::max(1, (value + step / 2) / step) * step; }

// The video that is edited, if any, is one of the clip's size and length.
void CheckEdited(const VideoRequest& request) {
  if (request.edited.empty()) {
    if (request.strength != 1.0) throw UsageError("a strength is for a video that is edited");
    return;
  }
  if (!(request.strength > 0 && request.strength <= 1)) {
    throw UsageError(fmt::format("strength {}: expected more than 0, at most 1", request.strength));
  }
  if (static_cast<int>(request.edited.size()) != request.frames) {
    throw UsageError(fmt::format(
        "the edited video has {} frames, the clip {}", request.edited.size(), request.frames));
  }
  for (const Image& frame : request.edited) {
    if (frame.width == request.width && frame.height == request.height) continue;
    throw UsageError(fmt::format("the edited video is {}x{}, the clip {}x{}",
                                 frame.width,
                                 frame.height,
                                 request.width,
                                 request.height));
  }
}

// Cameras, if any, are one per frame and can see.
void CheckCameras(const VideoRequest& request) {
  if (request.cameras.empty()) return;
  if (static_cast<int>(request.cameras.size()) != request.frames) {
    throw UsageError(fmt::format(
        "{} cameras for {} frames: expected one each", request.cameras.size(), request.frames));
  }
  for (const Camera& camera : request.cameras) {
    const Intrinsics& k = camera.intrinsics;
    if (k.width > 0 && k.height > 0 && k.fx_px > 0 && k.fy_px > 0) continue;
    throw UsageError(fmt::format("a camera of {}x{} pixels with focal lengths of {} and {} pixels",
                                 k.width,
                                 k.height,
                                 k.fx_px,
                                 k.fy_px));
  }
}

// How many tokens the pictures that are referred to have; their sides are multiples of `step`.
int64_t ReferenceTokens(const VideoRequest& request, int step) {
  int64_t tokens = 0;
  for (const Image& picture : request.references) {
    if (picture.width < 1 || picture.height < 1 || picture.width % step != 0 ||
        picture.height % step != 0) {
      throw UsageError(fmt::format("a reference of {}x{}: sides must be multiples of {}",
                                   picture.width,
                                   picture.height,
                                   step));
    }
    tokens += static_cast<int64_t>(picture.width / step) * (picture.height / step);
  }
  return tokens;
}

}  // namespace

ClipShape PlanClipFor(const Prompt& prompt, const ClipLimits& limits) {
  PLUMB_CHECK(prompt.width > 0 && prompt.height > 0 && prompt.frames > 0 && prompt.fps > 0,
              "{}x{}, {} frames, {} fps",
              prompt.width,
              prompt.height,
              prompt.frames,
              prompt.fps);
  const TrainedClip& native = limits.trained;
  const int temporal = limits.frame_step;
  ClipShape shape;
  std::tie(shape.width, shape.height) = NearestSize(prompt, native, limits.size_step);
  shape.fps = native.fps;
  const double duration_s = (prompt.frames - 1) / prompt.fps;
  const double wanted = std::round(duration_s * native.fps) + 1;
  shape.kept_frames = static_cast<int>(std::min(wanted, static_cast<double>(native.frames)));
  shape.frames = UpToClip(shape.kept_frames, temporal);
  shape.known_frames = KnownFrames(prompt, shape, temporal);
  return shape;
}

VideoRequest RequestFor(const Prompt& prompt, const ClipShape& shape) {
  VideoRequest request;
  request.name = prompt.cell_id;
  request.seed = prompt.seed;
  request.caption = prompt.caption;
  request.width = shape.width;
  request.height = shape.height;
  request.frames = shape.frames;
  request.fps = shape.fps;
  request.cameras = CamerasOf(prompt, shape);
  std::vector<Image> images = KnownImages(prompt, shape);
  for (int i = 0; i < shape.known_frames; ++i) {
    request.given.push_back({.frame = i, .image = std::move(images[i])});
  }
  return request;
}

void CheckClip(const VideoRequest& request, const ClipLimits& limits) {
  const int step = limits.size_step, stride = limits.frame_step;
  if (request.width < 1 || request.height < 1 || request.width % step != 0 ||
      request.height % step != 0) {
    throw UsageError(fmt::format("{}x{}: sides must be multiples of {}; the nearest size is {}x{}",
                                 request.width,
                                 request.height,
                                 step,
                                 NearestMultiple(request.width, step),
                                 NearestMultiple(request.height, step)));
  }
  if (request.frames < 1 || (request.frames - 1) % stride != 0) {
    throw UsageError(
        fmt::format("{} frames: expected a multiple of {}, plus 1; the nearest is {}",
                    request.frames,
                    stride,
                    std::max(0, (request.frames - 1 + stride / 2) / stride) * stride + 1));
  }
  if (!(request.fps > 0))
    throw UsageError(fmt::format("{} fps: expected more than 0", request.fps));
  CheckEdited(request);
  CheckCameras(request);
  const int64_t a_frame = static_cast<int64_t>(request.width / step) * (request.height / step);
  const int64_t latent_frames = (request.frames - 1) / stride + 1;
  const int64_t references = ReferenceTokens(request, step);
  if (a_frame * latent_frames + references <= kLargestClip) return;
  if (references > 0) {
    throw UsageError(
        fmt::format("the clip has {} tokens and its references {}, more than fit into memory ({}); "
                    "give smaller or fewer references",
                    a_frame * latent_frames,
                    references,
                    kLargestClip));
  }
  const int64_t most = kLargestClip / a_frame;
  throw UsageError(fmt::format(
      "{} frames of {}x{} are {} tokens, more than fit into memory ({}); {}",
      request.frames,
      request.width,
      request.height,
      a_frame * latent_frames,
      kLargestClip,
      most < 1
          ? "ask for a smaller picture"
          : fmt::format("the longest clip of this size has {} frames", (most - 1) * stride + 1)));
}

}  // namespace plumb
