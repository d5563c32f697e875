// SPDX-License-Identifier: Apache-2.0
#include "app/internal_file_encoder.h"

#include <cstring>

#include <fmt/format.h>

extern "C" {
#include <libavutil/opt.h>
}

#include "core/check.h"
#include "core/errors.h"

namespace plumb {
namespace {

namespace fs = std::filesystem;

[[noreturn]] void FailWrite(const fs::path& path, int code) {
  throw EnvironmentError(
      fmt::format("{}: cannot be written: {}", path.string(), AvErrorText(code)));
}

}  // namespace

AVRational RateOf(double fps) { return av_d2q(fps, 1001000); }

void FileEncoder::CloseOutput::operator()(AVFormatContext* context) const {
  if (context->pb != nullptr) avio_closep(&context->pb);
  avformat_free_context(context);
}

FileEncoder::FileEncoder(fs::path path, const Encoding& encoding, double fps)
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

void FileEncoder::Add(const Image& image, int64_t stamp) {
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

void FileEncoder::Finish() {
  Encode(nullptr);
  const int code = av_write_trailer(output_.get());
  if (code < 0) FailWrite(path_, code);
  const int closed = avio_closep(&output_->pb);
  if (closed < 0) FailWrite(path_, closed);
}

void FileEncoder::OpenCodec(double fps) {
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

void FileEncoder::SetProxyOptions() {
  codec_->color_range = AVCOL_RANGE_MPEG;
  codec_->colorspace = AVCOL_SPC_BT709;
  codec_->color_primaries = AVCOL_PRI_BT709;
  codec_->color_trc = AVCOL_TRC_BT709;
  codec_->max_b_frames = 0;
  av_opt_set(codec_->priv_data, "preset", "veryfast", 0);
  av_opt_set(codec_->priv_data, "crf", std::to_string(encoding_.crf).c_str(), 0);
}

void FileEncoder::OpenFile(double fps) {
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

void FileEncoder::Encode(const AVFrame* frame) {
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

}  // namespace plumb
