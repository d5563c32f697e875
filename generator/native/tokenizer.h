// SPDX-License-Identifier: Apache-2.0
// Captions as numbers: a SentencePiece unigram model trained on the captions of the training clips.
#pragma once

#include <cstdint>
#include <filesystem>
#include <memory>
#include <string>
#include <vector>

namespace plumb {

class Tokenizer {
 public:
  // From the bytes of a SentencePiece model; `place` names them in errors. Throws InputError when
  // they are none.
  Tokenizer(std::string model_bytes, const std::string& place);
  ~Tokenizer();
  Tokenizer(Tokenizer&&) noexcept;
  Tokenizer& operator=(Tokenizer&&) noexcept;

  int64_t vocab_size() const;
  int64_t pad_id() const { return 0; }
  // Piece ids with the end token last; at most `max_tokens` of them, the end token always kept. An
  // empty caption is the end token alone: the null condition of guidance.
  std::vector<int64_t> Encode(const std::string& caption, int64_t max_tokens) const;
  const std::string& model_bytes() const { return model_bytes_; }

 private:
  struct Implementation;
  std::string model_bytes_;
  std::unique_ptr<Implementation> implementation_;
};

// Trains a model with at most `vocab_size` pieces; fewer when the captions do not have so many. One
// thread, no random choice: equal captions give equal bytes. Throws UsageError when no caption has
// a letter.
Tokenizer TrainTokenizer(const std::vector<std::string>& captions, int vocab_size);

// Reads tokenizer/spiece.model. Throws InputError when it is missing or broken.
Tokenizer ReadTokenizer(const std::filesystem::path& path);

}  // namespace plumb
