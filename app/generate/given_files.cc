// SPDX-License-Identifier: Apache-2.0
#include "app/generate/given_files.h"

#include <algorithm>
#include <cmath>

#include <fmt/format.h>

#include "app/digest.h"
#include "app/run_folder.h"
#include "app/truth_facts.h"
#include "app/video_io.h"
#include "core/camera_json.h"
#include "core/errors.h"

namespace plumb {
namespace {

// Rates within a part in a thousand of each other are one (24 and 23.976).
bool SameRate(double a, double b) { return std::abs(a - b) <= 1e-3 * b; }

// The size nearest to a picture's.
ClipShape NearestTrained(const NativeModel& model, int width, int height) {
  Prompt prompt;
  prompt.width = width;
  prompt.height = height;
  prompt.frames = model.Trained().frames;
  prompt.fps = model.Trained().fps;
  return model.PlanClip(prompt);
}

// The clip, before frames are looked at.
MadeClip ClipFor(const GenerationOptions& options,
                 const NativeModel& model,
                 const std::optional<Video>& given) {
  const TrainedClip trained = model.Trained();
  MadeClip clip{trained.width, trained.height, trained.frames, trained.frames, trained.fps};
  if (given) {
    const ClipShape nearest = NearestTrained(model, given->width(), given->height());
    clip.width = nearest.width;
    clip.height = nearest.height;
    if (given->num_frames() > 1 && !SameRate(given->fps(), trained.fps)) {
      clip.fps = std::min(trained.fps, given->fps());
    }
  }
  if (options.width > 0) clip.width = options.width;
  if (options.height > 0) clip.height = options.height;
  if (options.fps > 0) clip.fps = options.fps;
  if (options.frames > 0) clip.kept = options.frames;
  const int step = model.FrameStep();
  clip.frames = (clip.kept - 1 + step - 1) / step * step + 1;
  return clip;
}

Image FittedImage(const Image& image, const MadeClip& clip, const std::string& place) {
  if (image.width < clip.width || image.height < clip.height) {
    throw InputError(place,
                     fmt::format("is {}x{}, smaller than the {}x{} that are made of it",
                                 image.width,
                                 image.height,
                                 clip.width,
                                 clip.height));
  }
  return AreaResized(image, clip.width, clip.height);
}

// The nearest frame at every time of the clip's rate.
Video AtRate(const Video& video, double fps) {
  if (SameRate(video.fps(), fps)) return {video.frames(), fps};
  const int count = static_cast<int>(std::floor(video.times_s().back() * fps + 1e-6)) + 1;
  std::vector<double> times_s;
  for (int i = 0; i < count; ++i) times_s.push_back(i / fps);
  std::vector<Image> frames;
  for (const int index : NearestFrames(times_s, video.times_s())) {
    frames.push_back(video.frame(index));
  }
  return {std::move(frames), fps};
}

Video FittedVideo(const Video& video, const std::string& place, const MadeClip& clip) {
  const Video even = AtRate(video, clip.fps);
  std::vector<Image> frames;
  for (const Image& frame : even.frames()) frames.push_back(FittedImage(frame, clip, place));
  return {std::move(frames), clip.fps};
}

// What FittedVideo did; empty when nothing.
std::string FittingNote(const Video& video, const std::string& place, const MadeClip& clip) {
  const bool is_moving = video.num_frames() > 1;
  const bool has_size = video.width() == clip.width && video.height() == clip.height;
  if (has_size && (!is_moving || SameRate(video.fps(), clip.fps))) return "";
  const auto rate = [&](double fps) {
    return is_moving ? fmt::format(" at {:.6g} fps", fps) : std::string();
  };
  return fmt::format("{}: {}x{}{}, brought to {}x{}{}",
                     place,
                     video.width(),
                     video.height(),
                     rate(video.fps()),
                     clip.width,
                     clip.height,
                     rate(clip.fps));
}

// Of a video that is edited: a clip at most, a multiple of the step plus one of them.
int EditedFrames(const Video& video, const MadeClip& clip, int step) {
  const int most = std::min(video.num_frames(), clip.frames);
  return std::min((most - 1) / step * step + 1, clip.kept);
}

std::vector<uint8_t> MaskOf(const std::string& path, const MadeClip& clip) {
  const Image picture = FittedImage(ReadImage(path), clip, path);
  std::vector<uint8_t> mask;
  for (size_t i = 0; i < picture.rgb.size(); i += 3) {
    const int sum = picture.rgb[i] + picture.rgb[i + 1] + picture.rgb[i + 2];
    mask.push_back(sum > 3 * 127 ? 1 : 0);
  }
  if (std::find(mask.begin(), mask.end(), 0) == mask.end()) {
    throw InputError(path, "keeps everything: paint black what is to be made anew");
  }
  return mask;
}

Json InputJson(const std::string& path) {
  const bool is_folder = std::filesystem::is_directory(path);
  return {{"file", path}, {"sha256", is_folder ? DigestOfFolder(path) : DigestOfFile(path)}};
}

Json InputsJson(const GenerationOptions& options) {
  Json inputs = Json::object();
  const auto add = [&](const char* name, const std::string& path) {
    if (!path.empty()) inputs[name] = InputJson(path);
  };
  add("image", options.image);
  add("video", options.video);
  add("connect", options.connect);
  add("mask", options.mask);
  add("camera_path", options.camera_path);
  for (const std::string& path : options.references) {
    inputs["references"].push_back(InputJson(path));
  }
  return inputs;
}

}  // namespace

std::vector<Camera> ReadCameraPath(const std::string& path) {
  constexpr int64_t kMostBytes = 64 << 20;
  const Document document = ParseJsonDocument(ReadFile(path, kMostBytes), path);
  const bool is_truth = document.root.is_object() && document.root.contains("scene");
  return is_truth ? ReadTruthCameras(document) : CameraPathFromDocument(document);
}

GivenFiles ReadGivenFiles(const GenerationOptions& options, const NativeModel& model) {
  GivenFiles files;
  const std::string& place = options.video.empty() ? options.image : options.video;
  std::optional<Video> given;
  if (!options.video.empty()) given = ReadVideo(options.video).video;
  if (!options.image.empty()) given = Video({ReadImage(options.image)}, model.Trained().fps);
  files.clip = ClipFor(options, model, given);
  const auto fitted = [&](const Video& video, const std::string& from) {
    const std::string note = FittingNote(video, from, files.clip);
    if (!note.empty()) files.notes.push_back(note);
    return FittedVideo(video, from, files.clip);
  };
  if (given) files.video = fitted(*given, place);
  if (!options.connect.empty()) {
    files.connect = fitted(ReadVideo(options.connect).video, options.connect);
  }
  const bool is_edit = !options.mask.empty() || options.strength > 0;
  const int edited = is_edit ? EditedFrames(*files.video, files.clip, model.FrameStep()) : 0;
  if (is_edit && edited < files.video->num_frames()) {
    files.notes.push_back(fmt::format("{}: of {} frames the first {} are edited",
                                      options.video,
                                      files.video->num_frames(),
                                      edited));
  }
  if (!options.mask.empty()) files.mask = MaskOf(options.mask, files.clip);
  for (const std::string& path : options.references) {
    const Image picture = ReadImage(path);
    const ClipShape nearest = NearestTrained(model, picture.width, picture.height);
    files.references.push_back(AreaResized(picture, nearest.width, nearest.height));
  }
  if (!options.camera_path.empty()) files.cameras = ReadCameraPath(options.camera_path);
  files.inputs = InputsJson(options);
  return files;
}

}  // namespace plumb
