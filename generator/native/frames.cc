// SPDX-License-Identifier: Apache-2.0
#include <cstring>

#include "core/check.h"
#include "generator/native/internal_frames.h"

namespace plumb {

at::Tensor PixelsFromImages(const std::vector<Image>& images) {
  PLUMB_CHECK(!images.empty());
  const int64_t height = images[0].height, width = images[0].width;
  at::Tensor bytes =
      at::empty({static_cast<int64_t>(images.size()), height, width, 3}, torch::kUInt8);
  for (size_t i = 0; i < images.size(); ++i) {
    PLUMB_CHECK(images[i].height == height && images[i].width == width,
                "frame {} is {}x{}",
                i,
                images[i].width,
                images[i].height);
    std::memcpy(
        bytes[static_cast<int64_t>(i)].data_ptr(), images[i].rgb.data(), images[i].rgb.size());
  }
  return bytes.to(torch::kFloat32)
      .div_(127.5)
      .sub_(1.0)
      .permute({3, 0, 1, 2})
      .unsqueeze(0)
      .contiguous();
}

std::vector<Image> ImagesFromPixels(const at::Tensor& pixels) {
  const at::Tensor bytes = pixels.squeeze(0)
                               .to(torch::kFloat32)
                               .clamp(-1.0, 1.0)
                               .add(1.0)
                               .mul(127.5)
                               .round()
                               .to(torch::kUInt8)
                               .permute({1, 2, 3, 0})
                               .contiguous();
  std::vector<Image> images;
  for (int64_t i = 0; i < bytes.size(0); ++i) {
    Image image(static_cast<int>(bytes.size(2)), static_cast<int>(bytes.size(1)));
    std::memcpy(image.rgb.data(), bytes[i].data_ptr(), image.rgb.size());
    images.push_back(std::move(image));
  }
  return images;
}

}  // namespace plumb
