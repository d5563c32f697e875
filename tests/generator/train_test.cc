// SPDX-License-Identifier: Apache-2.0
#include "generator/training/train.h"

#include <cmath>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "core/errors.h"
#include "generator/native/internal_checkpoint.h"
#include "generator/native/internal_frames.h"
#include "tests/generator/test_training.h"

namespace plumb {
namespace {

using testing::HasSubstr;

constexpr const char* kResults[] = {"vae/diffusion_pytorch_model.safetensors",
                                    "transformer/diffusion_pytorch_model.safetensors",
                                    "text_encoder/model.safetensors",
                                    "tokenizer/spiece.model",
                                    "vae/config.json",
                                    "README.md",
                                    "training_log.csv",
                                    "training_record.json"};

class TrainTest : public testing::Test {
 protected:
  static void ExpectSameResults(const std::filesystem::path& folder) {
    const std::filesystem::path& expected = TrainedTestCheckpoint().checkpoint;
    for (const char* file : kResults) {
      EXPECT_TRUE(FileText(folder / file) == FileText(expected / file)) << file << " differs";
      EXPECT_FALSE(FileText(folder / file).empty()) << file;
    }
  }

  TestFolder scratch_;
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

TEST_F(TrainTest, ThePsnrIsOfWholeHeldOutClips) {
  const TrainSummary& summary = TrainedTestCheckpoint();
  Networks networks = ReadNetworks(summary.checkpoint);
  const torch::NoGradGuard no_grad;
  const auto psnr_db = [&](int frames) {
    double error = 0.0;  // in 0–1, of both clips
    for (const uint64_t clip : {kFirstHeldOut, kFirstHeldOut + 1}) {
      const at::Tensor pixels =
          PixelsFromImages(FirstFrames(DiscClip({}, clip).video, frames).frames());
      const at::Tensor again = networks.vae->Decode(networks.vae->Encode(pixels).mean);
      error += (again.clamp(-1.0, 1.0) - pixels).square().mean().item<double>() / 8.0;
    }
    return -10.0 * std::log10(error);
  };
  constexpr double kRounding_db = 0.05;  // the stored weights are bfloat16
  EXPECT_NEAR(summary.vae_psnr_db, psnr_db(9), kRounding_db);
  EXPECT_GT(std::abs(psnr_db(9) - psnr_db(5)), 2 * kRounding_db) << "vae_frames would show";
}

TEST_F(TrainTest, SameOptionsGiveTheSameBytes) {
  const std::filesystem::path folder = scratch_ / "again";
  Train(TestTraining(folder), DiscSource({}), {});
  ExpectSameResults(folder);
}

TEST_F(TrainTest, StoppedInBothStagesAndResumedGivesTheSameBytes) {
  const std::filesystem::path folder = scratch_ / "stopped";
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
  const std::filesystem::path folder = scratch_ / "killed";
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

TEST_F(TrainTest, TheTransformersOptionsMayChangeUntilItsFirstStep) {
  // Stopped within the VAE's stage, gone on with another length of the transformer's: as if that
  // length had been asked for from the start.
  TrainOptions shorter = TestTraining(scratch_ / "shorter");
  shorter.dit_steps = 12;
  shorter.dit_learning_rate = 1e-3;
  const TrainSummary expected = Train(shorter, DiscSource({}), {});

  TrainOptions changed = TestTraining(scratch_ / "changed");
  bool stop = false;
  Progress progress;
  progress.report = [&](const std::string& what, int done, int) {
    stop = stop || (what.rfind("vae", 0) == 0 && done == 20);
  };
  progress.cancelled = [&] { return stop; };
  EXPECT_THROW(Train(changed, DiscSource({}), progress), CancelledError);
  changed.dit_steps = 12;
  changed.dit_learning_rate = 1e-3;
  const TrainSummary summary = Train(changed, DiscSource({}), {});
  EXPECT_EQ(summary.flow_loss, expected.flow_loss);
  EXPECT_TRUE(FileText(changed.output / kResults[1]) == FileText(shorter.output / kResults[1]));
  // What the VAE was trained with may not change any more.
  changed.kl_weight *= 2;
  EXPECT_THROW(Train(changed, DiscSource({}), {}), UsageError);
}

TEST_F(TrainTest, WhatChangeCountsMayChangeUntilTheStepFromWhichItDoes) {
  const auto training = [this](const char* name, int change_from) {
    TrainOptions options = TestTraining(scratch_ / name);
    options.vae_steps = 4;
    options.dit_steps = 12;
    options.save_steps = 2;
    options.change_share = 0.5;
    options.change_from = change_from;
    return options;
  };
  const auto transformer = [](const TrainOptions& options) {
    return FileText(options.output / kResults[1]);
  };
  const TrainOptions at_once = training("at_once", 6);
  Train(at_once, DiscSource({}), {});

  // Begun with an even loss and stopped after step 6.
  TrainOptions even = training("even", 6);
  even.change_share = 0.0;
  bool stop = false;
  Progress progress;
  progress.report = [&](const std::string& what, int done, int) {
    stop = stop || (what.rfind("dit", 0) == 0 && done == 5);
  };
  progress.cancelled = [&] { return stop; };
  EXPECT_THROW(Train(even, DiscSource({}), progress), CancelledError);
  TrainOptions too_late = training("even", 5);
  EXPECT_THROW(Train(too_late, DiscSource({}), {}), UsageError);
  const TrainOptions gone_on = training("even", 6);
  Train(gone_on, DiscSource({}), {});
  EXPECT_TRUE(transformer(gone_on) == transformer(at_once));

  TrainOptions never = training("never", 6);
  never.change_share = 0.0;
  Train(never, DiscSource({}), {});
  EXPECT_FALSE(transformer(never) == transformer(at_once));
}

TEST_F(TrainTest, Bfloat16RepeatsItselfToo) {
  const auto weights = [this](const char* name) {
    TrainOptions options = TestTraining(scratch_ / name);
    options.bf16 = true;
    options.vae_steps = options.dit_steps = 6;
    Train(options, DiscSource({}), {});
    return FileText(options.output / kResults[0]) + FileText(options.output / kResults[1]);
  };
  EXPECT_TRUE(weights("half_a") == weights("half_b"));
}

TEST_F(TrainTest, TheOptimizerIsAnOption) {
  const auto weights = [this](const char* optimizer) {
    TrainOptions options = TestTraining(scratch_ / optimizer);
    options.optimizer = optimizer;
    options.vae_steps = options.dit_steps = 3;
    Train(options, DiscSource({}), {});
    return FileText(options.output / kResults[1]);
  };
  EXPECT_FALSE(weights("adamw") == weights("muon"));
}

TEST_F(TrainTest, WithoutHeldOutClipsTheTrainedOnesAreMeasured) {
  TrainOptions options = TestTraining(scratch_ / "none_held_out");
  options.validation_clips = 0;
  options.vae_steps = options.dit_steps = 4;
  const TrainSummary summary = Train(options, DiscSource({}), {});
  EXPECT_GT(summary.vae_psnr_db, 5.0);
  EXPECT_GT(summary.flow_loss, 0.0);
  EXPECT_FALSE(
      std::filesystem::exists(options.output / "training/clips/held_out_000000.safetensors"));
}

TEST_F(TrainTest, TheLinearPathStartsAtThePrincipalComponents) {
  // After one step with no learning rate to speak of the VAE is what it started as: far better than
  // the mean picture.
  TrainOptions options = TestTraining(scratch_ / "start");
  options.vae_steps = options.dit_steps = 1;
  options.vae_learning_rate = options.dit_learning_rate = 1e-9;
  EXPECT_GT(Train(options, DiscSource({}), {}).vae_psnr_db, 14.0);
}

TEST_F(TrainTest, SecondsAddUpOverInterruptions) {
  TrainOptions options = TestTraining(scratch_ / "seconds");
  options.vae_steps = options.dit_steps = 2;
  double now = 1000.0;
  options.clock_s = [&] { return now; };
  Progress progress;
  progress.report = [&](const std::string& what, int, int) {
    if (what.rfind("vae", 0) == 0) now += 10.0;
  };
  bool stop = false;
  progress.cancelled = [&] { return stop && now > 1000.0; };
  stop = true;
  EXPECT_THROW(Train(options, DiscSource({}), progress), CancelledError);
  stop = false;
  now += 5000.0;  // the time between two calls is not counted
  Train(options, DiscSource({}), progress);
  const Json record = Json::parse(FileText(options.output / "training_record.json"));
  EXPECT_GE(record["seconds"], 20.0);
  EXPECT_LT(record["seconds"], 100.0);
}

TEST_F(TrainTest, ClipsOfAnotherWorldAreNotMixedIn) {
  TrainOptions options = TestTraining(scratch_ / "other");
  options.clip_folder = TrainedTestCheckpoint().checkpoint / "training/clips";
  options.data = {{"scenes", "other"}};
  EXPECT_THROW(Train(options, DiscSource({}), {}), UsageError);
}

TEST_F(TrainTest, AClipOfAnotherShapeIsRejectedByName) {
  DiscWorld world;
  world.frames = 5;
  try {
    Train(TestTraining(scratch_ / "shape"), DiscSource(world), {});
    FAIL();
  } catch (const InputError& error) {
    EXPECT_THAT(error.what(), HasSubstr("disc-0"));
  }
}

TEST_F(TrainTest, RecordSaysWhatWasDone) {
  const std::filesystem::path& folder = TrainedTestCheckpoint().checkpoint;
  const Json record = Json::parse(FileText(folder / "training_record.json"));
  EXPECT_EQ(record["command"], "plumb train --preset test");
  EXPECT_EQ(record["options"]["dit_steps"], 60);
  EXPECT_EQ(record["clips_by_family"]["disc"]["trained"], 8);
  EXPECT_EQ(record["clips_by_family"]["disc"]["held_out"], 2);
  EXPECT_TRUE(record["seconds"].is_null()) << "no clock was given";
  EXPECT_EQ(record["weights_sha256"].size(), 4U);
  EXPECT_EQ(record["options"]["optimizer"], "muon");
  EXPECT_TRUE(record["versions"].is_object());
  const std::string log = FileText(folder / "training_log.csv");
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
  refused([](TrainOptions& options) { options.objective = "x0"; });
  refused([](TrainOptions& options) { options.ema_decay = 1; });
  refused([](TrainOptions& options) { options.gradient_clip = 0; });
  refused([](TrainOptions& options) { options.threads = 0; });
  refused([](TrainOptions& options) { options.log_steps = 0; });
  refused([](TrainOptions& options) { options.optimizer = "sgd"; });
  refused([](TrainOptions& options) { options.device = "gpu"; });
  refused([](TrainOptions& options) { options.text_encoder_steps = -1; });
  refused([](TrainOptions& options) { options.change_share = 1.1; });
  refused([](TrainOptions& options) { options.change_from = -1; });
  refused([](TrainOptions& options) { options.sample_steps = -1; });
  refused([](TrainOptions& options) { options.sample_clips = 0; });
  refused([](TrainOptions& options) { options.render_threads = 0; });
  refused([](TrainOptions& options) { options.shapes = {{16, 16, 9, 24}, {24, 16, 9, 24}}; });
  refused([](TrainOptions& options) { options.weight_decay = -1; });
}

TEST_F(TrainTest, SizesNameTheNearestValidOnes) {
  const auto complaint = [](auto change) {
    TrainOptions options = TestTraining("/nonexistent");
    change(options);
    try {
      options.Validate();
    } catch (const UsageError& error) {
      return std::string(error.what());
    }
    return std::string();
  };
  EXPECT_THAT(complaint([](TrainOptions& options) { options.width = 47; }),
              HasSubstr("width must be a multiple of 16, such as 32 or 48"));
  EXPECT_THAT(complaint([](TrainOptions& options) { options.height = -3; }),
              HasSubstr("height must be a multiple of 16, such as 16"));
  EXPECT_THAT(complaint([](TrainOptions& options) { options.frames = 12; }),
              HasSubstr("frames must be a multiple of 4, plus 1, such as 9 or 13"));
  EXPECT_EQ(complaint([](TrainOptions& options) { options.frames = 13; }), "");
}

}  // namespace
}  // namespace plumb
