// SPDX-License-Identifier: Apache-2.0
// The whole of libplumb_sentencepiece.so; see internal_sentencepiece.h.
#include <unordered_map>

#include <sentencepiece_processor.h>
#include <sentencepiece_trainer.h>

#include "generator/native/internal_sentencepiece.h"

namespace plumb {
namespace {

class Model : public SentencePieceModel {
 public:
  int Size() const override { return processor_.GetPieceSize(); }
  int PadId() const override { return processor_.pad_id(); }
  int EndId() const override { return processor_.eos_id(); }
  std::vector<int> Encode(const std::string& text) const override {
    std::vector<int> pieces;
    const auto status = processor_.Encode(text, &pieces);
    return status.ok() ? pieces : std::vector<int>{};
  }
  sentencepiece::SentencePieceProcessor processor_;
};

class SentenceList : public sentencepiece::SentenceIterator {
 public:
  explicit SentenceList(const std::vector<std::string>& sentences) : sentences_(sentences) {}
  bool done() const override { return index_ >= sentences_.size(); }
  void Next() override { ++index_; }
  const std::string& value() const override { return sentences_[index_]; }
  sentencepiece::util::Status status() const override { return {}; }

 private:
  const std::vector<std::string>& sentences_;
  size_t index_ = 0;
};

class Library : public SentencePieceLibrary {
 public:
  Loaded Load(const std::string& model_bytes) const override {
    auto model = std::make_unique<Model>();
    const auto status = model->processor_.LoadFromSerializedProto(model_bytes);
    if (!status.ok()) return {nullptr, status.ToString()};
    return {std::move(model), ""};
  }

  // One thread and no shuffling: equal sentences give equal bytes.
  Trained Train(const std::vector<std::string>& sentences, int vocab_size) const override {
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
    SentenceList list(sentences);
    Trained trained;
    const auto status =
        sentencepiece::SentencePieceTrainer::Train(settings, &list, &trained.model_bytes);
    if (!status.ok()) trained.error = status.ToString();
    return trained;
  }
};

}  // namespace
}  // namespace plumb

extern "C" __attribute__((visibility("default"))) const plumb::SentencePieceLibrary*
PlumbSentencePieceEntry() {
  static const plumb::Library library;
  return &library;
}
