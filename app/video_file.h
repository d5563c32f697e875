// SPDX-License-Identifier: Apache-2.0
// A video that is written while it is made, so that it never lies in memory whole.
#pragma once

#include <filesystem>
#include <memory>

#include "core/video.h"

namespace plumb {

// Writes as WriteLossless (.mkv) or WriteProxy (.mp4) of app/video_io.h would, byte for byte.
class VideoFile {
 public:
  // Throws UsageError when the name ends in neither.
  VideoFile(const std::filesystem::path& path, double fps);
  ~VideoFile();  // without Finish no file is left

  // All frames have the size of the first, of two pixels at least a side for .mp4. Throws
  // EnvironmentError when it can't write.
  void Add(const Image& frame);
  // After at least one frame, once.
  void Finish();

 private:
  struct State;
  std::unique_ptr<State> state_;
};

}  // namespace plumb
