// SPDX-License-Identifier: Apache-2.0
#include "generator/native/tokenizer.h"

#include <gtest/gtest.h>

#include "core/errors.h"

namespace plumb {
namespace {

const std::vector<std::string> kCaptions = {"A red rubber ball falls onto a wooden floor.",
                                            "A blue steel cube slides down a ramp.",
                                            "A green ball rolls behind a wall.",
                                            "The camera moves on an arc round a room."};

TEST(TokenizerTest, EndPieceIsLast) {
  const Tokenizer tokenizer = TrainTokenizer(kCaptions, 200);
  const std::vector<int64_t> ids = tokenizer.Encode(kCaptions[0], 64);
  EXPECT_GT(ids.size(), 5U);
  EXPECT_EQ(ids.back(), tokenizer.Encode("", 64).back());
  for (const int64_t id : ids) {
    EXPECT_GT(id, tokenizer.pad_id());
    EXPECT_LT(id, tokenizer.vocab_size());
  }
}

TEST(TokenizerTest, EmptyCaptionIsTheEndAlone) {
  EXPECT_EQ(TrainTokenizer(kCaptions, 200).Encode("", 64).size(), 1U);
}

TEST(TokenizerTest, LongCaptionsAreCutButEnd) {
  const Tokenizer tokenizer = TrainTokenizer(kCaptions, 200);
  const std::vector<int64_t> whole = tokenizer.Encode(kCaptions[1], 64);
  const std::vector<int64_t> cut = tokenizer.Encode(kCaptions[1], 4);
  ASSERT_EQ(cut.size(), 4U);
  EXPECT_TRUE(std::equal(cut.begin(), cut.begin() + 3, whole.begin()));
  EXPECT_EQ(cut.back(), whole.back());
}

TEST(TokenizerTest, LetterCaseDoesNotMatter) {
  const Tokenizer tokenizer = TrainTokenizer(kCaptions, 200);
  EXPECT_EQ(tokenizer.Encode("a RED ball", 64), tokenizer.Encode("A red ball", 64));
}

TEST(TokenizerTest, EqualCaptionsGiveEqualBytes) {
  std::vector<std::string> reversed(kCaptions.rbegin(), kCaptions.rend());
  reversed.push_back(kCaptions[0]);
  EXPECT_EQ(TrainTokenizer(kCaptions, 200).model_bytes(),
            TrainTokenizer(reversed, 200).model_bytes());
}

TEST(TokenizerTest, BytesGiveTheSameTokenizerBack) {
  const Tokenizer trained = TrainTokenizer(kCaptions, 200);
  const Tokenizer read(trained.model_bytes(), "memory");
  EXPECT_EQ(read.vocab_size(), trained.vocab_size());
  EXPECT_EQ(read.Encode(kCaptions[2], 64), trained.Encode(kCaptions[2], 64));
}

TEST(TokenizerTest, OtherBytesAreRejected) {
  EXPECT_THROW(Tokenizer("no model at all", "tokenizer/spiece.model"), InputError);
  EXPECT_THROW(ReadTokenizer("/nonexistent/spiece.model"), InputError);
}

}  // namespace
}  // namespace plumb
