// SPDX-License-Identifier: Apache-2.0
#include <fstream>
#include <sstream>

#include "core/errors.h"
#include "core/safetensors.h"
#include "generator/native/internal_checkpoint.h"
#include "generator/native/internal_frames.h"
#include "generator/training/internal_clip_store.h"
#include "generator/weights/internal_weights.h"

namespace plumb {
namespace {

// What must be equal for clips made earlier to be the clips asked for now.
std::string Fingerprint(const TrainOptions& options) {
  return DumpJson({{"width", options.width},
                   {"height", options.height},
                   {"frames", options.frames},
                   {"fps", options.fps},
                   {"data", options.data}});
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

Safetensors FileOfClip(const TrainingClip& clip, const TrainOptions& options, int64_t index) {
  const Video& video = clip.video;
  if (video.width() != options.width || video.height() != options.height ||
      video.num_frames() != options.frames || video.fps() != options.fps) {
    throw InputError(fmt::format("training clip {} ({})", index, clip.source),
                     fmt::format("is {}x{}, {} frames at {} fps instead of {}x{}, {} at {}",
                                 video.width(),
                                 video.height(),
                                 video.num_frames(),
                                 video.fps(),
                                 options.width,
                                 options.height,
                                 options.frames,
                                 options.fps));
  }
  std::vector<uint8_t> bytes;
  for (const Image& frame : video.frames()) {
    bytes.insert(bytes.end(), frame.rgb.begin(), frame.rgb.end());
  }
  Safetensors file;
  file.tensors.emplace(
      "frames",
      Tensor(DType::kU8, {options.frames, options.height, options.width, 3}, std::move(bytes)));
  file.metadata = {{"caption", clip.caption}, {"source", clip.source}};
  return file;
}

}  // namespace

ClipStore::ClipStore(const TrainOptions& options,
                     const ClipSource& source,
                     const Progress& progress)
    : folder_(Folder(options)) {
  ClaimFolder(folder_, options);
  const int count = options.clips + options.validation_clips;
  for (int index = 0; index < count; ++index) {
    progress.ThrowIfCancelled();
    progress.Report("clips", index, count);
    if (!std::filesystem::exists(Path(index))) {
      WriteSafetensors(Path(index), FileOfClip(source(index), options, index));
    }
    const Safetensors file = ReadSafetensors(Path(index));
    captions_.push_back(file.metadata.at("caption"));
    sources_.push_back(file.metadata.at("source"));
  }
  progress.Report("clips", count, count);
}

at::Tensor ClipStore::Pixels(int64_t index, int64_t first, int64_t count) const {
  const at::Tensor frames = ToTorch(ReadSafetensors(Path(index)).tensors.at("frames"));
  return frames.narrow(0, first, count)
      .to(torch::kFloat32)
      .div_(127.5)
      .sub_(1.0)
      .permute({3, 0, 1, 2})
      .contiguous();
}

std::filesystem::path ClipStore::Path(int64_t index) const {
  return folder_ / fmt::format("{:06}.safetensors", index);
}

}  // namespace plumb
