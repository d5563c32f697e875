// SPDX-License-Identifier: Apache-2.0
// A clip as training reads it, on disk a safetensors file, and the list of a folder of such clips.
#pragma once

#include <filesystem>
#include <string>
#include <vector>

#include "core/camera.h"
#include "core/json.h"
#include "core/safetensors.h"
#include "core/video.h"

namespace plumb {

struct CaptionedClip {
  Video video;
  std::vector<std::string> captions;  // the exact one first, then the same in other words
  std::string source;                 // names it in records: "drop-17"
  std::vector<Camera> cameras = {};   // one per frame, or none where nobody knows
};

// `frames` U8 [F, H, W, 3] and, where cameras are known, `cameras` F64 [F, 11]: fx, fy, cx, cy in
// pixels, then camera_from_world as quaternion x, y, z, w and translation in metres. Metadata:
// `captions` (a JSON list), `source`, `fps`. Throws CheckFailure without caption, or when there are
// cameras but not one per frame.
Safetensors ToSafetensors(const CaptionedClip& clip);

// The same back. Throws InputError naming `place` when something is missing or does not fit.
CaptionedClip TrainingClipFrom(const Safetensors& file, const std::string& place);
// Of a mapped file, so that a few frames cost no more than they are: all frames, and the cameras,
// none where the file has none. Throw as TrainingClipFrom does.
TensorView TrainingFramesFrom(const MappedSafetensors& file, const std::string& place);
std::vector<Camera> TrainingCamerasFrom(const MappedSafetensors& file, const std::string& place);

// What the list of a folder tells of a clip.
struct ListedClip {
  std::filesystem::path file;  // of the clip, any kind of video
  std::string source;
  std::vector<std::string> captions;  // as CaptionedClip's
  int width = 0;
  int height = 0;
  int frames = 0;
  double fps = 0.0;
};

ListedClip Listed(const CaptionedClip& clip, const std::filesystem::path& file);

// The object of a line of clips.jsonl; `clip.file` relative to the list's folder.
Json ClipLine(const ListedClip& clip);

// clips.jsonl of a folder, in order; files with the folder's path in front. Throws InputError
// naming file and line when it is missing, empty, or lacks a key.
std::vector<ListedClip> ReadClipList(const std::filesystem::path& folder);

}  // namespace plumb
