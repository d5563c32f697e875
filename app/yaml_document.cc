// SPDX-License-Identifier: Apache-2.0
#include "app/yaml_document.h"

#include <charconv>
#include <cmath>
#include <optional>
#include <string_view>

#include <fmt/format.h>
#include <yaml-cpp/yaml.h>

#include "app/run_folder.h"
#include "core/errors.h"

namespace plumb {
namespace {

constexpr size_t kMaxBytes = 4 << 20;
constexpr int kMaxLevels = 64;
constexpr int kMaxValues = 200000;

std::string PlaceOf(const std::string& file, const YAML::Mark& mark) {
  return mark.is_null() ? file : fmt::format("{}:{}", file, mark.line + 1);
}

template <typename T>
std::optional<T> ParseWhole(std::string_view text) {
  if (text.starts_with('+')) text.remove_prefix(1);
  T value{};
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (error != std::errc() || end != text.data() + text.size()) return std::nullopt;
  return value;
}

// A plain scalar as YAML's core schema reads it: null, bool, integer, number, else text.
Json PlainScalar(const std::string& text) {
  if (text.empty() || text == "~" || text == "null" || text == "Null" || text == "NULL") {
    return nullptr;
  }
  if (text == "true" || text == "True" || text == "TRUE") return true;
  if (text == "false" || text == "False" || text == "FALSE") return false;
  if (const auto integer = ParseWhole<int64_t>(text)) return *integer;
  if (const auto integer = ParseWhole<uint64_t>(text)) return *integer;
  // Words like "inf" and "nan" stay text: no field of any file may be infinite.
  const bool numeric = text.find_first_of("0123456789") != std::string::npos;
  if (const auto number = ParseWhole<double>(text); numeric && number && std::isfinite(*number)) {
    return *number;
  }
  return text;
}

// Keys with "/" and "~" are escaped in JSON pointers.
std::string PointerTo(const std::string& parent, const std::string& key) {
  std::string text = parent + "/";
  for (const char c : key) text += c == '~' ? "~0" : c == '/' ? "~1" : std::string(1, c);
  return text;
}

class Converter {
 public:
  explicit Converter(std::string file) { document_.file = std::move(file); }

  Document Convert(const YAML::Node& root) {
    document_.root = Value(root, "", 0);
    return std::move(document_);
  }

 private:
  Json Value(const YAML::Node& node, const std::string& pointer, int level) {
    const std::string place = PlaceOf(document_.file, node.Mark());
    if (level > kMaxLevels) {
      throw InputError(place, fmt::format("more than {} levels", kMaxLevels));
    }
    if (++values_ > kMaxValues) {
      throw InputError(place, fmt::format("more than {} values", kMaxValues));
    }
    if (!node.Mark().is_null()) document_.lines[pointer] = node.Mark().line + 1;
    if (node.IsMap()) return Map(node, pointer, level);
    if (node.IsSequence()) return Sequence(node, pointer, level);
    // "!" is how the parser marks a quoted scalar.
    if (node.IsScalar())
      return node.Tag() == "!" ? Json(node.Scalar()) : PlainScalar(node.Scalar());
    return nullptr;
  }

  Json Map(const YAML::Node& node, const std::string& pointer, int level) {
    Json object = Json::object();
    for (const auto& entry : node) {
      const std::string place = PlaceOf(document_.file, entry.first.Mark());
      if (!entry.first.IsScalar()) throw InputError(place, "a key must be plain text");
      const std::string key = entry.first.Scalar();
      if (object.contains(key)) throw InputError(place, fmt::format("key '{}' stands twice", key));
      const std::string child = PointerTo(pointer, key);
      object[key] = Value(entry.second, child, level + 1);
      // A key's own line is where a reader looks, also when its value begins on the next one.
      if (!entry.first.Mark().is_null()) document_.lines[child] = entry.first.Mark().line + 1;
    }
    return object;
  }

  Json Sequence(const YAML::Node& node, const std::string& pointer, int level) {
    Json list = Json::array();
    for (size_t i = 0; i < node.size(); ++i) {
      list.push_back(Value(node[i], fmt::format("{}/{}", pointer, i), level + 1));
    }
    return list;
  }

  Document document_;
  int values_ = 0;
};

}  // namespace

Document ParseYamlDocument(const std::string& text, const std::string& file) {
  if (text.size() > kMaxBytes) {
    throw InputError(file, fmt::format("{} bytes; at most {} are read", text.size(), kMaxBytes));
  }
  try {
    const std::vector<YAML::Node> documents = YAML::LoadAll(text);
    if (documents.size() != 1) {
      throw InputError(file, fmt::format("expected one document, found {}", documents.size()));
    }
    return Converter(file).Convert(documents.front());
  } catch (const YAML::Exception& error) {
    throw InputError(PlaceOf(file, error.mark), error.msg);
  }
}

Document ReadDocument(const std::filesystem::path& path) {
  const std::string text = ReadFile(path);
  const std::string extension = path.extension().string();
  if (extension == ".yaml" || extension == ".yml") return ParseYamlDocument(text, path.string());
  return ParseJsonDocument(text, path.string());
}

}  // namespace plumb
