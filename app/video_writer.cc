// SPDX-License-Identifier: Apache-2.0
#include <fcntl.h>
#include <unistd.h>

#include <fmt/format.h>

extern "C" {
#include <libavutil/opt.h>
}

#include <algorithm>
#include <cmath>
#include <cstring>

#include "app/internal_ffmpeg.h"
#include "app/run_folder.h"
#include "app/video_io.h"
#include "core/check.h"
#include "core/errors.h"

namespace plumb {
namespace {

namespace fs = std::filesystem;

// What differs between the two kinds of file.
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

struct CloseOutput {
  void operator()(AVFormatContext* context) const {
    if (context->pb != nullptr) avio_closep(&context->pb);
    avformat_free_context(context);
  }
};
using OutputPtr = std::unique_ptr<AVFormatContext, CloseOutput>;

[[noreturn]] void FailWrite(const fs::path& path, int code) {
  throw EnvironmentError(
      fmt::format("{}: cannot be written: {}", path.string(), AvErrorText(code)));
}

// The rate as a fraction that containers can keep: 24, 30000/1001, 16.083 …
AVRational RateOf(double fps) { return av_d2q(fps, 1001000); }

class FileEncoder {
 public:
  FileEncoder(fs::path path, const Encoding& encoding, double fps)
      : path_(std::move(path)), encoding_(encoding) {
    OpenCodec(fps);
    OpenFile(fps);
    scaler_.reset(sws_getContext(encoding_.width,
                                 encoding_.height,
                                 AV_PIX_FMT_RGB24,
                                 encoding_.width,
                                 encoding_.height,
                                 encoding_.format,
                                 kExactScaling,
                                 nullptr,
                                 nullptr,
                                 nullptr));
    PLUMB_CHECK(scaler_ != nullptr, "{}", encoding_.codec);
    sws_setColorspaceDetails(scaler_.get(),
                             sws_getCoefficients(SWS_CS_ITU709),
                             1,
                             sws_getCoefficients(SWS_CS_ITU709),
                             0,
                             0,
                             1 << 16,
                             1 << 16);
  }

  void Add(const Image& image, int64_t stamp) {
    FramePtr frame(av_frame_alloc());
    frame->format = encoding_.format;
    frame->width = encoding_.width;
    frame->height = encoding_.height;
    frame->pts = stamp;
    const int code = av_frame_get_buffer(frame.get(), 0);
    if (code < 0) FailWrite(path_, code);
    const uint8_t* planes[4] = {image.rgb.data(), nullptr, nullptr, nullptr};
    const int strides[4] = {3 * image.width, 0, 0, 0};
    sws_scale(scaler_.get(), planes, strides, 0, encoding_.height, frame->data, frame->linesize);
    Encode(frame.get());
  }

  void Finish() {
    Encode(nullptr);
    const int code = av_write_trailer(output_.get());
    if (code < 0) FailWrite(path_, code);
    const int closed = avio_closep(&output_->pb);
    if (closed < 0) FailWrite(path_, closed);
  }

 private:
  void OpenCodec(double fps) {
    const AVCodec* codec = avcodec_find_encoder_by_name(encoding_.codec);
    if (codec == nullptr) {
      throw EnvironmentError(
          fmt::format("FFmpeg on this machine lacks the encoder '{}'", encoding_.codec));
    }
    codec_.reset(avcodec_alloc_context3(codec));
    codec_->width = encoding_.width;
    codec_->height = encoding_.height;
    codec_->pix_fmt = encoding_.format;
    codec_->time_base = encoding_.time_base;
    codec_->framerate = RateOf(fps);
    codec_->thread_count = 1;
    codec_->gop_size = encoding_.key_frame_gap;
    codec_->flags |= AV_CODEC_FLAG_BITEXACT;
    if (encoding_.format == AV_PIX_FMT_YUV420P) SetProxyOptions();
    if (std::strcmp(encoding_.container, "mp4") == 0) codec_->flags |= AV_CODEC_FLAG_GLOBAL_HEADER;
    const int code = avcodec_open2(codec_.get(), codec, nullptr);
    if (code < 0) FailWrite(path_, code);
  }

  void SetProxyOptions() {
    codec_->color_range = AVCOL_RANGE_MPEG;
    codec_->colorspace = AVCOL_SPC_BT709;
    codec_->color_primaries = AVCOL_PRI_BT709;
    codec_->color_trc = AVCOL_TRC_BT709;
    codec_->max_b_frames = 0;
    av_opt_set(codec_->priv_data, "preset", "veryfast", 0);
    av_opt_set(codec_->priv_data, "crf", std::to_string(encoding_.crf).c_str(), 0);
  }

  void OpenFile(double fps) {
    AVFormatContext* context = nullptr;
    const std::string url = "file:" + path_.string();
    const int made =
        avformat_alloc_output_context2(&context, nullptr, encoding_.container, url.c_str());
    if (made < 0) FailWrite(path_, made);
    output_.reset(context);
    output_->flags |= AVFMT_FLAG_BITEXACT;
    stream_ = avformat_new_stream(output_.get(), nullptr);
    avcodec_parameters_from_context(stream_->codecpar, codec_.get());
    stream_->time_base = codec_->time_base;
    stream_->avg_frame_rate = RateOf(fps);
    const int opened = avio_open(&output_->pb, url.c_str(), AVIO_FLAG_WRITE);
    if (opened < 0) FailWrite(path_, opened);
    AVDictionary* settings = nullptr;
    if (std::strcmp(encoding_.container, "mp4") == 0) {
      av_dict_set(&settings, "movflags", "+faststart", 0);
    }
    const int code = avformat_write_header(output_.get(), &settings);
    av_dict_free(&settings);
    if (code < 0) FailWrite(path_, code);
  }

  void Encode(const AVFrame* frame) {
    int code = avcodec_send_frame(codec_.get(), frame);
    if (code < 0) FailWrite(path_, code);
    PacketPtr packet(av_packet_alloc());
    while ((code = avcodec_receive_packet(codec_.get(), packet.get())) >= 0) {
      if (packet->duration == 0) packet->duration = 1;
      av_packet_rescale_ts(packet.get(), codec_->time_base, stream_->time_base);
      const int written = av_interleaved_write_frame(output_.get(), packet.get());
      if (written < 0) FailWrite(path_, written);
      // A full disk shows only here: the muxer itself goes on.
      if (output_->pb->error < 0) FailWrite(path_, output_->pb->error);
    }
    if (code != AVERROR(EAGAIN) && code != AVERROR_EOF) FailWrite(path_, code);
  }

  fs::path path_;
  Encoding encoding_;
  CodecPtr codec_;
  OutputPtr output_;
  AVStream* stream_ = nullptr;
  ScalerPtr scaler_;
};

bool IsEven(const Video& video) {
  for (int i = 0; i < video.num_frames(); ++i) {
    if (std::abs(video.times_s()[i] - i / video.fps()) > 1e-9) return false;
  }
  return true;
}

// Encodes beside the target; only a whole and synced file takes its name.
void WriteVideo(const fs::path& path, const Video& video, const Encoding& encoding) {
  av_log_set_level(AV_LOG_QUIET);
  const fs::path aside = TemporaryNameFor(path);
  try {
    FileEncoder encoder(aside, encoding, video.fps());
    const double ticks_per_s = 1.0 / av_q2d(encoding.time_base);
    int64_t stamp = -1;
    for (int i = 0; i < video.num_frames(); ++i) {
      // Containers want every stamp above the one before.
      stamp = std::max<int64_t>(stamp + 1, std::llround(video.times_s()[i] * ticks_per_s));
      encoder.Add(video.frame(i), stamp);
    }
    encoder.Finish();
    SyncAndRename(aside, path);
  } catch (...) {
    std::error_code ignored;
    fs::remove(aside, ignored);
    throw;
  }
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

void WriteLossless(const fs::path& path, const Video& video) {
  // Matroska's own clock ticks in milliseconds; an even rate is kept beside it.
  const AVRational time_base = IsEven(video) ? av_inv_q(RateOf(video.fps())) : AVRational{1, 1000};
  WriteVideo(path,
             video,
             {"ffv1", "matroska", AV_PIX_FMT_0RGB32, video.width(), video.height(), time_base});
}

void WriteProxy(const fs::path& path, const Video& video) {
  if (video.width() < 2 || video.height() < 2) return WriteProxy(path, WithTwoPixels(video));
  WriteVideo(
      path,
      video,
      {"libx264", "mp4", AV_PIX_FMT_YUV420P, video.width() & ~1, video.height() & ~1, {1, 90000}});
}

void WriteH264(const fs::path& path, const Video& video, int crf) {
  PLUMB_CHECK(crf >= 1 && crf <= 51, "crf {}", crf);
  PLUMB_CHECK(video.width() > 1 && video.height() > 1, "{}x{}", video.width(), video.height());
  Encoding encoding{
      "libx264", "mp4", AV_PIX_FMT_YUV420P, video.width() & ~1, video.height() & ~1, {1, 90000}};
  encoding.crf = crf;
  encoding.key_frame_gap = std::max(1, static_cast<int>(std::lround(video.fps())));
  WriteVideo(path, video, encoding);
}

}  // namespace plumb
