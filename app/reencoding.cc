// SPDX-License-Identifier: Apache-2.0
#include "app/reencoding.h"

#include <filesystem>

#include "app/run_folder.h"
#include "app/video_io.h"
#include "core/check.h"

namespace plumb {
namespace {

// A file that is gone when this is.
struct TemporaryFile {
  std::filesystem::path path;
  ~TemporaryFile() {
    std::error_code ignored;
    std::filesystem::remove(path, ignored);
  }
};

}  // namespace

Video Reencoded(const Video& video, int crf) {
  const auto folder = std::filesystem::temp_directory_path();
  const TemporaryFile file{TemporaryNameFor(folder / "plumb-reencoded.mp4")};
  WriteH264(file.path, video, crf);
  const Video back = ReadVideo(file.path).video;
  PLUMB_CHECK(back.num_frames() == video.num_frames(),
              "{} frames of {} came back",
              back.num_frames(),
              video.num_frames());
  return {back.frames(), video.fps(), video.times_s()};
}

}  // namespace plumb
