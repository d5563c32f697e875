// SPDX-License-Identifier: Apache-2.0
#include "generator/dit/dit_index.h"

#include <algorithm>
#include <charconv>
#include <optional>
#include <vector>

#include <fmt/format.h>

#include "core/errors.h"
#include "core/nearest_name.h"
#include "generator/weights/config_fields.h"
#include "generator/weights/config_file.h"

namespace plumb {
namespace {

constexpr int64_t kMostClasses = 1 << 20;

std::optional<int64_t> WholeNumber(const std::string& text) {
  int64_t number = 0;
  const char* end = text.data() + text.size();
  const auto [last, error] = std::from_chars(text.data(), end, number);
  if (error != std::errc() || last != end) return std::nullopt;
  return number;
}

std::string Trimmed(const std::string& text) {
  constexpr const char* kSpaces = " \t\n\r";
  const size_t first = text.find_first_not_of(kSpaces);
  if (first == text.npos) return "";
  return text.substr(first, text.find_last_not_of(kSpaces) - first + 1);
}

// "id2label": {"1": "goldfish, Carassius auratus"}; commas stand between names of one class.
std::map<std::string, int64_t> Labels(ObjectReader& reader, const Document& document) {
  std::map<std::string, int64_t> labels;
  if (!reader.Has("id2label")) return labels;
  ObjectReader names = reader.Object("id2label");
  for (const auto& [key, value] : document.root["id2label"].items()) {
    const std::optional<int64_t> id = WholeNumber(key);
    if (!id || *id < 0 || *id >= kMostClasses) names.Fail(key, "expected the number of a class");
    const std::string all = names.Text(key, "");
    for (size_t begin = 0; begin <= all.size();) {
      const size_t comma = std::min(all.find(',', begin), all.size());
      const std::string name = Trimmed(all.substr(begin, comma - begin));
      // A name of two classes means the later one, as in Diffusers.
      if (!name.empty()) labels[name] = std::max(labels[name], *id);
      begin = comma + 1;
    }
  }
  return labels;
}

DitIndex FromDocument(const Document& document) {
  ObjectReader reader(document, "");
  RequireClassName(reader, {"DiTPipeline"});
  for (const char* part : {"transformer", "vae", "scheduler"}) {
    reader.Require(part);
    if (reader.Texts(part, {}).size() != 2) reader.Fail(part, "expected a library and a class");
  }
  DitIndex index;
  index.labels = Labels(reader, document);
  reader.Finish();
  return index;
}

}  // namespace

int64_t DitIndex::Label(const std::string& text, int64_t num_classes) const {
  const std::string name = Trimmed(text);
  const auto found = labels.find(name);
  const std::optional<int64_t> label =
      found != labels.end() ? std::optional(found->second) : WholeNumber(name);
  if (label && *label >= 0 && *label < num_classes) return *label;
  std::vector<std::string> names;
  for (const auto& [known, id] : labels) names.push_back(known);
  const std::string nearest = NearestName(name, names);
  throw UsageError(
      fmt::format("'{}': this checkpoint wants a class, a number of 0 to {}{}{}",
                  text,
                  num_classes - 1,
                  labels.empty() ? "" : " or its name",
                  nearest.empty() ? "" : fmt::format(" (did you mean '{}'?)", nearest)));
}

DitIndex ParseDitIndex(const std::string& text, const std::string& place) {
  return ReadConfigText(text, place, FromDocument);
}

DitIndex ReadDitIndex(const std::filesystem::path& path) {
  return ReadConfigFile(path, "a DiT checkpoint needs it", FromDocument);
}

}  // namespace plumb
