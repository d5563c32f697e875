// SPDX-License-Identifier: Apache-2.0
// What a training leaves on its way: a series of checkpoints, sheets of samples, TensorBoard's log.
#include <functional>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "core/errors.h"
#include "core/safetensors.h"
#include "generator/native/internal_checkpoint.h"
#include "generator/native/native_model.h"
#include "generator/training/internal_training.h"
#include "tests/generator/test_training.h"

namespace plumb {
namespace {

using testing::AllOf;
using testing::HasSubstr;
using testing::ThrowsMessage;

constexpr const char* kVae = "vae/diffusion_pytorch_model.safetensors";
constexpr const char* kDit = "transformer/diffusion_pytorch_model.safetensors";
constexpr const char* kText = "text_encoder/model.safetensors";

class TrainWayTest : public testing::Test {
 protected:
  // A picture "encoded" as its size.
  static std::string Encoded(const Image& image) {
    return fmt::format("{}x{}", image.width, image.height);
  }
  TrainOptions Series(const std::string& name) const {
    TrainOptions options = TestTraining(scratch_ / name);
    options.vae_steps = 6;
    options.dit_steps = 12;
    options.save_steps = 4;
    options.log_steps = 3;
    options.text_encoder_steps = 4;
    options.keep = {{"first", 2}, {"early", 6}, {"middle", 0.75}};
    options.sample_steps = 6;
    options.sample_clips = 2;
    options.encode_png = Encoded;
    return options;
  }
  // Everything of a training that must not depend on interruptions, by path.
  static std::map<std::string, std::string> Files(const std::filesystem::path& folder) {
    std::map<std::string, std::string> files;
    for (const auto& entry : std::filesystem::recursive_directory_iterator(folder)) {
      if (entry.is_regular_file()) {
        files[entry.path().lexically_relative(folder).string()] = FileText(entry.path());
      }
    }
    return files;
  }

  TestFolder scratch_;
};

TEST_F(TrainWayTest, ASeriesStoresWhatNeverChangesOnce) {
  const TrainOptions options = Series("series");
  Train(options, DiscSource({}), {});
  const std::filesystem::path early = options.output / "checkpoints/early";
  for (const char* file : {kVae, kText, "vae/config.json", "tokenizer/spiece.model"}) {
    EXPECT_FALSE(std::filesystem::exists(early / file)) << file;
    EXPECT_TRUE(std::filesystem::exists(options.output / file)) << file;
  }
  const Json index = Json::parse(FileText(early / "model_index.json"));
  EXPECT_EQ(index["native_shared"],
            (Json{{"text_encoder", "../.."}, {"tokenizer", "../.."}, {"vae", "../.."}}));
  EXPECT_FALSE(
      Json::parse(FileText(options.output / "model_index.json")).contains("native_shared"));
  // Before the text encoder is final a checkpoint has its own.
  EXPECT_TRUE(std::filesystem::exists(options.output / "checkpoints/first" / kText));
  EXPECT_FALSE(FileText(options.output / "checkpoints/first" / kText) ==
               FileText(options.output / kText));
  EXPECT_FALSE(FileText(early / kDit) == FileText(options.output / kDit));
}

TEST_F(TrainWayTest, EveryCheckpointOfASeriesIsAModel) {
  const TrainOptions options = Series("models");
  Train(options, DiscSource({}), {});
  std::set<std::string> videos, digests;
  for (const char* name : {"checkpoints/first", "checkpoints/early", "checkpoints/middle", "."}) {
    const auto model = LoadNativeModel(options.output / name);
    Prompt prompt{.cell_id = "a/1", .caption = "A red disc glides to the right."};
    prompt.width = prompt.height = 16;
    prompt.frames = 9;
    prompt.fps = 24;
    const Video video = model->Generate(prompt, {});
    videos.insert(std::string(video.frame(8).rgb.begin(), video.frame(8).rgb.end()));
    digests.insert(model->Manifest().dump());
  }
  EXPECT_EQ(videos.size(), 4U);
  EXPECT_EQ(digests.size(), 4U);
}

TEST_F(TrainWayTest, ASeriesMayBeMovedAsAWhole) {
  const TrainOptions options = Series("moved");
  Train(options, DiscSource({}), {});
  std::filesystem::rename(options.output, scratch_ / "elsewhere");
  EXPECT_NO_THROW(LoadNativeModel(scratch_ / "elsewhere/checkpoints/early"));
  std::filesystem::rename(scratch_ / "elsewhere/checkpoints/early", scratch_ / "alone");
  try {
    LoadNativeModel(scratch_ / "alone");
    FAIL();
  } catch (const InputError& error) {
    EXPECT_THAT(error.what(), HasSubstr("config.json"));
  }
}

TEST_F(TrainWayTest, SharedPartsAreToldWhenTheyAreWrong) {
  const TrainOptions options = Series("wrong");
  Train(options, DiscSource({}), {});
  const std::filesystem::path early = options.output / "checkpoints/early";
  const auto complaint = [&](const Json& shared) {
    Json index = Json::parse(FileText(early / "model_index.json"));
    index["native_shared"] = shared;
    WriteText(early / "model_index.json", index.dump());
    try {
      LoadNativeModel(early);
    } catch (const InputError& error) {
      return std::string(error.what());
    }
    return std::string();
  };
  EXPECT_THAT(complaint({{"vae", "/etc"}}), AllOf(HasSubstr("vae"), HasSubstr("relative")));
  EXPECT_THAT(complaint({{"vae", ""}}), HasSubstr("relative"));
  EXPECT_THAT(complaint({{"transformer", "../.."}}), HasSubstr("transformer"));
  EXPECT_THAT(complaint({{"vae", "../nowhere"}}), HasSubstr("nowhere"));
  EXPECT_THAT(complaint("vae"), HasSubstr("native_shared"));
}

TEST_F(TrainWayTest, TheWayIsTheSameWhenItIsInterrupted) {
  const TrainOptions whole = Series("whole");
  Train(whole, DiscSource({}), {});
  TrainOptions stopped = Series("stopped");
  struct Killed {};
  for (const int step : {3, 5, 7, 11}) {
    Progress progress;
    progress.report = [&](const std::string& what, int done, int) {
      if (what.rfind("dit", 0) == 0 && done == step) throw Killed();
    };
    EXPECT_THROW(Train(stopped, DiscSource({}), progress), Killed);
  }
  Train(stopped, DiscSource({}), {});
  const auto expected = Files(whole.output), found = Files(stopped.output);
  for (const auto& [path, bytes] : expected) {
    EXPECT_TRUE(found.contains(path) && found.at(path) == bytes) << path;
  }
  EXPECT_EQ(found.size(), expected.size());
  EXPECT_TRUE(expected.contains("training/samples/dit-000006.png"));
  EXPECT_TRUE(expected.contains("training/samples/dit-000012.png"));
  EXPECT_TRUE(expected.contains("training/events.out.tfevents.plumb"));
}

TEST_F(TrainWayTest, AStepThatIsOverIsKeptNoMore) {
  TrainOptions options = Series("over");
  options.keep = {{"first", 2}};
  struct Killed {};
  Progress progress;
  progress.report = [](const std::string& what, int done, int) {
    if (what.rfind("dit", 0) == 0 && done == 7) throw Killed();
  };
  EXPECT_THROW(Train(options, DiscSource({}), progress), Killed);  // the state is that of step 4
  const auto train = [&](const std::vector<KeptCheckpoint>& keep) {
    options.keep = keep;
    Train(options, DiscSource({}), {});
  };
  EXPECT_THAT(
      [&] {
        train({{"first", 2}, {"late", 0.25}});
      },
      ThrowsMessage<UsageError>(AllOf(HasSubstr("keep late: step 3 is over"),
                                      HasSubstr("has done 4"),
                                      HasSubstr("over/checkpoints/late was not kept"))));
  EXPECT_NO_THROW(train({{"first", 2}, {"next", 5}}));
  EXPECT_TRUE(std::filesystem::exists(options.output / "checkpoints/next/model_index.json"));
  EXPECT_NO_THROW(train({{"first", 2}, {"next", 5}})) << "it is done";
  EXPECT_THAT(
      [&] {
        train({{"last", 12}});
      },
      ThrowsMessage<UsageError>(HasSubstr("step 12 is over")));
}

TEST_F(TrainWayTest, DamagedFilesOfATrainingAreNamed) {
  TrainOptions options = Series("damaged");
  struct Killed {};
  Progress progress;
  progress.report = [](const std::string& what, int done, int) {
    if (what.rfind("dit", 0) == 0 && done == 5) throw Killed();
  };
  EXPECT_THROW(Train(options, DiscSource({}), progress), Killed);
  const auto expect_refused = [&](const std::string& file,
                                  const std::function<void(Safetensors&)>& damage,
                                  const std::string& message) {
    const std::filesystem::path path = options.output / "training" / file;
    const Safetensors sound = ReadSafetensors(path);
    Safetensors damaged = sound;
    damage(damaged);
    WriteSafetensors(path, damaged);
    EXPECT_THAT([&] { Train(options, DiscSource({}), {}); },
                ThrowsMessage<InputError>(HasSubstr(file + ": " + message)));
    WriteSafetensors(path, sound);
  };
  expect_refused(
      "state.safetensors",
      [](Safetensors& state) { state.tensors.erase(state.tensors.begin()); },
      "tensor 'average/");
  expect_refused(
      "state.safetensors",
      [](Safetensors& state) {
        Json json = Json::parse(state.metadata.at("state"));
        json["stage"] = "text";
        state.metadata["state"] = json.dump();
      },
      "metadata 'state' is no training's (step 4 of stage 'text')");
  expect_refused(
      "latents.safetensors",
      [](Safetensors& latents) { latents.tensors.erase("000003"); },
      "tensor '000003' is missing or not BF16 [4, 3, 2, 2]");
  expect_refused(
      "latents.safetensors",
      [](Safetensors& latents) {
        latents.tensors.insert_or_assign("000003", Tensor(DType::kBF16, {4, 3, 2, 1}));
      },
      "tensor '000003' is missing or not BF16 [4, 3, 2, 2]");
  expect_refused(
      "vae.safetensors", [](Safetensors& vae) { vae.tensors.erase(vae.tensors.begin()); }, "");
  EXPECT_NO_THROW(Train(options, DiscSource({}), {}));
}

TEST_F(TrainWayTest, SheetsShowTruthAndSample) {
  TrainOptions options = Series("sheet");
  std::vector<Image> sheets;
  options.encode_png = [&](const Image& image) {
    sheets.push_back(image);
    return Encoded(image);
  };
  Train(options, DiscSource({}), {});
  ASSERT_EQ(sheets.size(), 2U);
  // Two clips of 9 frames of 16x16, each with its sample below and gaps of two pixels.
  EXPECT_EQ(sheets[0].width, 9 * 18);
  EXPECT_EQ(sheets[0].height, 2 * (2 * 16 + 3 * 2));
  const Video truth = DiscClip({}, kFirstHeldOut).video;
  for (int frame : {0, 8}) {
    EXPECT_EQ(sheets[0].Pixel(18 * frame + 7, 9)[0], truth.frame(frame).Pixel(7, 9)[0]);
    EXPECT_EQ(sheets[0].Pixel(18 * frame + 17, 9)[0], 255) << "a gap";
  }
  // The first frame was given.
  EXPECT_NEAR(sheets[0].Pixel(7, 18 + 9)[0], truth.frame(0).Pixel(7, 9)[0], 90);
  EXPECT_FALSE(sheets[0] == sheets[1]) << "it learned in between";
}

TEST_F(TrainWayTest, SamplingChangesNothingOfTheTraining) {
  TrainOptions plain = Series("plain");
  plain.encode_png = nullptr;
  plain.keep.clear();
  Train(plain, DiscSource({}), {});
  const TrainOptions sampled = Series("sampled");
  Train(sampled, DiscSource({}), {});
  for (const char* file : {kVae, kDit, kText, "training_log.csv"}) {
    EXPECT_TRUE(FileText(plain.output / file) == FileText(sampled.output / file)) << file;
  }
  EXPECT_FALSE(std::filesystem::exists(plain.output / "training/samples"));
}

TEST_F(TrainWayTest, TensorBoardsLogHasEveryLineAndSheet) {
  const TrainOptions options = Series("events");
  Train(options, DiscSource({}), {});
  const std::string events = FileText(options.output / "training/events.out.tfevents.plumb");
  const auto count = [&](const std::string& text) {
    size_t found = 0;
    for (size_t at = 0; (at = events.find(text, at)) != std::string::npos; ++at) ++found;
    return found;
  };
  EXPECT_EQ(count("vae/loss"), 2U);  // steps 3 and 6
  EXPECT_EQ(count("dit/loss"), 4U);  // steps 3, 6, 9 and 12
  EXPECT_EQ(count("dit/learning_rate"), 4U);
  EXPECT_EQ(count("dit/validation"), 1U);
  EXPECT_EQ(count("dit/samples"), 2U);
}

TEST_F(TrainWayTest, AnExportedSetTrainsAsItsSourceDoes) {
  TrainOptions rendered = Series("rendered");
  Train(rendered, DiscSource({}), {});
  TrainOptions exported = Series("exported");
  exported.data_folders = {rendered.output / "training/clips"};
  exported.width = exported.height = 64;  // the set's own count
  Train(exported,
        [](uint64_t) -> TrainingClip { throw std::logic_error("a clip was asked for"); },
        {});
  for (const char* file : {kVae, kDit, kText}) {
    EXPECT_TRUE(FileText(rendered.output / file) == FileText(exported.output / file)) << file;
  }
  const Json index = Json::parse(FileText(exported.output / "model_index.json"));
  EXPECT_EQ(index["native_width"], 16);
}

}  // namespace
}  // namespace plumb
