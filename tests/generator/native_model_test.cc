// SPDX-License-Identifier: Apache-2.0
#include "generator/native/native_model.h"

#include <cmath>

#include <fmt/format.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "core/errors.h"
#include "core/safetensors.h"
#include "core/seed.h"
#include "tests/generator/test_training.h"
#include "tests/paths.h"

namespace plumb {
namespace {

using testing::AllOf;
using testing::HasSubstr;

class NativeModelTest : public testing::Test {
 protected:
  static Prompt DiscPrompt(int conditioning) {
    const DiscWorld world;
    Prompt prompt;
    prompt.cell_id = "disc-100/0";
    prompt.caption = "A red disc glides to the right.";
    const TrainingClip clip = DiscClip(world, 100);
    prompt.conditioning_frames.assign(clip.video.frames().begin(),
                                      clip.video.frames().begin() + conditioning);
    prompt.width = world.width;
    prompt.height = world.height;
    prompt.frames = world.frames;
    prompt.fps = world.fps;
    prompt.seed = 5;
    return prompt;
  }

  static std::unique_ptr<NativeModel> Load(NativeOptions options = {.steps = 3}) {
    return LoadNativeModel(TrainedTestCheckpoint().checkpoint, options);
  }

  static std::string Complaint(const std::filesystem::path& checkpoint) {
    try {
      LoadNativeModel(checkpoint);
    } catch (const InputError& error) {
      EXPECT_EQ(error.exit_code(), ExitCode::kInputRejected);
      return error.what();
    }
    return "";
  }
};

TEST_F(NativeModelTest, GivesWhatItPlans) {
  const auto model = Load();
  for (const int conditioning : {0, 1, 5}) {
    const Prompt prompt = DiscPrompt(conditioning);
    const ClipShape shape = model->PlanClip(prompt);
    EXPECT_EQ(shape.known_frames, conditioning);
    const Video video = model->Generate(prompt, {});
    EXPECT_EQ(video.width(), shape.width);
    EXPECT_EQ(video.height(), shape.height);
    EXPECT_EQ(video.num_frames(), 9);
    EXPECT_EQ(video.fps(), 24.0);
  }
}

TEST_F(NativeModelTest, SamePromptSameBytes) {
  const Prompt prompt = DiscPrompt(1);
  const Video first = Load()->Generate(prompt, {});
  const auto model = Load();
  // What was generated before must leave no trace.
  model->Generate(DiscPrompt(0), {});
  EXPECT_TRUE(model->Generate(prompt, {}).frames() == first.frames());
}

// Half the bits: another sample, but hardly so.
TEST_F(NativeModelTest, Bfloat16IsNearAndRecorded) {
  const Prompt prompt = DiscPrompt(1);
  const auto rough_model = Load({.steps = 3, .bf16 = true});
  const Video exact = Load()->Generate(prompt, {}), rough = rough_model->Generate(prompt, {});
  EXPECT_FALSE(rough.frames() == exact.frames());
  EXPECT_TRUE(rough_model->Generate(prompt, {}).frames() == rough.frames());
  double sum = 0.0, count = 0.0;
  for (int i = 1; i < rough.num_frames(); ++i) {
    for (size_t k = 0; k < rough.frame(i).rgb.size(); ++k, ++count) {
      sum += std::abs(rough.frame(i).rgb[k] - exact.frame(i).rgb[k]);
    }
  }
  EXPECT_LT(sum / count, 2.0) << "of 255";
  EXPECT_EQ(rough_model->Manifest()["precision"], "bfloat16");
  EXPECT_EQ(Load()->Manifest()["precision"], "float32");
}

TEST_F(NativeModelTest, SeedAndCellAndCaptionMatter) {
  const auto model = Load();
  const Prompt prompt = DiscPrompt(0);
  const std::vector<Image> base = model->Generate(prompt, {}).frames();
  Prompt other = prompt;
  other.seed = 6;
  EXPECT_FALSE(model->Generate(other, {}).frames() == base);
  other = prompt;
  other.cell_id = "disc-101/0";
  EXPECT_FALSE(model->Generate(other, {}).frames() == base);
  other = prompt;
  other.caption = "A blue disc glides to the right.";
  EXPECT_FALSE(model->Generate(other, {}).frames() == base);
}

TEST_F(NativeModelTest, ConditioningFramesAreKept) {
  const Prompt prompt = DiscPrompt(5);
  const Video video = Load()->Generate(prompt, {});
  for (int i = 0; i < 5; ++i) EXPECT_EQ(video.frame(i), prompt.conditioning_frames[i]) << i;
}

TEST_F(NativeModelTest, ConditioningReachesTheRest) {
  const auto model = Load();
  Prompt prompt = DiscPrompt(1);
  const Video video = model->Generate(prompt, {});
  prompt.conditioning_frames[0] = Image(16, 16);
  EXPECT_FALSE(model->Generate(prompt, {}).frame(8) == video.frame(8));
}

TEST_F(NativeModelTest, NearestSizeNeverLargerThanAskedOrTrained) {
  const auto model = Load();
  Prompt prompt = DiscPrompt(0);
  prompt.width = 256;
  prompt.height = 256;
  ClipShape shape = model->PlanClip(prompt);
  EXPECT_EQ(std::pair(shape.width, shape.height), std::pair(16, 16));
  prompt.width = 8;
  EXPECT_THROW(model->PlanClip(prompt), UsageError);
}

TEST_F(NativeModelTest, LargeConditioningIsReduced) {
  Prompt prompt = DiscPrompt(1);
  prompt.width = prompt.height = 64;
  prompt.conditioning_frames[0] = Image(64, 64);
  const Video video = Load()->Generate(prompt, {});
  EXPECT_EQ(video.frame(0), Image(16, 16));
  prompt.conditioning_frames[0] = Image(8, 8);
  EXPECT_THROW(Load()->Generate(prompt, {}), UsageError);
}

TEST_F(NativeModelTest, LengthFollowsTheTimeAskedFor) {
  const auto model = Load();
  Prompt prompt = DiscPrompt(0);
  prompt.frames = 6;
  ClipShape shape = model->PlanClip(prompt);
  EXPECT_EQ(shape.frames, 9);
  EXPECT_EQ(shape.kept_frames, 6);
  EXPECT_EQ(model->Generate(prompt, {}).num_frames(), 6);
  // Longer than trained: as far as it goes.
  prompt.frames = 48;
  EXPECT_EQ(model->PlanClip(prompt).kept_frames, 9);
  // Another rate: the same time.
  prompt.frames = 3;
  prompt.fps = 8.0;
  shape = model->PlanClip(prompt);
  EXPECT_EQ(shape.kept_frames, 7);
  EXPECT_EQ(shape.fps, 24.0);
}

TEST_F(NativeModelTest, KnownFramesAtOtherRates) {
  const auto model = Load();
  Prompt prompt = DiscPrompt(5);
  prompt.fps = 48.0;
  prompt.frames = 17;
  // Five frames at 48 fps settle three at 24 fps; whole latent frames only.
  EXPECT_EQ(model->PlanClip(prompt).known_frames, 1);
  prompt.fps = 8.0;
  prompt.frames = 3;
  EXPECT_EQ(model->PlanClip(prompt).known_frames, 1);
}

TEST_F(NativeModelTest, ReportsAndStops) {
  int reports = 0;
  Progress progress;
  progress.report = [&](const std::string&, int, int) { ++reports; };
  progress.cancelled = [&] { return reports >= 2; };
  EXPECT_THROW(Load()->Generate(DiscPrompt(0), progress), CancelledError);
}

TEST_F(NativeModelTest, ManifestNamesWeightsAndSettings) {
  const Json manifest = Load({.steps = 7, .guidance = 1.5})->Manifest();
  EXPECT_EQ(manifest["steps"], 7);
  EXPECT_EQ(manifest["guidance"], 1.5);
  EXPECT_EQ(manifest["weights"].size(), 4U);
  const Json record =
      Json::parse(FileText(TrainedTestCheckpoint().checkpoint / "training_record.json"));
  EXPECT_EQ(manifest["weights"], record["weights_sha256"]);
}

TEST_F(NativeModelTest, ShardsAreReadAndEachHasItsDigest) {
  const TestFolder scratch;
  const std::filesystem::path folder = scratch / "sharded";
  std::filesystem::copy(
      TrainedTestCheckpoint().checkpoint, folder, std::filesystem::copy_options::recursive);
  const std::filesystem::path whole = folder / "transformer/diffusion_pytorch_model.safetensors";
  Safetensors halves[2];
  Json map = Json::object();
  for (auto& [name, tensor] : ReadSafetensors(whole).tensors) {
    const size_t half = map.size() % 2;
    map[name] = fmt::format("diffusion_pytorch_model-0000{}-of-00002.safetensors", half + 1);
    halves[half].tensors.emplace(name, tensor);
  }
  for (int half : {0, 1}) {
    const auto name = fmt::format("diffusion_pytorch_model-0000{}-of-00002.safetensors", half + 1);
    WriteSafetensors(folder / "transformer" / name, halves[half]);
  }
  WriteText(whole.string() + ".index.json", Json{{"weight_map", map}}.dump());
  std::filesystem::remove(whole);
  const auto model = LoadNativeModel(folder, {.steps = 3});
  const Json digests = model->Manifest()["weights"];
  EXPECT_EQ(digests.size(), 5U);
  EXPECT_TRUE(digests.contains("transformer/diffusion_pytorch_model-00002-of-00002.safetensors"));
  EXPECT_TRUE(model->Generate(DiscPrompt(1), {}).frames() ==
              Load()->Generate(DiscPrompt(1), {}).frames());
}

TEST_F(NativeModelTest, DamagedFilesAreRejected) {
  for (const char* file : {"vae/diffusion_pytorch_model.safetensors",
                           "text_encoder/model.safetensors",
                           "tokenizer/spiece.model",
                           "model_index.json",
                           "vae/config.json"}) {
    const TestFolder scratch;
    const std::filesystem::path folder = scratch / "damaged";
    std::filesystem::copy(
        TrainedTestCheckpoint().checkpoint, folder, std::filesystem::copy_options::recursive);
    std::filesystem::resize_file(folder / file, std::filesystem::file_size(folder / file) / 2);
    EXPECT_THAT(Complaint(folder), HasSubstr(file));
    std::filesystem::remove(folder / file);
    EXPECT_THAT(Complaint(folder), HasSubstr(file));
  }
}

TEST_F(NativeModelTest, OptionsAreChecked) {
  EXPECT_THROW(Load({.steps = 0}), UsageError);
  EXPECT_THROW(Load({.guidance = -1.0}), UsageError);
  EXPECT_THROW(Load({.shift = -1.0}), UsageError);
  EXPECT_THROW(Load({.sampler = "leap"}), UsageError);
}

TEST_F(NativeModelTest, CallersThreadsDoNotMatter) {
  const Prompt prompt = DiscPrompt(1);
  at::set_num_threads(1);
  const std::vector<Image> one = Load()->Generate(prompt, {}).frames();
  const auto model = Load();
  at::set_num_threads(2);
  EXPECT_TRUE(model->Generate(prompt, {}).frames() == one);
  at::set_num_threads(1);
}

TEST_F(NativeModelTest, FirstFramesDoNotDependOnHowManyAreKept) {
  // Shorter clips are cut from the same computed length: 6 and 9 frames are both computed as 9.
  const auto model = Load();
  Prompt prompt = DiscPrompt(1);
  const std::vector<Image> whole = model->Generate(prompt, {}).frames();
  prompt.frames = 6;
  const std::vector<Image> part = model->Generate(prompt, {}).frames();
  EXPECT_TRUE(std::equal(part.begin(), part.end(), whole.begin()));
}

TEST_F(NativeModelTest, GuidanceOneAndZeroAreTheTwoConditions) {
  Prompt captioned = DiscPrompt(0), silent = DiscPrompt(0);
  silent.caption = "";
  const auto frames = [](const Prompt& prompt, double guidance) {
    return Load({.steps = 3, .guidance = guidance})->Generate(prompt, {}).frames();
  };
  // No caption is the null condition: with the empty caption both halves of guidance are one.
  EXPECT_TRUE(frames(captioned, 0.0) == frames(silent, 1.0));
  EXPECT_FALSE(frames(captioned, 1.0) == frames(captioned, 0.0));
}

TEST_F(NativeModelTest, StepsAndShiftMatter) {
  const Prompt prompt = DiscPrompt(0);
  const std::vector<Image> base = Load()->Generate(prompt, {}).frames();
  EXPECT_FALSE(Load({.steps = 4})->Generate(prompt, {}).frames() == base);
  EXPECT_FALSE(Load({.steps = 3, .shift = 5.0})->Generate(prompt, {}).frames() == base);
  // The checkpoint's own shift is 1.
  EXPECT_TRUE(Load({.steps = 3, .shift = 1.0})->Generate(prompt, {}).frames() == base);
}

TEST_F(NativeModelTest, PlannedSizesAreMultiplesWithinWhatIsAskedAndTrained) {
  const auto model = LoadNativeModel(SourceFolder() / "models/plumb-tiny", {.steps = 1});
  Prompt prompt = DiscPrompt(0);
  Random random(17);
  for (int i = 0; i < 200; ++i) {
    prompt.width = 16 + random.Index(300);
    prompt.height = 16 + random.Index(300);
    prompt.frames = 1 + random.Index(100);
    prompt.fps = random.Uniform(4.0, 60.0);
    const ClipShape shape = model->PlanClip(prompt);
    SCOPED_TRACE(fmt::format("{}x{}, {} frames", prompt.width, prompt.height, prompt.frames));
    EXPECT_EQ(shape.width % model->SizeStep(), 0);
    EXPECT_EQ(shape.height % model->SizeStep(), 0);
    EXPECT_LE(shape.width, prompt.width);
    EXPECT_LE(shape.height, prompt.height);
    EXPECT_LE(shape.width * shape.height, 64 * 64);
    EXPECT_EQ(shape.frames % 4, 1);
    EXPECT_LE(shape.kept_frames, shape.frames);
    EXPECT_LE(shape.frames, model->Trained().frames);
    EXPECT_GE(shape.kept_frames, 1);
    EXPECT_EQ(shape.fps, model->Trained().fps);
  }
}

TEST_F(NativeModelTest, AspectIsKeptAsFarAsTheStridesAllow) {
  const auto model = LoadNativeModel(SourceFolder() / "models/plumb-tiny", {.steps = 1});
  Prompt prompt = DiscPrompt(0);
  const auto planned = [&](int width, int height) {
    prompt.width = width;
    prompt.height = height;
    const ClipShape shape = model->PlanClip(prompt);
    return std::pair(shape.width, shape.height);
  };
  EXPECT_EQ(planned(256, 256), std::pair(64, 64));
  EXPECT_EQ(planned(64, 64), std::pair(64, 64));
  EXPECT_EQ(planned(44, 44), std::pair(40, 40));
  EXPECT_GT(planned(512, 256).first, planned(512, 256).second);
  EXPECT_LT(planned(256, 512).first, planned(256, 512).second);
}

TEST_F(NativeModelTest, ASideUnderOneStrideNamesTheSmallestPicture) {
  Prompt prompt = DiscPrompt(0);
  prompt.height = 12;
  try {
    Load()->PlanClip(prompt);
    FAIL();
  } catch (const UsageError& error) {
    EXPECT_THAT(error.what(), AllOf(HasSubstr("16x12"), HasSubstr("smallest picture is 16x16")));
  }
}

TEST_F(NativeModelTest, OptionsNameTheirField) {
  const auto complaint = [](const NativeOptions& options) {
    try {
      options.Validate();
    } catch (const UsageError& error) {
      return std::string(error.what());
    }
    return std::string();
  };
  EXPECT_EQ(complaint({}), "");
  EXPECT_THAT(complaint({.steps = 1001}), HasSubstr("steps must be 1 to 1000"));
  EXPECT_THAT(complaint({.guidance = NAN}), HasSubstr("guidance must be 0 or more"));
  EXPECT_THAT(complaint({.shift = INFINITY}), HasSubstr("shift"));
  EXPECT_THAT(complaint({.sampler = "eular"}), AllOf(HasSubstr("'eular'"), HasSubstr("euler")));
  EXPECT_THAT(complaint({.guidance_from = 0.5, .guidance_until = 0.2}), HasSubstr("interval"));
  EXPECT_THAT(complaint({.guidance_until = 1.5}), HasSubstr("interval"));
}

// The checkpoint that ships is the one its record speaks of, and it runs.
TEST_F(NativeModelTest, ShippedCheckpointIsWhatItsRecordSays) {
  const std::filesystem::path folder = SourceFolder() / "models/plumb-tiny";
  ASSERT_TRUE(std::filesystem::exists(folder / "training_record.json"));
  const auto model = LoadNativeModel(folder, {.steps = 2});
  const Json record = Json::parse(FileText(folder / "training_record.json"));
  EXPECT_EQ(model->Manifest()["weights"], record["weights_sha256"]);
  EXPECT_LT(record["results"]["flow_loss"], record["results"]["untrained_flow_loss"]);
  const std::string card = FileText(folder / "README.md");
  EXPECT_THAT(card, HasSubstr(record["command"].get<std::string>()));
  Prompt prompt = DiscPrompt(0);
  prompt.width = prompt.height = 64;
  prompt.frames = 5;
  prompt.fps = model->Trained().fps;
  EXPECT_EQ(model->Generate(prompt, {}).num_frames(), 5);
}

}  // namespace
}  // namespace plumb
