// SPDX-License-Identifier: Apache-2.0
#include "app/internal_media_input.h"

#include <fmt/format.h>

#include "core/check.h"
#include "core/errors.h"

namespace plumb {

namespace fs = std::filesystem;

namespace {

// Containers and single pictures; nothing that names other files (playlists, concat, patterns).
constexpr const char* kFormats =
    "mov,mp4,m4a,3gp,3g2,mj2,matroska,webm,gif,avi,mpegts,mpeg,flv,ogg,asf,apng,ivf,yuv4mpegpipe,"
    "h264,hevc,obu,m4v,mjpeg,mpegvideo,png_pipe,jpeg_pipe,webp_pipe,bmp_pipe,tiff_pipe";

}  // namespace

InputPtr OpenInput(const fs::path& path) {
  std::error_code error;
  if (!fs::exists(path, error)) throw InputError(path.string(), "no such file");
  if (!fs::is_regular_file(path, error)) throw InputError(path.string(), "is no regular file");
  if (fs::file_size(path, error) == 0) throw InputError(path.string(), "is empty");
  AVDictionary* settings = nullptr;
  av_dict_set(&settings, "protocol_whitelist", "file", 0);
  av_dict_set(&settings, "format_whitelist", kFormats, 0);
  AVFormatContext* context = nullptr;
  // With "file:" in front no name can be taken for another protocol.
  const std::string url = "file:" + path.string();
  const int code = avformat_open_input(&context, url.c_str(), nullptr, &settings);
  av_dict_free(&settings);
  if (code < 0) {
    throw InputError(path.string(),
                     fmt::format("is no video that can be read ({})", AvErrorText(code)));
  }
  InputPtr input(context);
  if (avformat_find_stream_info(context, nullptr) < 0) {
    throw InputError(path.string(), "is no video that can be read (no stream found)");
  }
  return input;
}

CodecPtr OpenDecoder(const AVStream& stream, const fs::path& path, int64_t max_pixels) {
  const AVCodec* codec = avcodec_find_decoder(stream.codecpar->codec_id);
  if (codec == nullptr) {
    throw InputError(
        path.string(),
        fmt::format("no decoder for '{}'", avcodec_get_name(stream.codecpar->codec_id)));
  }
  CodecPtr decoder(avcodec_alloc_context3(codec));
  PLUMB_CHECK(decoder != nullptr);
  avcodec_parameters_to_context(decoder.get(), stream.codecpar);
  decoder->thread_count = 1;
  decoder->flags |= AV_CODEC_FLAG_BITEXACT;
  decoder->max_pixels = max_pixels;
  decoder->pkt_timebase = stream.time_base;
  const int code = avcodec_open2(decoder.get(), codec, nullptr);
  if (code < 0) {
    throw InputError(path.string(),
                     fmt::format("decoder '{}': {}", codec->name, AvErrorText(code)));
  }
  return decoder;
}

}  // namespace plumb
