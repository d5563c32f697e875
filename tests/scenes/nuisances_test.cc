// SPDX-License-Identifier: Apache-2.0
#include "scenes/nuisances.h"

#include <cmath>

#include <gmock/gmock.h>

#include "core/errors.h"
#include "core/seed.h"

namespace plumb {
namespace {

// A slope of colours with a few hard edges.
Video Sample() {
  std::vector<Image> frames;
  for (int f = 0; f < 12; ++f) {
    Image image(40, 28);
    for (int y = 0; y < 28; ++y) {
      for (int x = 0; x < 40; ++x) {
        uint8_t* pixel = image.Pixel(x, y);
        pixel[0] = static_cast<uint8_t>(60 + 3 * x);
        pixel[1] = static_cast<uint8_t>(60 + 4 * y);
        pixel[2] = x > 10 + f && x < 20 + f ? 160 : 90;
      }
    }
    frames.push_back(image);
  }
  return {std::move(frames), 24};
}

double Distance(const Video& a, const Video& b) {
  double sum = 0;
  int count = 0;
  for (int f = 0; f < a.num_frames(); ++f) {
    for (size_t i = 0; i < a.frame(f).rgb.size(); ++i, ++count) {
      sum += std::abs(a.frame(f).rgb[i] - b.frame(f).rgb[i]);
    }
  }
  return sum / count;
}

bool KeepsPixels(std::string_view id) {
  return id == "blur" || id == "noise" || id == "grain" || id == "brightness" || id == "jpeg";
}

TEST(NuisancesTest, TheNeutralAmountGivesTheVideosOwnBytes) {
  const Video video = Sample();
  for (const Nuisance& nuisance : AllNuisances()) {
    const Video same = WithNuisance(video, {std::string(nuisance.id), nuisance.neutral}, 1);
    EXPECT_EQ(same.frames(), video.frames()) << nuisance.id;
    EXPECT_EQ(same.times_s(), video.times_s()) << nuisance.id;
  }
}

TEST(NuisancesTest, LargerDosesAreFurtherFromTheVideo) {
  const Video video = Sample();
  for (const Nuisance& nuisance : AllNuisances()) {
    if (!KeepsPixels(nuisance.id)) continue;
    double last = 0;
    for (const double dose : nuisance.doses) {
      const double distance =
          Distance(video, WithNuisance(video, {std::string(nuisance.id), dose}, 1));
      EXPECT_GT(distance, last) << nuisance.id << " " << dose;
      last = distance;
    }
    EXPECT_LT(last, 40) << nuisance.id;
  }
}

TEST(NuisancesTest, TheSameSeedGivesTheSameBytesAnotherOthers) {
  const Video video = Sample();
  for (const char* id : {"noise", "grain"}) {
    const NuisanceAmount amount{id, 3};
    EXPECT_EQ(WithNuisance(video, amount, 1).frames(), WithNuisance(video, amount, 1).frames());
    EXPECT_NE(WithNuisance(video, amount, 1).frames(), WithNuisance(video, amount, 2).frames());
    // Each frame has its own.
    const Video noisy = WithNuisance(video, amount, 1);
    EXPECT_NE(noisy.frame(0), noisy.frame(1));
  }
}

TEST(NuisancesTest, NoiseAndGrainHaveTheDeviationAskedFor) {
  const Video grey({Image(96, 96)}, 24);
  std::vector<Image> frames = grey.frames();
  for (uint8_t& value : frames[0].rgb) value = 128;
  const Video even(frames, 24);
  for (const char* id : {"noise", "grain"}) {
    const Video changed = WithNuisance(even, {id, 5}, 3);
    double squares = 0;
    for (const uint8_t value : changed.frame(0).rgb) squares += (value - 128.0) * (value - 128.0);
    EXPECT_NEAR(std::sqrt(squares / changed.frame(0).rgb.size()), 5, 0.3) << id;
  }
  // Grain is grey: all channels move together.
  const Video grain = WithNuisance(even, {"grain", 5}, 3);
  for (size_t i = 0; i < grain.frame(0).rgb.size(); i += 3) {
    ASSERT_EQ(grain.frame(0).rgb[i], grain.frame(0).rgb[i + 1]);
  }
}

TEST(NuisancesTest, BlurKeepsTheMeanAndSoftensEdges) {
  const Video video = Sample();
  const Video soft = WithNuisance(video, {"blur", 1.0}, 0);
  const Image& before = video.frame(0);
  const Image& after = soft.frame(0);
  const auto step = [](const Image& image) {
    return std::abs(image.Pixel(11, 14)[2] - image.Pixel(10, 14)[2]);
  };
  EXPECT_EQ(step(before), 70);
  // The middle step of a blurred edge: erf(0.5 / √2) = 0.383 of it.
  EXPECT_NEAR(step(after), 0.383 * 70, 3);
  double mean = 0;
  for (size_t i = 0; i < before.rgb.size(); ++i) mean += after.rgb[i] - before.rgb[i];
  EXPECT_LT(std::abs(mean / before.rgb.size()), 0.6);
}

TEST(NuisancesTest, BrightnessMultipliesEveryLevel) {
  const Video video = Sample();
  const Video bright = WithNuisance(video, {"brightness", 1.5}, 0);
  for (size_t i = 0; i < video.frame(3).rgb.size(); ++i) {
    const double expected = std::min(255.0, 1.5 * video.frame(3).rgb[i]);
    ASSERT_NEAR(bright.frame(3).rgb[i], expected, 0.51);
  }
}

TEST(NuisancesTest, CropAndResizeChangeTheSize) {
  const Video video = Sample();
  const Video cropped = WithNuisance(video, {"crop_border", 3}, 0);
  EXPECT_EQ(cropped.width(), 34);
  EXPECT_EQ(cropped.height(), 22);
  EXPECT_EQ(cropped.frame(5).Pixel(0, 0)[0], video.frame(5).Pixel(3, 3)[0]);
  EXPECT_EQ(cropped.frame(5).Pixel(33, 21)[1], video.frame(5).Pixel(36, 24)[1]);
  const Video smaller = WithNuisance(video, {"resize", 0.5}, 0);
  EXPECT_EQ(smaller.frames(), AreaResized(video, 20, 14).frames());
  EXPECT_THROW(WithNuisance(video, {"crop_border", 12}, 0), UsageError);
}

TEST(NuisancesTest, FewerFramesCoverTheSameTime) {
  const Video video = Sample();
  const Video half = WithNuisance(video, {"fps", 0.5}, 0);
  EXPECT_EQ(half.fps(), 12);
  ASSERT_EQ(half.num_frames(), 6);
  for (int k = 0; k < 6; ++k) {
    EXPECT_EQ(half.frame(k), video.frame(2 * k));
    EXPECT_NEAR(half.times_s()[k], k / 12.0, 1e-12);
  }
  // Between two frames the earlier is shown.
  const Video odd = WithNuisance(video, {"fps", 0.75}, 0);
  EXPECT_EQ(odd.frame(1), video.frame(1));  // at 1.33 frames
  EXPECT_EQ(odd.frame(2), video.frame(2));  // at 2.67 frames
}

TEST(NuisancesTest, JpegLeavesEvenBlocksAlone) {
  // Grey in even blocks has no coefficient but the mean: it is off by half a step at most.
  Image even(24, 17);
  for (uint8_t& value : even.rgb) value = 100;
  const Video same = WithNuisance(Video({even}, 24), {"jpeg", 10}, 0);
  for (const uint8_t value : same.frame(0).rgb) EXPECT_NEAR(value, 100, 1);
}

TEST(NuisancesTest, NamesWhatIsWrong) {
  const Video video = Sample();
  const auto refusal = [&](const NuisanceAmount& amount) {
    try {
      WithNuisance(video, amount, 0);
    } catch (const UsageError& error) {
      return std::string(error.what());
    }
    return std::string("no error");
  };
  EXPECT_THAT(refusal({"blr", 1}), testing::HasSubstr("did you mean 'blur'"));
  EXPECT_THAT(refusal({"resize", 2}), testing::HasSubstr("expected 0.1 to 1"));
  EXPECT_THAT(refusal({"reencode", 23}), testing::HasSubstr("reencode"));
}

}  // namespace
}  // namespace plumb
