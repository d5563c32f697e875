// SPDX-License-Identifier: Apache-2.0
// `plumb train` and `plumb generate`, with networks of some thousand parameters; and what a build
// without them says.
#include <gmock/gmock.h>

#include "app/video_io.h"
#include "core/json.h"
#include "tests/app/run_program.h"

namespace plumb {
namespace {

namespace fs = std::filesystem;
using ::testing::HasSubstr;

#if PLUMB_WITH_GENERATOR

// A checkpoint that was trained for a moment; made once for all tests of this file.
class VerbGenerateTest : public ::testing::Test {
 protected:
  static void SetUpTestSuite() {
    folder_ = new TestFolder();
    trained_ = RunPlumb("train --out " + Checkpoint() +
                        " --preset test --clips 2 --validation-clips 1 --scenarios drop --width 32 "
                        "--height 32 --frames 9 --vae-steps 2 --vae-batch 1 --vae-frames 5 "
                        "--dit-steps 2 --dit-batch 1 --json");
  }
  static void TearDownTestSuite() { delete folder_; }
  static std::string Checkpoint() { return (*folder_ / "checkpoint").string(); }
  static std::string Path(const std::string& name) { return (*folder_ / name).string(); }

  static TestFolder* folder_;
  static ProgramOutput trained_;
};
TestFolder* VerbGenerateTest::folder_ = nullptr;
ProgramOutput VerbGenerateTest::trained_;

TEST_F(VerbGenerateTest, TrainingLeavesACheckpointAndARecord) {
  ASSERT_EQ(trained_.code, 0) << trained_.err;
  const Json json = Json::parse(trained_.out);
  EXPECT_GT(json["parameters"], 0);
  EXPECT_TRUE(fs::exists(fs::path(Checkpoint()) / "model_index.json"));
  const std::string record = FileText(fs::path(Checkpoint()) / "training_record.json");
  EXPECT_THAT(record, HasSubstr("plumb train"));
  EXPECT_THAT(record, HasSubstr("drop"));
}

TEST_F(VerbGenerateTest, APromptBecomesTheSameVideoTwice) {
  const std::string arguments = "generate --checkpoint " + Checkpoint() +
                                " --prompt 'A ball falls.' --width 32 --height 32 --frames 9 "
                                "--steps 2 --json --out ";
  const ProgramOutput output = RunPlumb(arguments + Path("a.mkv"));
  ASSERT_EQ(output.code, 0) << output.err;
  EXPECT_EQ(RunPlumb(arguments + Path("b.mkv")).code, 0);
  EXPECT_EQ(ReadVideo(Path("a.mkv")).video.frames(), ReadVideo(Path("b.mkv")).video.frames());
  EXPECT_EQ(Json::parse(output.out)["width"], 32);
}

TEST_F(VerbGenerateTest, AVideoIsGoneOnWith) {
  const Video start(std::vector<Image>(5, Image(32, 32)), 24.0);
  WriteLossless(Path("start.mkv"), start);
  const ProgramOutput output =
      RunPlumb("generate --checkpoint " + Checkpoint() + " --video " + Path("start.mkv") +
               " --known-frames 5 --width 32 --height 32 --frames 9 --steps 2 --json --out " +
               Path("on.mkv"));
  ASSERT_EQ(output.code, 0) << output.err;
  const Json json = Json::parse(output.out);
  EXPECT_GE(json["known_frames"], 1);
  EXPECT_EQ(ReadVideo(Path("on.mkv")).video.frame(0), start.frame(0));
}

TEST_F(VerbGenerateTest, WhatCannotBeReadIsRefused) {
  EXPECT_EQ(RunPlumb("generate --checkpoint /no/such/folder --prompt x").code, 4);
  fs::create_directories(Path("broken"));
  fs::copy(Checkpoint(), Path("broken"), fs::copy_options::recursive);
  for (const auto& file : fs::recursive_directory_iterator(Path("broken"))) {
    if (file.path().extension() == ".safetensors") WriteText(file.path(), "short");
  }
  const ProgramOutput output = RunPlumb("generate --checkpoint " + Path("broken") + " --prompt x");
  EXPECT_EQ(output.code, 4);
  EXPECT_THAT(output.err, HasSubstr("safetensors"));
}

TEST_F(VerbGenerateTest, MistakesAreUsageErrors) {
  EXPECT_EQ(RunPlumb("generate --checkpoint " + Checkpoint()).code, 2) << "nothing to start from";
  EXPECT_EQ(RunPlumb("generate --prompt x --steps 0 --checkpoint " + Checkpoint()).code, 2);
  EXPECT_EQ(RunPlumb("train --out " + Path("x") + " --scenarios dropp").code, 2);
  EXPECT_EQ(RunPlumb("train --out " + Path("x") + " --frames 10").code, 2);
  EXPECT_EQ(RunPlumb("train").code, 2);
  EXPECT_FALSE(fs::exists(Path("x")));
}

#else

TEST(VerbGenerateTest, ABuildWithoutTheGeneratorSaysSo) {
  for (const char* arguments : {"generate --prompt x", "train --out x --preset tiny"}) {
    const ProgramOutput output = RunPlumb(arguments);
    EXPECT_EQ(output.code, 2) << arguments;
    EXPECT_THAT(output.err, HasSubstr("this build has no generator"));
  }
}

#endif

}  // namespace
}  // namespace plumb
