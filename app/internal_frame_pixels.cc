// SPDX-License-Identifier: Apache-2.0
#include "app/internal_frame_pixels.h"

#include <fmt/format.h>

extern "C" {
#include <libavutil/pixdesc.h>
}

#include <algorithm>

#include "core/check.h"
#include "core/errors.h"

namespace plumb {
namespace {

// The "yuvj" formats are the plain ones with full range said in the name; swscale wants it said
// aside.
AVPixelFormat WithoutRangeInName(AVPixelFormat format) {
  switch (format) {
    case AV_PIX_FMT_YUVJ420P:
      return AV_PIX_FMT_YUV420P;
    case AV_PIX_FMT_YUVJ422P:
      return AV_PIX_FMT_YUV422P;
    case AV_PIX_FMT_YUVJ444P:
      return AV_PIX_FMT_YUV444P;
    case AV_PIX_FMT_YUVJ440P:
      return AV_PIX_FMT_YUV440P;
    default:
      return format;
  }
}

bool IsHdr(const AVFrame& frame) {
  return frame.color_trc == AVCOL_TRC_SMPTE2084 || frame.color_trc == AVCOL_TRC_ARIB_STD_B67;
}

}  // namespace

void FrameConverter::Note(const std::string& text) {
  if (std::find(notes_.begin(), notes_.end(), text) == notes_.end()) notes_.push_back(text);
}

void FrameConverter::Prepare(const AVFrame& frame) {
  const auto stated = static_cast<AVPixelFormat>(frame.format);
  const AVPixelFormat format = WithoutRangeInName(stated);
  const AVPixFmtDescriptor* description = av_pix_fmt_desc_get(format);
  PLUMB_CHECK(description != nullptr, "pixel format {}", frame.format);
  has_alpha_ = (description->flags & AV_PIX_FMT_FLAG_ALPHA) != 0 || format == AV_PIX_FMT_PAL8;
  const bool is_rgb = (description->flags & AV_PIX_FMT_FLAG_RGB) != 0 || format == AV_PIX_FMT_PAL8;
  scaler_.reset(sws_getContext(frame.width,
                               frame.height,
                               format,
                               frame.width,
                               frame.height,
                               has_alpha_ ? AV_PIX_FMT_RGBA : AV_PIX_FMT_RGB24,
                               kExactScaling,
                               nullptr,
                               nullptr,
                               nullptr));
  if (scaler_ == nullptr) {
    throw InputError("pixel format", fmt::format("'{}' cannot be converted", description->name));
  }
  int matrix = frame.colorspace;
  if (!is_rgb && description->nb_components >= 3 &&
      (matrix == AVCOL_SPC_UNSPECIFIED || matrix == AVCOL_SPC_RGB)) {
    const bool large = frame.width >= 1280 || frame.height > 576;
    matrix = large ? AVCOL_SPC_BT709 : AVCOL_SPC_SMPTE170M;
    Note(fmt::format("colour matrix not stated, {} assumed", large ? "BT.709" : "BT.601"));
  }
  const bool full = frame.color_range == AVCOL_RANGE_JPEG || stated != format || is_rgb;
  const int* coefficients = sws_getCoefficients(matrix);
  sws_setColorspaceDetails(scaler_.get(),
                           coefficients,
                           full ? 1 : 0,
                           sws_getCoefficients(SWS_CS_ITU709),
                           1,
                           0,
                           1 << 16,
                           1 << 16);
  if (description->comp[0].depth > 8) {
    Note(fmt::format("{}-bit reduced to 8", description->comp[0].depth));
  }
  if (IsHdr(frame)) Note("HDR transfer taken as it is, not tone-mapped");
}

Image FrameConverter::ToRgb(const AVFrame& frame) {
  if (frame.width != width_ || frame.height != height_ || frame.format != format_ ||
      frame.colorspace != colorspace_ || frame.color_range != range_) {
    Prepare(frame);
    width_ = frame.width;
    height_ = frame.height;
    format_ = frame.format;
    colorspace_ = frame.colorspace;
    range_ = frame.color_range;
  }
  Image image(frame.width, frame.height);
  const int channels = has_alpha_ ? 4 : 3;
  // Rows padded to 64 bytes: swscale's fast paths write past the last pixel.
  const int stride = (channels * frame.width + 127) / 64 * 64;
  std::vector<uint8_t> pixels(static_cast<size_t>(stride) * frame.height + 64);
  uint8_t* planes[4] = {pixels.data(), nullptr, nullptr, nullptr};
  const int strides[4] = {stride, 0, 0, 0};
  sws_scale(scaler_.get(), frame.data, frame.linesize, 0, frame.height, planes, strides);
  bool transparent = false;
  for (int y = 0; y < frame.height; ++y) {
    const uint8_t* from = pixels.data() + static_cast<size_t>(stride) * y;
    uint8_t* to = image.Pixel(0, y);
    if (!has_alpha_) {
      std::copy_n(from, 3 * frame.width, to);
      continue;
    }
    for (int x = 0; x < frame.width; ++x, from += 4, to += 3) {
      transparent = transparent || from[3] != 255;
      for (int c = 0; c < 3; ++c) to[c] = static_cast<uint8_t>((from[c] * from[3] + 127) / 255);
    }
  }
  if (transparent) Note("transparent parts laid over black");
  return image;
}

Image QuarterTurned(const Image& image, int quarters) {
  if (quarters == 0) return image;
  const bool upright = quarters == 2;
  Image turned(upright ? image.width : image.height, upright ? image.height : image.width);
  for (int y = 0; y < image.height; ++y) {
    for (int x = 0; x < image.width; ++x) {
      const int to_x = quarters == 1   ? image.height - 1 - y
                       : quarters == 2 ? image.width - 1 - x
                                       : y;
      const int to_y = quarters == 1   ? x
                       : quarters == 2 ? image.height - 1 - y
                                       : image.width - 1 - x;
      std::copy_n(image.Pixel(x, y), 3, turned.Pixel(to_x, to_y));
    }
  }
  return turned;
}

}  // namespace plumb
