// SPDX-License-Identifier: Apache-2.0
// Files as other programs write them, good and bad.
#include <cmath>
#include <sys/stat.h>

#include <gmock/gmock.h>

#include "app/video_io.h"
#include "core/errors.h"
#include "tests/app/media_files.h"
#include "tests/app/run_program.h"

namespace plumb {
namespace {

namespace fs = std::filesystem;
using ::testing::Contains;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::Not;
using ::testing::StartsWith;

std::vector<FramePtr> Frames(int count,
                             int width = 32,
                             int height = 24,
                             AVPixelFormat format = AV_PIX_FMT_YUV420P) {
  std::vector<FramePtr> frames;
  for (int i = 0; i < count; ++i) {
    frames.push_back(PlainFrame(format, width, height, {40 + 8 * i, 110, 140}));
    frames.back()->colorspace = AVCOL_SPC_BT709;
    frames.back()->color_range = AVCOL_RANGE_MPEG;
  }
  return frames;
}

class VideoReaderTest : public ::testing::Test {
 protected:
  fs::path Written(const std::string& name, const MediaFile& file, int frames = 6) {
    WriteMedia(folder_ / name, file, Frames(frames));
    return folder_ / name;
  }
  // The message without the file's name, which must stand in front of it.
  std::string Refusal(const fs::path& path, const VideoReadOptions& options = {}) {
    try {
      ReadVideo(path, options);
    } catch (const InputError& error) {
      EXPECT_EQ(error.exit_code(), ExitCode::kInputRejected);
      const std::string place = path.string() + ": ";
      EXPECT_THAT(error.what(), StartsWith(place));
      return std::string(error.what()).substr(place.size());
    }
    return "not refused";
  }
  TestFolder folder_;
};

TEST_F(VideoReaderTest, CodecsAndContainersOfOthersAreRead) {
  const std::vector<MediaFile> files = {{"mpeg4", "mp4"},
                                        {"mpeg4", "avi"},
                                        {"libx264", "mov"},
                                        {"libx264", "matroska"},
                                        {"mpeg2video", "mpegts", {1, 25}},
                                        {"libvpx", "webm"}};
  for (const MediaFile& file : files) {
    if (avcodec_find_encoder_by_name(file.codec) == nullptr) continue;
    const LoadedVideo loaded = ReadVideo(Written("clip", file));
    EXPECT_EQ(loaded.video.num_frames(), 6) << file.codec << " in " << file.container;
    EXPECT_EQ(loaded.video.width(), 32);
    EXPECT_EQ(loaded.video.height(), 24);
    EXPECT_NEAR(loaded.video.fps(), av_q2d(av_inv_q(file.tick)), 1e-6) << file.container;
    EXPECT_EQ(loaded.video.times_s().front(), 0.0);
  }
}

TEST_F(VideoReaderTest, TheNameSaysNothingOfTheContents) {
  EXPECT_EQ(ReadVideo(Written("clip.txt", {"mpeg4", "mp4"})).codec, "mpeg4");
  EXPECT_EQ(ReadVideo(Written("clip.mp4", {"ffv1", "matroska"})).codec, "ffv1");
  WriteText(folder_ / "notes.mp4", "These are my notes on the clip.\n");
  EXPECT_THAT(Refusal(folder_ / "notes.mp4"), StartsWith("is no video that can be read"));
}

TEST_F(VideoReaderTest, StrangeNamesAreNamesAndNoProtocols) {
  for (const char* name : {"http:clip.mkv", "concat:a|b.mkv", "-i.mkv", "%03d.mkv", "a b\"c.mkv"}) {
    WriteMedia(folder_ / name, {}, Frames(2));
    EXPECT_EQ(ReadVideo(folder_ / name).video.num_frames(), 2) << name;
  }
}

TEST_F(VideoReaderTest, SoundBesideTheVideoIsPassedOver) {
  MediaFile file{"mpeg4", "mov"};
  file.sound = true;
  EXPECT_EQ(ReadVideo(Written("clip.mov", file)).video.num_frames(), 6);
}

TEST_F(VideoReaderTest, SoundAloneIsNoVideo) {
  WriteSound(folder_ / "sound.mkv", "matroska");
  EXPECT_EQ(Refusal(folder_ / "sound.mkv"), "has no video stream");
  WriteSound(folder_ / "sound.mov", "mov");
  EXPECT_EQ(Refusal(folder_ / "sound.mov"), "has no video stream");
  WriteSound(folder_ / "sound.wav", "wav");
  EXPECT_THAT(Refusal(folder_ / "sound.wav"), StartsWith("is no video"));
}

TEST_F(VideoReaderTest, AStreamWithoutAFrameIsRefused) {
  EXPECT_THAT(Refusal(Written("none.mkv", {}, 0)), StartsWith("is no video that can be read"));
  EXPECT_EQ(Refusal(Written("none.mp4", {"mpeg4", "mp4"}, 0)), "has no video stream");
  EXPECT_EQ(Refusal(Written("none.avi", {"mpeg4", "avi"}, 0)), "has no frame");
}

TEST_F(VideoReaderTest, OneFrameKeepsTheStatedRate) {
  for (const MediaFile& file :
       {MediaFile{"mpeg4", "mp4", {1, 12}}, MediaFile{"mpeg4", "avi", {1, 12}}}) {
    const Video video = ReadVideo(Written("one", file, 1)).video;
    EXPECT_EQ(video.num_frames(), 1);
    EXPECT_THAT(video.times_s(), ElementsAre(0.0));
    EXPECT_NEAR(video.fps(), 12.0, 1e-9) << file.container;
  }
}

TEST_F(VideoReaderTest, WhatIsNoRegularFileIsRefusedWithoutWaiting) {
  ASSERT_EQ(mkfifo((folder_ / "pipe.mp4").c_str(), 0600), 0);
  EXPECT_EQ(Refusal(folder_ / "pipe.mp4"), "is no regular file");
  WriteText(folder_ / "empty.mp4", "");
  EXPECT_EQ(Refusal(folder_ / "empty.mp4"), "is empty");
  EXPECT_EQ(Refusal(folder_ / "absent.mp4"), "no such file");
}

TEST_F(VideoReaderTest, RotatedFilesAreTurnedAsTheyAsk) {
  for (const int degrees : {90, 180, 270}) {
    MediaFile file{"mpeg4", "mp4"};
    file.rotation_degrees = degrees;
    const LoadedVideo loaded = ReadVideo(Written("turned.mp4", file));
    const bool upright = degrees == 180;
    EXPECT_EQ(loaded.video.width(), upright ? 32 : 24) << degrees;
    EXPECT_EQ(loaded.video.height(), upright ? 24 : 32) << degrees;
    EXPECT_THAT(loaded.notes,
                Contains("rotated by " + std::to_string(degrees) + " degrees, as the file asks"));
  }
}

TEST_F(VideoReaderTest, ATurnOfNinetyDegreesIsClockwise) {
  // The left half is dark, so that the turned picture is dark above.
  FramePtr frame = PlainFrame(AV_PIX_FMT_YUV420P, 32, 32, {220, 128, 128});
  for (int y = 0; y < 32; ++y) std::fill_n(frame->data[0] + y * frame->linesize[0], 16, 20);
  std::vector<FramePtr> frames;
  frames.push_back(std::move(frame));
  MediaFile file{"mpeg4", "mp4"};
  file.rotation_degrees = 90;
  WriteMedia(folder_ / "turned.mp4", file, frames);
  const Video video = ReadVideo(folder_ / "turned.mp4").video;
  EXPECT_LT(video.frame(0).Pixel(24, 4)[1], 60);
  EXPECT_GT(video.frame(0).Pixel(4, 28)[1], 200);
}

TEST_F(VideoReaderTest, OblongPixelsAreSaid) {
  MediaFile file{"mpeg4", "mp4"};
  file.pixel_shape = {4, 3};
  EXPECT_THAT(ReadVideo(Written("oblong.mp4", file)).notes,
              Contains("pixels are 4:3, taken as square"));
  EXPECT_THAT(ReadVideo(Written("square.mp4", {"mpeg4", "mp4"})).notes,
              Not(Contains(HasSubstr("taken as square"))));
}

TEST_F(VideoReaderTest, UnevenStampsStayAndAreSaid) {
  MediaFile file{"mpeg4", "mp4", {1, 100}};
  file.stamps = {0, 4, 8, 30, 34, 50};
  const LoadedVideo loaded = ReadVideo(Written("uneven.mp4", file));
  ASSERT_EQ(loaded.video.num_frames(), 6);
  for (int i = 0; i < 6; ++i) {
    EXPECT_NEAR(loaded.video.times_s()[i], file.stamps[i] / 100.0, 1e-9);
  }
  EXPECT_NEAR(loaded.video.fps(), 10.0, 1e-9) << "five steps in half a second";
  EXPECT_THAT(loaded.notes, Contains("variable frame rate, 10 frames a second on average"));
}

TEST_F(VideoReaderTest, AThousandFramesASecondAreARateLikeAnyOther) {
  const LoadedVideo loaded = ReadVideo(Written("fast.mp4", {"mpeg4", "mp4", {1, 1000}}));
  EXPECT_NEAR(loaded.video.fps(), 1000.0, 1e-6);
  EXPECT_NEAR(loaded.video.times_s().back(), 0.005, 1e-9);
}

TEST_F(VideoReaderTest, AClipThatStartsLateStartsAtZero) {
  MediaFile file;
  file.stamps = {48, 49, 50, 51};
  const Video video = ReadVideo(Written("late.mkv", file, 4)).video;
  EXPECT_EQ(video.times_s().front(), 0.0);
  EXPECT_NEAR(video.fps(), 24.0, 0.1) << "as well as milliseconds tell";
}

TEST_F(VideoReaderTest, OddSizesAreWhole) {
  for (const auto& [width, height] : {std::pair{33, 17}, std::pair{1, 5}, std::pair{7, 1}}) {
    WriteMedia(folder_ / "odd.mkv", {}, Frames(2, width, height));
    const Video video = ReadVideo(folder_ / "odd.mkv").video;
    EXPECT_EQ(video.width(), width);
    EXPECT_EQ(video.height(), height);
  }
}

TEST_F(VideoReaderTest, TheStatedMatrixAndRangeReachThePixels) {
  std::vector<FramePtr> frames;
  frames.push_back(PlainFrame(AV_PIX_FMT_YUV420P, 16, 16, {63, 102, 240}));
  frames.back()->colorspace = AVCOL_SPC_BT709;
  frames.back()->color_range = AVCOL_RANGE_MPEG;
  WriteMedia(folder_ / "red.mkv", {}, frames);
  const LoadedVideo loaded = ReadVideo(folder_ / "red.mkv");
  const uint8_t* pixel = loaded.video.frame(0).Pixel(8, 8);
  EXPECT_NEAR(pixel[0], 255, 2) << "red by BT.709, limited range";
  EXPECT_NEAR(pixel[1], 0, 2);
  EXPECT_NEAR(pixel[2], 0, 2);
  EXPECT_THAT(loaded.notes, IsEmpty());
}

TEST_F(VideoReaderTest, ASizeThatChangesOnTheWayIsRefused) {
  WriteMedia(folder_ / "a.mjpeg", {"mjpeg", "mjpeg"}, Frames(2, 32, 24, AV_PIX_FMT_YUVJ420P));
  WriteMedia(folder_ / "b.mjpeg", {"mjpeg", "mjpeg"}, Frames(2, 48, 24, AV_PIX_FMT_YUVJ420P));
  WriteText(folder_ / "c.mjpeg", FileText(folder_ / "a.mjpeg") + FileText(folder_ / "b.mjpeg"));
  EXPECT_EQ(ReadVideo(folder_ / "a.mjpeg").video.num_frames(), 2);
  EXPECT_EQ(Refusal(folder_ / "c.mjpeg"), "frame 2 is 48x24, the first is 32x24");
}

TEST_F(VideoReaderTest, AHugePictureInAFewBytesIsRefusedBeforeItIsDecoded) {
  // A GIF of 65535x65535 that ends after its header.
  WriteText(folder_ / "bomb.gif", std::string("GIF89a\xff\xff\xff\xff\x00\x00\x00;", 14));
  EXPECT_NE(Refusal(folder_ / "bomb.gif"), "not refused");
  WriteMedia(folder_ / "large.mkv", {}, Frames(1, 128, 64));
  VideoReadOptions options;
  options.max_pixels = 128 * 64 - 1;
  EXPECT_EQ(Refusal(folder_ / "large.mkv", options),
            "128x64 pixels a frame; at most 8191 are read");
  options.max_pixels = 128 * 64;
  EXPECT_EQ(Refusal(folder_ / "large.mkv", options), "not refused");
}

TEST_F(VideoReaderTest, CapsHoldOnBothSidesOfTheirLimit) {
  const fs::path counted = Written("a.mp4", {"mpeg4", "mp4"});  // says how many frames it has
  const fs::path open = Written("a.mkv", {});                   // does not
  VideoReadOptions options;
  options.max_frames = 6;
  EXPECT_EQ(Refusal(counted, options), "not refused");
  EXPECT_EQ(Refusal(open, options), "not refused");
  options.max_frames = 5;
  EXPECT_EQ(Refusal(counted, options), "6 frames; at most 5 are read");
  EXPECT_EQ(Refusal(open, options), "more than 5 frames");
  options = {};
  options.max_total_bytes = 6 * 32 * 24 * 3;
  EXPECT_EQ(Refusal(counted, options), "not refused");
  EXPECT_EQ(Refusal(open, options), "not refused");
  --options.max_total_bytes;
  EXPECT_THAT(Refusal(counted, options), HasSubstr("6 frames of 32x24 pixels; at most 13823"));
  EXPECT_EQ(Refusal(open, options), "more than 13823 decoded bytes");
}

TEST_F(VideoReaderTest, ALengthOfDaysIsRefusedWithoutWaiting) {
  MediaFile file{"mpeg4", "mp4", {1, 1}};
  file.stamps = {0, 3599};
  EXPECT_EQ(Refusal(Written("hour.mp4", file, 2)), "not refused");
  file.stamps = {0, 4000};
  EXPECT_THAT(Refusal(Written("long.mp4", file, 2)),
              StartsWith("4001 s long; at most 3600 s are read"));
}

TEST_F(VideoReaderTest, FilesCutAnywhereAreNeverWhole) {
  for (const MediaFile& file : {MediaFile{"mpeg4", "mp4"},
                                MediaFile{"libx264", "mov"},
                                MediaFile{"ffv1", "matroska"},
                                MediaFile{"mpeg4", "avi"}}) {
    const std::string bytes = FileText(Written("whole", file, 24));
    for (int i = 1; i < 16; ++i) {
      WriteText(folder_ / "cut", bytes.substr(0, bytes.size() * i / 16));
      const std::string refusal = Refusal(folder_ / "cut");
      if (refusal != "not refused") continue;
      EXPECT_EQ(ReadVideo(folder_ / "cut").video.num_frames(), 24)
          << file.container << " cut at " << i << "/16";
    }
  }
}

TEST_F(VideoReaderTest, OptionsThatMakeNoSenseAreNamed) {
  const auto refusal = [](const VideoReadOptions& options) -> std::string {
    try {
      options.Validate();
    } catch (const UsageError& error) {
      return error.what();
    }
    return "fine";
  };
  EXPECT_EQ(refusal({}), "fine");
  EXPECT_THAT(refusal({.max_pixels = 0}), StartsWith("max_pixels"));
  EXPECT_THAT(refusal({.max_total_bytes = 0}), StartsWith("max_total_bytes"));
  EXPECT_THAT(refusal({.max_frames = -1}), StartsWith("max_frames"));
  EXPECT_THAT(refusal({.max_seconds = 0.0}), StartsWith("max_seconds"));
  for (const double fps : {0.0, -1.0, 1000.5, std::nan("")}) {
    EXPECT_THAT(refusal({.png_fps = fps}), StartsWith("png_fps")) << fps;
  }
  EXPECT_EQ(refusal({.png_fps = 1000.0}), "fine");
}

TEST_F(VideoReaderTest, ProgressCountsAndCancels) {
  const fs::path clip = Written("a.mp4", {"mpeg4", "mp4"});
  Progress progress;
  int last = -1, promised = 0;
  progress.report = [&](const std::string& what, int done, int total) {
    EXPECT_EQ(what, "decode");
    EXPECT_GE(done, last);
    last = done;
    promised = total;
  };
  ReadVideo(clip, {}, progress);
  EXPECT_EQ(promised, 6);
  EXPECT_GE(last, 5);
  progress.cancelled = [] { return true; };
  EXPECT_THROW(ReadVideo(clip, {}, progress), CancelledError);
}

TEST_F(VideoReaderTest, FoldersOfPicturesTakeThePngInNameOrder) {
  fs::create_directories(folder_ / "frames");
  for (const auto& [name, grey] :
       {std::pair{"f10.png", 10}, std::pair{"f02.png", 2}, std::pair{"f1.png", 1}}) {
    Image image(4, 3);
    std::fill(image.rgb.begin(), image.rgb.end(), static_cast<uint8_t>(grey));
    WritePng(folder_ / "frames" / name, image);
  }
  WriteText(folder_ / "frames/readme.txt", "not a picture");
  const LoadedVideo loaded = ReadVideo(folder_ / "frames");
  EXPECT_EQ(loaded.codec, "png");
  ASSERT_EQ(loaded.video.num_frames(), 3);
  EXPECT_EQ(loaded.video.frame(0).rgb[0], 2);
  EXPECT_EQ(loaded.video.frame(1).rgb[0], 1) << "by name, not by number";
  EXPECT_EQ(loaded.video.frame(2).rgb[0], 10);
  VideoReadOptions options;
  options.max_frames = 2;
  EXPECT_EQ(Refusal(folder_ / "frames", options), "3 frames; at most 2 are read");
  options = {};
  options.max_total_bytes = 100;
  EXPECT_EQ(Refusal(folder_ / "frames", options), "more than 100 decoded bytes");
}

TEST_F(VideoReaderTest, APictureInAFolderThatIsNoneIsRefusedByItsOwnName) {
  fs::create_directories(folder_ / "frames");
  WritePng(folder_ / "frames/a.png", Image(4, 3));
  WriteText(folder_ / "frames/b.png", "not a picture at all");
  try {
    ReadVideo(folder_ / "frames");
    FAIL();
  } catch (const InputError& error) {
    EXPECT_THAT(error.what(), StartsWith((folder_ / "frames/b.png").string() + ": "));
  }
}

TEST_F(VideoReaderTest, TheFirstFrameOfAVideoIsAPicture) {
  const fs::path clip = Written("a.mkv", {});
  EXPECT_TRUE(ReadImage(clip) == ReadVideo(clip).video.frame(0));
  WriteText(folder_ / "none.png", "nothing");
  EXPECT_THROW(ReadImage(folder_ / "none.png"), InputError);
}

}  // namespace
}  // namespace plumb
