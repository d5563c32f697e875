// SPDX-License-Identifier: Apache-2.0
// What Plumb writes comes back whole, or is not there at all.
#include <array>
#include <csignal>
#include <sys/resource.h>

#include <gmock/gmock.h>

#include "app/internal_ffmpeg.h"
#include "app/video_file.h"
#include "app/video_io.h"
#include "core/check.h"
#include "core/errors.h"
#include "core/seed.h"
#include "tests/app/run_program.h"
#include "tests/peak_memory.h"

namespace plumb {
namespace {

namespace fs = std::filesystem;
using ::testing::HasSubstr;
using ::testing::IsEmpty;

Video Noise(int width, int height, int frames, double fps = 24.0) {
  Random random(width * 1000 + height);
  std::vector<Image> images(frames, Image(width, height));
  for (Image& image : images) {
    for (uint8_t& byte : image.rgb) byte = static_cast<uint8_t>(random.Index(256));
  }
  return {std::move(images), fps};
}

// Files may not grow beyond a size while this lives: a full disk for one process.
class FileSizeLimit {
 public:
  explicit FileSizeLimit(rlim_t bytes) {
    old_handler_ = std::signal(SIGXFSZ, SIG_IGN);
    getrlimit(RLIMIT_FSIZE, &old_);
    const rlimit limit = {bytes, old_.rlim_max};
    setrlimit(RLIMIT_FSIZE, &limit);
  }
  ~FileSizeLimit() {
    setrlimit(RLIMIT_FSIZE, &old_);
    std::signal(SIGXFSZ, old_handler_);
  }
  FileSizeLimit(const FileSizeLimit&) = delete;
  FileSizeLimit& operator=(const FileSizeLimit&) = delete;

 private:
  rlimit old_ = {};
  void (*old_handler_)(int) = nullptr;
};

std::vector<std::string> Names(const fs::path& folder) {
  std::vector<std::string> names;
  for (const auto& entry : fs::directory_iterator(folder)) names.push_back(entry.path().filename());
  return names;
}

TEST(VideoWriterTest, EverySizeComesBackToTheLastBit) {
  const TestFolder folder;
  for (int width = 1; width <= 18; ++width) {
    for (const int height : {1, 2, 3, 16, 17}) {
      const Video video = Noise(width, height, 2);
      WriteLossless(folder / "a.mkv", video);
      const LoadedVideo read = ReadVideo(folder / "a.mkv");
      ASSERT_TRUE(read.video.frames() == video.frames()) << width << "x" << height;
      EXPECT_THAT(read.notes, IsEmpty());
    }
  }
}

TEST(VideoWriterTest, LargerOddSizesComeBackToo) {
  const TestFolder folder;
  for (const auto& [width, height] :
       {std::pair{255, 257}, std::pair{641, 359}, std::pair{1023, 3}}) {
    const Video video = Noise(width, height, 1);
    WriteLossless(folder / "a.mkv", video);
    EXPECT_TRUE(ReadVideo(folder / "a.mkv").video.frames() == video.frames());
  }
}

TEST(VideoWriterTest, RatesAndLengthsAreKept) {
  const TestFolder folder;
  // A single frame at the clock's own rate, 1000, has no rate that could be told.
  for (const double fps : {1.0, 8.0, 16.083, 23.976, 29.97, 240.0, 999.0}) {
    for (const int frames : {1, 2, 31}) {
      WriteLossless(folder / "a.mkv", Noise(8, 8, frames, fps));
      const Video read = ReadVideo(folder / "a.mkv").video;
      EXPECT_EQ(read.num_frames(), frames);
      EXPECT_NEAR(read.fps(), fps, 1e-5 * fps) << frames;
      EXPECT_NEAR(read.times_s().back(), (frames - 1) / fps, 1e-4);
    }
  }
}

TEST(VideoWriterTest, StampsCloserThanAMillisecondStayInOrder) {
  const TestFolder folder;
  const Video video(Noise(8, 8, 4).frames(), 100.0, {0.0, 0.0002, 0.0004, 0.04});
  WriteLossless(folder / "a.mkv", video);
  const Video read = ReadVideo(folder / "a.mkv").video;
  ASSERT_EQ(read.num_frames(), 4);
  for (int i = 1; i < 4; ++i) EXPECT_GT(read.times_s()[i], read.times_s()[i - 1]);
  EXPECT_TRUE(read.frames() == video.frames());
}

TEST(VideoWriterTest, ProxiesOfEverySizePlay) {
  const TestFolder folder;
  for (const auto& [width, height] :
       {std::pair{1, 1}, std::pair{1, 9}, std::pair{9, 1}, std::pair{3, 3}, std::pair{64, 49}}) {
    WriteProxy(folder / "a.mp4", Noise(width, height, 3));
    const Video read = ReadVideo(folder / "a.mp4").video;
    EXPECT_EQ(read.num_frames(), 3);
    EXPECT_EQ(read.width(), std::max(2, width & ~1)) << width << "x" << height;
    EXPECT_EQ(read.height(), std::max(2, height & ~1)) << width << "x" << height;
  }
}

TEST(VideoWriterTest, APlainColourSurvivesTheProxy) {
  const TestFolder folder;
  for (const auto& colour :
       {std::array{255, 0, 0}, std::array{0, 128, 255}, std::array{90, 200, 40}}) {
    Image image(32, 32);
    for (size_t i = 0; i < image.rgb.size(); ++i) image.rgb[i] = colour[i % 3];
    WriteProxy(folder / "a.mp4", {std::vector<Image>(2, image), 24.0});
    const LoadedVideo read = ReadVideo(folder / "a.mp4");
    for (int c = 0; c < 3; ++c) {
      EXPECT_NEAR(read.video.frame(1).Pixel(16, 16)[c], colour[c], 6) << "channel " << c;
    }
    EXPECT_THAT(read.notes, IsEmpty()) << "matrix and range are stated";
  }
}

TEST(VideoWriterTest, EveryFrameOfAProxyCanBeSoughtTo) {
  const TestFolder folder;
  WriteProxy(folder / "a.mp4", Noise(32, 32, 9));
  AVFormatContext* context = nullptr;
  ASSERT_EQ(avformat_open_input(&context, (folder / "a.mp4").c_str(), nullptr, nullptr), 0);
  const InputPtr input(context);
  const PacketPtr packet(av_packet_alloc());
  int packets = 0;
  while (av_read_frame(input.get(), packet.get()) >= 0) {
    EXPECT_TRUE(packet->flags & AV_PKT_FLAG_KEY) << packets;
    ++packets;
    av_packet_unref(packet.get());
  }
  EXPECT_EQ(packets, 9);
}

TEST(VideoWriterTest, AFullDiskLeavesTheOldFileAndNothingElse) {
  const TestFolder folder;
  const Video old = Noise(16, 16, 2), large = Noise(128, 128, 8);
  WriteLossless(folder / "a.mkv", old);
  WriteProxy(folder / "a.mp4", old);
  const std::string proxy = FileText(folder / "a.mp4");
  {
    const FileSizeLimit full(6000);
    for (const auto& write : {WriteLossless, WriteProxy}) {
      const fs::path path = folder / (write == WriteLossless ? "a.mkv" : "a.mp4");
      try {
        write(path, large);
        ADD_FAILURE() << "nothing was missed";
      } catch (const EnvironmentError& error) {
        EXPECT_THAT(error.what(), HasSubstr("cannot be written: File too large"));
      }
    }
    EXPECT_THROW(WritePng(folder / "a.png", Noise(128, 128, 1).frame(0)), EnvironmentError);
  }
  EXPECT_TRUE(ReadVideo(folder / "a.mkv").video.frames() == old.frames());
  EXPECT_EQ(FileText(folder / "a.mp4"), proxy);
  EXPECT_THAT(Names(folder.path()), ::testing::UnorderedElementsAre("a.mkv", "a.mp4"));
}

TEST(VideoWriterTest, AProcessThatIsKilledOnTheWayLeavesNoHalfFile) {
  const TestFolder folder;
  const std::string out = (folder / "scene").string();
  // The kernel ends the process in the middle of a write.
  const ProgramOutput output = RunShell("ulimit -f 8; exec " + PlumbProgram() +
                                        " scenes render drop --width 128 --height 128 --frames 6 "
                                        "--out " +
                                        out);
  EXPECT_NE(output.code, 0);
  for (const char* name : {"truth", "video.mp4", "contact_sheet.png"}) {
    EXPECT_FALSE(fs::exists(fs::path(out) / name)) << name;
  }
}

TEST(VideoWriterTest, PngKeepsEveryPictureAndItsBytes) {
  const TestFolder folder;
  for (const auto& [width, height] : {std::pair{1, 1}, std::pair{1, 40}, std::pair{257, 3}}) {
    const Image image = Noise(width, height, 1).frame(0);
    WritePng(folder / "a.png", image);
    EXPECT_TRUE(ReadImage(folder / "a.png") == image);
    const std::vector<uint8_t> bytes = EncodePng(image);
    EXPECT_EQ(FileText(folder / "a.png"), std::string(bytes.begin(), bytes.end()));
  }
}

TEST(VideoWriterTest, FrameByFrameGivesTheSameBytes) {
  const TestFolder folder;
  for (const double fps : {24.0, 12.0, 30000.0 / 1001.0}) {
    const Video video = Noise(18, 12, 7, fps);
    for (const char* name : {"a.mkv", "a.mp4"}) {
      VideoFile file(folder / name, fps);
      for (const Image& frame : video.frames()) file.Add(frame);
      EXPECT_FALSE(fs::exists(folder / name)) << "before it is whole";
      file.Finish();
    }
    WriteLossless(folder / "b.mkv", video);
    WriteProxy(folder / "b.mp4", video);
    EXPECT_EQ(FileText(folder / "a.mkv"), FileText(folder / "b.mkv")) << fps;
    EXPECT_EQ(FileText(folder / "a.mp4"), FileText(folder / "b.mp4")) << fps;
    for (const std::string& name : Names(folder.path())) fs::remove(folder / name);
  }
}

TEST(VideoWriterTest, AFileThatIsNotFinishedLeavesNothing) {
  const TestFolder folder;
  {
    VideoFile file(folder / "a.mkv", 24.0);
    file.Add(Image(8, 8));
  }
  EXPECT_THAT(Names(folder.path()), IsEmpty());
  EXPECT_THROW(VideoFile(folder / "a.gif", 24.0), UsageError);
  VideoFile file(folder / "a.mkv", 24.0);
  EXPECT_THROW(file.Finish(), CheckFailure);
  file.Add(Image(8, 8));
  EXPECT_THROW(file.Add(Image(8, 9)), CheckFailure);
}

TEST(VideoWriterTest, ALongVideoNeedsNoMoreMemoryThanAShortOne) {
  if (kFreedMemoryIsHeld) GTEST_SKIP() << "the sanitizer keeps what is freed";
  const TestFolder folder;
  std::vector<Image> kept;
  const auto peak_of = [&](int frames, bool keep) {
    return PeakBytesOf([&] {
      for (const char* name : {"a.mkv", "a.mp4"}) {
        VideoFile file(folder / name, 24.0);
        const Image frame(256, 256);
        for (int i = 0; i < frames; ++i) {
          file.Add(frame);
          if (keep) kept.push_back(frame);
        }
        file.Finish();
      }
    });
  };
  const int64_t seconds = peak_of(100, false);
  // Whole it is 236 MB; where 79 MB of frames are kept, the peak says so.
  constexpr int64_t kMore = 40'000'000;
  EXPECT_LT(peak_of(1200, false) - seconds, kMore);
  EXPECT_GT(peak_of(200, true) - seconds, kMore);
}

}  // namespace
}  // namespace plumb
