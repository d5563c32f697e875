// SPDX-License-Identifier: Apache-2.0
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "generator/training/internal_model_card.h"

namespace plumb {
namespace {

using testing::AllOf;
using testing::HasSubstr;
using testing::Not;

class ModelCardTest : public testing::Test {
 protected:
  CheckpointConfig config_ = PresetConfig("tiny");
  Json record_ = {
      {"command", "plumb train --out models/small --clips 60"},
      {"options", {{"preset", "tiny"}, {"clips", 60}, {"validation_clips", 6}}},
      {"clips_by_family",
       {{"drop", {{"trained", 20}, {"held_out", 2}}},
        {"collide", {{"trained", 40}, {"held_out", 4}}}}},
      {"parameters", {{"vae", 2011884}, {"text_encoder", 999}, {"transformer", 1000}}},
      {"results", {{"vae_psnr_db", 27.125}, {"flow_loss", 0.25}, {"untrained_flow_loss", 1.75}}},
      {"hardware", "a processor, 1 of 2 cores"},
      {"seconds", 630.0}};
};

TEST_F(ModelCardTest, SaysWhatMadeItAndWhatItLearned) {
  EXPECT_THAT(ModelCard(record_, config_),
              AllOf(HasSubstr("```\nplumb train --out models/small --clips 60\n```"),
                    HasSubstr("60 clips of 64x64, 49 frames at 24 fps"),
                    HasSubstr("`drop` 20, `collide` 40"),
                    HasSubstr("27.12 dB"),
                    HasSubstr("0.2500"),
                    HasSubstr("1.7500"),
                    HasSubstr("On 6 held-out clips"),
                    HasSubstr("10 minutes on a processor, 1 of 2 cores.")));
}

TEST_F(ModelCardTest, NumbersOfParametersAreGrouped) {
  EXPECT_THAT(ModelCard(record_, config_),
              AllOf(HasSubstr("| 2,011,884 |"), HasSubstr("| 999 |"), HasSubstr("| 1,000 |")));
}

TEST_F(ModelCardTest, ShapesComeFromTheConfig) {
  EXPECT_THAT(ModelCard(record_, config_),
              AllOf(HasSubstr("4x4x4 causal video VAE, 16 latent channels, a linear path"),
                    HasSubstr("5 blocks of width 256, patches 1x2x2"),
                    HasSubstr("multiples of 8"),
                    HasSubstr("(1, 5, 9 …")));
  config_.vae.patch_path = false;
  EXPECT_THAT(ModelCard(record_, config_), Not(HasSubstr("linear path")));
}

TEST_F(ModelCardTest, TheLossIsNamedByItsObjective) {
  EXPECT_THAT(ModelCard(record_, config_), HasSubstr("| flow loss before training |"));
  record_["options"]["objective"] = "eps";
  EXPECT_THAT(ModelCard(record_, config_),
              AllOf(HasSubstr("| eps loss |"), Not(HasSubstr("flow loss"))));
}

TEST_F(ModelCardTest, ClipsThatWereTrainedOnAreNotCalledHeldOut) {
  record_["options"]["validation_clips"] = 0;
  EXPECT_THAT(ModelCard(record_, config_),
              AllOf(HasSubstr("On clips that were trained on, for none were held out:"),
                    Not(HasSubstr("held-out clips"))));
}

TEST_F(ModelCardTest, WithoutAClockNoTimeIsClaimed) {
  record_["seconds"] = nullptr;
  record_["hardware"] = "";
  EXPECT_THAT(ModelCard(record_, config_), Not(HasSubstr("minutes")));
}

}  // namespace
}  // namespace plumb
