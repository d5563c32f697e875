// SPDX-License-Identifier: Apache-2.0
#include <gtest/gtest.h>

#include "core/errors.h"
#include "generator/native/internal_frames.h"
#include "generator/native/internal_given_pixels.h"

namespace plumb {
namespace {

Image Grey(int width, int height, uint8_t value) {
  Image image(width, height);
  std::fill(image.rgb.begin(), image.rgb.end(), value);
  return image;
}

VideoRequest Request(int frames) {
  VideoRequest request;
  request.width = 16;
  request.height = 8;
  request.frames = frames;
  request.fps = 8.0;
  return request;
}

float At(const at::Tensor& pixels, int64_t frame, int64_t y, int64_t x) {
  return pixels[0][0][frame][y][x].item<float>();
}

CheckpointConfig Config() {
  CheckpointConfig config = PresetConfig("test");
  EXPECT_EQ(config.vae.TemporalStride(), 4);
  return config;
}

TEST(GivenPixelsTest, GapsStandStillTillTheNearestGivenFrame) {
  VideoRequest request = Request(5);
  request.given = {{.frame = 0, .image = Grey(16, 8, 0)}, {.frame = 4, .image = Grey(16, 8, 255)}};
  const GivenPixels given = GivenPixelsOf(request);
  EXPECT_FLOAT_EQ(At(given.pixels, 1, 3, 3), -1.0F);
  EXPECT_FLOAT_EQ(At(given.pixels, 2, 3, 3), -1.0F) << "of two as near the earlier";
  EXPECT_FLOAT_EQ(At(given.pixels, 3, 3, 3), 1.0F);
  EXPECT_EQ(given.given.sum().item<int64_t>(), 2 * 16 * 8);
}

TEST(GivenPixelsTest, WhatIsNeverGivenTakesTheMeanOfItsFrame) {
  VideoRequest request = Request(1);
  GivenFrame frame{.image = Grey(16, 8, 255), .mask = std::vector<uint8_t>(16 * 8, 1)};
  frame.mask[5] = 0;
  frame.image.rgb[3 * 5] = 0;  // must not be seen
  request.given = {frame};
  EXPECT_FLOAT_EQ(At(GivenPixelsOf(request).pixels, 0, 0, 5), 1.0F);
}

TEST(GivenPixelsTest, NothingGivenIsGrey) {
  const GivenPixels given = GivenPixelsOf(Request(5));
  EXPECT_EQ(given.pixels.abs().max().item<float>(), 0.0F);
  EXPECT_FALSE(given.given.any().item<bool>());
}

TEST(GivenPixelsTest, ATokenIsKnownWhenAllItsPixelsAre) {
  const CheckpointConfig config = Config();
  const int64_t side = config.vae.SpatialStride() * config.transformer.patch_size[1];
  at::Tensor given = at::ones({9, 2 * side, 3 * side}, torch::kBool);
  EXPECT_TRUE(KnownTokens(given, config).all().item<bool>());
  given[6][side][2 * side] = false;  // frame 6 belongs to latent frame 2 (frames 5 … 8)
  const at::Tensor known = KnownTokens(given, config);
  EXPECT_EQ(known.sizes(), (std::vector<int64_t>{3, 2, 3}));
  EXPECT_EQ(known.logical_not().sum().item<int64_t>(), 1);
  EXPECT_FALSE(known[2][1][2].item<bool>());
}

TEST(GivenPixelsTest, TheFirstLatentFrameIsOneFrame) {
  const CheckpointConfig config = Config();
  const int64_t side = config.vae.SpatialStride() * config.transformer.patch_size[1];
  at::Tensor given = at::zeros({9, side, side}, torch::kBool);
  given[0].fill_(true);
  EXPECT_TRUE(at::equal(KnownTokens(given, config).flatten(), torch::tensor({true, false, false})));
  given.narrow(0, 1, 4).fill_(true);
  EXPECT_TRUE(at::equal(KnownTokens(given, config).flatten(), torch::tensor({true, true, false})));
}

TEST(GivenPixelsTest, GivenPixelsComeBackUntouched) {
  VideoRequest request = Request(2);
  GivenFrame part{.frame = 1, .image = Grey(16, 8, 200), .mask = std::vector<uint8_t>(16 * 8, 0)};
  part.mask[7] = 1;
  request.given = {{.frame = 0, .image = Grey(16, 8, 100)}, part};
  const std::vector<Image> out = WithGivenPixels({Grey(16, 8, 1), Grey(16, 8, 2)}, request);
  EXPECT_EQ(out[0].rgb, Grey(16, 8, 100).rgb);
  EXPECT_EQ(out[1].rgb[3 * 7], 200);
  EXPECT_EQ(out[1].rgb[3 * 8], 2);
}

TEST(GivenPixelsTest, ComplaintsNameTheFrame) {
  const auto complaint = [](const std::vector<GivenFrame>& given) -> std::string {
    VideoRequest request = Request(5);
    request.given = given;
    try {
      GivenPixelsOf(request);
    } catch (const UsageError& error) {
      return error.what();
    }
    return "";
  };
  const Image image = Grey(16, 8, 0);
  EXPECT_EQ(complaint({{.frame = 5, .image = image}}), "given frame 5: the clip has frames 0 to 4");
  EXPECT_EQ(complaint({{.frame = 2, .image = image}, {.frame = 2, .image = image}}),
            "given frame 2 is given twice");
  EXPECT_EQ(complaint({{.frame = 1, .image = Grey(8, 8, 0)}}),
            "given frame 1 is 8x8, the clip 16x8");
}

}  // namespace
}  // namespace plumb
