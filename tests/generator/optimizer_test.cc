// SPDX-License-Identifier: Apache-2.0
#include <cmath>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "core/errors.h"
#include "generator/training/internal_optimizer.h"

namespace plumb {
namespace {

using testing::AllOf;
using testing::HasSubstr;
using testing::ThrowsMessage;

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
  again.LoadState(saved, "saved");
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

TEST_F(OptimizerTest, TwoStepsByHand) {
  settings_.weight_decay = 0.2;
  AveragedAdamW optimizer = Make();
  double weight = 2.0, first = 0.0, second = 0.0;
  for (int step = 0; step < 2; ++step) {
    const double gradient = step == 0 ? 0.5 : -3.0;
    SetGradients(gradient);
    optimizer.Step(step);
    // Loshchilov & Hutter 2019, algorithm 2, with betas 0.9 and 0.99.
    first = 0.9 * first + 0.1 * gradient;
    second = 0.99 * second + 0.01 * gradient * gradient;
    const double rate = LearningRate(settings_, step);
    weight *= 1.0 - rate * 0.2;
    weight -= rate * (first / (1.0 - std::pow(0.9, step + 1))) /
              (std::sqrt(second / (1.0 - std::pow(0.99, step + 1))) + 1e-8);
    EXPECT_NEAR(layer_->weight.item<double>(), weight, 1e-5) << step;
  }
}

// Two layers, so that norms run over several parameters.
torch::nn::Sequential TwoLayers() {
  torch::manual_seed(4);
  return torch::nn::Sequential(torch::nn::Linear(7, 33), torch::nn::Linear(33, 5));
}

TEST_F(OptimizerTest, AgreesWithTorchsAdamW) {
  settings_ = {.learning_rate = 0.02, .steps = 50, .warmup_steps = 5, .weight_decay = 0.3};
  settings_.gradient_clip = 0.5;
  torch::nn::Sequential ours = TwoLayers(), theirs = TwoLayers();
  AveragedAdamW optimizer({{"net", ours.ptr().get()}}, settings_);
  std::vector<at::Tensor> matrices, vectors;
  for (const at::Tensor& parameter : theirs->parameters()) {
    (parameter.dim() > 1 ? matrices : vectors).push_back(parameter);
  }
  const auto options = [](double decay) {
    auto adamw = std::make_unique<torch::optim::AdamWOptions>();
    adamw->betas({0.9, 0.99}).eps(1e-8).weight_decay(decay);
    return adamw;
  };
  torch::optim::AdamW reference({torch::optim::OptimizerParamGroup(matrices, options(0.3)),
                                 torch::optim::OptimizerParamGroup(vectors, options(0.0))});
  for (int step = 0; step < 50; ++step) {
    const at::Tensor x = at::randn({4, 7}), target = at::randn({4, 5});
    (ours->forward(x) - target).square().sum().backward();
    reference.zero_grad();
    (theirs->forward(x) - target).square().sum().backward();
    torch::nn::utils::clip_grad_norm_(theirs->parameters(), settings_.gradient_clip);
    for (auto& group : reference.param_groups())
      group.options().set_lr(LearningRate(settings_, step));
    reference.step();
    optimizer.Step(step);
  }
  const auto ours_now = ours->parameters(), theirs_now = theirs->parameters();
  for (size_t i = 0; i < ours_now.size(); ++i) {
    // Float32 rounding over 50 steps of up to 0.02.
    EXPECT_LT((ours_now[i] - theirs_now[i]).abs().max().item<double>(), 2e-5) << i;
  }
}

TEST_F(OptimizerTest, OneThreadOrTwoGiveTheSameBits) {
  const auto weights = [&](int threads) {
    at::set_num_threads(threads);
    torch::manual_seed(1);
    torch::nn::Linear layer(300, 400);
    AveragedAdamW optimizer({{"layer", layer.ptr().get()}}, settings_);
    for (int step = 0; step < 3; ++step) {
      layer->weight.mutable_grad() = at::randn_like(layer->weight);
      optimizer.Step(step);
    }
    at::set_num_threads(1);
    return layer->weight.detach();
  };
  EXPECT_TRUE(at::equal(weights(1), weights(2)));
}

TEST_F(OptimizerTest, FrozenParametersAreTheirAveragesAndStay) {
  AveragedAdamW optimizer = Make();
  SetGradients(1.0);
  optimizer.Step(0);
  const float average = optimizer.State().at("average/layer/weight").As<float>()[0];
  optimizer.Freeze("layer/w");
  EXPECT_EQ(layer_->weight.item<float>(), average);
  EXPECT_FALSE(layer_->weight.requires_grad());
  EXPECT_TRUE(layer_->bias.requires_grad()) << "its name begins otherwise";
  for (int step = 1; step < 4; ++step) {
    (layer_->weight.square().sum() + layer_->bias.square().sum()).backward();
    optimizer.Step(step);
  }
  optimizer.SwapAveraged();
  EXPECT_EQ(layer_->weight.item<float>(), average);
  EXPECT_NE(layer_->bias.item<float>(), 2.0F);
}

TEST_F(OptimizerTest, AverageIsTheRecursionOfItsDecay) {
  settings_.ema_decay = 0.5;
  AveragedAdamW optimizer = Make();
  double average = 2.0;
  for (int step = 0; step < 20; ++step) {
    SetGradients(0.1 * step - 1.0);
    optimizer.Step(step);
    // Short at the start: (1 + age) / (10 + age), never longer than asked.
    const double decay = std::min(0.5, (2.0 + step) / (11.0 + step));
    average = decay * average + (1.0 - decay) * layer_->weight.item<double>();
  }
  optimizer.SwapAveraged();
  EXPECT_NEAR(layer_->weight.item<double>(), average, 1e-5);
}

TEST_F(OptimizerTest, ParametersWithoutGradientStay) {
  settings_.weight_decay = 0.5;
  AveragedAdamW optimizer = Make();
  layer_->bias.mutable_grad() = at::ones_like(layer_->bias);
  optimizer.Step(0);
  EXPECT_EQ(layer_->weight.item<double>(), 2.0);
  EXPECT_LT(layer_->bias.item<double>(), 2.0);
}

TEST_F(OptimizerTest, GradientsAreUsedUp) {
  AveragedAdamW optimizer = Make();
  SetGradients(1.0);
  optimizer.Step(0);
  EXPECT_FALSE(layer_->weight.grad().defined());
}

TEST_F(OptimizerTest, AGradientThatIsNotFiniteAsksForALowerRate) {
  AveragedAdamW optimizer = Make();
  SetGradients(std::nan(""));
  EXPECT_THAT([&] { optimizer.Step(7); },
              ThrowsMessage<UsageError>(AllOf(HasSubstr("the gradient of step 7 is not finite"),
                                              HasSubstr("a learning rate below 0.1"))));
  EXPECT_EQ(layer_->weight.item<double>(), 2.0) << "nothing was changed";
}

TEST_F(OptimizerTest, StateOfOtherParametersNamesFileAndTensor) {
  AveragedAdamW optimizer = Make();
  const auto sound = optimizer.State();
  const auto refused = ThrowsMessage<InputError>(HasSubstr("a.state: tensor 'second/layer/bias'"));
  auto state = sound;
  state.erase("second/layer/bias");
  EXPECT_THAT([&] { optimizer.LoadState(state, "a.state"); }, refused);
  for (const Tensor& other : {Tensor(DType::kF32, {2}), Tensor(DType::kF64, {1})}) {
    state.insert_or_assign("second/layer/bias", other);
    EXPECT_THAT([&] { optimizer.LoadState(state, "a.state"); }, refused);
  }
  EXPECT_NO_THROW(optimizer.LoadState(sound, "a.state"));
}

TEST_F(OptimizerTest, WarmUpLongerThanTheStageOnlyRises) {
  settings_.warmup_steps = 100;
  for (int step = 1; step < 100; ++step) {
    EXPECT_GT(LearningRate(settings_, step), LearningRate(settings_, step - 1));
  }
}

// The orthogonalised momentum of hidden matrices.
class OptimizerTestMuon : public testing::Test {
 protected:
  OptimizerTestMuon() { torch::manual_seed(8); }

  static double Rms(const at::Tensor& x) { return x.square().mean().sqrt().item<double>(); }
  const OptimizerSettings settings_{
      .learning_rate = 0.1, .steps = 100, .weight_decay = 0.0, .gradient_clip = 1e9, .muon = true};
};

TEST_F(OptimizerTestMuon, SingularValuesComeNearOne) {
  for (const auto& [rows, columns] : {std::pair{12, 12}, std::pair{8, 30}, std::pair{40, 6}}) {
    const at::Tensor out = Orthogonalized(at::randn({rows, columns}));
    EXPECT_EQ(out.sizes(), (std::vector<int64_t>{rows, columns}));
    const at::Tensor values = at::linalg_svdvals(out);
    EXPECT_LT(values.max().item<double>(), 1.35) << rows << "x" << columns;
    if (rows != columns) {
      EXPECT_GT(values.min().item<double>(), 0.6) << rows << "x" << columns;
    }
  }
}

TEST_F(OptimizerTestMuon, DirectionsAreKept) {
  // A diagonal matrix has the identity as its orthogonal factor, signs included.
  const at::Tensor out = Orthogonalized(at::diag(torch::tensor({5.0F, -3.0F, 2.0F})));
  const at::Tensor off = out - at::diag(at::diag(out));
  EXPECT_LT(off.abs().max().item<double>(), 0.02);
  EXPECT_GT(out[0][0].item<double>(), 0.6);
  EXPECT_LT(out[1][1].item<double>(), -0.6);
}

TEST_F(OptimizerTestMuon, LengthOfTheGradientIsNoNews) {
  const at::Tensor gradient = at::randn({6, 9});
  EXPECT_LT((Orthogonalized(gradient) - Orthogonalized(64.0 * gradient)).abs().max().item<double>(),
            0.05);
}

TEST_F(OptimizerTestMuon, TransposingCommutes) {
  const at::Tensor gradient = at::randn({6, 9});
  EXPECT_TRUE(at::equal(Orthogonalized(gradient.t()), Orthogonalized(gradient).t()));
}

TEST_F(OptimizerTestMuon, NoGradientMovesNothing) {
  const at::Tensor out = Orthogonalized(at::zeros({4, 4}));
  EXPECT_EQ(out.abs().max().item<double>(), 0.0);
}

TEST_F(OptimizerTestMuon, AStepIsAsLongAsAdamsUsually) {
  for (const auto& [rows, columns] : {std::pair{16, 16}, std::pair{8, 64}, std::pair{64, 8}}) {
    torch::nn::Linear layer(columns, rows);
    const at::Tensor before = layer->weight.detach().clone();
    AveragedAdamW optimizer({{"layer", layer.get()}}, settings_);
    layer->weight.mutable_grad() = at::randn({rows, columns});
    optimizer.Step(0);
    // Root mean square 0.2 of the learning rate, up to the spread of the singular values.
    EXPECT_NEAR(Rms(layer->weight.detach() - before), 0.1 * 0.2, 0.1 * 0.05);
  }
}

TEST_F(OptimizerTestMuon, VectorsEmbeddingsAndOuterLayersAreLeftToAdamW) {
  struct Net : torch::nn::Module {
    Net() {
      hidden = register_module("hidden", torch::nn::Linear(4, 4));
      token_embedding = register_module("token_embedding", torch::nn::Embedding(4, 4));
      proj_out = register_module("proj_out", torch::nn::Linear(4, 4));
    }
    torch::nn::Linear hidden{nullptr}, proj_out{nullptr};
    torch::nn::Embedding token_embedding{nullptr};
  };
  const auto after = [&](bool muon) {
    torch::manual_seed(1);
    Net net;
    OptimizerSettings settings = settings_;
    settings.muon = muon;
    AveragedAdamW optimizer({{"net", &net}}, settings);
    for (at::Tensor& parameter : net.parameters()) {
      parameter.mutable_grad() = at::randn_like(parameter);
    }
    optimizer.Step(0);
    return optimizer.State();
  };
  const auto with = after(true), without = after(false);
  for (const char* same : {"hidden.bias", "token_embedding.weight", "proj_out.weight"}) {
    const std::string name = std::string("parameter/net/") + same;
    EXPECT_EQ(with.at(name), without.at(name)) << same;
  }
  EXPECT_FALSE(with.at("parameter/net/hidden.weight") == without.at("parameter/net/hidden.weight"));
}

TEST_F(OptimizerTestMuon, ConvolutionsAreMatricesOfTheirKernels) {
  torch::nn::Conv3d conv(torch::nn::Conv3dOptions(4, 8, 3));
  const at::Tensor before = conv->weight.detach().clone();
  AveragedAdamW optimizer({{"conv", conv.get()}}, settings_);
  conv->weight.mutable_grad() = at::randn_like(conv->weight);
  const at::Tensor direction = Orthogonalized(conv->weight.grad().flatten(1)).view_as(before);
  optimizer.Step(0);
  const at::Tensor expected = before - 0.1 * 0.2 * std::sqrt(4.0 * 27.0) * direction;
  // bfloat16 rounds the momentum's scale away, not its direction.
  EXPECT_LT((conv->weight.detach() - expected).abs().max().item<double>(), 2e-3);
}

}  // namespace
}  // namespace plumb
