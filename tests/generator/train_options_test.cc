// SPDX-License-Identifier: Apache-2.0
#include "generator/training/train_options.h"

#include <map>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "core/errors.h"
#include "generator/training/internal_training.h"
#include "tests/generator/test_training.h"

namespace plumb {
namespace {

using testing::HasSubstr;

TEST(TrainOptionsTest, ShapesAreReadAsTheyAreWritten) {
  const TrainingShape shape = ParseTrainingShape("96x64x17@12.5");
  EXPECT_EQ(shape, (TrainingShape{96, 64, 17, 12.5}));
  EXPECT_EQ(ToText(shape), "96x64x17@12.5");
  for (const char* text : {"", "96x64", "96x64x17", "96x64x17@", "96x64x17@12fps", "ax64x17@12"}) {
    EXPECT_THROW(ParseTrainingShape(text), UsageError) << text;
  }
}

TEST(TrainOptionsTest, KeptCheckpointsHaveANameAndAPlace) {
  const KeptCheckpoint early = ParseKeptCheckpoint("early=0.1");
  EXPECT_EQ(early.name, "early");
  EXPECT_EQ(early.at, 0.1);
  EXPECT_EQ(ParseKeptCheckpoint("500").name, "step-500");
  EXPECT_EQ(ParseKeptCheckpoint("500").at, 500);
  for (const char* text : {"", "early", "0.1", "early=", "early=soon", "early=1x"}) {
    EXPECT_THROW(ParseKeptCheckpoint(text), UsageError) << text;
  }
}

TEST(TrainOptionsTest, KeptCheckpointsAreRefusedWhereTheyCannotBe) {
  const auto refused = [](std::vector<KeptCheckpoint> keep) {
    TrainOptions options = TestTraining("/nonexistent");
    options.keep = std::move(keep);
    EXPECT_THROW(options.Validate(), UsageError);
  };
  refused({{"../up", 5}});
  refused({{"", 5}});
  refused({{"early", 61}});
  refused({{"early", 0}});
  refused({{"early", 5}, {"early", 6}});
}

TEST(TrainOptionsTest, SharesCountTheTransformersSteps) {
  TrainOptions options = TestTraining("/nonexistent");  // 60 steps
  options.keep = {{"early", 0.1}, {"also", 6}, {"middle", 0.5}, {"first", 0.001}, {"last", 60}};
  options.Validate();
  using Names = std::vector<std::string>;
  const std::map<int64_t, Names> expected = {
      {1, {"first"}}, {6, {"early", "also"}}, {30, {"middle"}}, {60, {"last"}}};
  EXPECT_EQ(KeptBySteps(options), expected);
}

TEST(TrainOptionsTest, EveryShapeMustFitTheNetworks) {
  TrainOptions options = TestTraining("/nonexistent");
  options.shapes = {{16, 16, 9, 24}, {32, 16, 8, 12}};
  try {
    options.Validate();
    FAIL();
  } catch (const UsageError& error) {
    EXPECT_THAT(error.what(), HasSubstr("32x16x8@12 frames must be"));
  }
}

TEST(TrainOptionsTest, ACudaDeviceThatIsNotThereIsTheEnvironments) {
  TrainOptions options = TestTraining("/nonexistent");
  EXPECT_EQ(DeviceOf(options), at::Device(at::kCPU));
  options.device = "cuda";
  options.Validate();
  if (torch::cuda::is_available()) GTEST_SKIP() << "there is one";
  try {
    Train(options, DiscSource({}), {});
    FAIL();
  } catch (const EnvironmentError& error) {
    EXPECT_EQ(error.exit_code(), ExitCode::kEnvironment);
    EXPECT_THAT(error.what(), HasSubstr("--device cpu"));
  }
  EXPECT_FALSE(std::filesystem::exists("/nonexistent")) << "nothing was begun";
}

}  // namespace
}  // namespace plumb
