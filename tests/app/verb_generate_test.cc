// SPDX-License-Identifier: Apache-2.0
// `plumb train` and `plumb generate`, with networks of some thousand parameters; and what a build
// without them says.
#include <functional>
#include <limits>

#include <gmock/gmock.h>

#include "app/video_io.h"
#include "core/json.h"
#include "core/safetensors.h"
#include "tests/app/generate_fixture.h"

namespace plumb {
namespace {

namespace fs = std::filesystem;
using ::testing::AllOf;
using ::testing::HasSubstr;
using ::testing::Not;

#if PLUMB_WITH_GENERATOR

class VerbGenerateTest : public TrainedForAMoment {};

TEST_F(VerbGenerateTest, TrainingLeavesACheckpointAndARecord) {
  ASSERT_EQ(Trained().output.code, 0) << Trained().output.err;
  const Json json = Json::parse(Trained().output.out);
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
  EXPECT_THAT(output.err,
              AllOf(HasSubstr("there are: PlumbVideoPipeline"), HasSubstr("'WanPipeline'")));
}

TEST_F(VerbGenerateTest, AMissingCheckpointIsRefusedByItsPath) {
  const ProgramOutput output = GenerateWith("/no/such/folder");
  EXPECT_EQ(output.code, 4);
  EXPECT_THAT(output.err, HasSubstr("/no/such/folder"));
  const fs::path checkpoint = Damaged();
  fs::remove(checkpoint / "vae/config.json");
  EXPECT_THAT(GenerateWith(checkpoint).err, HasSubstr("vae/config.json"));
}

TEST_F(VerbGenerateTest, ASizeIsMadeExactlyOrRefusedWithTheNearest) {
  const ProgramOutput made = GenerateWith(Checkpoint(), "--width 48 --height 16");
  ASSERT_EQ(made.code, 0) << made.err;
  const Video video = ReadVideo(Path("out.mkv")).video;
  EXPECT_EQ(std::pair(video.width(), video.height()), std::pair(48, 16));
  fs::remove(Path("out.mkv"));
  const ProgramOutput near = GenerateWith(Checkpoint(), "--width 30 --height 31");
  EXPECT_EQ(near.code, 2);
  EXPECT_THAT(near.err, AllOf(HasSubstr("30x31"), HasSubstr("nearest size is 32x32")));
  EXPECT_FALSE(fs::exists(Path("out.mkv")));
  EXPECT_THAT(GenerateWith(Checkpoint(), "--width 8").err, HasSubstr("nearest size is 16x32"));
}

TEST_F(VerbGenerateTest, WithoutSizesItIsAsTrained) {
  const ProgramOutput output = RunPlumb("generate --checkpoint " + Checkpoint() +
                                        " --prompt x --steps 1 --json --out " + Path("plain.mkv"));
  ASSERT_EQ(output.code, 0) << output.err;
  const Json json = Json::parse(output.out);
  EXPECT_EQ(std::tuple(json["width"], json["height"], json["frames"], json["fps"]),
            std::tuple(32, 32, 9, 24.0));
}

TEST_F(VerbGenerateTest, AnyLengthIsMade) {
  ASSERT_EQ(GenerateWith(Checkpoint(), "--frames 6").code, 0);
  EXPECT_EQ(ReadVideo(Path("out.mkv")).video.num_frames(), 6);
  fs::remove(Path("out.mkv"));
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
  for (const char* arguments : {"generate --prompt x", "train --out x --preset tiny"}) {
    const ProgramOutput output = RunPlumb(arguments);
    EXPECT_EQ(output.code, 2) << arguments;
    EXPECT_THAT(output.err, HasSubstr("this build has no generator"));
  }
  // Cases of metrics are replayed all the same, so that it is the case that is refused.
  const ProgramOutput parity = RunPlumb("parity x");
  EXPECT_EQ(parity.code, 4);
  EXPECT_THAT(parity.err, HasSubstr("this build has no generator"));
}

#endif

}  // namespace
}  // namespace plumb
