// SPDX-License-Identifier: Apache-2.0
// SentencePiece behind a wall. Its library exports a protobuf of its own, which breaks Debian's
// libprotobuf (OpenCV brings it along) when both stand in one program's symbol table, and the other
// way round. So it is linked into a module of its own, libplumb_sentencepiece.so, that is loaded
// with its symbols kept to itself.
#pragma once

#include <memory>
#include <string>
#include <vector>

namespace plumb {

// A loaded model.
class SentencePieceModel {
 public:
  virtual ~SentencePieceModel() = default;
  virtual int Size() const = 0;
  virtual int PadId() const = 0;
  virtual int EndId() const = 0;
  virtual std::vector<int> Encode(const std::string& text) const = 0;
};

// What the module offers. No exception leaves it: failures come back as text in `error`.
class SentencePieceLibrary {
 public:
  struct Loaded {
    std::unique_ptr<SentencePieceModel> model;
    std::string error;
  };
  struct Trained {
    std::string model_bytes;
    std::string error;
  };
  virtual ~SentencePieceLibrary() = default;
  virtual Loaded Load(const std::string& model_bytes) const = 0;
  virtual Trained Train(const std::vector<std::string>& sentences, int vocab_size) const = 0;
};

// The module's only exported symbol has this type.
using SentencePieceEntry = const SentencePieceLibrary* (*)();
inline constexpr char kSentencePieceEntry[] = "PlumbSentencePieceEntry";

}  // namespace plumb
