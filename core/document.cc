// SPDX-License-Identifier: Apache-2.0
#include "core/document.h"

#include <algorithm>
#include <iterator>
#include <limits>
#include <memory>

#include <fmt/format.h>

#include "core/errors.h"

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

std::string EscapePointer(const std::string& key) {
  std::string escaped;
  for (const char c : key) {
    escaped += c == '~' ? "~0" : c == '/' ? "~1" : std::string(1, c);
  }
  return escaped;
}

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

// Insertions, deletions, substitutions and swaps of neighbours (optimal string alignment).
size_t EditDistance(std::string_view a, std::string_view b) {
  std::vector<std::vector<size_t>> rows(a.size() + 1, std::vector<size_t>(b.size() + 1));
  for (size_t i = 0; i <= a.size(); ++i) rows[i][0] = i;
  for (size_t j = 0; j <= b.size(); ++j) rows[0][j] = j;
  for (size_t i = 1; i <= a.size(); ++i) {
    for (size_t j = 1; j <= b.size(); ++j) {
      const size_t substituted = rows[i - 1][j - 1] + (a[i - 1] == b[j - 1] ? 0 : 1);
      rows[i][j] = std::min({rows[i - 1][j] + 1, rows[i][j - 1] + 1, substituted});
      const bool swapped = i > 1 && j > 1 && a[i - 1] == b[j - 2] && a[i - 2] == b[j - 1];
      if (swapped) rows[i][j] = std::min(rows[i][j], rows[i - 2][j - 2] + 1);
    }
  }
  return rows.back().back();
}

}  // namespace

std::string Document::Place(const std::string& pointer) const {
  for (std::string at = pointer; !at.empty(); at.resize(at.rfind('/'))) {
    const auto found = lines.find(at);
    if (found != lines.end()) return fmt::format("{}:{}", file, found->second);
  }
  return file;
}

Document ParseJsonDocument(const std::string& text, const std::string& file) {
  if (text.size() > kMaxBytes) throw InputError(file, "more than 64 MB of JSON");
  Document document;
  document.file = file;
  int line = 1;
  DocumentBuilder builder(document, &line);
  Json::sax_parse(LineCountingIterator(text.data(), &line),
                  LineCountingIterator(text.data() + text.size(), nullptr),
                  &builder);
  return document;
}

std::string NearestName(std::string_view name, const std::vector<std::string>& names) {
  std::string nearest;
  size_t best = std::max<size_t>(1, name.size() / 3) + 1;
  for (const std::string& candidate : names) {
    const size_t distance = EditDistance(name, candidate);
    if (distance < best) {
      best = distance;
      nearest = candidate;
    }
  }
  return nearest;
}

ObjectReader::ObjectReader(const Document& document, std::string pointer)
    : document_(&document), pointer_(std::move(pointer)) {
  object_ = &document.root.at(Json::json_pointer(pointer_));
  if (!object_->is_object()) {
    throw UsageError(fmt::format("{}: {} must be a mapping of keys to values",
                                 document.Place(pointer_),
                                 pointer_.empty() ? "the file" : pointer_));
  }
}

const Json* ObjectReader::Find(const std::string& key) {
  asked_.insert(key);
  const auto found = object_->find(key);
  return found == object_->end() || found->is_null() ? nullptr : &*found;
}

bool ObjectReader::Has(const std::string& key) { return Find(key) != nullptr; }

void ObjectReader::Fail(const std::string& key, const std::string& expected) const {
  const std::string pointer = pointer_ + "/" + EscapePointer(key);
  throw UsageError(fmt::format("{}: key '{}': {}", document_->Place(pointer), key, expected));
}

void ObjectReader::Require(const std::string& key) {
  if (!Has(key)) Fail(key, "is missing");
}

std::string ObjectReader::Text(const std::string& key, const std::string& fallback) {
  const Json* value = Find(key);
  if (value == nullptr) return fallback;
  if (!value->is_string()) Fail(key, "expected a text");
  return value->get<std::string>();
}

double ObjectReader::Number(const std::string& key, double fallback) {
  const Json* value = Find(key);
  if (value == nullptr) return fallback;
  if (!value->is_number()) Fail(key, "expected a number");
  return value->get<double>();
}

int64_t ObjectReader::Integer(const std::string& key, int64_t fallback) {
  const Json* value = Find(key);
  if (value == nullptr) return fallback;
  if (!value->is_number_integer()) Fail(key, "expected a whole number");
  return value->get<int64_t>();
}

bool ObjectReader::Flag(const std::string& key, bool fallback) {
  const Json* value = Find(key);
  if (value == nullptr) return fallback;
  if (!value->is_boolean()) Fail(key, "expected true or false");
  return value->get<bool>();
}

std::vector<double> ObjectReader::Numbers(const std::string& key,
                                          const std::vector<double>& fallback) {
  const Json* value = Find(key);
  if (value == nullptr) return fallback;
  if (!value->is_array()) Fail(key, "expected a list of numbers");
  std::vector<double> numbers;
  for (const Json& entry : *value) {
    if (!entry.is_number()) Fail(key, "expected a list of numbers");
    numbers.push_back(entry.get<double>());
  }
  return numbers;
}

std::vector<int64_t> ObjectReader::Integers(const std::string& key,
                                            const std::vector<int64_t>& fallback) {
  const Json* value = Find(key);
  if (value == nullptr) return fallback;
  if (!value->is_array()) Fail(key, "expected a list of whole numbers");
  std::vector<int64_t> integers;
  for (const Json& entry : *value) {
    if (!entry.is_number_integer()) Fail(key, "expected a list of whole numbers");
    integers.push_back(entry.get<int64_t>());
  }
  return integers;
}

std::vector<std::string> ObjectReader::Texts(const std::string& key,
                                             const std::vector<std::string>& fallback) {
  const Json* value = Find(key);
  if (value == nullptr) return fallback;
  if (!value->is_array()) Fail(key, "expected a list of texts");
  std::vector<std::string> texts;
  for (const Json& entry : *value) {
    if (!entry.is_string()) Fail(key, "expected a list of texts");
    texts.push_back(entry.get<std::string>());
  }
  return texts;
}

std::vector<ObjectReader> ObjectReader::Objects(const std::string& key) {
  const Json* value = Find(key);
  std::vector<ObjectReader> readers;
  if (value == nullptr) return readers;
  if (!value->is_array()) Fail(key, "expected a list");
  for (size_t i = 0; i < value->size(); ++i) {
    readers.emplace_back(*document_, fmt::format("{}/{}/{}", pointer_, EscapePointer(key), i));
  }
  return readers;
}

ObjectReader ObjectReader::Object(const std::string& key) {
  Require(key);
  return {*document_, pointer_ + "/" + EscapePointer(key)};
}

void ObjectReader::Finish() const {
  const std::vector<std::string> names(asked_.begin(), asked_.end());
  for (const auto& [key, value] : object_->items()) {
    if (asked_.contains(key)) continue;
    const std::string nearest = NearestName(key, names);
    Fail(key,
         nearest.empty() ? fmt::format("unknown; expected one of: {}", fmt::join(names, ", "))
                         : fmt::format("unknown; did you mean '{}'?", nearest));
  }
}

}  // namespace plumb
