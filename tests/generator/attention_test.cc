// SPDX-License-Identifier: Apache-2.0
// Symmetries of attention, and of the transformer as far as its positions leave them.
#include <gtest/gtest.h>

#include "generator/native/internal_text_encoder.h"
#include "generator/native/internal_transformer.h"
#include "generator/schedulers/internal_sampler.h"

namespace plumb {
namespace {

constexpr double kRounding = 2e-5;

double Largest(const at::Tensor& a, const at::Tensor& b) {
  return (a - b).abs().max().item<double>();
}

void DrawAnew(torch::nn::Module& module) {
  torch::NoGradGuard no_grad;
  for (at::Tensor& parameter : module.parameters()) {
    parameter.copy_(0.3 * at::randn_like(parameter));
  }
}

class AttentionTest : public testing::Test {
 protected:
  AttentionTest() {
    at::set_num_threads(1);
    torch::manual_seed(21);
    config_ = PresetConfig("test").transformer;
    self_ = Attention(config_, config_.Width());
    cross_ = Attention(config_, config_.text_dim);
    network_ = SpacetimeTransformer(config_);
    DrawAnew(*self_);
    DrawAnew(*cross_);
    DrawAnew(*network_);
    // A latent frame of 2 x 3 tokens, 3 frames; frame 0 is known.
    input_.latents = at::randn({2, 4, 3, 4, 6});
    input_.timesteps = torch::tensor({0.0F, 600.0F, 0.0F, 150.0F}).view({2, 2});
    input_.levels = torch::tensor({0, 1, 1, 0, 1, 1}, at::kLong).view({2, 3});
    input_.times_s = at::arange(3, torch::kFloat64) / 6.0;
    input_.text = at::randn({2, 5, config_.text_dim});
    input_.text_mask = at::ones({2, 5}, torch::kBool);
  }

  const torch::NoGradGuard no_grad_;
  TransformerConfig config_;
  Attention self_{nullptr}, cross_{nullptr};
  SpacetimeTransformer network_{nullptr};
  TransformerInput input_;
};

TEST_F(AttentionTest, WithoutRotationOrderIsNotSeen) {
  const at::Tensor x = at::randn({1, 7, config_.Width()});
  const at::Tensor order = torch::tensor({3, 0, 6, 1, 5, 2, 4}, at::kLong);
  const at::Tensor shuffled = x.index_select(1, order);
  EXPECT_LT(Largest(self_->forward(shuffled, shuffled, {}, {}),
                    self_->forward(x, x, {}, {}).index_select(1, order)),
            kRounding);
}

TEST_F(AttentionTest, WithRotationOrderIsSeen) {
  const at::Tensor x = at::randn({1, 4, config_.Width()});
  const at::Tensor positions = at::arange(4, at::kDouble).unsqueeze(1).expand({4, 3});
  const at::Tensor rope = MakeRopeTable(positions, config_);
  EXPECT_GT(Largest(self_->forward(x.flip(1), x.flip(1), rope, {}),
                    self_->forward(x, x, rope, {}).flip(1)),
            1e-4);
}

TEST_F(AttentionTest, ATokenAttendingAloneGetsItsValue) {
  const at::Tensor x = at::randn({1, 3, config_.Width()});
  const at::Tensor context = at::randn({1, 4, config_.text_dim});
  const at::Tensor mask = torch::tensor({false, false, true, false}).view({1, 1, 1, 4});
  const at::Tensor expected =
      cross_->to_out->forward(cross_->to_v->forward(context.narrow(1, 2, 1)));
  EXPECT_LT(Largest(cross_->forward(x, context, {}, mask), expected.expand({-1, 3, -1})),
            kRounding);
}

TEST_F(AttentionTest, ContextSaidTwiceIsNoNews) {
  const at::Tensor x = at::randn({1, 3, config_.Width()});
  const at::Tensor context = at::randn({1, 4, config_.text_dim});
  EXPECT_LT(Largest(cross_->forward(x, context, {}, {}),
                    cross_->forward(x, at::cat({context, context}, 1), {}, {})),
            kRounding);
}

TEST_F(AttentionTest, QueriesOfAnyLengthAskTheSame) {
  const at::Tensor x = at::randn({1, 3, config_.Width()});
  const at::Tensor context = at::randn({1, 4, config_.text_dim});
  cross_->to_q->bias.zero_();
  EXPECT_LT(Largest(cross_->forward(x, context, {}, {}), cross_->forward(9.0 * x, context, {}, {})),
            1e-3)
      << "queries are normed";
}

TEST_F(AttentionTest, OrderOfTheBatchIsNotSeen) {
  TransformerInput swapped = input_;
  for (at::Tensor* part :
       {&swapped.latents, &swapped.timesteps, &swapped.levels, &swapped.text, &swapped.text_mask}) {
    *part = part->flip(0);
  }
  EXPECT_LT(Largest(network_->forward(swapped), network_->forward(input_).flip(0)), kRounding);
}

TEST_F(AttentionTest, OrderOfTheTextStatesIsNotSeen) {
  TransformerInput shuffled = input_;
  shuffled.text = input_.text.flip(1);
  EXPECT_LT(Largest(network_->forward(shuffled), network_->forward(input_)), kRounding)
      << "the text encoder alone tells order";
}

TEST_F(AttentionTest, NamesOfTheLevelsAreFree) {
  TransformerInput renamed = input_;
  renamed.timesteps = input_.timesteps.flip(1);
  renamed.levels = 1 - input_.levels;
  EXPECT_LT(Largest(network_->forward(renamed), network_->forward(input_)), kRounding);
}

TEST_F(AttentionTest, ALevelThatNoTokenHasIsNotSeen) {
  TransformerInput known = input_;
  known.levels = at::zeros_like(input_.levels);
  const at::Tensor before = network_->forward(known);
  known.timesteps = torch::tensor({0.0F, 999.0F, 0.0F, 1.0F}).view({2, 2});
  EXPECT_EQ(Largest(network_->forward(known), before), 0.0);
}

TEST_F(AttentionTest, KnownFramesReachTheOthers) {
  TransformerInput changed = input_;
  changed.latents = input_.latents.clone();
  changed.latents.narrow(2, 0, 1).add_(0.5);
  const at::Tensor a = network_->forward(input_), b = network_->forward(changed);
  EXPECT_GT(Largest(a.narrow(2, 2, 1), b.narrow(2, 2, 1)), 1e-3);
}

TEST_F(AttentionTest, LaterFramesReachEarlierOnes) {
  TransformerInput changed = input_;
  changed.latents = input_.latents.clone();
  changed.latents.narrow(2, 2, 1).add_(0.5);
  const at::Tensor a = network_->forward(input_), b = network_->forward(changed);
  EXPECT_GT(Largest(a.narrow(2, 1, 1), b.narrow(2, 1, 1)), 1e-3) << "attention is over the clip";
}

// Guidance with the network itself: v_null + g·(v_caption − v_null), the null condition being the
// states of the empty caption.
TEST_F(AttentionTest, GuidedStepOfTheNetworkIsTheFormula) {
  const at::Tensor null_text = at::randn({2, 1, config_.text_dim});
  const auto velocity = [&](const at::Tensor& x, float timestep, bool conditional) {
    TransformerInput input = input_;
    input.latents = x;
    input.timesteps = torch::tensor({0.0F, timestep, 0.0F, timestep}).view({2, 2});
    if (!conditional) {
      input.text = null_text;
      input.text_mask = at::ones({2, 1}, torch::kBool);
    }
    return network_->forward(input);
  };
  SamplerInput sampling;
  sampling.noise = input_.latents;
  sampling.clean = at::zeros_like(input_.latents);
  sampling.known = at::zeros({1, 1, 1, 1, 1}, torch::kBool);
  sampling.steps = 1;
  sampling.guidance = 3.0;
  const at::Tensor caption = velocity(sampling.noise, 1000.0F, true);
  const at::Tensor null = velocity(sampling.noise, 1000.0F, false);
  EXPECT_GT(Largest(caption, null), 1e-3);
  const at::Tensor expected = sampling.noise - (null + 3.0 * (caption - null));
  EXPECT_LT(Largest(Sample(sampling, velocity, {}), expected), 1e-4);
}

TEST_F(AttentionTest, FlopsAreProportionalToTheBatch) {
  const double one = ForwardFlops(config_, {1, 4, 3, 4, 6}, 5);
  EXPECT_DOUBLE_EQ(ForwardFlops(config_, {3, 4, 3, 4, 6}, 5), 3.0 * one);
  EXPECT_GT(ForwardFlops(config_, {1, 4, 6, 4, 6}, 5), 2.0 * one) << "attention is quadratic";
}

// The text encoder.
class AttentionTestTextEncoder : public testing::Test {
 protected:
  AttentionTestTextEncoder() {
    at::set_num_threads(1);
    torch::manual_seed(22);
    config_ = PresetConfig("test").text_encoder;
    config_.vocab_size = tokenizer_.vocab_size();
    encoder_ = TextEncoder(config_);
    DrawAnew(*encoder_);
  }

  const torch::NoGradGuard no_grad_;
  const Tokenizer tokenizer_ =
      TrainTokenizer({"A red ball falls.", "A blue cube slides down."}, 80);
  TextEncoderConfig config_;
  TextEncoder encoder_{nullptr};
};

TEST_F(AttentionTestTextEncoder, BatchesArePaddedAndMasked) {
  const TokenBatch batch = EncodeCaptions(tokenizer_, {"A red ball falls.", ""}, 16);
  EXPECT_EQ(batch.ids.size(0), 2);
  EXPECT_EQ(batch.mask[1].sum().item<int64_t>(), 1) << "the end piece alone";
  EXPECT_GT(batch.mask[0].sum().item<int64_t>(), 3);
  EXPECT_TRUE(at::equal(batch.mask, batch.ids != tokenizer_.pad_id()));
  EXPECT_EQ(batch.ids.size(1), batch.mask[0].sum().item<int64_t>()) << "no longer than needed";
}

TEST_F(AttentionTestTextEncoder, LongCaptionsAreCut) {
  const std::string sentence = "A red ball falls. ";
  EXPECT_EQ(EncodeCaptions(tokenizer_, {sentence + sentence + sentence}, 6).ids.size(1), 6);
}

TEST_F(AttentionTestTextEncoder, ACaptionIsTheSameInAnyBatch) {
  const TokenBatch alone = EncodeCaptions(tokenizer_, {"A red ball."}, 16);
  const TokenBatch both =
      EncodeCaptions(tokenizer_, {"A blue cube slides down.", "A red ball."}, 16);
  const int64_t length = alone.ids.size(1);
  EXPECT_LT(Largest(encoder_->forward(alone)[0], encoder_->forward(both)[1].narrow(0, 0, length)),
            kRounding);
}

TEST_F(AttentionTestTextEncoder, OrderOfWordsMatters) {
  const TokenBatch one = EncodeCaptions(tokenizer_, {"red ball"}, 16);
  TokenBatch other = one;
  other.ids = one.ids.clone();
  other.ids[0][0] = one.ids[0][1];
  other.ids[0][1] = one.ids[0][0];
  ASSERT_NE(one.ids[0][0].item<int64_t>(), one.ids[0][1].item<int64_t>());
  const at::Tensor swapped = encoder_->forward(other).index_select(
      1, at::cat({torch::tensor({1, 0}, at::kLong), at::arange(2, one.ids.size(1))}));
  EXPECT_GT(Largest(encoder_->forward(one), swapped), 1e-3);
}

}  // namespace
}  // namespace plumb
