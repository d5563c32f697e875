// SPDX-License-Identifier: Apache-2.0
#include <cmath>

#include <gtest/gtest.h>

#include "generator/internal_optimizer.h"

namespace plumb {
namespace {

class OptimizerTest : public testing::Test {
 protected:
  OptimizerTest() {
    torch::NoGradGuard no_grad;
    layer_->weight.fill_(2.0);
    layer_->bias.fill_(2.0);
  }

  void SetGradients(double value) {
    layer_->weight.mutable_grad() = at::full_like(layer_->weight, value);
    layer_->bias.mutable_grad() = at::full_like(layer_->bias, value);
  }
  AveragedAdamW Make() { return AveragedAdamW({{"layer", layer_.get()}}, settings_); }

  OptimizerSettings settings_{
      .learning_rate = 0.1, .steps = 100, .weight_decay = 0.0, .gradient_clip = 1e9};
  torch::nn::Linear layer_{torch::nn::LinearOptions(1, 1)};
};

TEST_F(OptimizerTest, RateWarmsUpAndFallsToATenth) {
  settings_.warmup_steps = 10;
  EXPECT_NEAR(LearningRate(settings_, 0), 0.01, 1e-12);
  EXPECT_NEAR(LearningRate(settings_, 9), 0.1, 1e-12);
  EXPECT_NEAR(LearningRate(settings_, 10), 0.1, 1e-12);
  EXPECT_NEAR(LearningRate(settings_, 55), 0.055, 1e-12);
  EXPECT_NEAR(LearningRate(settings_, 100), 0.01, 1e-12);
  EXPECT_NEAR(LearningRate(settings_, 1000), 0.01, 1e-12);
}

TEST_F(OptimizerTest, FirstStepMovesByTheRateWhateverTheGradient) {
  for (const double gradient : {1e-3, 5.0}) {
    torch::NoGradGuard no_grad;
    layer_->weight.fill_(2.0);
    AveragedAdamW optimizer = Make();
    SetGradients(gradient);
    optimizer.Step(0);
    EXPECT_NEAR(layer_->weight.item<double>(), 1.9, 1e-5);
  }
}

TEST_F(OptimizerTest, DecayShrinksMatricesOnly) {
  settings_.weight_decay = 0.5;
  AveragedAdamW optimizer = Make();
  SetGradients(0.0);
  optimizer.Step(0);
  EXPECT_NEAR(layer_->weight.item<double>(), 2.0 * (1.0 - 0.1 * 0.5), 1e-6);
  EXPECT_NEAR(layer_->bias.item<double>(), 2.0, 1e-6);
}

TEST_F(OptimizerTest, LargeGradientsAreClippedTogether) {
  // After one step the moments hold 0.1·g and 0.01·g²; the second step shows how long g was.
  settings_.gradient_clip = 1.0;
  AveragedAdamW optimizer = Make();
  SetGradients(100.0);
  optimizer.Step(0);
  const auto state = optimizer.State();
  const float first = state.at("first/layer/weight").As<float>()[0];
  EXPECT_NEAR(first, 0.1 / std::sqrt(2.0), 1e-5);
}

TEST_F(OptimizerTest, AverageFollowsSlowly) {
  AveragedAdamW optimizer = Make();
  SetGradients(1.0);
  optimizer.Step(0);
  optimizer.SwapAveraged();
  // Decay at the first step is 2/11: average = 2 + (1 − 2/11)·(1.9 − 2).
  EXPECT_NEAR(layer_->weight.item<double>(), 2.0 - 0.1 * 9.0 / 11.0, 1e-5);
  optimizer.SwapAveraged();
  EXPECT_NEAR(layer_->weight.item<double>(), 1.9, 1e-5);
}

TEST_F(OptimizerTest, StateContinuesBitForBit) {
  AveragedAdamW once = Make();
  for (int step = 0; step < 3; ++step) {
    SetGradients(0.3 * step + 0.1);
    once.Step(step);
  }
  const auto saved = once.State();
  SetGradients(0.77);
  once.Step(3);
  const auto expected = once.State();

  torch::NoGradGuard no_grad;
  layer_->weight.fill_(-5.0);
  AveragedAdamW again = Make();
  again.LoadState(saved);
  SetGradients(0.77);
  again.Step(3);
  EXPECT_EQ(again.State(), expected);
}

TEST_F(OptimizerTest, FindsTheMinimum) {
  AveragedAdamW optimizer = Make();
  for (int step = 0; step < 100; ++step) {
    ((layer_->weight - 0.5).square().sum() + (layer_->bias + 0.25).square().sum()).backward();
    optimizer.Step(step);
  }
  EXPECT_NEAR(layer_->weight.item<double>(), 0.5, 0.02);
  EXPECT_NEAR(layer_->bias.item<double>(), -0.25, 0.02);
}

}  // namespace
}  // namespace plumb
