// SPDX-License-Identifier: Apache-2.0
// Media files with properties that Plumb itself never writes: stated matrices, rotations, oblong
// pixels, odd clocks, sound, streams without a frame.
#pragma once

#include <filesystem>
#include <string>
#include <vector>

#include "app/internal_ffmpeg.h"

namespace plumb {

// One frame of a pixel format whose planes are filled with one number each (two bytes a sample
// where the format has more than 8 bits): Y, U, V of planar formats; R, G, B, A of packed ones.
FramePtr PlainFrame(AVPixelFormat format, int width, int height, const std::vector<int>& values);

struct MediaFile {
  const char* codec = "ffv1";          // FFmpeg's name of the encoder
  const char* container = "matroska";  // and of the muxer
  AVRational tick = {1, 24};           // unit of the stamps
  std::vector<int64_t> stamps;         // one per frame; empty: 0, 1, 2 …
  AVRational pixel_shape = {1, 1};     // width over height of a pixel
  int rotation_degrees = 0;            // clockwise, as players turn the picture
  bool sound = false;                  // a sound track before the video
};

// Encodes the frames (all of one size and format). Without frames the file has a stream of
// `format`, 32x32, and nothing in it.
void WriteMedia(const std::filesystem::path& path,
                const MediaFile& file,
                const std::vector<FramePtr>& frames);

// A file of sound alone.
void WriteSound(const std::filesystem::path& path, const char* container);

}  // namespace plumb
