// SPDX-License-Identifier: Apache-2.0
#include "core/document.h"

#include <algorithm>
#include <limits>
#include <utility>

#include <fmt/format.h>

#include "core/errors.h"

namespace plumb {
namespace {

// A whole number that an int64_t can hold: larger ones would come out negative.
bool IsInteger(const Json& value) {
  return value.is_number_integer() &&
         !(value.is_number_unsigned() &&
           value.get<uint64_t>() > static_cast<uint64_t>(std::numeric_limits<int64_t>::max()));
}

}  // namespace

std::string EscapePointer(const std::string& key) {
  std::string escaped;
  for (const char c : key) {
    escaped += c == '~' ? "~0" : c == '/' ? "~1" : std::string(1, c);
  }
  return escaped;
}

std::string Document::Place(const std::string& pointer) const {
  for (std::string at = pointer; !at.empty(); at.resize(at.rfind('/'))) {
    const auto found = lines.find(at);
    if (found != lines.end()) return fmt::format("{}:{}", file, found->second);
  }
  return file;
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
  if (!IsInteger(*value)) Fail(key, "expected a whole number");
  return value->get<int64_t>();
}

uint64_t ObjectReader::Seed(const std::string& key, uint64_t fallback) {
  const Json* value = Find(key);
  if (value == nullptr) return fallback;
  if (!value->is_number_integer()) Fail(key, "expected a whole number");
  const bool negative = !value->is_number_unsigned() && value->get<int64_t>() < 0;
  if (negative) Fail(key, "must not be negative");
  return value->get<uint64_t>();
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

std::vector<std::vector<double>> ObjectReader::NumberLists(const std::string& key) {
  const Json* value = Find(key);
  if (value == nullptr) return {};
  const auto is_row = [](const Json& row) {
    return row.is_array() &&
           std::all_of(row.begin(), row.end(), [](const Json& entry) { return entry.is_number(); });
  };
  if (!value->is_array() || !std::all_of(value->begin(), value->end(), is_row)) {
    Fail(key, "expected a list of lists of numbers");
  }
  return value->get<std::vector<std::vector<double>>>();
}

std::vector<int64_t> ObjectReader::Integers(const std::string& key,
                                            const std::vector<int64_t>& fallback) {
  const Json* value = Find(key);
  if (value == nullptr) return fallback;
  if (!value->is_array()) Fail(key, "expected a list of whole numbers");
  std::vector<int64_t> integers;
  for (const Json& entry : *value) {
    if (!IsInteger(entry)) Fail(key, "expected a list of whole numbers");
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
