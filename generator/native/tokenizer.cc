// SPDX-License-Identifier: Apache-2.0
#include "generator/native/tokenizer.h"

#include <dlfcn.h>
#include <fstream>
#include <set>
#include <sstream>

#include "core/check.h"
#include "core/errors.h"
#include "generator/native/internal_sentencepiece.h"

namespace plumb {
namespace {

// Symbols of the module and of what it brings along are looked up in the module first and shown to
// nobody.
#if defined(__SANITIZE_ADDRESS__)
constexpr int kLoadFlags = RTLD_NOW | RTLD_LOCAL;  // the sanitizer refuses RTLD_DEEPBIND
#else
constexpr int kLoadFlags = RTLD_NOW | RTLD_LOCAL | RTLD_DEEPBIND;
#endif

// Beside the program, or where it was built.
void* OpenModule() {
  std::error_code error;
  const auto program = std::filesystem::read_symlink("/proc/self/exe", error);
  const auto beside = program.parent_path() / "libplumb_sentencepiece.so";
  if (!error && std::filesystem::exists(beside)) return dlopen(beside.c_str(), kLoadFlags);
  return dlopen(PLUMB_SENTENCEPIECE_MODULE, kLoadFlags);
}

const SentencePieceLibrary& Library() {
  static const SentencePieceLibrary* library = [] {
    void* module = OpenModule();
    if (module == nullptr) throw EnvironmentError(fmt::format("SentencePiece: {}", dlerror()));
    const auto entry = reinterpret_cast<SentencePieceEntry>(dlsym(module, kSentencePieceEntry));
    if (entry == nullptr) throw EnvironmentError(fmt::format("SentencePiece: {}", dlerror()));
    return entry();
  }();
  return *library;
}

}  // namespace

struct Tokenizer::Implementation {
  std::unique_ptr<SentencePieceModel> model;
};

Tokenizer::Tokenizer(std::string model_bytes, const std::string& place)
    : model_bytes_(std::move(model_bytes)), implementation_(std::make_unique<Implementation>()) {
  SentencePieceLibrary::Loaded loaded = Library().Load(model_bytes_);
  if (loaded.model == nullptr) {
    throw InputError(place, "is no SentencePiece model: " + loaded.error);
  }
  implementation_->model = std::move(loaded.model);
  if (implementation_->model->PadId() != pad_id() || implementation_->model->EndId() < 0) {
    throw InputError(place, "needs the pad piece at 0 and an end piece");
  }
}

Tokenizer::~Tokenizer() = default;
Tokenizer::Tokenizer(Tokenizer&&) noexcept = default;
Tokenizer& Tokenizer::operator=(Tokenizer&&) noexcept = default;

int64_t Tokenizer::vocab_size() const { return implementation_->model->Size(); }

std::vector<int64_t> Tokenizer::Encode(const std::string& caption, int64_t max_tokens) const {
  PLUMB_CHECK(max_tokens >= 1, "{} tokens", max_tokens);
  const std::vector<int> pieces = implementation_->model->Encode(caption);
  std::vector<int64_t> ids(pieces.begin(), pieces.end());
  if (static_cast<int64_t>(ids.size()) > max_tokens - 1) ids.resize(max_tokens - 1);
  ids.push_back(implementation_->model->EndId());
  return ids;
}

Tokenizer TrainTokenizer(const std::vector<std::string>& captions, int vocab_size) {
  // Repeated captions teach nothing new; their order must not matter.
  const std::set<std::string> unique(captions.begin(), captions.end());
  const std::vector<std::string> sentences(unique.begin(), unique.end());
  SentencePieceLibrary::Trained trained = Library().Train(sentences, vocab_size);
  if (!trained.error.empty()) {
    throw UsageError("captions give no tokenizer: " + trained.error);
  }
  return Tokenizer(std::move(trained.model_bytes), "trained tokenizer");
}

Tokenizer ReadTokenizer(const std::filesystem::path& path) {
  std::ifstream stream(path, std::ios::binary);
  if (!stream) throw InputError(path.string(), "cannot be opened; a native checkpoint needs it");
  std::ostringstream bytes;
  bytes << stream.rdbuf();
  return Tokenizer(bytes.str(), path.string());
}

}  // namespace plumb
