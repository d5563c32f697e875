// SPDX-License-Identifier: Apache-2.0
#include <fstream>
#include <map>
#include <sstream>

#include <fmt/ranges.h>

#include "core/errors.h"
#include "core/parallel.h"
#include "core/safetensors.h"
#include "generator/native/internal_checkpoint.h"
#include "generator/native/internal_frames.h"
#include "generator/training/internal_clip_store.h"
#include "generator/training/internal_exported_clips.h"

namespace plumb {
namespace {

// What must be equal for clips made earlier to be the clips asked for now.
std::string Fingerprint(const TrainOptions& options) {
  Json fingerprint = {{"width", options.width},
                      {"height", options.height},
                      {"frames", options.frames},
                      {"fps", options.fps},
                      {"data", options.data}};
  if (options.shapes.empty()) return DumpJson(fingerprint);
  for (const TrainingShape& shape : options.shapes) fingerprint["shapes"].push_back(ToText(shape));
  fingerprint["seed"] = options.seed;  // decides which clip has which shape
  return DumpJson(fingerprint);
}

std::filesystem::path Folder(const TrainOptions& options) {
  return options.clip_folder.empty() ? options.output / "training/clips" : options.clip_folder;
}

void ClaimFolder(const std::filesystem::path& folder, const TrainOptions& options) {
  MakeFolder(folder);
  const std::filesystem::path path = folder / "clips.json";
  const std::string fingerprint = Fingerprint(options);
  std::ifstream stream(path, std::ios::binary);
  if (!stream) return WriteFileAtomically(path, fingerprint);
  std::ostringstream found;
  found << stream.rdbuf();
  if (found.str() != fingerprint) {
    throw UsageError(
        fmt::format("{} holds clips of another training; name another folder", folder.string()));
  }
}

void RequireShape(const TrainingClip& clip, const TrainingShape& shape, uint64_t index) {
  const Video& video = clip.video;
  const TrainingShape found{video.width(), video.height(), video.num_frames(), video.fps()};
  if (found == shape) return;
  throw InputError(fmt::format("training clip {} ({})", index, clip.source),
                   fmt::format("is {}x{}, {} frames at {} fps instead of {}x{}, {} at {}",
                               found.width,
                               found.height,
                               found.frames,
                               found.fps,
                               shape.width,
                               shape.height,
                               shape.frames,
                               shape.fps));
}

std::string FileName(uint64_t index) {
  if (index < kFirstHeldOut) return fmt::format("{:06}.safetensors", index);
  return fmt::format("held_out_{:06}.safetensors", index - kFirstHeldOut);
}

// Clips by file name, as far as an earlier training listed them.
std::map<std::string, ListedClip> KnownClips(const std::filesystem::path& folder) {
  std::map<std::string, ListedClip> known;
  if (!std::filesystem::exists(folder / "clips.jsonl")) return known;
  for (ListedClip& clip : ReadClipList(folder)) known[clip.file.filename().string()] = clip;
  return known;
}

// The clip of the source: as known, from its file, or made now.
ListedClip KeptOrMade(const TrainOptions& options, const ClipSource& source, uint64_t index) {
  const std::filesystem::path path = Folder(options) / FileName(index);
  if (std::filesystem::exists(path)) {
    return Listed(TrainingClipFrom(ReadSafetensors(path), path.string()), path);
  }
  const TrainingClip clip = source(index);
  RequireShape(clip, ShapeOfClip(options, index), index);
  WriteSafetensors(path, ToSafetensors(clip));
  return Listed(clip, path);
}

void WriteList(const std::filesystem::path& folder, const std::vector<ListedClip>& clips) {
  std::string lines;
  for (ListedClip clip : clips) {
    clip.file = clip.file.filename();
    lines += ClipLine(clip).dump() + "\n";
  }
  WriteFileAtomically(folder / "clips.jsonl", lines);
}

std::vector<ListedClip> ClipsOfSource(const TrainOptions& options,
                                      const ClipSource& source,
                                      const Progress& progress) {
  const std::filesystem::path folder = Folder(options);
  ClaimFolder(folder, options);
  const std::map<std::string, ListedClip> known = KnownClips(folder);
  std::vector<ListedClip> clips(options.clips + options.validation_clips);
  const auto work = [&](int i, const Progress&) {
    const uint64_t index = i < options.clips ? i : kFirstHeldOut + (i - options.clips);
    const auto found = known.find(FileName(index));
    const bool kept = found != known.end() && std::filesystem::exists(found->second.file);
    clips[i] = kept ? found->second : KeptOrMade(options, source, index);
  };
  DoInParallel("clips", static_cast<int>(clips.size()), options.render_threads, work, progress);
  WriteList(folder, clips);
  return clips;
}

// Names of scenes are a set's own: two sets may have a drop-17 each. Where the options don't say so
// (a training begun by an older version) equal names are one scene.
std::string SceneOf(const ListedClip& clip, const TrainOptions& options) {
  if (!options.data.contains("views")) return clip.source;
  for (const std::filesystem::path& folder : options.data_folders) {
    const std::string place = (folder / "").string();
    if (clip.file.string().starts_with(place)) return place + clip.source;
  }
  return clip.source;
}

// The clip's file, mapped: a step of a training looks at a few of its frames.
MappedSafetensors MappedClip(const ListedClip& clip) {
  MappedSafetensors file = MapSafetensors(clip.file);
  const std::vector<int64_t> shape = TrainingFramesFrom(file, clip.file.string()).shape;
  if (shape == std::vector<int64_t>{clip.frames, clip.height, clip.width, 3}) return file;
  throw InputError(
      clip.file.string(),
      fmt::format("tensor 'frames' has shape [{}], clips.jsonl says {} frames of {}x{}",
                  fmt::join(shape, ", "),
                  clip.frames,
                  clip.width,
                  clip.height));
}

}  // namespace

ClipStore::ClipStore(const TrainOptions& options,
                     const ClipSource& source,
                     const Progress& progress)
    : clips_(options.data_folders.empty() ? ClipsOfSource(options, source, progress)
                                          : ExportedClips(options)),
      trained_(options.clips) {
  // By file, what OtherViews gives.
  std::map<std::string, std::vector<int64_t>> scenes;
  for (int64_t i = 0; i < trained_; ++i) scenes[SceneOf(clips_[i], options)].push_back(i);
  for (int64_t i = 0; i < size(); ++i) {
    std::vector<int64_t>& others = views_[clips_[i].file.string()];
    others = scenes[SceneOf(clips_[i], options)];
    std::erase(others, i);
  }
}

TrainingShape ClipStore::shape(int64_t index) const { return UsedShape(clips_[index]); }

const std::string& ClipStore::DrawCaption(int64_t index, Random& random) const {
  const std::vector<std::string>& captions = clips_[index].captions;
  return captions[random.Index(static_cast<int>(captions.size()))];
}

std::vector<int64_t> ClipStore::OtherViews(int64_t index) const {
  return views_.at(clips_[index].file.string());
}

std::vector<std::string> ClipStore::TrainedCaptions() const {
  std::vector<std::string> captions;
  for (int64_t i = 0; i < trained_; ++i) {
    captions.insert(captions.end(), clips_[i].captions.begin(), clips_[i].captions.end());
  }
  return captions;
}

at::Tensor ClipStore::Pixels(int64_t index, int64_t first, int64_t count) const {
  const ListedClip& clip = clips_[index];
  const MappedSafetensors file = MappedClip(clip);
  const at::Tensor frames = at::from_blob(
      file.tensors.at("frames").bytes.data(), {clip.frames, clip.height, clip.width, 3}, at::kByte);
  return frames.narrow(0, first, count)
      .to(torch::kFloat32)
      .div_(127.5)
      .sub_(1.0)
      .permute({3, 0, 1, 2})
      .contiguous();
}

std::vector<Camera> ClipStore::Cameras(int64_t index) const {
  const ListedClip& clip = clips_[index];
  std::vector<Camera> cameras = TrainingCamerasFrom(MappedClip(clip), clip.file.string());
  if (!cameras.empty()) cameras.resize(shape(index).frames);
  return cameras;
}

}  // namespace plumb
