// SPDX-License-Identifier: Apache-2.0
#include "generator/schedulers/flow_match.h"

#include <filesystem>

#include <gtest/gtest.h>

#include "core/check.h"
#include "core/safetensors.h"
#include "tests/paths.h"

namespace plumb {
namespace {

TEST(FlowMatchTest, ShiftKeepsTheEndsAndMovesTheMiddle) {
  EXPECT_DOUBLE_EQ(ShiftedSigma(0.0, 3.0), 0.0);
  EXPECT_DOUBLE_EQ(ShiftedSigma(1.0, 3.0), 1.0);
  EXPECT_DOUBLE_EQ(ShiftedSigma(0.5, 3.0), 0.75);
  EXPECT_DOUBLE_EQ(ShiftedSigma(0.3, 1.0), 0.3);
}

TEST(FlowMatchTest, EvenlySpacedFromNoiseToClip) {
  const FlowSchedule schedule = MakeFlowSchedule(4, 1.0, 1000);
  EXPECT_EQ(schedule.sigmas, (std::vector<float>{1.0F, 0.75F, 0.5F, 0.25F, 0.0F}));
  EXPECT_EQ(schedule.timesteps, (std::vector<float>{1000.0F, 750.0F, 500.0F, 250.0F}));
}

TEST(FlowMatchTest, LevelsFall) {
  for (const double shift : {0.5, 1.0, 5.0}) {
    const FlowSchedule schedule = MakeFlowSchedule(13, shift, 1000);
    ASSERT_EQ(schedule.sigmas.size(), 14U);
    for (size_t i = 1; i < schedule.sigmas.size(); ++i) {
      EXPECT_LT(schedule.sigmas[i], schedule.sigmas[i - 1]);
    }
  }
}

TEST(FlowMatchTest, SenselessRequestsAreBrokenAssumptions) {
  EXPECT_THROW(MakeFlowSchedule(0, 1.0, 1000), CheckFailure);
  EXPECT_THROW(MakeFlowSchedule(4, 0.0, 1000), CheckFailure);
}

TEST(FlowMatchTest, DiffusersTablesByReference) {
  const std::filesystem::path reference =
      DataFolder().parent_path() / "parity/sched-flow-euler-shift3/outputs.safetensors";
  if (!std::filesystem::exists(reference)) GTEST_SKIP() << reference << " is absent";
  const Safetensors expected = ReadSafetensors(reference);
  const FlowSchedule schedule = MakeDiffusersFlowSchedule(7, {1000, 3.0});
  const auto timesteps = expected.tensors.at("timesteps").As<float>();
  const auto sigmas = expected.tensors.at("sigmas").As<float>();
  ASSERT_EQ(timesteps.size(), schedule.timesteps.size());
  ASSERT_EQ(sigmas.size(), schedule.sigmas.size());
  // One unit in the last place of float32.
  for (size_t i = 0; i < timesteps.size(); ++i) {
    EXPECT_NEAR(schedule.timesteps[i], timesteps[i], 1.3e-7 * 1000) << i;
    EXPECT_NEAR(schedule.sigmas[i], sigmas[i], 1.3e-7) << i;
  }
}

TEST(FlowMatchTest, ShiftsCompose) {
  for (const double sigma : {0.01, 0.3, 0.5, 0.99}) {
    EXPECT_NEAR(ShiftedSigma(ShiftedSigma(sigma, 2.0), 3.0), ShiftedSigma(sigma, 6.0), 1e-12);
    EXPECT_NEAR(ShiftedSigma(ShiftedSigma(sigma, 5.0), 1.0 / 5.0), sigma, 1e-12);
    // The odds of noise against clip are multiplied.
    const double shifted = ShiftedSigma(sigma, 3.0);
    EXPECT_NEAR(shifted / (1.0 - shifted), 3.0 * sigma / (1.0 - sigma), 1e-9);
  }
}

TEST(FlowMatchTest, AScheduleIsTheShiftOfTheEvenOne) {
  const FlowSchedule even = MakeFlowSchedule(6, 1.0, 1000);
  const FlowSchedule shifted = MakeFlowSchedule(6, 4.0, 1000);
  for (size_t i = 0; i < even.sigmas.size(); ++i) {
    EXPECT_NEAR(shifted.sigmas[i], ShiftedSigma(even.sigmas[i], 4.0), 1e-6) << i;
  }
}

TEST(FlowMatchTest, TimestepsCountInTrainingSteps) {
  const FlowSchedule schedule = MakeFlowSchedule(5, 2.0, 400);
  ASSERT_EQ(schedule.timesteps.size(), 5U);
  for (size_t i = 0; i < 5; ++i) {
    EXPECT_FLOAT_EQ(schedule.timesteps[i], 400.0F * schedule.sigmas[i]) << i;
  }
}

TEST(FlowMatchTest, OneStepGoesFromNoiseToClip) {
  for (const double shift : {1.0, 7.0}) {
    EXPECT_EQ(MakeFlowSchedule(1, shift, 1000).sigmas, (std::vector<float>{1.0F, 0.0F}));
    EXPECT_EQ(MakeDiffusersFlowSchedule(1, {1000, shift}).sigmas, (std::vector<float>{1.0F, 0.0F}));
  }
}

TEST(FlowMatchTest, DiffusersUnshiftedLevelsAreEvenlySpacedToTheLastTrainingStep) {
  const FlowSchedule schedule = MakeDiffusersFlowSchedule(5, {1000, 1.0});
  for (int i = 0; i < 5; ++i) {
    EXPECT_NEAR(schedule.sigmas[i], 1.0 + (0.001 - 1.0) * i / 4.0, 1e-6) << i;
  }
  EXPECT_EQ(schedule.sigmas.back(), 0.0F);
}

}  // namespace
}  // namespace plumb
