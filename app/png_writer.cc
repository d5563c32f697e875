// SPDX-License-Identifier: Apache-2.0
#include <cstring>

#include "app/internal_ffmpeg.h"
#include "app/run_folder.h"
#include "app/video_io.h"
#include "core/check.h"
#include "core/errors.h"

namespace plumb {

std::vector<uint8_t> EncodePng(const Image& image) {
  const AVCodec* codec = avcodec_find_encoder(AV_CODEC_ID_PNG);
  if (codec == nullptr) throw EnvironmentError("FFmpeg on this machine lacks the encoder 'png'");
  CodecPtr encoder(avcodec_alloc_context3(codec));
  encoder->width = image.width;
  encoder->height = image.height;
  encoder->pix_fmt = AV_PIX_FMT_RGB24;
  encoder->time_base = {1, 1};
  encoder->thread_count = 1;
  PLUMB_CHECK(
      avcodec_open2(encoder.get(), codec, nullptr) >= 0, "{}x{}", image.width, image.height);
  FramePtr frame(av_frame_alloc());
  frame->format = AV_PIX_FMT_RGB24;
  frame->width = image.width;
  frame->height = image.height;
  PLUMB_CHECK(av_frame_get_buffer(frame.get(), 0) >= 0);
  for (int y = 0; y < image.height; ++y) {
    std::memcpy(frame->data[0] + static_cast<ptrdiff_t>(y) * frame->linesize[0],
                image.Pixel(0, y),
                static_cast<size_t>(3) * image.width);
  }
  PLUMB_CHECK(avcodec_send_frame(encoder.get(), frame.get()) >= 0);
  avcodec_send_frame(encoder.get(), nullptr);
  PacketPtr packet(av_packet_alloc());
  PLUMB_CHECK(avcodec_receive_packet(encoder.get(), packet.get()) >= 0);
  return {packet->data, packet->data + packet->size};
}

void WritePng(const std::filesystem::path& path, const Image& image) {
  const std::vector<uint8_t> bytes = EncodePng(image);
  WriteFileDurably(path, {reinterpret_cast<const char*>(bytes.data()), bytes.size()});
}

}  // namespace plumb
