// SPDX-License-Identifier: Apache-2.0
#include <algorithm>

#include <fmt/format.h>

#include "core/errors.h"
#include "generator/training/internal_clip_store.h"
#include "generator/training/internal_exported_clips.h"
#include "generator/weights/internal_weights.h"

namespace plumb {
namespace {

void RequireUsable(const ListedClip& clip) {
  if (clip.file.extension() != ".safetensors") {
    throw InputError(clip.file.string(),
                     "training reads safetensors files; export the set with --tensors");
  }
  if (clip.width < 16 || clip.height < 16 || clip.width % 16 != 0 || clip.height % 16 != 0 ||
      clip.frames < 1 || !(clip.fps > 0)) {
    throw InputError(clip.file.string(),
                     fmt::format("is {}x{}, {} frames at {:g} fps; sides must be multiples of 16",
                                 clip.width,
                                 clip.height,
                                 clip.frames,
                                 clip.fps));
  }
}

// Clips of all sets, mixed so that every stretch has each set's share, as ranks in their own set.
std::vector<ListedClip> MixedClips(const std::vector<std::filesystem::path>& folders) {
  struct Ranked {
    double rank;
    ListedClip clip;
  };
  std::vector<Ranked> ranked;
  for (const std::filesystem::path& folder : folders) {
    const std::vector<ListedClip> clips = ReadClipList(folder);
    for (size_t i = 0; i < clips.size(); ++i) {
      RequireUsable(clips[i]);
      ranked.push_back(
          {(static_cast<double>(i) + 0.5) / static_cast<double>(clips.size()), clips[i]});
    }
  }
  std::stable_sort(ranked.begin(), ranked.end(), [](const Ranked& a, const Ranked& b) {
    return a.rank < b.rank;
  });
  std::vector<ListedClip> mixed;
  for (Ranked& entry : ranked) mixed.push_back(std::move(entry.clip));
  return mixed;
}

}  // namespace

TrainingShape UsedShape(const ListedClip& clip) {
  return {clip.width, clip.height, (clip.frames - 1) / 4 * 4 + 1, clip.fps};
}

std::vector<ListedClip> ExportedClips(const TrainOptions& options) {
  std::vector<ListedClip> all = MixedClips(options.data_folders);
  const auto held_out = static_cast<size_t>(options.validation_clips);
  if (all.size() <= held_out) {
    throw UsageError(fmt::format(
        "the data sets have {} clips, {} of which would be held out", all.size(), held_out));
  }
  const size_t trained = std::min(all.size() - held_out, static_cast<size_t>(options.clips));
  std::vector<ListedClip> clips(all.begin(), all.begin() + static_cast<ptrdiff_t>(trained));
  clips.insert(clips.end(), all.end() - static_cast<ptrdiff_t>(held_out), all.end());
  return clips;
}

TrainOptions WithDataOfFolders(const TrainOptions& options) {
  if (options.data_folders.empty()) return options;
  const std::vector<ListedClip> clips = ExportedClips(options);
  TrainOptions with = options;
  with.clips = static_cast<int>(clips.size()) - options.validation_clips;
  with.shapes.clear();
  for (const ListedClip& clip : clips) {
    const TrainingShape shape = UsedShape(clip);
    if (std::find(with.shapes.begin(), with.shapes.end(), shape) == with.shapes.end()) {
      with.shapes.push_back(shape);
    }
  }
  // What the checkpoint is for: the largest picture, the longest clip.
  TrainingShape largest = with.shapes.front();
  for (const TrainingShape& shape : with.shapes) {
    if (shape.width * shape.height > largest.width * largest.height) largest = shape;
  }
  for (const TrainingShape& shape : with.shapes) {
    largest.frames = std::max(largest.frames, shape.frames);
  }
  with.width = largest.width;
  with.height = largest.height;
  with.frames = largest.frames;
  with.fps = largest.fps;
  with.vae_frames = std::min(options.vae_frames, largest.frames);
  with.data = {{"source", "exported sets"}, {"lists_sha256", Json::array()}};
  for (const std::filesystem::path& folder : options.data_folders) {
    with.data["lists_sha256"].push_back(FileDigest(folder / "clips.jsonl"));
  }
  if (options.data_folders.size() > 1) with.data["views"] = "by set";
  return with;
}

}  // namespace plumb
