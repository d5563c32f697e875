// SPDX-License-Identifier: Apache-2.0
// JSON text into a Document: nlohmann's parser, watched while it walks (declared in document.h
// and result_document.h).
#include <iterator>
#include <limits>
#include <utility>

#include <fmt/format.h>

#include "core/document.h"
#include "core/errors.h"
#include "core/result_document.h"

namespace plumb {
namespace {

constexpr size_t kMaxBytes = 64 << 20;
constexpr size_t kMaxDepth = 64;

// An input iterator over the text that counts the lines it has passed, shared by all its copies.
class LineCountingIterator {
 public:
  using iterator_category = std::input_iterator_tag;
  using value_type = char;
  using difference_type = std::ptrdiff_t;
  using pointer = const char*;
  using reference = const char&;

  LineCountingIterator(const char* at, int* line) : at_(at), line_(line) {}
  reference operator*() const { return *at_; }
  LineCountingIterator& operator++() {
    if (line_ != nullptr && *at_ == '\n') ++*line_;
    ++at_;
    return *this;
  }
  bool operator==(const LineCountingIterator& other) const { return at_ == other.at_; }
  bool operator!=(const LineCountingIterator& other) const { return at_ != other.at_; }

 private:
  const char* at_;
  int* line_;
};

// Builds the value and the line of each pointer while nlohmann's parser walks the text.
class DocumentBuilder : public nlohmann::json_sax<Json> {
 public:
  DocumentBuilder(Document& document, const int* line) : document_(document), line_(line) {}

  bool null() override { return Add(nullptr); }
  bool boolean(bool value) override { return Add(value); }
  bool number_integer(number_integer_t value) override { return Add(value); }
  bool number_unsigned(number_unsigned_t value) override { return Add(value); }
  bool number_float(number_float_t value, const string_t& text) override {
    if (value > std::numeric_limits<double>::max() ||
        value < std::numeric_limits<double>::lowest()) {
      Fail(fmt::format("number {} is too large", text));
    }
    return Add(value);
  }
  bool string(string_t& value) override { return Add(value); }
  bool binary(binary_t&) override { return false; }
  bool start_object(std::size_t) override { return Open(Json::object()); }
  bool end_object() override { return Close(); }
  bool start_array(std::size_t) override { return Open(Json::array()); }
  bool end_array() override { return Close(); }

  bool key(string_t& name) override {
    if (open_.back().value->contains(name)) Fail(fmt::format("key '{}' stands twice", name));
    key_ = name;
    document_.lines[open_.back().pointer + "/" + EscapePointer(name)] = *line_;
    return true;
  }

  bool parse_error(std::size_t,
                   const std::string& token,
                   const nlohmann::detail::exception&) override {
    Fail(fmt::format("no valid JSON near '{}'", token.substr(0, 40)));
  }

 private:
  struct Level {
    Json* value;
    std::string pointer;
  };

  [[noreturn]] void Fail(const std::string& message) const {
    throw InputError(fmt::format("{}:{}", document_.file, *line_), message);
  }

  // Where the next value belongs, and its pointer.
  Level Place(Json value) {
    if (open_.empty()) {
      document_.root = std::move(value);
      return {&document_.root, ""};
    }
    const Level& parent = open_.back();
    if (parent.value->is_object()) {
      Json& slot = (*parent.value)[key_] = std::move(value);
      return {&slot, parent.pointer + "/" + EscapePointer(key_)};
    }
    const std::string pointer = fmt::format("{}/{}", parent.pointer, parent.value->size());
    document_.lines[pointer] = *line_;
    parent.value->push_back(std::move(value));
    return {&parent.value->back(), pointer};
  }

  bool Add(Json value) {
    Place(std::move(value));
    return true;
  }
  bool Open(Json value) {
    if (open_.size() >= kMaxDepth) Fail(fmt::format("more than {} levels", kMaxDepth));
    open_.push_back(Place(std::move(value)));
    return true;
  }
  bool Close() {
    open_.pop_back();
    return true;
  }

  Document& document_;
  const int* line_;
  std::vector<Level> open_;
  std::string key_;
};

Document Parse(const std::string& text, const std::string& file) {
  Document document;
  document.file = file;
  int line = 1;
  DocumentBuilder builder(document, &line);
  Json::sax_parse(LineCountingIterator(text.data(), &line),
                  LineCountingIterator(text.data() + text.size(), nullptr),
                  &builder);
  return document;
}

}  // namespace

Document ParseJsonDocument(const std::string& text, const std::string& file) {
  if (text.size() > kMaxBytes) throw InputError(file, "more than 64 MB of JSON");
  return Parse(text, file);
}

Document ParseResultDocument(const std::string& text, const std::string& file) {
  if (text.size() > size_t{kMaxResultBytes}) throw InputError(file, "more than 1 GB of JSON");
  return Parse(text, file);
}

}  // namespace plumb
