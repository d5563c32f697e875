// SPDX-License-Identifier: Apache-2.0
// One decoded FFmpeg frame as 8-bit sRGB.
#pragma once

#include <string>
#include <vector>

#include "app/internal_ffmpeg.h"
#include "core/video.h"

namespace plumb {

// Converts the frames of one video. Not stated: the matrix is BT.709 from 1280 columns or 577 rows
// on and BT.601 below, the range is limited. Alpha is laid over black.
class FrameConverter {
 public:
  Image ToRgb(const AVFrame& frame);
  // What had to be assumed or reduced, each said once.
  const std::vector<std::string>& notes() const { return notes_; }

 private:
  void Prepare(const AVFrame& frame);
  void Note(const std::string& text);

  ScalerPtr scaler_;
  int width_ = 0;
  int height_ = 0;
  int format_ = -1;
  int colorspace_ = -1;
  int range_ = -1;
  bool has_alpha_ = false;
  std::vector<std::string> notes_;
};

// Clockwise by quarters · 90 degrees.
Image QuarterTurned(const Image& image, int quarters);

}  // namespace plumb
