// SPDX-License-Identifier: Apache-2.0
#include "app/video_io.h"

#include <cmath>

#include <gmock/gmock.h>

#include "app/internal_frame_pixels.h"
#include "core/errors.h"
#include "core/seed.h"
#include "tests/app/run_program.h"
#include "tests/paths.h"

namespace plumb {
namespace {

namespace fs = std::filesystem;
using ::testing::HasSubstr;

// Smooth colours that move, with a grain that no codec can guess.
Video Clip(int width, int height, int frames) {
  Random random(3);
  std::vector<Image> images;
  for (int f = 0; f < frames; ++f) {
    Image image(width, height);
    for (int y = 0; y < height; ++y) {
      for (int x = 0; x < width; ++x) {
        uint8_t* pixel = image.Pixel(x, y);
        pixel[0] = static_cast<uint8_t>(255 * x / width);
        pixel[1] = static_cast<uint8_t>((255 * y / height + 4 * f) % 256);
        pixel[2] = static_cast<uint8_t>(random.Index(256));
      }
    }
    images.push_back(std::move(image));
  }
  return {std::move(images), 24.0};
}

std::string ErrorOf(const fs::path& path, const VideoReadOptions& options = {}) {
  try {
    ReadVideo(path, options);
  } catch (const InputError& error) {
    return error.what();
  }
  return "no error";
}

TEST(VideoIoTest, LosslessGivesTheSamePixelsStampsAndBytes) {
  const TestFolder folder;
  // Odd sizes too: FFV1 keeps RGB whole.
  for (const auto& [width, height] : {std::pair{64, 48}, std::pair{37, 21}}) {
    const Video video = Clip(width, height, 7);
    WriteLossless(folder / "a.mkv", video);
    const LoadedVideo read = ReadVideo(folder / "a.mkv");
    EXPECT_EQ(read.codec, "ffv1");
    EXPECT_TRUE(read.notes.empty()) << read.notes.front();
    EXPECT_TRUE(read.video.frames() == video.frames());
    EXPECT_EQ(read.video.times_s(), video.times_s());
    EXPECT_EQ(read.video.fps(), 24.0);
    WriteLossless(folder / "b.mkv", video);
    EXPECT_EQ(FileText(folder / "a.mkv"), FileText(folder / "b.mkv"));
  }
}

TEST(VideoIoTest, EvenRatesComeBackExactly) {
  const TestFolder folder;
  for (const double fps : {5.0, 12.5, 24.0, 25.0, 30000.0 / 1001.0, 60.0, 125.0}) {
    const Video video(Clip(16, 16, 9).frames(), fps);
    WriteLossless(folder / "a.mkv", video);
    const Video read = ReadVideo(folder / "a.mkv").video;
    EXPECT_NEAR(read.fps(), fps, 1e-9);
    ASSERT_EQ(read.num_frames(), 9);
    EXPECT_NEAR(read.times_s().back(), video.times_s().back(), 1e-9);
  }
}

TEST(VideoIoTest, UnevenStampsComeBackWithinAMillisecond) {
  const TestFolder folder;
  const Video video(Clip(16, 16, 4).frames(), 10.0, {0.0, 0.1, 0.35, 0.4});
  WriteLossless(folder / "a.mkv", video);
  const LoadedVideo read = ReadVideo(folder / "a.mkv");
  for (int i = 0; i < 4; ++i) EXPECT_NEAR(read.video.times_s()[i], video.times_s()[i], 1.1e-3);
  ASSERT_EQ(read.notes.size(), 1u);
  EXPECT_THAT(read.notes[0], HasSubstr("variable frame rate"));
}

TEST(VideoIoTest, ProxyLooksTheSame) {
  const TestFolder folder;
  const Video video = Clip(65, 48, 6);
  WriteProxy(folder / "a.mp4", video);
  const LoadedVideo read = ReadVideo(folder / "a.mp4");
  EXPECT_EQ(read.codec, "h264");
  EXPECT_EQ(read.video.width(), 64);
  ASSERT_EQ(read.video.num_frames(), 6);
  double difference = 0.0;
  for (int y = 0; y < 48; ++y) {
    for (int x = 0; x < 64; ++x) {
      difference += std::abs(video.frame(3).Pixel(x, y)[1] - read.video.frame(3).Pixel(x, y)[1]);
    }
  }
  // Grain in blue leaks into green through chroma subsampling; a wrong colour matrix would show as
  // 20 and more.
  EXPECT_LT(difference / (64 * 48), 12.0);
  // The index stands in front, so that a browser may start before the end has arrived.
  const std::string bytes = FileText(folder / "a.mp4");
  EXPECT_LT(bytes.find("moov"), bytes.find("mdat"));
}

TEST(VideoIoTest, OneFrameIsAVideo) {
  const TestFolder folder;
  WriteLossless(folder / "a.mkv", Clip(16, 16, 1));
  EXPECT_EQ(ReadVideo(folder / "a.mkv").video.num_frames(), 1);
}

TEST(VideoIoTest, PngFolderInNameOrder) {
  const TestFolder folder;
  const Video video = Clip(20, 10, 3);
  fs::create_directories(folder / "frames");
  for (int i = 0; i < 3; ++i) {
    WritePng(folder / "frames" / ("f" + std::to_string(i) + ".png"), video.frame(i));
  }
  VideoReadOptions options;
  options.png_fps = 10.0;
  const Video read = ReadVideo(folder / "frames", options).video;
  EXPECT_TRUE(read.frames() == video.frames());
  EXPECT_EQ(read.fps(), 10.0);
  WritePng(folder / "frames" / "f3.png", Image(8, 8));
  EXPECT_THAT(ErrorOf(folder / "frames"), HasSubstr("f3.png: is 8x8, the first picture is 20x10"));
  fs::create_directories(folder / "empty");
  EXPECT_THAT(ErrorOf(folder / "empty"), HasSubstr("holds no *.png"));
}

TEST(VideoIoTest, PicturesComeBack) {
  const TestFolder folder;
  const Image image = Clip(33, 17, 1).frame(0);
  WritePng(folder / "a.png", image);
  EXPECT_TRUE(ReadImage(folder / "a.png") == image);
}

TEST(VideoIoTest, WhatIsNoVideoIsRefusedByName) {
  const TestFolder folder;
  WriteText(folder / "text.mp4", "This is a text file that pretends to be a video.\n");
  WriteText(folder / "empty.mp4", "");
  EXPECT_THAT(ErrorOf(folder / "text.mp4"), HasSubstr("text.mp4: is no video"));
  EXPECT_THAT(ErrorOf(folder / "empty.mp4"), HasSubstr("empty.mp4: is empty"));
  EXPECT_THAT(ErrorOf(folder / "none.mp4"), HasSubstr("none.mp4: no such file"));
}

TEST(VideoIoTest, NothingThatNamesOtherFilesIsOpened) {
  const TestFolder folder;
  WriteLossless(folder / "a.mkv", Clip(16, 16, 3));
  WriteText(folder / "list.mp4", "ffconcat version 1.0\nfile a.mkv\n");
  WriteText(folder / "list.m3u8", "#EXTM3U\n#EXTINF:1,\na.mkv\n#EXT-X-ENDLIST\n");
  WriteText(folder / "a.sdp", "v=0\no=- 0 0 IN IP4 127.0.0.1\nm=video 5004 RTP/AVP 96\n");
  for (const char* name : {"list.mp4", "list.m3u8", "a.sdp"}) {
    EXPECT_THAT(ErrorOf(folder / name), HasSubstr("is no video")) << name;
  }
}

// A file cut anywhere either is refused, or was cut behind its last frame: never fewer frames as if
// whole.
void ExpectNoPartialDecode(const fs::path& whole, const fs::path& cut) {
  const std::string bytes = FileText(whole);
  const int frames = ReadVideo(whole).video.num_frames();
  int refused = 0;
  for (int i = 1; i < 40; ++i) {
    WriteText(cut, bytes.substr(0, bytes.size() * i / 40));
    const std::string error = ErrorOf(cut);
    if (error == "no error") {
      EXPECT_EQ(ReadVideo(cut).video.num_frames(), frames) << "cut at " << i << "/40";
    } else {
      EXPECT_THAT(error, HasSubstr(cut.filename().string()));
      ++refused;
    }
  }
  EXPECT_GE(refused, 36);
}

TEST(VideoIoTest, TruncatedFilesAreNeverWhole) {
  const TestFolder folder;
  const Video video = Clip(48, 32, 24);
  WriteLossless(folder / "whole.mkv", video);
  ExpectNoPartialDecode(folder / "whole.mkv", folder / "cut.mkv");
  WriteProxy(folder / "whole.mp4", video);
  ExpectNoPartialDecode(folder / "whole.mp4", folder / "cut.mp4");
  const std::string bytes = FileText(folder / "whole.mp4");
  WriteText(folder / "half.mp4", bytes.substr(0, bytes.size() * 6 / 10));
  EXPECT_THAT(ErrorOf(folder / "half.mp4"), HasSubstr("of 24 frames"));
  EXPECT_THAT(ErrorOf(folder / "half.mp4"), HasSubstr("a partial decode is never scored as whole"));
}

TEST(VideoIoTest, TruncatedGifIsRefused) {
  const fs::path gif = DataFolder() / "tracking/movi_a_1.gif";
  if (!fs::exists(gif)) GTEST_SKIP() << gif;
  const LoadedVideo whole = ReadVideo(gif);
  EXPECT_EQ(whole.video.num_frames(), 24);
  EXPECT_NEAR(whole.video.fps(), 12.0, 0.1);
  const TestFolder folder;
  const std::string bytes = FileText(gif);
  WriteText(folder / "cut.gif", bytes.substr(0, bytes.size() / 2));
  EXPECT_THAT(ErrorOf(folder / "cut.gif"), HasSubstr("partial decode"));
}

TEST(VideoIoTest, CapsRefuseInsteadOfCutting) {
  const TestFolder folder;
  WriteLossless(folder / "a.mkv", Clip(32, 32, 10));
  VideoReadOptions options;
  options.max_frames = 9;
  EXPECT_THAT(ErrorOf(folder / "a.mkv", options), HasSubstr("more than 9 frames"));
  options = {};
  options.max_pixels = 1000;
  EXPECT_THAT(ErrorOf(folder / "a.mkv", options), HasSubstr("32x32 pixels a frame"));
  options = {};
  options.max_total_bytes = 3 * 32 * 32 * 5;
  EXPECT_THAT(ErrorOf(folder / "a.mkv", options), HasSubstr("decoded bytes"));
  options = {};
  options.max_seconds = 0.1;
  EXPECT_THAT(ErrorOf(folder / "a.mkv", options), HasSubstr("s are read"));
  options = {};
  options.max_frames = 0;
  EXPECT_THROW(ReadVideo(folder / "a.mkv", options), UsageError);
}

TEST(VideoIoTest, QuarterTurnsAreClockwise) {
  Image image(3, 2);
  image.Pixel(0, 0)[0] = 9;
  EXPECT_EQ(QuarterTurned(image, 1).Pixel(1, 0)[0], 9);
  EXPECT_EQ(QuarterTurned(image, 2).Pixel(2, 1)[0], 9);
  EXPECT_EQ(QuarterTurned(image, 3).Pixel(0, 2)[0], 9);
  EXPECT_TRUE(QuarterTurned(QuarterTurned(image, 1), 3) == image);
}

TEST(VideoIoTest, NoFileIsLeftWhenWritingFails) {
  const TestFolder folder;
  EXPECT_THROW(WriteLossless(folder / "none" / "a.mkv", Clip(16, 16, 2)), EnvironmentError);
  EXPECT_TRUE(fs::is_empty(folder.path()));
}

}  // namespace
}  // namespace plumb
