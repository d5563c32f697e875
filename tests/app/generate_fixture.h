// SPDX-License-Identifier: Apache-2.0
// What tests of `plumb generate` share.
#pragma once

#include <memory>
#include <string>
#include <vector>

#include "app/video_io.h"
#include "core/json.h"
#include "core/seed.h"
#include "tests/app/run_program.h"

namespace plumb {

// A checkpoint that was trained for a moment; made once for all tests of this file.
class TrainedForAMoment : public ::testing::Test {
 protected:
  struct Training {
    TestFolder folder;
    ProgramOutput output;
  };
  static const Training& Trained() {
    static const std::unique_ptr<Training> training = [] {
      auto made = std::make_unique<Training>();
      made->output =
          RunPlumb("train --out " + (made->folder / "checkpoint").string() +
                   " --preset test --clips 2 --validation-clips 1 --scenarios drop --width 32 "
                   "--height 32 --frames 9 --vae-steps 2 --vae-batch 1 --vae-frames 5 "
                   "--dit-steps 2 --dit-batch 1 --json");
      return made;
    }();
    return *training;
  }
  static std::string Checkpoint() { return Path("checkpoint"); }
  static std::string Path(const std::string& name) { return (Trained().folder / name).string(); }
  // A copy of the checkpoint that a test may damage.
  static std::filesystem::path Damaged() {
    const std::filesystem::path copy = Trained().folder / "damaged";
    std::filesystem::remove_all(copy);
    std::filesystem::copy(Checkpoint(), copy, std::filesystem::copy_options::recursive);
    return copy;
  }
  // A video of one step to out.mkv; `more` adds options or replaces these.
  static ProgramOutput GenerateWith(const std::filesystem::path& checkpoint,
                                    const std::string& more = "") {
    std::string arguments = "generate --checkpoint " + checkpoint.string() + " " + more;
    for (const std::string& option : {std::string("--prompt x"),
                                      std::string("--width 32"),
                                      std::string("--height 32"),
                                      std::string("--frames 5"),
                                      std::string("--steps 1"),
                                      "--out " + Path("out.mkv")}) {
      const std::string name = option.substr(0, option.find(' ') + 1);
      if (more.find(name) == std::string::npos) arguments += " " + option;
    }
    return RunPlumb(arguments);
  }

  // A video of noise as a file; the same for the same name.
  static Video NoiseFile(const std::string& name, int frames, double fps = 24.0, int side = 32) {
    Random random(name.size() + static_cast<uint64_t>(name[0]));
    std::vector<Image> images(frames, Image(side, side));
    for (Image& image : images) {
      for (uint8_t& byte : image.rgb) byte = static_cast<uint8_t>(random.Index(256));
    }
    const Video video(std::move(images), fps);
    WriteLossless(Path(name), video);
    return video;
  }
  // What the arguments make in one step, with the printed JSON.
  struct Made {
    Video video;
    Json json;
    std::string notes;
  };
  static Made MadeWith(const std::string& arguments) {
    const ProgramOutput output = RunPlumb("generate --checkpoint " + Checkpoint() + " --steps 1 " +
                                          arguments + " --json --out " + Path("mode.mkv"));
    EXPECT_EQ(output.code, 0) << arguments << output.err;
    if (output.code != 0) return {Video({Image(1, 1)}, 1.0), {}, output.err};
    return {ReadVideo(Path("mode.mkv")).video, Json::parse(output.out), output.err};
  }
  static void ExpectFrames(const Video& video, int first, const Video& expected) {
    ASSERT_GE(video.num_frames(), first + expected.num_frames());
    for (int i = 0; i < expected.num_frames(); ++i) {
      EXPECT_TRUE(video.frame(first + i) == expected.frame(i)) << i;
    }
  }
};

}  // namespace plumb
