// SPDX-License-Identifier: Apache-2.0
#include <array>
#include <cmath>

#include <gmock/gmock.h>

#include "app/internal_frame_pixels.h"
#include "core/seed.h"
#include "tests/app/media_files.h"

namespace plumb {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;

using Colour = std::array<double, 3>;

// The shares of red and blue in luma (ITU-R BT.601, BT.709, BT.2020).
struct Matrix {
  AVColorSpace space;
  double red;
  double blue;
};
constexpr Matrix kBt601 = {AVCOL_SPC_SMPTE170M, 0.299, 0.114};
constexpr Matrix kBt709 = {AVCOL_SPC_BT709, 0.2126, 0.0722};
constexpr Matrix kBt2020 = {AVCOL_SPC_BT2020_NCL, 0.2627, 0.0593};

// 8-bit Y'CbCr of an R'G'B' colour in 0–255, by the standards' own formula.
std::vector<int> Encoded(const Colour& rgb, const Matrix& matrix, bool full) {
  const double green = 1.0 - matrix.red - matrix.blue;
  const double y = (matrix.red * rgb[0] + green * rgb[1] + matrix.blue * rgb[2]) / 255.0;
  const double cb = (rgb[2] / 255.0 - y) / (2.0 * (1.0 - matrix.blue));
  const double cr = (rgb[0] / 255.0 - y) / (2.0 * (1.0 - matrix.red));
  const auto rounded = [](double value) { return static_cast<int>(std::lround(value)); };
  if (full) return {rounded(255 * y), rounded(128 + 255 * cb), rounded(128 + 255 * cr)};
  return {rounded(16 + 219 * y), rounded(128 + 224 * cb), rounded(128 + 224 * cr)};
}

FramePtr Stated(FramePtr frame, AVColorSpace space, AVColorRange range) {
  frame->colorspace = space;
  frame->color_range = range;
  return frame;
}

// The colour of the first pixel; all others must have it too.
Colour OnlyColour(const Image& image) {
  const uint8_t* first = image.Pixel(0, 0);
  for (size_t i = 0; i < image.rgb.size(); ++i) EXPECT_EQ(image.rgb[i], first[i % 3]) << i;
  return {double(first[0]), double(first[1]), double(first[2])};
}

void ExpectNear(const Colour& actual, const Colour& expected, double tolerance) {
  for (int c = 0; c < 3; ++c) EXPECT_NEAR(actual[c], expected[c], tolerance) << "channel " << c;
}

TEST(FramePixelsTest, EveryMatrixAndRangeIsDecodedByItsFormula) {
  for (const Matrix& matrix : {kBt601, kBt709, kBt2020}) {
    for (const bool full : {false, true}) {
      for (uint64_t seed = 0; seed < 12; ++seed) {
        Random random(seed);
        const Colour rgb = {random.Uniform(0, 255), random.Uniform(0, 255), random.Uniform(0, 255)};
        FrameConverter converter;
        const Image image = converter.ToRgb(
            *Stated(PlainFrame(AV_PIX_FMT_YUV420P, 12, 8, Encoded(rgb, matrix, full)),
                    matrix.space,
                    full ? AVCOL_RANGE_JPEG : AVCOL_RANGE_MPEG));
        // Rounding of Y, Cb and Cr, enlarged by the matrix, and one of our own.
        ExpectNear(OnlyColour(image), rgb, 2.6);
        EXPECT_THAT(converter.notes(), IsEmpty());
      }
    }
  }
}

TEST(FramePixelsTest, RedIsNotTheSameInTheWrongMatrix) {
  const std::vector<int> red = Encoded({255, 0, 0}, kBt601, false);
  const FramePtr frame = PlainFrame(AV_PIX_FMT_YUV420P, 8, 8, red);
  FrameConverter right, wrong;
  ExpectNear(OnlyColour(right.ToRgb(*Stated(
                 FramePtr(av_frame_clone(frame.get())), AVCOL_SPC_SMPTE170M, AVCOL_RANGE_MPEG))),
             {255, 0, 0},
             2);
  const Colour other = OnlyColour(wrong.ToRgb(
      *Stated(FramePtr(av_frame_clone(frame.get())), AVCOL_SPC_BT709, AVCOL_RANGE_MPEG)));
  EXPECT_GT(std::abs(other[0] - 255) + other[1] + other[2], 15);
}

TEST(FramePixelsTest, AnUnstatedMatrixFollowsTheSizeAndIsSaid) {
  const std::vector<int> green = {120, 60, 70};
  const auto convert = [&](int width, int height, FrameConverter& converter) {
    return OnlyColour(converter.ToRgb(*PlainFrame(AV_PIX_FMT_YUV420P, width, height, green)));
  };
  FrameConverter stated;
  const Colour as_709 = OnlyColour(stated.ToRgb(
      *Stated(PlainFrame(AV_PIX_FMT_YUV420P, 8, 8, green), AVCOL_SPC_BT709, AVCOL_RANGE_MPEG)));
  for (const auto& [width, height] : {std::pair{1280, 8}, std::pair{8, 577}}) {
    FrameConverter converter;
    EXPECT_EQ(convert(width, height, converter), as_709) << width << "x" << height;
    EXPECT_THAT(converter.notes(), ElementsAre("colour matrix not stated, BT.709 assumed"));
  }
  for (const auto& [width, height] : {std::pair{1279, 8}, std::pair{8, 576}}) {
    FrameConverter converter;
    EXPECT_NE(convert(width, height, converter), as_709) << width << "x" << height;
    EXPECT_THAT(converter.notes(), ElementsAre("colour matrix not stated, BT.601 assumed"));
  }
}

TEST(FramePixelsTest, AnUnstatedRangeIsLimited) {
  FrameConverter converter;
  EXPECT_EQ(OnlyColour(converter.ToRgb(*PlainFrame(AV_PIX_FMT_YUV420P, 8, 8, {16, 128, 128}))),
            (Colour{0, 0, 0}));
  EXPECT_EQ(OnlyColour(converter.ToRgb(*PlainFrame(AV_PIX_FMT_YUV420P, 8, 8, {235, 128, 128}))),
            (Colour{255, 255, 255}));
}

TEST(FramePixelsTest, FormatsThatNameTheFullRangeHaveIt) {
  for (const AVPixelFormat format :
       {AV_PIX_FMT_YUVJ420P, AV_PIX_FMT_YUVJ422P, AV_PIX_FMT_YUVJ440P, AV_PIX_FMT_YUVJ444P}) {
    FrameConverter converter;
    ExpectNear(
        OnlyColour(converter.ToRgb(*PlainFrame(format, 8, 8, {16, 128, 128}))), {16, 16, 16}, 1);
    ExpectNear(OnlyColour(converter.ToRgb(*PlainFrame(format, 8, 8, {235, 128, 128}))),
               {235, 235, 235},
               1);
  }
}

TEST(FramePixelsTest, RgbPassesUnchangedWhateverTheLayout) {
  for (const AVPixelFormat format :
       {AV_PIX_FMT_RGB24, AV_PIX_FMT_BGR24, AV_PIX_FMT_GBRP, AV_PIX_FMT_0RGB, AV_PIX_FMT_BGR0}) {
    FrameConverter converter;
    EXPECT_EQ(OnlyColour(converter.ToRgb(*PlainFrame(format, 5, 3, {200, 17, 90}))),
              (Colour{200, 17, 90}))
        << format;
    EXPECT_THAT(converter.notes(), IsEmpty());
  }
}

TEST(FramePixelsTest, MoreBitsAreReducedAndSaid) {
  FrameConverter converter;
  std::vector<int> deep = Encoded({180, 60, 40}, kBt709, false);
  for (int& value : deep) value *= 4;
  const Image image = converter.ToRgb(
      *Stated(PlainFrame(AV_PIX_FMT_YUV422P10LE, 8, 8, deep), AVCOL_SPC_BT709, AVCOL_RANGE_MPEG));
  ExpectNear(OnlyColour(image), {180, 60, 40}, 2.6);
  EXPECT_THAT(converter.notes(), ElementsAre("10-bit reduced to 8"));
}

TEST(FramePixelsTest, TransparentPartsLieOverBlack) {
  FrameConverter opaque;
  EXPECT_EQ(OnlyColour(opaque.ToRgb(*PlainFrame(AV_PIX_FMT_RGBA, 4, 4, {200, 100, 50, 255}))),
            (Colour{200, 100, 50}));
  EXPECT_THAT(opaque.notes(), IsEmpty()) << "an alpha channel that hides nothing is no news";
  FrameConverter half;
  ExpectNear(OnlyColour(half.ToRgb(*PlainFrame(AV_PIX_FMT_RGBA, 4, 4, {200, 100, 50, 128}))),
             {100, 50, 25},
             1);
  EXPECT_THAT(half.notes(), ElementsAre("transparent parts laid over black"));
  FrameConverter clear;
  EXPECT_EQ(OnlyColour(clear.ToRgb(*PlainFrame(AV_PIX_FMT_BGRA, 4, 4, {200, 100, 50, 0}))),
            (Colour{0, 0, 0}));
}

TEST(FramePixelsTest, HdrIsTakenAsItIsAndSaid) {
  for (const auto transfer : {AVCOL_TRC_SMPTE2084, AVCOL_TRC_ARIB_STD_B67}) {
    FramePtr frame = Stated(PlainFrame(AV_PIX_FMT_YUV420P, 8, 8, {126, 128, 128}),
                            AVCOL_SPC_BT2020_NCL,
                            AVCOL_RANGE_MPEG);
    frame->color_trc = transfer;
    FrameConverter converter;
    ExpectNear(OnlyColour(converter.ToRgb(*frame)), {128, 128, 128}, 1);
    EXPECT_THAT(converter.notes(), ElementsAre(HasSubstr("not tone-mapped")));
  }
}

TEST(FramePixelsTest, ANoteIsSaidOnceForAllFrames) {
  FrameConverter converter;
  const FramePtr frame = PlainFrame(AV_PIX_FMT_YUV420P, 8, 8, {100, 90, 140});
  const FramePtr large = PlainFrame(AV_PIX_FMT_YUV420P, 1280, 8, {100, 90, 140});
  for (int i = 0; i < 3; ++i) converter.ToRgb(*frame);
  converter.ToRgb(*large);
  converter.ToRgb(*frame);
  EXPECT_EQ(converter.notes().size(), 2u);
}

// A converter that saw other frames before gives the bytes of a fresh one.
TEST(FramePixelsTest, FramesDoNotDependOnTheirForerunners) {
  FrameConverter used;
  for (const auto range : {AVCOL_RANGE_MPEG, AVCOL_RANGE_JPEG, AVCOL_RANGE_MPEG}) {
    for (const auto space : {AVCOL_SPC_BT709, AVCOL_SPC_SMPTE170M}) {
      for (const auto format : {AV_PIX_FMT_YUV420P, AV_PIX_FMT_YUV444P, AV_PIX_FMT_YUVA420P}) {
        const FramePtr frame = Stated(PlainFrame(format, 9, 7, {90, 150, 60, 255}), space, range);
        FrameConverter fresh;
        EXPECT_TRUE(used.ToRgb(*frame) == fresh.ToRgb(*frame)) << space << ' ' << format;
      }
    }
  }
}

TEST(FramePixelsTest, TheSmallestAndOddestSizesAreWhole) {
  for (const auto& [width, height] :
       {std::pair{1, 1}, std::pair{1, 9}, std::pair{9, 1}, std::pair{17, 3}, std::pair{33, 31}}) {
    FrameConverter converter;
    const Image image =
        converter.ToRgb(*PlainFrame(AV_PIX_FMT_YUV420P, width, height, {126, 128, 128}));
    EXPECT_EQ(image.width, width);
    EXPECT_EQ(image.height, height);
    ExpectNear(OnlyColour(image), {128, 128, 128}, 1);
  }
}

TEST(FramePixelsTest, FourQuarterTurnsAreNone) {
  for (uint64_t seed = 0; seed < 20; ++seed) {
    Random random(seed);
    Image image(1 + random.Index(9), 1 + random.Index(9));
    for (uint8_t& byte : image.rgb) byte = static_cast<uint8_t>(random.Index(256));
    Image turned = image;
    for (int i = 0; i < 4; ++i) {
      EXPECT_TRUE(turned == QuarterTurned(image, i)) << "turn by turn, or all at once";
      turned = QuarterTurned(turned, 1);
    }
    EXPECT_TRUE(turned == image);
  }
}

}  // namespace
}  // namespace plumb
