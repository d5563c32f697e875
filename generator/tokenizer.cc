// SPDX-License-Identifier: Apache-2.0
#include "generator/tokenizer.h"

#include <algorithm>
#include <fstream>
#include <set>
#include <sstream>
#include <unordered_map>

#include <sentencepiece_processor.h>
#include <sentencepiece_trainer.h>

#include "core/check.h"
#include "core/errors.h"

namespace plumb {
namespace {

class CaptionIterator : public sentencepiece::SentenceIterator {
 public:
  explicit CaptionIterator(const std::vector<std::string>& captions) : captions_(captions) {}
  bool done() const override { return index_ >= captions_.size(); }
  void Next() override { ++index_; }
  const std::string& value() const override { return captions_[index_]; }
  sentencepiece::util::Status status() const override { return {}; }

 private:
  const std::vector<std::string>& captions_;
  size_t index_ = 0;
};

}  // namespace

struct Tokenizer::Implementation {
  sentencepiece::SentencePieceProcessor processor;
};

Tokenizer::Tokenizer(std::string model_bytes, const std::string& place)
    : model_bytes_(std::move(model_bytes)), implementation_(std::make_unique<Implementation>()) {
  const auto status = implementation_->processor.LoadFromSerializedProto(model_bytes_);
  if (!status.ok()) throw InputError(place, "is no SentencePiece model: " + status.ToString());
  const auto& processor = implementation_->processor;
  if (processor.pad_id() != pad_id() || processor.eos_id() < 0) {
    throw InputError(place, "needs the pad piece at 0 and an end piece");
  }
}

Tokenizer::~Tokenizer() = default;
Tokenizer::Tokenizer(Tokenizer&&) noexcept = default;
Tokenizer& Tokenizer::operator=(Tokenizer&&) noexcept = default;

int64_t Tokenizer::vocab_size() const { return implementation_->processor.GetPieceSize(); }

std::vector<int64_t> Tokenizer::Encode(const std::string& caption, int64_t max_tokens) const {
  PLUMB_CHECK(max_tokens >= 1, "{} tokens", max_tokens);
  std::vector<int> pieces;
  const auto status = implementation_->processor.Encode(caption, &pieces);
  PLUMB_CHECK(status.ok(), "{}", status.ToString());
  std::vector<int64_t> ids(pieces.begin(), pieces.end());
  if (static_cast<int64_t>(ids.size()) > max_tokens - 1) ids.resize(max_tokens - 1);
  ids.push_back(implementation_->processor.eos_id());
  return ids;
}

Tokenizer TrainTokenizer(const std::vector<std::string>& captions, int vocab_size) {
  // Repeated captions teach nothing new; their order must not matter.
  const std::set<std::string> unique(captions.begin(), captions.end());
  const std::vector<std::string> sentences(unique.begin(), unique.end());
  const std::unordered_map<std::string, std::string> settings = {
      {"model_type", "unigram"},
      {"vocab_size", std::to_string(vocab_size)},
      {"hard_vocab_limit", "false"},
      {"pad_id", "0"},
      {"unk_id", "1"},
      {"eos_id", "2"},
      {"bos_id", "-1"},
      {"num_threads", "1"},
      {"character_coverage", "1.0"},
      {"normalization_rule_name", "nmt_nfkc_cf"},
      {"shuffle_input_sentence", "false"},
      {"minloglevel", "2"}};
  std::string model_bytes;
  CaptionIterator iterator(sentences);
  const auto status = sentencepiece::SentencePieceTrainer::Train(settings, &iterator, &model_bytes);
  if (!status.ok()) throw UsageError("captions give no tokenizer: " + status.ToString());
  return Tokenizer(std::move(model_bytes), "trained tokenizer");
}

Tokenizer ReadTokenizer(const std::filesystem::path& path) {
  std::ifstream stream(path, std::ios::binary);
  if (!stream) throw InputError(path.string(), "cannot be opened; a native checkpoint needs it");
  std::ostringstream bytes;
  bytes << stream.rdbuf();
  return Tokenizer(bytes.str(), path.string());
}

}  // namespace plumb
