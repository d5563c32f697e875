// SPDX-License-Identifier: Apache-2.0
#include <gtest/gtest.h>

#include "generator/native/internal_text_encoder.h"
#include "tests/generator/packed_clips.h"

namespace plumb {
namespace {

constexpr double kRounding = 2e-5;

// The text encoder.
class TextEncoderTest : public testing::Test {
 protected:
  TextEncoderTest() {
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

TEST_F(TextEncoderTest, BatchesArePaddedAndMasked) {
  const TokenBatch batch = EncodeCaptions(tokenizer_, {"A red ball falls.", ""}, 16);
  EXPECT_EQ(batch.ids.size(0), 2);
  EXPECT_EQ(batch.mask[1].sum().item<int64_t>(), 1) << "the end piece alone";
  EXPECT_GT(batch.mask[0].sum().item<int64_t>(), 3);
  EXPECT_TRUE(at::equal(batch.mask, batch.ids != tokenizer_.pad_id()));
  EXPECT_EQ(batch.ids.size(1), batch.mask[0].sum().item<int64_t>()) << "no longer than needed";
}

TEST_F(TextEncoderTest, LongCaptionsAreCut) {
  const std::string sentence = "A red ball falls. ";
  EXPECT_EQ(EncodeCaptions(tokenizer_, {sentence + sentence + sentence}, 6).ids.size(1), 6);
}

TEST_F(TextEncoderTest, ACaptionIsTheSameInAnyBatch) {
  const TokenBatch alone = EncodeCaptions(tokenizer_, {"A red ball."}, 16);
  const TokenBatch both =
      EncodeCaptions(tokenizer_, {"A blue cube slides down.", "A red ball."}, 16);
  const int64_t length = alone.ids.size(1);
  EXPECT_LT(Largest(encoder_->forward(alone)[0], encoder_->forward(both)[1].narrow(0, 0, length)),
            kRounding);
}

TEST_F(TextEncoderTest, OrderOfWordsMatters) {
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
