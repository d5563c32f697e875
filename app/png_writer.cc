// SPDX-License-Identifier: Apache-2.0
#include <cstring>
#include <functional>

extern "C" {
#include <libavutil/opt.h>
}

#include "app/internal_ffmpeg.h"
#include "app/run_folder.h"
#include "app/video_io.h"
#include "core/check.h"
#include "core/errors.h"

namespace plumb {
namespace {

// A PNG of any pixel format the encoder knows; `fill` writes row y to where it is told.
std::vector<uint8_t> EncodeRows(int width,
                                int height,
                                AVPixelFormat format,
                                const std::function<void(int y, uint8_t* row)>& fill) {
  const AVCodec* codec = avcodec_find_encoder(AV_CODEC_ID_PNG);
  if (codec == nullptr) throw EnvironmentError("FFmpeg on this machine lacks the encoder 'png'");
  CodecPtr encoder(avcodec_alloc_context3(codec));
  encoder->width = width;
  encoder->height = height;
  encoder->pix_fmt = format;
  encoder->time_base = {1, 1};
  encoder->thread_count = 1;
  // Each row's own choice of filter makes pictures a third smaller.
  av_opt_set(encoder->priv_data, "pred", "mixed", 0);
  PLUMB_CHECK(avcodec_open2(encoder.get(), codec, nullptr) >= 0, "{}x{}", width, height);
  FramePtr frame(av_frame_alloc());
  frame->format = format;
  frame->width = width;
  frame->height = height;
  PLUMB_CHECK(av_frame_get_buffer(frame.get(), 0) >= 0);
  for (int y = 0; y < height; ++y) {
    fill(y, frame->data[0] + static_cast<ptrdiff_t>(y) * frame->linesize[0]);
  }
  PLUMB_CHECK(avcodec_send_frame(encoder.get(), frame.get()) >= 0);
  avcodec_send_frame(encoder.get(), nullptr);
  PacketPtr packet(av_packet_alloc());
  PLUMB_CHECK(avcodec_receive_packet(encoder.get(), packet.get()) >= 0);
  return {packet->data, packet->data + packet->size};
}

}  // namespace

std::vector<uint8_t> EncodePng(const Image& image) {
  const auto row_bytes = static_cast<size_t>(3) * image.width;
  return EncodeRows(image.width, image.height, AV_PIX_FMT_RGB24, [&](int y, uint8_t* row) {
    std::memcpy(row, image.Pixel(0, y), row_bytes);
  });
}

std::vector<uint8_t> EncodePng(const DeepImage& image) {
  PLUMB_CHECK(image.channels == 1 || image.channels == 3, "{} channels", image.channels);
  const auto per_row = static_cast<size_t>(image.width) * image.channels;
  PLUMB_CHECK(image.values.size() == per_row * image.height, "{} values", image.values.size());
  const AVPixelFormat format = image.channels == 1 ? AV_PIX_FMT_GRAY16BE : AV_PIX_FMT_RGB48BE;
  return EncodeRows(image.width, image.height, format, [&](int y, uint8_t* row) {
    for (size_t i = 0; i < per_row; ++i) {
      const uint16_t value = image.values[y * per_row + i];
      row[2 * i] = static_cast<uint8_t>(value >> 8);
      row[2 * i + 1] = static_cast<uint8_t>(value & 255);
    }
  });
}

std::vector<uint8_t> EncodeGreyPng(int width, int height, std::span<const uint8_t> values) {
  PLUMB_CHECK(values.size() == static_cast<size_t>(width) * height, "{} values", values.size());
  return EncodeRows(width, height, AV_PIX_FMT_GRAY8, [&](int y, uint8_t* row) {
    std::memcpy(row, &values[static_cast<size_t>(y) * width], width);
  });
}

void WritePng(const std::filesystem::path& path, const Image& image) {
  const std::vector<uint8_t> bytes = EncodePng(image);
  WriteFileDurably(path, {reinterpret_cast<const char*>(bytes.data()), bytes.size()});
}

}  // namespace plumb
