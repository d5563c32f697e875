// SPDX-License-Identifier: Apache-2.0
#include "generator/native/denoising_loss.h"

#include <cmath>
#include <thread>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "core/check.h"
#include "core/errors.h"
#include "generator/native/configs.h"
#include "generator/native/inspectable_model.h"
#include "generator/native/internal_denoising_loss.h"
#include "generator/weights/internal_weights.h"
#include "tests/core/message_of.h"
#include "tests/generator/test_training.h"

namespace plumb {
namespace {

using testing::AllOf;
using testing::HasSubstr;

class DenoisingLossTest : public testing::Test {
 protected:
  DenoisingLossTest() {
    torch::manual_seed(12);
    noise_ = at::randn({1, 2, 3, 4, 4});
  }
  static LossInput Input(const char* objective) {
    return {.clean = at::randn({1, 2, 3, 4, 4}),
            .known = at::zeros({1, 1, 3, 1, 1}, torch::kBool),
            .objective = Objective(ObjectiveScheduler(objective))};
  }
  // Says what is right, `off` beside it: it knows the clip and reads the noise off what it is
  // shown.
  static Denoiser Right(const LossInput& input, double off) {
    return [input, off](const at::Tensor& x, float timestep, bool conditional) {
      EXPECT_TRUE(conditional);
      const ObjectiveLevel level = input.objective.At(timestep);
      const at::Tensor noise = (x - level.alpha * input.clean) / level.sigma;
      return input.objective.Wanted(input.clean, noise, level) + off;
    };
  }

  static const std::unique_ptr<InspectableModel>& Judge() {
    static const auto model = LoadInspectableModel(TrainedTestCheckpoint().checkpoint);
    return model;
  }
  static std::vector<double> Losses(const Video& video,
                                    const LossCondition& condition = {},
                                    uint64_t seed = 3) {
    return Judge()
        ->DenoisingLoss(
            video, condition, {.timesteps = Judge()->EvenTimesteps(4), .noise_seed = seed})
        .losses;
  }

  at::Tensor noise_;
};

TEST_F(DenoisingLossTest, WhoIsRightLosesNothing) {
  for (const char* objective : {"flow", "eps", "v"}) {
    const LossInput input = Input(objective);
    for (const double timestep : {50.0, 400.0, 990.0}) {
      const ObjectiveLevel level = input.objective.At(timestep);
      EXPECT_LT(LossAt(input, level, noise_, Right(input, 0.0)), 1e-9) << objective << timestep;
      EXPECT_NEAR(LossAt(input, level, noise_, Right(input, 0.5)), 0.25, 1e-5) << objective;
    }
  }
}

TEST_F(DenoisingLossTest, WhoSaysNothingLosesWhatIsWanted) {
  const Denoiser silent = [](const at::Tensor& x, float, bool) { return at::zeros_like(x); };
  const LossInput flow = Input("flow"), eps = Input("eps");
  EXPECT_NEAR(LossAt(flow, flow.objective.At(300), noise_, silent),
              (noise_ - flow.clean).square().mean().item<double>(),
              1e-6);
  EXPECT_NEAR(LossAt(eps, eps.objective.At(300), noise_, silent),
              noise_.square().mean().item<double>(),
              1e-6);
}

TEST_F(DenoisingLossTest, WhatIsKnownIsSeenCleanAndNotCounted) {
  LossInput input = Input("flow");
  input.known.narrow(2, 0, 2).fill_(true);
  const Denoiser wild = [&](const at::Tensor& x, float timestep, bool conditional) {
    EXPECT_TRUE(at::equal(x.narrow(2, 0, 2), input.clean.narrow(2, 0, 2)));
    at::Tensor told = Right(input, 2.0)(x, timestep, conditional);
    told.narrow(2, 0, 2).fill_(1e6);
    return told;
  };
  EXPECT_NEAR(LossAt(input, input.objective.At(500), noise_, wild), 4.0, 1e-4);
  input.known.fill_(true);
  EXPECT_THROW(LossAt(input, input.objective.At(500), noise_, wild), CheckFailure);
}

TEST_F(DenoisingLossTest, MeansAreOverLevels) {
  EXPECT_EQ((DenoisingLosses{{1.0, 2.0}, {0.25, 0.75}}).Mean(), 0.5);
  EXPECT_THROW(DenoisingLosses{}.Mean(), CheckFailure);
}

TEST_F(DenoisingLossTest, ATrainedCheckpointKnowsItsWorld) {
  EXPECT_EQ(Judge()->EvenTimesteps(4), (std::vector<double>{125, 375, 625, 875}));
  const Video disc = DiscClip({}, 100).video;
  std::vector<Image> pictures(9, Image(16, 16));
  Random random(2);
  for (Image& picture : pictures) {
    for (uint8_t& byte : picture.rgb) byte = static_cast<uint8_t>(random.Index(256));
  }
  const std::vector<double> known = Losses(disc), strange = Losses({pictures, 24.0});
  for (size_t i = 0; i < known.size(); ++i) {
    EXPECT_TRUE(std::isfinite(known[i]) && known[i] > 0);
    EXPECT_LT(known[i], strange[i]) << i;
  }
}

TEST_F(DenoisingLossTest, ComparedVideosSeeTheSameNoise) {
  // At the highest level nothing is left of a clip: what the first layer reads is the noise.
  const auto read = [](const Video& video, uint64_t seed) {
    at::Tensor values;
    Judge()->Observe({"patch_embedding"},
                     [&](const Activation& seen) { values = ToTorch(seen.values); });
    Judge()->DenoisingLoss(video, {}, {{1000.0}, seed});
    Judge()->Observe({}, nullptr);
    return values;
  };
  const Video disc = DiscClip({}, 100).video, other = DiscClip({}, 101).video;
  const at::Tensor noise = read(disc, 3);
  EXPECT_LT((noise - read(other, 3)).abs().max().item<double>(), 1e-4);
  EXPECT_GT((noise - read(disc, 4)).abs().max().item<double>(), 0.1);
  EXPECT_NE(Losses(disc), Losses(disc, {}, 4)) << "another seed is other noise";
  // A level's noise does not depend on which others are asked for.
  const DenoisingLosses alone = Judge()->DenoisingLoss(disc, {}, {{625.0}, 3});
  EXPECT_EQ(alone.losses.at(0), Losses(disc).at(2));
}

TEST_F(DenoisingLossTest, AloneAmongFourAndOnTwoThreadsTheSameBytes) {
  std::vector<std::vector<double>> alone;
  for (int i = 0; i < 4; ++i) {
    const auto fresh = LoadInspectableModel(TrainedTestCheckpoint().checkpoint);
    alone.push_back(
        fresh->DenoisingLoss(DiscClip({}, 100 + i).video, {}, {fresh->EvenTimesteps(4), 3}).losses);
  }
  for (int i : {2, 0, 3, 1}) EXPECT_EQ(Losses(DiscClip({}, 100 + i).video), alone[i]) << i;
  // Two models at once, two clips each.
  std::vector<std::vector<double>> at_once(4);
  const auto work = [&](int first) {
    const auto model = LoadInspectableModel(TrainedTestCheckpoint().checkpoint);
    for (int i : {first, first + 1}) {
      at_once[i] =
          model->DenoisingLoss(DiscClip({}, 100 + i).video, {}, {model->EvenTimesteps(4), 3})
              .losses;
    }
  };
  std::thread one(work, 0), two(work, 2);
  one.join();
  two.join();
  EXPECT_EQ(at_once, alone);
}

TEST_F(DenoisingLossTest, CaptionKnownFramesAndCamerasAreSeen) {
  const Video disc = DiscClip({}, 100).video;
  const std::vector<double> bare = Losses(disc);
  EXPECT_NE(Losses(disc, {.caption = "A red disc glides to the right."}), bare);
  const std::vector<double> first = Losses(disc, {.known_frames = 1});
  EXPECT_NE(first, bare);
  EXPECT_NE(Losses(disc, {.known_frames = 5}), first);
  Camera camera;
  camera.intrinsics = {16, 16, 20.0, 20.0, 8.0, 8.0};
  EXPECT_NE(Losses(disc, {.cameras = std::vector<Camera>(9, camera)}), bare);
}

TEST_F(DenoisingLossTest, WhatDoesNotFitIsRefusedWithTheNearest) {
  const auto complaint = [](int width, int height, int frames) {
    const Video video(std::vector<Image>(frames, Image(width, height)), 24.0);
    return MessageOf<UsageError>([&] { Losses(video); });
  };
  EXPECT_THAT(complaint(20, 16, 9), AllOf(HasSubstr("20x16"), HasSubstr("nearest size is 16x16")));
  EXPECT_THAT(complaint(16, 45, 9), HasSubstr("nearest size is 16x48"));
  EXPECT_THAT(complaint(16, 16, 8), AllOf(HasSubstr("8 frames"), HasSubstr("the nearest is 9")));
  const Video disc = DiscClip({}, 100).video;
  for (const int known : {-1, 2, 9, 13}) {
    EXPECT_THAT(MessageOf<UsageError>([&] { Losses(disc, {.known_frames = known}); }),
                HasSubstr("known_frames " + std::to_string(known)));
  }
  EXPECT_THAT(MessageOf<UsageError>([&] {
                Losses(disc, {.cameras = {Camera(), Camera()}});
              }),
              HasSubstr("2 cameras for 9 frames"));
  for (const double timestep : {-1.0, 1000.5, std::nan("")}) {
    EXPECT_THAT(MessageOf<UsageError>([&] {
                  Judge()->DenoisingLoss(disc, {}, {{timestep}, 0});
                }),
                HasSubstr("expected 0 to 1000"));
  }
}

}  // namespace
}  // namespace plumb
