// SPDX-License-Identifier: Apache-2.0
#include "tests/app/media_files.h"

extern "C" {
#include <libavutil/display.h>
#include <libavutil/pixdesc.h>
}

#include <cstring>
#include <stdexcept>

namespace plumb {
namespace {

void Require(bool fine, const char* what) {
  if (!fine) throw std::runtime_error(what);
}

class MediaWriter {
 public:
  MediaWriter(const std::filesystem::path& path, const char* container) {
    Require(avformat_alloc_output_context2(&file_, nullptr, container, path.c_str()) >= 0, "muxer");
    Require(avio_open(&file_->pb, path.c_str(), AVIO_FLAG_WRITE) >= 0, "open");
  }
  ~MediaWriter() {
    avio_closep(&file_->pb);
    avformat_free_context(file_);
  }
  MediaWriter(const MediaWriter&) = delete;
  MediaWriter& operator=(const MediaWriter&) = delete;

  AVStream* AddSound() {
    AVStream* stream = avformat_new_stream(file_, nullptr);
    stream->codecpar->codec_type = AVMEDIA_TYPE_AUDIO;
    stream->codecpar->codec_id = AV_CODEC_ID_PCM_S16LE;
    stream->codecpar->sample_rate = 8000;
    stream->codecpar->bits_per_coded_sample = 16;
    stream->codecpar->block_align = 2;
    av_channel_layout_default(&stream->codecpar->ch_layout, 1);
    stream->time_base = {1, 8000};
    return stream;
  }

  void AddVideo(const MediaFile& file, const AVFrame& like) {
    const AVCodec* codec = avcodec_find_encoder_by_name(file.codec);
    Require(codec != nullptr, file.codec);
    codec_.reset(avcodec_alloc_context3(codec));
    codec_->width = like.width;
    codec_->height = like.height;
    codec_->pix_fmt = static_cast<AVPixelFormat>(like.format);
    codec_->time_base = file.tick;
    codec_->framerate = av_inv_q(file.tick);
    codec_->sample_aspect_ratio = file.pixel_shape;
    codec_->colorspace = like.colorspace;
    codec_->color_range = like.color_range;
    codec_->gop_size = 1;
    codec_->strict_std_compliance = FF_COMPLIANCE_UNOFFICIAL;
    if ((file_->oformat->flags & AVFMT_GLOBALHEADER) != 0) {
      codec_->flags |= AV_CODEC_FLAG_GLOBAL_HEADER;
    }
    Require(avcodec_open2(codec_.get(), codec, nullptr) >= 0, file.codec);
    video_ = avformat_new_stream(file_, nullptr);
    avcodec_parameters_from_context(video_->codecpar, codec_.get());
    video_->time_base = file.tick;
    video_->sample_aspect_ratio = file.pixel_shape;
    if (file.rotation_degrees == 0) return;
    auto* matrix = reinterpret_cast<int32_t*>(
        av_stream_new_side_data(video_, AV_PKT_DATA_DISPLAYMATRIX, 9 * sizeof(int32_t)));
    av_display_rotation_set(matrix, file.rotation_degrees);
  }

  void Begin() { Require(avformat_write_header(file_, nullptr) >= 0, "header"); }

  void Silence(AVStream* stream) {
    PacketPtr packet(av_packet_alloc());
    Require(av_new_packet(packet.get(), 1600) >= 0, "packet");
    std::memset(packet->data, 0, 1600);
    packet->pts = packet->dts = 0;
    packet->duration = 800;
    packet->stream_index = stream->index;
    av_packet_rescale_ts(packet.get(), {1, 8000}, stream->time_base);
    Require(av_interleaved_write_frame(file_, packet.get()) >= 0, "sound");
  }

  // Null: no frame follows.
  void Encode(AVFrame* frame) {
    Require(avcodec_send_frame(codec_.get(), frame) >= 0, "encode");
    PacketPtr packet(av_packet_alloc());
    while (avcodec_receive_packet(codec_.get(), packet.get()) >= 0) {
      if (packet->duration == 0) packet->duration = 1;
      av_packet_rescale_ts(packet.get(), codec_->time_base, video_->time_base);
      packet->stream_index = video_->index;
      Require(av_interleaved_write_frame(file_, packet.get()) >= 0, "write");
    }
  }

  void End() { Require(av_write_trailer(file_) >= 0, "trailer"); }

 private:
  AVFormatContext* file_ = nullptr;
  AVStream* video_ = nullptr;
  CodecPtr codec_;
};

}  // namespace

FramePtr PlainFrame(AVPixelFormat format, int width, int height, const std::vector<int>& values) {
  FramePtr frame(av_frame_alloc());
  frame->format = format;
  frame->width = width;
  frame->height = height;
  Require(av_frame_get_buffer(frame.get(), 0) >= 0, "frame");
  const AVPixFmtDescriptor* description = av_pix_fmt_desc_get(format);
  // Component c of every pixel, wherever the format keeps it.
  for (int c = 0; c < description->nb_components; ++c) {
    const AVComponentDescriptor& component = description->comp[c];
    const bool chroma = (c == 1 || c == 2) && (description->flags & AV_PIX_FMT_FLAG_RGB) == 0;
    const int across = chroma ? -(-width >> description->log2_chroma_w) : width;
    const int down = chroma ? -(-height >> description->log2_chroma_h) : height;
    for (int y = 0; y < down; ++y) {
      uint8_t* at =
          frame->data[component.plane] + y * frame->linesize[component.plane] + component.offset;
      for (int x = 0; x < across; ++x, at += component.step) {
        at[0] = static_cast<uint8_t>(values.at(c));
        if (component.depth > 8) at[1] = static_cast<uint8_t>(values.at(c) >> 8);
      }
    }
  }
  return frame;
}

void WriteMedia(const std::filesystem::path& path,
                const MediaFile& file,
                const std::vector<FramePtr>& frames) {
  MediaWriter writer(path, file.container);
  AVStream* sound = file.sound ? writer.AddSound() : nullptr;
  const FramePtr empty = PlainFrame(AV_PIX_FMT_YUV420P, 32, 32, {0, 128, 128});
  writer.AddVideo(file, frames.empty() ? *empty : *frames.front());
  writer.Begin();
  if (sound != nullptr) writer.Silence(sound);
  for (size_t i = 0; i < frames.size(); ++i) {
    frames[i]->pts = file.stamps.empty() ? static_cast<int64_t>(i) : file.stamps.at(i);
    writer.Encode(frames[i].get());
  }
  writer.Encode(nullptr);
  writer.End();
}

void WriteSound(const std::filesystem::path& path, const char* container) {
  MediaWriter writer(path, container);
  AVStream* sound = writer.AddSound();
  writer.Begin();
  writer.Silence(sound);
  writer.End();
}

}  // namespace plumb
