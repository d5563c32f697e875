// SPDX-License-Identifier: Apache-2.0
// `plumb train` and `plumb generate`, with networks of some thousand parameters; and what a build
// without them says.
#include <functional>
#include <limits>

#include <gmock/gmock.h>

#include "app/video_io.h"
#include "core/json.h"
#include "core/safetensors.h"
#include "tests/app/run_program.h"

namespace plumb {
namespace {

namespace fs = std::filesystem;
using ::testing::AllOf;
using ::testing::HasSubstr;
using ::testing::Not;

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
  // A copy of the checkpoint that a test may damage.
  static fs::path Damaged() {
    const fs::path copy = *folder_ / "damaged";
    fs::remove_all(copy);
    fs::copy(Checkpoint(), copy, fs::copy_options::recursive);
    return copy;
  }
  // A video of one step to out.mkv; `more` adds options or replaces these.
  static ProgramOutput GenerateWith(const fs::path& checkpoint, const std::string& more = "") {
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

TEST_F(VerbGenerateTest, SomethingToStartFromIsNeeded) {
  const ProgramOutput output = RunPlumb("generate --checkpoint " + Checkpoint());
  EXPECT_EQ(output.code, 2);
  EXPECT_THAT(output.err, HasSubstr("give a --prompt, an --image or a --video"));
}

TEST_F(VerbGenerateTest, EveryWrongTensorIsNamed) {
  const char* file = "transformer/diffusion_pytorch_model.safetensors";
  const std::string name = "blocks.0.ffn_in.bias";
  const std::vector<std::pair<std::string, std::function<void(Safetensors&)>>> cases = {
      {"tensor 'blocks.0.ffn_in.bias' [48] is missing",
       [&](Safetensors& weights) { weights.tensors.erase(name); }},
      {"tensor 'surplus' [1] is not part of this network",
       [&](Safetensors& weights) { weights.tensors.emplace("surplus", Tensor(DType::kF32, {1})); }},
      {"tensor 'blocks.0.ffn_in.bias' has shape [2, 24] instead of [48]",
       [&](Safetensors& weights) {
         weights.tensors.insert_or_assign(name, Tensor(DType::kF32, {2, 24}));
       }},
      {"tensor 'blocks.0.ffn_in.bias' holds a value that is not finite",
       [&](Safetensors& weights) {
         Tensor tensor(DType::kF32, {48});
         tensor.As<float>()[5] = std::numeric_limits<float>::quiet_NaN();
         weights.tensors.insert_or_assign(name, tensor);
       }},
      {"tensor 'blocks.0.ffn_in.bias' holds I64 instead of floating-point numbers",
       [&](Safetensors& weights) {
         weights.tensors.insert_or_assign(name, Tensor(DType::kI64, {48}));
       }},
  };
  for (const auto& [message, change] : cases) {
    const fs::path checkpoint = Damaged();
    Safetensors weights = ReadSafetensors(checkpoint / file);
    change(weights);
    WriteSafetensors(checkpoint / file, weights);
    const ProgramOutput output = GenerateWith(checkpoint);
    EXPECT_EQ(output.code, 4) << message;
    EXPECT_THAT(output.err, AllOf(HasSubstr(file), HasSubstr(message)));
    EXPECT_FALSE(fs::exists(Path("out.mkv")));
  }
}

TEST_F(VerbGenerateTest, AnotherFamilyIsRefusedByItsName) {
  const fs::path checkpoint = Damaged();
  Json index = Json::parse(FileText(checkpoint / "model_index.json"));
  index["_class_name"] = "WanPipeline";
  WriteText(checkpoint / "model_index.json", index.dump());
  const ProgramOutput output = GenerateWith(checkpoint);
  EXPECT_EQ(output.code, 4);
  EXPECT_THAT(output.err, AllOf(HasSubstr("'PlumbVideoPipeline'"), HasSubstr("'WanPipeline'")));
}

TEST_F(VerbGenerateTest, AMissingCheckpointIsRefusedByItsPath) {
  const ProgramOutput output = GenerateWith("/no/such/folder");
  EXPECT_EQ(output.code, 4);
  EXPECT_THAT(output.err, HasSubstr("/no/such/folder"));
  const fs::path checkpoint = Damaged();
  fs::remove(checkpoint / "vae/config.json");
  EXPECT_THAT(GenerateWith(checkpoint).err, HasSubstr("vae/config.json"));
}

TEST_F(VerbGenerateTest, TheNearestSizeIsTold) {
  const ProgramOutput near = GenerateWith(Checkpoint(), "--width 30 --height 31");
  EXPECT_EQ(near.code, 0);
  EXPECT_THAT(near.err, HasSubstr("30x31 was asked for; the nearest"));
  EXPECT_THAT(near.err, HasSubstr("is 16x16"));
  EXPECT_THAT(GenerateWith(Checkpoint()).err, Not(HasSubstr("nearest"))) << "32x32 it can make";
  const ProgramOutput small = GenerateWith(Checkpoint(), "--width 8");
  EXPECT_EQ(small.code, 2);
  EXPECT_THAT(small.err, HasSubstr("smallest picture is 16x16"));
}

TEST_F(VerbGenerateTest, APictureBecomesTheFirstFrame) {
  Image picture(32, 32);
  for (uint8_t& byte : picture.rgb) byte = 90;
  WriteLossless(Path("picture.mkv"), Video({picture}, 24.0));
  const ProgramOutput output =
      GenerateWith(Checkpoint(), "--video " + Path("picture.mkv") + " --known-frames 1 --json");
  ASSERT_EQ(output.code, 0) << output.err;
  EXPECT_EQ(Json::parse(output.out)["known_frames"], 1);
  EXPECT_EQ(ReadVideo(Path("out.mkv")).video.frame(0), picture);
  fs::remove(Path("out.mkv"));
}

TEST_F(VerbGenerateTest, MoreKnownFramesThanTheVideoHasAreRefused) {
  WriteLossless(Path("short.mkv"), Video({Image(32, 32), Image(32, 32)}, 24.0));
  const ProgramOutput output =
      GenerateWith(Checkpoint(), "--video " + Path("short.mkv") + " --known-frames 5");
  EXPECT_EQ(output.code, 4);
  EXPECT_THAT(output.err, AllOf(HasSubstr("short.mkv"), HasSubstr("has 2 frames"), HasSubstr("5")));
}

TEST_F(VerbGenerateTest, BadOptionsNameWhatTheyMayBe) {
  const std::vector<std::pair<std::string, std::string>> cases = {
      {"--steps 0", "steps must be 1 to 1000"},
      {"--steps 1001", "steps must be 1 to 1000"},
      {"--guidance -1", "guidance must be 0 or more"},
      {"--out film.gif", "expected .mp4 (to look at) or .mkv (lossless)"},
      {"--known-frames 0 --video x.mkv", "--known-frames"},
      {"--fps nan", "--fps: nan is no number above 0"},
      {"--fps inf", "--fps: inf is no number above 0"},
      {"--fps=-24", "--fps: -24 is no number above 0"},
      {"--width 0", "--width: 0 is no number above 0"},
      {"--image a.png --video b.mkv", "--image"},
      {"--promt y", "did you mean '--prompt'"},
      {"--seed minus", "--seed"},
  };
  for (const auto& [arguments, message] : cases) {
    const ProgramOutput output = GenerateWith(Checkpoint(), arguments);
    EXPECT_EQ(output.code, 2) << arguments;
    EXPECT_THAT(output.err, HasSubstr(message)) << arguments;
  }
}

TEST_F(VerbGenerateTest, ManifestNamesTheWeightsThatWereUsed) {
  const ProgramOutput output = GenerateWith(Checkpoint(), "--json --guidance 1.5");
  ASSERT_EQ(output.code, 0) << output.err;
  const Json json = Json::parse(output.out);
  const Json record = Json::parse(FileText(fs::path(Checkpoint()) / "training_record.json"));
  EXPECT_EQ(json["model"]["weights"], record["weights_sha256"]);
  EXPECT_EQ(json["model"]["guidance"], 1.5);
  EXPECT_EQ(json["frames"], 5);
  fs::remove(Path("out.mkv"));
}

TEST_F(VerbGenerateTest, SeedsMakeOtherVideos) {
  const auto frames = [](const char* seed) {
    EXPECT_EQ(GenerateWith(Checkpoint(), std::string("--seed ") + seed).code, 0);
    return ReadVideo(Path("out.mkv")).video.frames();
  };
  const auto one = frames("1");
  EXPECT_NE(one, frames("2"));
  EXPECT_EQ(one, frames("1"));
  fs::remove(Path("out.mkv"));
}

#else

TEST(VerbGenerateTest, ABuildWithoutTheGeneratorSaysSo) {
  for (const char* arguments : {"generate --prompt x", "train --out x --preset tiny", "parity x"}) {
    const ProgramOutput output = RunPlumb(arguments);
    EXPECT_EQ(output.code, 2) << arguments;
    EXPECT_THAT(output.err, HasSubstr("this build has no generator"));
  }
}

#endif

}  // namespace
}  // namespace plumb
