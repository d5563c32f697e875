// SPDX-License-Identifier: Apache-2.0
#include <set>

#include <fmt/format.h>

#include "core/check.h"
#include "core/errors.h"
#include "generator/native/internal_frames.h"
#include "generator/native/internal_given_pixels.h"

namespace plumb {
namespace {

void CheckGiven(const VideoRequest& request) {
  std::set<int> frames;
  for (const GivenFrame& given : request.given) {
    const std::string name = fmt::format("given frame {}", given.frame);
    if (given.frame < 0 || given.frame >= request.frames) {
      throw UsageError(fmt::format("{}: the clip has frames 0 to {}", name, request.frames - 1));
    }
    if (!frames.insert(given.frame).second) throw UsageError(name + " is given twice");
    if (given.image.width != request.width || given.image.height != request.height) {
      throw UsageError(fmt::format("{} is {}x{}, the clip {}x{}",
                                   name,
                                   given.image.width,
                                   given.image.height,
                                   request.width,
                                   request.height));
    }
    PLUMB_CHECK(given.mask.empty() ||
                    given.mask.size() == static_cast<size_t>(request.width) * request.height,
                "mask of {} pixels",
                given.mask.size());
  }
}

at::Tensor MaskOf(const GivenFrame& given, int height, int width) {
  if (given.mask.empty()) return at::ones({height, width}, torch::kBool);
  at::Tensor mask = at::empty({height, width}, torch::kUInt8);
  std::copy(given.mask.begin(), given.mask.end(), mask.data_ptr<uint8_t>());
  return mask != 0;
}

// The order in which frames are asked for what frame `frame` lacks: by distance, earlier first.
std::vector<int64_t> ByDistance(int64_t frame, int64_t frames) {
  std::vector<int64_t> order;
  for (int64_t away = 1; away < frames; ++away) {
    if (frame - away >= 0) order.push_back(frame - away);
    if (frame + away < frames) order.push_back(frame + away);
  }
  return order;
}

}  // namespace

at::Tensor FillGaps(const at::Tensor& pixels, const at::Tensor& given) {
  at::Tensor filled = pixels.clone();
  const int64_t frames = given.size(0);
  for (int64_t frame = 0; frame < frames; ++frame) {
    at::Tensor settled = given[frame].clone();
    at::Tensor picture = filled.select(2, frame);
    for (const int64_t other : ByDistance(frame, frames)) {
      if (settled.all().item<bool>()) break;
      const at::Tensor taken = given[other].logical_and(settled.logical_not());
      picture.copy_(at::where(taken, pixels.select(2, other), picture));
      settled = settled.logical_or(taken);
    }
    if (settled.all().item<bool>() || !settled.any().item<bool>()) continue;
    const at::Tensor weight = settled.to(torch::kFloat32);
    const at::Tensor mean =
        (picture * weight).sum({2, 3}, /*keepdim=*/true) / weight.sum().clamp_min(1.0);
    picture.copy_(at::where(settled, picture, mean));
  }
  return filled;
}

GivenPixels GivenPixelsOf(const VideoRequest& request) {
  CheckGiven(request);
  const int64_t frames = request.frames, height = request.height, width = request.width;
  at::Tensor pixels = at::zeros({1, 3, frames, height, width}, torch::kFloat32);
  at::Tensor given = at::zeros({frames, height, width}, torch::kBool);
  for (const GivenFrame& frame : request.given) {
    const at::Tensor mask = MaskOf(frame, request.height, request.width);
    given[frame.frame].copy_(mask);
    pixels.select(2, frame.frame)
        .copy_(at::where(mask, PixelsFromImages({frame.image}).select(2, 0), 0.0));
  }
  return {FillGaps(pixels, given), given};
}

at::Tensor KnownTokens(const at::Tensor& given, const CheckpointConfig& config) {
  const int64_t stride = config.vae.TemporalStride();
  const int64_t sides[2] = {config.vae.SpatialStride() * config.transformer.patch_size[1],
                            config.vae.SpatialStride() * config.transformer.patch_size[2]};
  PLUMB_CHECK((given.size(0) - 1) % stride == 0 && given.size(1) % sides[0] == 0 &&
                  given.size(2) % sides[1] == 0,
              "{} frames of {}x{}",
              given.size(0),
              given.size(2),
              given.size(1));
  const at::Tensor first = given.narrow(0, 0, 1);
  const at::Tensor padded =
      at::cat({first.expand({stride - 1, given.size(1), given.size(2)}), given});
  return padded.unflatten(0, {-1, stride})
      .unflatten(2, {-1, sides[0]})
      .unflatten(4, {-1, sides[1]})
      .all(5)
      .all(3)
      .all(1);
}

std::vector<Image> WithGivenPixels(std::vector<Image> made, const VideoRequest& request) {
  for (const GivenFrame& given : request.given) {
    Image& frame = made.at(given.frame);
    if (given.mask.empty()) {
      frame = given.image;
      continue;
    }
    for (size_t pixel = 0; pixel < given.mask.size(); ++pixel) {
      if (given.mask[pixel] == 0) continue;
      std::copy_n(given.image.rgb.begin() + 3 * pixel, 3, frame.rgb.begin() + 3 * pixel);
    }
  }
  return made;
}

}  // namespace plumb
