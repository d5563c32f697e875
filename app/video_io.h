// SPDX-License-Identifier: Apache-2.0
// Videos in and out, by FFmpeg's libraries: any file they decode, GIFs and folders of PNG pictures
// in; lossless FFV1 for what is scored and H.264 proxies for what is only looked at.
#pragma once

#include <cstdint>
#include <filesystem>
#include <span>
#include <string>
#include <vector>

#include "core/progress.h"
#include "core/video.h"

namespace plumb {

// How much one file may cost. A file that goes beyond is refused, never cut.
struct VideoReadOptions {
  int64_t max_pixels = 4096LL * 4096;  // per frame, checked before a frame is decoded
  int64_t max_total_bytes = 6LL * 1024 * 1024 * 1024;  // decoded RGB of all frames
  int max_frames = 20000;
  double max_seconds = 3600.0;  // of the clip, by its stamps
  double png_fps = 24.0;        // rate of a folder of PNG pictures, which carries none

  // Throws UsageError naming the field that makes no sense.
  void Validate() const;
};

// What was read and what had to be done to make 8-bit sRGB of it.
struct LoadedVideo {
  Video video;
  std::string codec;  // "h264", "gif", "png"
  std::vector<std::string>
      notes;  // "rotated by 90 degrees", "alpha laid over black", "10-bit reduced to 8" …
};

// Decodes the whole first video stream of a file, or the *.png of a folder in name order. Stamps
// are the container's, starting at 0; stamps that agree with an even grid within one container tick
// become that grid. Throws InputError naming the file when it is absent, is no video, has no frame,
// exceeds a cap, changes its size half-way or ends early ("decoded n of m frames; a partial decode
// is never scored as whole"); CancelledError. Opens nothing but the given file.
LoadedVideo ReadVideo(const std::filesystem::path& path,
                      const VideoReadOptions& options = {},
                      const Progress& progress = {});

// Lossless RGB (FFV1 in Matroska), written beside the target, synced and renamed. ReadVideo gives
// the same pixels; even stamps come back exactly, uneven ones within a millisecond. Same video,
// same bytes. Throws EnvironmentError when it can't write.
void WriteLossless(const std::filesystem::path& path, const Video& video);

// For browsers: H.264, every frame a key frame, yuv420p (BT.709, limited range), index in front.
// Odd sizes lose their last row or column, a single one is doubled. Never scored. Throws
// EnvironmentError when it can't write.
void WriteProxy(const std::filesystem::path& path, const Video& video);

// The same with a key frame a second and predicted frames between, at a constant rate factor in
// 1–51: what a codec does to a video on its way through the world.
void WriteH264(const std::filesystem::path& path, const Video& video, int crf);

// One picture as PNG, in memory or as a file (written beside the target and renamed).
std::vector<uint8_t> EncodePng(const Image& image);
void WritePng(const std::filesystem::path& path, const Image& image);
// One picture of 16 bits a value as PNG: one channel (grey) or three. Throws CheckFailure when the
// values don't fit the size. And one of 8 bits, grey.
struct DeepImage {
  int width = 0;
  int height = 0;
  int channels = 1;
  std::vector<uint16_t> values;  // height * width * channels
};
std::vector<uint8_t> EncodePng(const DeepImage& image);
std::vector<uint8_t> EncodeGreyPng(int width, int height, std::span<const uint8_t> values);
// One picture file of any format FFmpeg reads (the first frame of it).
Image ReadImage(const std::filesystem::path& path);

}  // namespace plumb
