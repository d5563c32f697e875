// SPDX-License-Identifier: Apache-2.0
#include "app/generate/generation.h"

#include <algorithm>
#include <cmath>

#include <fmt/format.h>

#include "core/errors.h"
#include "generator/native/modes.h"
#include "generator/native/prompt_expansion.h"

namespace plumb {
namespace {

// Frames taken from a video where nobody says how many.
constexpr int kKnownFrames = 9;

class VideoMaker {
 public:
  VideoMaker(NativeModel& model,
             const Generation& generation,
             const VideoSink& sink,
             const Progress& progress)
      : model_(model),
        options_(generation.options),
        files_(generation.files),
        captions_(generation.captions),
        sink_(sink),
        progress_(progress) {}

  int Make();

 private:
  const MadeClip& clip() const { return files_.clip; }
  int FramesOf(double seconds) const {
    return std::max(1, static_cast<int>(std::lround(seconds * clip().fps)));
  }
  // Frames at a seam, unless told: so many that half of a clip is new at least.
  int Overlap() const;
  // The picture, or the first frames of the video, that a clip starts with.
  int KnownFrames() const;

  std::vector<Camera> ClipCameras() const;
  VideoRequest ClipRequest() const;
  Video MakeClip(int frames);
  // The given video, else a clip from the prompt.
  Video Start();
  ModeOptions Mode() const;
  // As many frames as were asked for.
  Video Kept(const Video& video) const {
    return FirstFrames(video, std::min(clip().kept, video.num_frames()));
  }
  void HandOn(const Video& video, int index = 0) const;

  int Clip();
  int Forward();
  int Shots();

  NativeModel& model_;
  const GenerationOptions& options_;
  const GivenFiles& files_;
  const std::vector<std::string>& captions_;
  const VideoSink& sink_;
  const Progress& progress_;
};

int VideoMaker::Overlap() const {
  if (options_.known_frames > 0) return options_.known_frames;
  return std::min(kKnownFrames, clip().frames / 2);
}

int VideoMaker::KnownFrames() const {
  if (!files_.video) return 0;
  if (options_.video.empty()) return 1;
  const int has = files_.video->num_frames();
  if (options_.known_frames > has) {
    throw InputError(options_.video,
                     fmt::format("has {} frames at {:.6g} fps, --known-frames asks for {}",
                                 has,
                                 clip().fps,
                                 options_.known_frames));
  }
  const int most = options_.known_frames > 0 ? options_.known_frames : std::max(Overlap(), 1);
  if (most > clip().kept) {
    throw UsageError(fmt::format(
        "--known-frames {}: the clip has {} frames", options_.known_frames, clip().kept));
  }
  const int step = model_.FrameStep();
  return (std::min(has, most) - 1) / step * step + 1;
}

std::vector<Camera> VideoMaker::ClipCameras() const {
  const std::vector<Camera>& path = files_.cameras;
  if (path.empty()) return {};
  if (static_cast<int>(path.size()) < clip().kept) {
    throw UsageError(fmt::format("--camera-path {}: has {} cameras, the clip {} frames",
                                 options_.camera_path,
                                 path.size(),
                                 clip().kept));
  }
  return PartOfPath(path, 0, clip().frames);
}

VideoRequest VideoMaker::ClipRequest() const {
  VideoRequest request;
  request.seed = options_.seed;
  request.caption = captions_.front();
  request.width = clip().width;
  request.height = clip().height;
  request.frames = clip().frames;
  request.fps = clip().fps;
  request.references = files_.references;
  request.cameras = ClipCameras();
  return request;
}

Video VideoMaker::MakeClip(int frames) {
  VideoRequest request = ClipRequest();
  for (int i = 0; i < KnownFrames(); ++i) {
    request.given.push_back({.frame = i, .image = files_.video->frame(i)});
  }
  return FirstFrames(model_.Make(request, progress_), std::min(frames, request.frames));
}

Video VideoMaker::Start() { return options_.video.empty() ? MakeClip(clip().kept) : *files_.video; }

ModeOptions VideoMaker::Mode() const {
  if (2 * options_.known_frames > clip().frames) {
    throw UsageError(fmt::format("--known-frames {}: expected at most {}, half a clip",
                                 options_.known_frames,
                                 clip().frames / 2));
  }
  return {.caption = captions_.front(),
          .seed = options_.seed,
          .clip_frames = clip().frames,
          .overlap = Overlap(),
          .references = files_.references,
          .cameras = files_.cameras};
}

void VideoMaker::HandOn(const Video& video, int index) const {
  for (const Image& frame : video.frames()) sink_(index, frame);
}

int VideoMaker::Clip() {
  HandOn(MakeClip(clip().kept));
  return KnownFrames();
}

int VideoMaker::Forward() {
  const int frames = FramesOf(options_.seconds);
  const bool has_video = !options_.video.empty();
  if (has_video && files_.video->num_frames() >= frames) {
    throw UsageError(fmt::format("--seconds {}: {} lasts {:.6g} s already",
                                 options_.seconds,
                                 options_.video,
                                 files_.video->num_frames() / clip().fps));
  }
  const Video start = has_video ? *files_.video : MakeClip(std::min(frames, clip().frames));
  if (start.num_frames() >= frames) {
    HandOn(start);
  } else {
    const auto sink = [this](const Image& frame) { sink_(0, frame); };
    ExtendForward(model_, start, frames, Mode(), sink, progress_);
  }
  return has_video ? start.num_frames() : KnownFrames();
}

int VideoMaker::Shots() {
  const std::vector<Video> shots =
      plumb::Shots(model_, captions_, files_.references, ClipRequest(), progress_);
  for (size_t i = 0; i < shots.size(); ++i) {
    HandOn(FirstFrames(shots[i], clip().kept), static_cast<int>(i));
  }
  return 0;
}

int VideoMaker::Make() {
  switch (options_.Mode()) {
    case GenerationMode::kClip:
      return Clip();
    case GenerationMode::kForward:
      return Forward();
    case GenerationMode::kBackward:
      HandOn(ExtendBackward(model_, *files_.video, FramesOf(options_.backward), Mode(), progress_));
      return files_.video->num_frames();
    case GenerationMode::kLoop: {
      const Video start = Start();
      HandOn(Loop(model_, start, Mode(), progress_));
      return options_.video.empty() ? KnownFrames() : start.num_frames();
    }
    case GenerationMode::kConnect:
      HandOn(Connect(model_, *files_.video, *files_.connect, Mode(), progress_));
      return files_.video->num_frames() + files_.connect->num_frames();
    case GenerationMode::kEdit:
      HandOn(Kept(EditMasked(model_, *files_.video, files_.mask, Mode(), progress_)));
      return 0;
    case GenerationMode::kRedraw:
      HandOn(Kept(Redraw(model_, *files_.video, options_.strength, Mode(), progress_)));
      return 0;
    case GenerationMode::kShots:
      return Shots();
  }
  return 0;
}

}  // namespace

std::vector<std::string> CaptionsOf(const GenerationOptions& options) {
  std::vector<std::string> captions =
      options.shots.empty() ? std::vector<std::string>{options.prompt} : options.shots;
  if (!options.expand) return captions;
  const bool has_pictures =
      !options.image.empty() || !options.video.empty() || !options.references.empty();
  for (size_t i = 0; i < captions.size(); ++i) {
    // Later shots are shown the first one.
    captions[i] = ExpandedPrompt(captions[i], {.looks_are_shown = has_pictures || i > 0});
  }
  return captions;
}

int MakeVideos(NativeModel& model,
               const Generation& generation,
               const VideoSink& sink,
               const Progress& progress) {
  return VideoMaker(model, generation, sink, progress).Make();
}

}  // namespace plumb
