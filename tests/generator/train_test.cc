// SPDX-License-Identifier: Apache-2.0
#include "generator/train.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "core/errors.h"
#include "tests/generator/test_training.h"

namespace plumb {
namespace {

using testing::HasSubstr;

constexpr const char* kResults[] = {"vae/diffusion_pytorch_model.safetensors",
                                    "transformer/diffusion_pytorch_model.safetensors",
                                    "text_encoder/model.safetensors",
                                    "tokenizer/spiece.model",
                                    "vae/config.json",
                                    "training_log.csv",
                                    "training_record.json"};

class TrainTest : public testing::Test {
 protected:
  static std::filesystem::path Fresh(const std::string& name) {
    const std::filesystem::path folder = testing::TempDir() + "/train_test_" + name;
    std::filesystem::remove_all(folder);
    return folder;
  }

  static void ExpectSameResults(const std::filesystem::path& folder) {
    const std::filesystem::path& expected = TrainedTestCheckpoint().checkpoint;
    for (const char* file : kResults) {
      EXPECT_TRUE(FileBytes(folder / file) == FileBytes(expected / file)) << file << " differs";
      EXPECT_FALSE(FileBytes(folder / file).empty()) << file;
    }
  }
};

TEST_F(TrainTest, LossesFall) {
  const TrainSummary& summary = TrainedTestCheckpoint();
  // Noise of unit variance minus latents of unit variance: an untrained network loses 2.
  EXPECT_NEAR(summary.untrained_flow_loss, 2.0, 0.4);
  EXPECT_LT(summary.flow_loss, 0.8 * summary.untrained_flow_loss);
  // A plain grey picture has about 12 dB on these clips.
  EXPECT_GT(summary.vae_psnr_db, 15.0);
  EXPECT_GT(summary.parameters, 10'000);
}

TEST_F(TrainTest, SameOptionsGiveTheSameBytes) {
  const std::filesystem::path folder = Fresh("again");
  Train(TestTraining(folder), DiscSource({}), {});
  ExpectSameResults(folder);
}

TEST_F(TrainTest, StoppedInBothStagesAndResumedGivesTheSameBytes) {
  const std::filesystem::path folder = Fresh("stopped");
  for (const auto& [stage, step] : {std::pair{"vae", 23}, std::pair{"dit", 41}}) {
    bool stop = false;
    Progress progress;
    progress.report = [&](const std::string& what, int done, int) {
      stop = stop || (what.rfind(stage, 0) == 0 && done == step);
    };
    progress.cancelled = [&] { return stop; };
    EXPECT_THROW(Train(TestTraining(folder), DiscSource({}), progress), CancelledError);
  }
  Train(TestTraining(folder), DiscSource({}), {});
  ExpectSameResults(folder);
}

TEST_F(TrainTest, LostStepsSinceTheLastSaveAreTakenAgain) {
  // An exception out of the middle of a step leaves what kill -9 leaves: the state saved at step 30
  // of 40.
  struct Killed {};
  const std::filesystem::path folder = Fresh("killed");
  Progress progress;
  progress.report = [&](const std::string& what, int done, int) {
    if (what.rfind("dit", 0) == 0 && done == 38) throw Killed();
  };
  EXPECT_THROW(Train(TestTraining(folder), DiscSource({}), progress), Killed);
  Train(TestTraining(folder), DiscSource({}), {});
  ExpectSameResults(folder);
}

TEST_F(TrainTest, AFinishedTrainingReturnsAtOnce) {
  const TrainSummary& first = TrainedTestCheckpoint();
  const TrainSummary again =
      Train(TestTraining(first.checkpoint),
            [](uint64_t) -> TrainingClip { throw std::logic_error("a clip was asked for again"); },
            {});
  EXPECT_EQ(again.flow_loss, first.flow_loss);
  EXPECT_EQ(again.vae_psnr_db, first.vae_psnr_db);
}

TEST_F(TrainTest, OtherOptionsDoNotContinueAState) {
  TrainOptions options = TestTraining(TrainedTestCheckpoint().checkpoint);
  options.dit_learning_rate *= 2;
  EXPECT_THROW(Train(options, DiscSource({}), {}), UsageError);
}

TEST_F(TrainTest, ClipsOfAnotherWorldAreNotMixedIn) {
  TrainOptions options = TestTraining(Fresh("other"));
  options.clip_folder = TrainedTestCheckpoint().checkpoint / "training/clips";
  options.data = {{"scenes", "other"}};
  EXPECT_THROW(Train(options, DiscSource({}), {}), UsageError);
}

TEST_F(TrainTest, AClipOfAnotherShapeIsRejectedByName) {
  DiscWorld world;
  world.frames = 5;
  try {
    Train(TestTraining(Fresh("shape")), DiscSource(world), {});
    FAIL();
  } catch (const InputError& error) {
    EXPECT_THAT(error.what(), HasSubstr("disc-0"));
  }
}

TEST_F(TrainTest, RecordSaysWhatWasDone) {
  const std::filesystem::path& folder = TrainedTestCheckpoint().checkpoint;
  const Json record = Json::parse(FileBytes(folder / "training_record.json"));
  EXPECT_EQ(record["command"], "plumb train --preset test");
  EXPECT_EQ(record["options"]["dit_steps"], 60);
  EXPECT_EQ(record["clips_by_family"]["disc"]["trained"], 8);
  EXPECT_EQ(record["clips_by_family"]["disc"]["held_out"], 2);
  EXPECT_TRUE(record["seconds"].is_null()) << "no clock was given";
  EXPECT_EQ(record["weights_sha256"].size(), 4U);
  const std::string log = FileBytes(folder / "training_log.csv");
  EXPECT_THAT(log, HasSubstr("stage,step,loss"));
  EXPECT_THAT(log, HasSubstr("\nvae,40,"));
  EXPECT_THAT(log, HasSubstr("\ndit,60,"));
}

TEST_F(TrainTest, SenselessOptionsAreRefusedBeforeAnyWork) {
  const auto refused = [](auto change) {
    TrainOptions options = TestTraining("/nonexistent");
    change(options);
    EXPECT_THROW(options.Validate(), UsageError);
  };
  TestTraining("/nonexistent").Validate();
  refused([](TrainOptions& options) { options.output = ""; });
  refused([](TrainOptions& options) { options.preset = "huge"; });
  refused([](TrainOptions& options) { options.width = 20; });
  refused([](TrainOptions& options) { options.height = 0; });
  refused([](TrainOptions& options) { options.frames = 8; });
  refused([](TrainOptions& options) { options.fps = 0; });
  refused([](TrainOptions& options) { options.clips = 0; });
  refused([](TrainOptions& options) { options.validation_clips = -1; });
  refused([](TrainOptions& options) { options.vae_frames = 13; });
  refused([](TrainOptions& options) { options.vae_steps = 0; });
  refused([](TrainOptions& options) { options.dit_batch = 0; });
  refused([](TrainOptions& options) { options.caption_dropout = 1.5; });
  refused([](TrainOptions& options) { options.shift = 0; });
  refused([](TrainOptions& options) { options.ema_decay = 1; });
  refused([](TrainOptions& options) { options.gradient_clip = 0; });
  refused([](TrainOptions& options) { options.threads = 0; });
  refused([](TrainOptions& options) { options.log_steps = 0; });
}

}  // namespace
}  // namespace plumb
