// SPDX-License-Identifier: Apache-2.0
// One video file while it is being encoded, frame by frame, by FFmpeg's libraries.
#pragma once

#include <filesystem>

#include "app/internal_ffmpeg.h"
#include "core/video.h"

namespace plumb {

// What differs between the kinds of file.
struct Encoding {
  const char* codec;
  const char* container;
  AVPixelFormat format;
  int width;
  int height;
  AVRational time_base;
  int crf = 23;           // of H.264
  int key_frame_gap = 1;  // frames from one key frame to the next
};

// The rate as a fraction that containers can keep: 24, 30000/1001, 16.083 …
AVRational RateOf(double fps);

// Everything throws EnvironmentError, naming the path, when it can't be written.
class FileEncoder {
 public:
  FileEncoder(std::filesystem::path path, const Encoding& encoding, double fps);

  // The next frame, of at least the encoding's size; stamps, in its time base, rise.
  void Add(const Image& image, int64_t stamp);
  void Finish();

 private:
  struct CloseOutput {
    void operator()(AVFormatContext* context) const;
  };

  void OpenCodec(double fps);
  void SetProxyOptions();
  void OpenFile(double fps);
  void Encode(const AVFrame* frame);

  std::filesystem::path path_;
  Encoding encoding_;
  CodecPtr codec_;
  std::unique_ptr<AVFormatContext, CloseOutput> output_;
  AVStream* stream_ = nullptr;
  ScalerPtr scaler_;
};

}  // namespace plumb
