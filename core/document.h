// SPDX-License-Identifier: Apache-2.0
// A parsed file that remembers where everything stood, and a reader that refuses what it does not
// know.
#pragma once

#include <map>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "core/json.h"
#include "core/nearest_name.h"

namespace plumb {

// JSON (or YAML, read by `app` into the same form) with the line of each value, keyed by JSON
// pointer ("/scenes/0").
struct Document {
  std::string file;
  Json root;
  std::map<std::string, int> lines;

  // "suite.yaml:12" for the value at `pointer`, or for its nearest known ancestor.
  std::string Place(const std::string& pointer) const;
};

// A key as it stands in a JSON pointer: "/" is written "~1", "~" is written "~0" (RFC 6901).
std::string EscapePointer(const std::string& key);

// Parses JSON with line numbers. Throws InputError with file and line on a syntax error, a
// duplicate key, more than 64 levels or more than 64 MB.
Document ParseJsonDocument(const std::string& text, const std::string& file);

// Reads the fields of one object. Ask for every field, then call Finish(): keys nobody asked for
// are refused with file, line, key and the nearest name that was asked for. All errors are
// UsageError.
class ObjectReader {
 public:
  // Throws when the value at `pointer` is no object.
  ObjectReader(const Document& document, std::string pointer);

  bool Has(const std::string& key);
  // The value when the key is there, `fallback` otherwise; throws when the type is wrong.
  std::string Text(const std::string& key, const std::string& fallback);
  double Number(const std::string& key, double fallback);
  int64_t Integer(const std::string& key, int64_t fallback);
  uint64_t Seed(const std::string& key, uint64_t fallback);  // a whole number of 0 to 2⁶⁴ − 1
  bool Flag(const std::string& key, bool fallback);
  std::vector<double> Numbers(const std::string& key, const std::vector<double>& fallback);
  // A list of lists of numbers; empty when absent.
  std::vector<std::vector<double>> NumberLists(const std::string& key);
  std::vector<int64_t> Integers(const std::string& key, const std::vector<int64_t>& fallback);
  std::vector<std::string> Texts(const std::string& key, const std::vector<std::string>& fallback);
  // Readers of the objects in the list at `key` (empty when absent), or of the object itself.
  std::vector<ObjectReader> Objects(const std::string& key);
  ObjectReader Object(const std::string& key);

  void Require(const std::string& key);  // throws when the key is missing
  [[noreturn]] void Fail(const std::string& key, const std::string& expected) const;
  void Finish() const;

 private:
  const Json* Find(const std::string& key);
  const Document* document_;
  std::string pointer_;
  const Json* object_;
  std::set<std::string> asked_;
};

}  // namespace plumb
