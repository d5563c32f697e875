// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <cmath>
#include <optional>

#include <fmt/format.h>

#include "app/internal_file_encoder.h"
#include "app/run_folder.h"
#include "app/video_file.h"
#include "app/video_io.h"
#include "core/check.h"
#include "core/errors.h"

namespace plumb {
namespace {

namespace fs = std::filesystem;

bool IsEven(const Video& video) {
  for (int i = 0; i < video.num_frames(); ++i) {
    if (std::abs(video.times_s()[i] - i / video.fps()) > 1e-9) return false;
  }
  return true;
}

// A file that is encoded beside its target; only a whole and synced one takes its name, without
// Finish nothing is left.
class FileAside {
 public:
  FileAside(const fs::path& path, const Encoding& encoding, double fps)
      : path_(path), aside_(TemporaryNameFor(path)) {
    av_log_set_level(AV_LOG_QUIET);
    try {
      encoder_.emplace(aside_, encoding, fps);
    } catch (...) {
      Remove();
      throw;
    }
  }
  ~FileAside() {
    encoder_.reset();
    if (!finished_) Remove();
  }
  FileAside(const FileAside&) = delete;
  FileAside& operator=(const FileAside&) = delete;

  FileEncoder& encoder() { return *encoder_; }
  void Finish() {
    encoder_->Finish();
    SyncAndRename(aside_, path_);
    finished_ = true;
  }

 private:
  void Remove() {
    std::error_code ignored;
    fs::remove(aside_, ignored);
  }

  fs::path path_, aside_;
  std::optional<FileEncoder> encoder_;
  bool finished_ = false;
};

void WriteVideo(const fs::path& path, const Video& video, const Encoding& encoding) {
  FileAside file(path, encoding, video.fps());
  const double ticks_per_s = 1.0 / av_q2d(encoding.time_base);
  int64_t stamp = -1;
  for (int i = 0; i < video.num_frames(); ++i) {
    // Containers want every stamp above the one before.
    stamp = std::max<int64_t>(stamp + 1, std::llround(video.times_s()[i] * ticks_per_s));
    file.encoder().Add(video.frame(i), stamp);
  }
  file.Finish();
}

Encoding LosslessEncoding(const Image& frame, AVRational time_base) {
  return {"ffv1", "matroska", AV_PIX_FMT_0RGB32, frame.width, frame.height, time_base};
}

Encoding ProxyEncoding(const Image& frame) {
  return {"libx264", "mp4", AV_PIX_FMT_YUV420P, frame.width & ~1, frame.height & ~1, {1, 90000}};
}

// Chroma is shared by two pixels: a side of one pixel is shown twice.
Video WithTwoPixels(const Video& video) {
  std::vector<Image> frames;
  for (const Image& frame : video.frames()) {
    Image wide(std::max(2, frame.width), std::max(2, frame.height));
    for (int y = 0; y < wide.height; ++y) {
      for (int x = 0; x < wide.width; ++x) {
        const uint8_t* pixel =
            frame.Pixel(std::min(x, frame.width - 1), std::min(y, frame.height - 1));
        std::copy_n(pixel, 3, wide.Pixel(x, y));
      }
    }
    frames.push_back(std::move(wide));
  }
  return {std::move(frames), video.fps(), video.times_s()};
}

}  // namespace

struct VideoFile::State {
  fs::path path;
  double fps;
  std::optional<FileAside> file = {};
  double ticks_per_s = 0.0;
  int width = 0, height = 0;
  int64_t frames = 0;
};

VideoFile::VideoFile(const fs::path& path, double fps) : state_(new State{path, fps}) {
  PLUMB_CHECK(std::isfinite(fps) && fps > 0, "{} fps", fps);
  if (path.extension() == ".mkv" || path.extension() == ".mp4") return;
  throw UsageError(fmt::format("{}: expected .mp4 (to look at) or .mkv (lossless)", path.string()));
}

VideoFile::~VideoFile() = default;

void VideoFile::Add(const Image& frame) {
  State& state = *state_;
  if (!state.file) {
    const bool lossless = state.path.extension() == ".mkv";
    PLUMB_CHECK(
        lossless || (frame.width > 1 && frame.height > 1), "{}x{}", frame.width, frame.height);
    const Encoding encoding =
        lossless ? LosslessEncoding(frame, av_inv_q(RateOf(state.fps))) : ProxyEncoding(frame);
    state.file.emplace(state.path, encoding, state.fps);
    state.ticks_per_s = 1.0 / av_q2d(encoding.time_base);
    state.width = frame.width;
    state.height = frame.height;
  }
  PLUMB_CHECK(frame.width == state.width && frame.height == state.height,
              "{}x{} after {}x{}",
              frame.width,
              frame.height,
              state.width,
              state.height);
  const double time_s = static_cast<double>(state.frames) / state.fps;
  state.file->encoder().Add(frame, std::llround(time_s * state.ticks_per_s));
  ++state.frames;
}

void VideoFile::Finish() {
  PLUMB_CHECK(state_->file.has_value(), "{}: no frame", state_->path.string());
  state_->file->Finish();
}

void WriteLossless(const fs::path& path, const Video& video) {
  // Matroska's own clock ticks in milliseconds; an even rate is kept beside it.
  const AVRational time_base = IsEven(video) ? av_inv_q(RateOf(video.fps())) : AVRational{1, 1000};
  WriteVideo(path, video, LosslessEncoding(video.frame(0), time_base));
}

void WriteProxy(const fs::path& path, const Video& video) {
  if (video.width() < 2 || video.height() < 2) return WriteProxy(path, WithTwoPixels(video));
  WriteVideo(path, video, ProxyEncoding(video.frame(0)));
}

void WriteH264(const fs::path& path, const Video& video, int crf) {
  PLUMB_CHECK(crf >= 1 && crf <= 51, "crf {}", crf);
  PLUMB_CHECK(video.width() > 1 && video.height() > 1, "{}x{}", video.width(), video.height());
  Encoding encoding = ProxyEncoding(video.frame(0));
  encoding.crf = crf;
  encoding.key_frame_gap = std::max(1, static_cast<int>(std::lround(video.fps())));
  WriteVideo(path, video, encoding);
}

}  // namespace plumb
