// SPDX-License-Identifier: Apache-2.0
// Pictures and videos: 8-bit sRGB, row-major, three bytes a pixel, own memory.
#pragma once

#include <cstdint>
#include <span>
#include <vector>

namespace plumb {

struct Image {
  int width = 0;
  int height = 0;
  std::vector<uint8_t> rgb;  // height * width * 3

  Image() = default;
  // A black picture. Throws CheckFailure unless both sizes are positive.
  Image(int width, int height);

  uint8_t* Pixel(int x, int y) { return &rgb[3 * (static_cast<size_t>(y) * width + x)]; }
  const uint8_t* Pixel(int x, int y) const {
    return &rgb[3 * (static_cast<size_t>(y) * width + x)];
  }
  bool operator==(const Image&) const = default;
};

// At least one frame, all of one size, with a time stamp for each frame (seconds, strictly rising,
// first is 0).
class Video {
 public:
  // Evenly spaced frames. Throws CheckFailure on no frame, unequal sizes or fps ≤ 0 or not finite.
  Video(std::vector<Image> frames, double fps);
  // Frames with their own time stamps (variable rate); `fps` is the nominal rate.
  Video(std::vector<Image> frames, double fps, std::vector<double> times_s);

  int width() const { return frames_.front().width; }
  int height() const { return frames_.front().height; }
  int num_frames() const { return static_cast<int>(frames_.size()); }
  double fps() const { return fps_; }
  const Image& frame(int index) const { return frames_[index]; }
  const std::vector<Image>& frames() const { return frames_; }
  const std::vector<double>& times_s() const { return times_s_; }

 private:
  std::vector<Image> frames_;
  double fps_;
  std::vector<double> times_s_;
};

// The first `count` frames. Throws CheckFailure unless 1 ≤ count ≤ num_frames.
Video FirstFrames(const Video& video, int count);

// Area-averaged reduction (each output pixel is the mean of the source area it covers, weighted by
// overlap). Throws CheckFailure when an output side exceeds its source side: nothing is ever
// enlarged before scoring.
Image AreaResized(const Image& image, int width, int height);
Video AreaResized(const Video& video, int width, int height);

// For each truth time the index of the nearest sample frame; ties go to the earlier frame.
std::vector<int> NearestFrames(std::span<const double> truth_times_s,
                               std::span<const double> sample_times_s);

}  // namespace plumb
