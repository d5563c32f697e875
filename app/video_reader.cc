// SPDX-License-Identifier: Apache-2.0
#include <fmt/format.h>

extern "C" {
#include <libavutil/display.h>
}

#include <algorithm>
#include <cmath>

#include "app/internal_container_end.h"
#include "app/internal_ffmpeg.h"
#include "app/internal_frame_pixels.h"
#include "app/internal_frame_times.h"
#include "app/internal_media_input.h"
#include "app/video_io.h"
#include "core/errors.h"

namespace plumb {
namespace {

namespace fs = std::filesystem;

// Decodes one file from its first packet to its last.
class FileDecoder {
 public:
  FileDecoder(fs::path path, const VideoReadOptions& options)
      : path_(std::move(path)), options_(options), input_(OpenInput(path_)) {
    const int index = av_find_best_stream(input_.get(), AVMEDIA_TYPE_VIDEO, -1, -1, nullptr, 0);
    if (index < 0) Refuse("has no video stream");
    stream_ = input_->streams[index];
    CheckCaps();
    decoder_ = OpenDecoder(*stream_, path_, options_.max_pixels);
  }

  LoadedVideo Run(const Progress& progress) {
    PacketPtr packet(av_packet_alloc());
    int code = 0;
    while ((code = av_read_frame(input_.get(), packet.get())) >= 0) {
      progress.ThrowIfCancelled();
      if (packet->stream_index == stream_->index) Feed(packet.get());
      av_packet_unref(packet.get());
      progress.Report("decode", static_cast<int>(frames_.size()), PromisedFrames());
    }
    if (code != AVERROR_EOF) RefusePartial(AvErrorText(code));
    Feed(nullptr);
    CheckComplete();
    return Finish();
  }

  // Only the first frame.
  Image FirstFrame() {
    PacketPtr packet(av_packet_alloc());
    while (frames_.empty() && av_read_frame(input_.get(), packet.get()) >= 0) {
      if (packet->stream_index == stream_->index) Feed(packet.get());
      av_packet_unref(packet.get());
    }
    if (frames_.empty()) Feed(nullptr);
    if (frames_.empty()) Refuse("has no frame");
    return frames_.front();
  }

 private:
  [[noreturn]] void Refuse(const std::string& why) const { throw InputError(path_.string(), why); }

  [[noreturn]] void RefusePartial(const std::string& why) const {
    const int promised = PromisedFrames();
    Refuse(fmt::format("decoded {}{} frames ({}); a partial decode is never scored as whole",
                       frames_.size(),
                       promised > 0 ? fmt::format(" of {}", promised) : "",
                       why));
  }

  int PromisedFrames() const {
    return static_cast<int>(std::min<int64_t>(stream_->nb_frames, 1 << 30));
  }

  double PromisedSeconds() const {
    if (stream_->duration > 0) return stream_->duration * av_q2d(stream_->time_base);
    const bool estimated = input_->duration_estimation_method == AVFMT_DURATION_FROM_BITRATE;
    return input_->duration > 0 && !estimated ? input_->duration / double{AV_TIME_BASE} : 0.0;
  }

  void CheckCaps() const {
    const AVCodecParameters& codec = *stream_->codecpar;
    const int64_t pixels = int64_t{codec.width} * codec.height;
    if (pixels > options_.max_pixels) {
      Refuse(fmt::format("{}x{} pixels a frame; at most {} are read",
                         codec.width,
                         codec.height,
                         options_.max_pixels));
    }
    if (PromisedFrames() > options_.max_frames) {
      Refuse(fmt::format("{} frames; at most {} are read", PromisedFrames(), options_.max_frames));
    }
    if (3 * pixels * PromisedFrames() > options_.max_total_bytes) {
      Refuse(fmt::format("{} frames of {}x{} pixels; at most {} decoded bytes are read",
                         PromisedFrames(),
                         codec.width,
                         codec.height,
                         options_.max_total_bytes));
    }
    if (PromisedSeconds() > options_.max_seconds) {
      Refuse(fmt::format(
          "{:.0f} s long; at most {:.0f} s are read", PromisedSeconds(), options_.max_seconds));
    }
  }

  // Hands one packet (null: the end) to the decoder and takes all frames that are ready.
  void Feed(const AVPacket* packet) {
    if (packet != nullptr) {
      ++packets_;
      if (packet->flags & AV_PKT_FLAG_CORRUPT) RefusePartial("a packet is damaged");
    }
    const int sent = avcodec_send_packet(decoder_.get(), packet);
    if (sent < 0 && sent != AVERROR_EOF) RefusePartial(AvErrorText(sent));
    FramePtr frame(av_frame_alloc());
    int code = 0;
    while ((code = avcodec_receive_frame(decoder_.get(), frame.get())) >= 0) {
      Take(*frame);
      av_frame_unref(frame.get());
    }
    if (code != AVERROR(EAGAIN) && code != AVERROR_EOF) RefusePartial(AvErrorText(code));
  }

  void Take(const AVFrame& frame) {
    constexpr int kBroken = FF_DECODE_ERROR_INVALID_BITSTREAM | FF_DECODE_ERROR_CONCEALMENT_ACTIVE |
                            FF_DECODE_ERROR_DECODE_SLICES;
    if ((frame.decode_error_flags & kBroken) != 0 || (frame.flags & AV_FRAME_FLAG_CORRUPT) != 0) {
      RefusePartial(fmt::format("frame {} is damaged", frames_.size()));
    }
    if (static_cast<int>(frames_.size()) >= options_.max_frames) {
      Refuse(fmt::format("more than {} frames", options_.max_frames));
    }
    const int64_t bytes = 3LL * frame.width * frame.height;
    if ((static_cast<int64_t>(frames_.size()) + 1) * bytes > options_.max_total_bytes) {
      Refuse(fmt::format("more than {} decoded bytes", options_.max_total_bytes));
    }
    frames_.push_back(converter_.ToRgb(frame));
    if (frames_.back().width != frames_.front().width ||
        frames_.back().height != frames_.front().height) {
      Refuse(fmt::format("frame {} is {}x{}, the first is {}x{}",
                         frames_.size() - 1,
                         frames_.back().width,
                         frames_.back().height,
                         frames_.front().width,
                         frames_.front().height));
    }
    const int64_t stamp = frame.best_effort_timestamp;
    stamps_s_.push_back(stamp == AV_NOPTS_VALUE ? std::nan("")
                                                : stamp * av_q2d(stream_->time_base));
    if (stamps_s_.back() - stamps_s_.front() > options_.max_seconds) {
      Refuse(fmt::format("longer than {:.0f} s", options_.max_seconds));
    }
  }

  void CheckComplete() const {
    if (frames_.empty() && PromisedFrames() == 0) Refuse("has no frame");
    if (packets_ < PromisedFrames() || frames_.empty()) RefusePartial("the file ends early");
    if (!EndsWhereItShould(path_, input_->iformat->name)) RefusePartial("the file ends early");
  }

  StatedRates Rates() const {
    const auto hertz = [](AVRational rate) {
      return rate.num > 0 && rate.den > 0 ? av_q2d(rate) : 0.0;
    };
    return {
        av_q2d(stream_->time_base), hertz(stream_->r_frame_rate), hertz(stream_->avg_frame_rate)};
  }

  LoadedVideo Finish() {
    std::vector<std::string> notes = converter_.notes();
    NotePixelShape(notes);
    Rotate(notes);
    const std::string codec = avcodec_get_name(stream_->codecpar->codec_id);
    FrameTimes times = TimesOfStamps(stamps_s_, Rates());
    if (!times.note.empty()) notes.push_back(times.note);
    if (times.times_s.empty()) return {Video(std::move(frames_), times.fps), codec, notes};
    return {Video(std::move(frames_), times.fps, std::move(times.times_s)), codec, notes};
  }

  void NotePixelShape(std::vector<std::string>& notes) const {
    const AVRational shape = stream_->codecpar->sample_aspect_ratio;
    if (shape.num <= 0 || shape.den <= 0 || shape.num == shape.den) return;
    notes.push_back(fmt::format("pixels are {}:{}, taken as square", shape.num, shape.den));
  }

  void Rotate(std::vector<std::string>& notes) {
    const uint8_t* matrix = av_stream_get_side_data(stream_, AV_PKT_DATA_DISPLAYMATRIX, nullptr);
    if (matrix == nullptr) return;
    const double degrees = -av_display_rotation_get(reinterpret_cast<const int32_t*>(matrix));
    if (std::isnan(degrees)) return;
    const int quarters = (static_cast<int>(std::lround(degrees / 90.0)) % 4 + 4) % 4;
    if (quarters == 0) return;
    for (Image& frame : frames_) frame = QuarterTurned(frame, quarters);
    notes.push_back(fmt::format("rotated by {} degrees, as the file asks", 90 * quarters));
  }

  fs::path path_;
  const VideoReadOptions& options_;
  InputPtr input_;
  const AVStream* stream_ = nullptr;
  CodecPtr decoder_;
  FrameConverter converter_;
  std::vector<Image> frames_;
  std::vector<double> stamps_s_;
  int64_t packets_ = 0;
};

LoadedVideo ReadPngFolder(const fs::path& folder,
                          const VideoReadOptions& options,
                          const Progress& progress) {
  std::vector<fs::path> files;
  for (const auto& entry : fs::directory_iterator(folder)) {
    if (entry.path().extension() == ".png") files.push_back(entry.path());
  }
  if (files.empty()) throw InputError(folder.string(), "holds no *.png");
  if (static_cast<int>(files.size()) > options.max_frames) {
    throw InputError(
        folder.string(),
        fmt::format("{} frames; at most {} are read", files.size(), options.max_frames));
  }
  std::sort(files.begin(), files.end());
  std::vector<Image> frames;
  for (const fs::path& file : files) {
    progress.ThrowIfCancelled();
    frames.push_back(FileDecoder(file, options).FirstFrame());
    const Image& first = frames.front();
    const Image& last = frames.back();
    if (last.width != first.width || last.height != first.height) {
      throw InputError(file.string(),
                       fmt::format("is {}x{}, the first picture is {}x{}",
                                   last.width,
                                   last.height,
                                   first.width,
                                   first.height));
    }
    const int64_t bytes = static_cast<int64_t>(first.rgb.size()) * frames.size();
    if (bytes > options.max_total_bytes) {
      throw InputError(folder.string(),
                       fmt::format("more than {} decoded bytes", options.max_total_bytes));
    }
  }
  return {Video(std::move(frames), options.png_fps), "png", {}};
}

}  // namespace

void VideoReadOptions::Validate() const {
  if (max_pixels < 1) throw UsageError("max_pixels must be at least 1");
  if (max_total_bytes < 1) throw UsageError("max_total_bytes must be at least 1");
  if (max_frames < 1) throw UsageError("max_frames must be at least 1");
  if (!(max_seconds > 0.0)) throw UsageError("max_seconds must be above 0");
  if (!(png_fps > 0.0 && png_fps <= 1000.0))
    throw UsageError("png_fps must be above 0, up to 1000");
}

LoadedVideo ReadVideo(const fs::path& path,
                      const VideoReadOptions& options,
                      const Progress& progress) {
  options.Validate();
  av_log_set_level(AV_LOG_QUIET);
  if (fs::is_directory(path)) return ReadPngFolder(path, options, progress);
  return FileDecoder(path, options).Run(progress);
}

Image ReadImage(const fs::path& path) {
  av_log_set_level(AV_LOG_QUIET);
  const VideoReadOptions options;
  return FileDecoder(path, options).FirstFrame();
}

}  // namespace plumb
