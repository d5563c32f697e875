// SPDX-License-Identifier: Apache-2.0
#include "app/json_schema.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <set>
#include <string_view>

#include <fmt/format.h>

#include "core/check.h"
#include "core/document.h"
#include "core/nearest_name.h"

namespace plumb {
namespace {

const std::set<std::string> kKnownWords = {"$schema",
                                           "$id",
                                           "$defs",
                                           "$ref",
                                           "title",
                                           "description",
                                           "type",
                                           "const",
                                           "enum",
                                           "properties",
                                           "required",
                                           "additionalProperties",
                                           "items",
                                           "minItems",
                                           "maxItems",
                                           "minLength",
                                           "minimum",
                                           "maximum",
                                           "exclusiveMinimum",
                                           "exclusiveMaximum"};

std::string Shown(const Json& value) {
  const std::string text = value.is_string() ? value.get<std::string>() : value.dump();
  return text.size() <= 40 ? text : text.substr(0, 37) + "...";
}

// YAML and people write what is no number in these ways.
bool NamesNoFiniteNumber(const Json& value) {
  if (!value.is_string()) return false;
  std::string text = value.get<std::string>();
  std::transform(text.begin(), text.end(), text.begin(), [](unsigned char c) {
    return static_cast<char>(std::tolower(c));
  });
  text.erase(0, text.find_first_not_of("+-."));
  return text == "nan" || text == "inf" || text == "infinity";
}

bool IsOfType(const Json& value, const std::string& type) {
  if (type == "object") return value.is_object();
  if (type == "array") return value.is_array();
  if (type == "string") return value.is_string();
  if (type == "boolean") return value.is_boolean();
  if (type == "integer") return value.is_number_integer();
  PLUMB_CHECK(type == "number", "schema type '{}'", type);
  return value.is_number();
}

std::string TypeText(const std::string& type) {
  if (type == "object") return "a mapping of keys to values";
  if (type == "array") return "a list";
  if (type == "string") return "a text";
  if (type == "boolean") return "true or false";
  return type == "integer" ? "a whole number" : "a number";
}

std::string WithNearest(const std::string& name, const std::vector<std::string>& known) {
  const std::string near = NearestName(name, known);
  return near.empty() ? fmt::format("; expected one of: {}", fmt::join(known, ", "))
                      : fmt::format("; did you mean '{}'?", near);
}

// A limit of a number and how it is said.
struct Limit {
  const char* word;
  const char* text;
  bool (*holds)(double value, double limit);
};
constexpr std::array<Limit, 4> kLimits = {
    {{"minimum", "or more", [](double value, double limit) { return value >= limit; }},
     {"maximum", "or less", [](double value, double limit) { return value <= limit; }},
     {"exclusiveMinimum", "above", [](double value, double limit) { return value > limit; }},
     {"exclusiveMaximum", "below", [](double value, double limit) { return value < limit; }}}};

class Inspector {
 public:
  explicit Inspector(const Json& schema) : root_(schema) {}

  // `name` is how the value is called in messages: its key, or that of the list it stands in.
  void Inspect(const Json& value,
               const Json& asked,
               const std::string& pointer,
               const std::string& name) {
    const Json& schema = Resolved(asked);
    for (const auto& [word, ignored] : schema.items()) {
      PLUMB_CHECK(kKnownWords.contains(word), "schema word '{}'", word);
    }
    if (schema.contains("const") && value != schema["const"]) {
      return Add(pointer, name, fmt::format("expected {}", Shown(schema["const"])));
    }
    if (schema.contains("enum")) return InspectName(value, schema["enum"], pointer, name);
    if (!schema.contains("type")) return;
    const auto type = schema["type"].get<std::string>();
    if (!IsOfType(value, type)) {
      const bool finite = !NamesNoFiniteNumber(value);
      return Add(pointer,
                 name,
                 fmt::format("expected {}, found {}",
                             finite || type == "string" ? TypeText(type) : "a finite number",
                             value.is_structured() ? value.is_array() ? "a list" : "a mapping"
                                                   : fmt::format("'{}'", Shown(value))));
    }
    if (value.is_object()) InspectObject(value, schema, pointer);
    if (value.is_array()) InspectList(value, schema, pointer, name);
    if (value.is_number()) InspectNumber(value.get<double>(), schema, pointer, name);
    if (value.is_string() && value.get<std::string>().size() < schema.value("minLength", 0U)) {
      Add(pointer, name, "must not be empty");
    }
  }

  std::vector<SchemaFault> faults;

 private:
  const Json& Resolved(const Json& schema) const {
    if (!schema.contains("$ref")) return schema;
    const auto target = schema["$ref"].get<std::string>();
    PLUMB_CHECK(target.starts_with("#/"), "{}", target);
    return root_.at(Json::json_pointer(target.substr(1)));
  }

  void Add(const std::string& pointer, const std::string& name, const std::string& message) {
    faults.push_back(
        {pointer, name.empty() ? message : fmt::format("key '{}': {}", name, message)});
  }

  void InspectName(const Json& value,
                   const Json& names,
                   const std::string& pointer,
                   const std::string& name) {
    if (std::find(names.begin(), names.end(), value) != names.end()) return;
    const auto known = names.get<std::vector<std::string>>();
    if (!value.is_string()) {
      return Add(pointer, name, fmt::format("expected one of: {}", fmt::join(known, ", ")));
    }
    Add(pointer,
        name,
        fmt::format("unknown '{}'{}", Shown(value), WithNearest(value.get<std::string>(), known)));
  }

  void InspectObject(const Json& value, const Json& schema, const std::string& pointer) {
    const Json& properties = schema.at("properties");
    std::vector<std::string> known;
    for (const auto& [key, ignored] : properties.items()) known.push_back(key);
    for (const auto& [key, entry] : value.items()) {
      const std::string at = pointer + "/" + EscapePointer(key);
      if (!properties.contains(key)) {
        Add(at, key, "unknown" + WithNearest(key, known));
      } else if (!entry.is_null()) {
        Inspect(entry, properties[key], at, key);
      }
    }
    for (const Json& key : schema.value("required", Json::array())) {
      const auto found = value.find(key.get<std::string>());
      if (found == value.end() || found->is_null()) Add(pointer, key, "is missing");
    }
  }

  void InspectList(const Json& value,
                   const Json& schema,
                   const std::string& pointer,
                   const std::string& name) {
    const size_t least = schema.value("minItems", size_t{0});
    const size_t most = schema.value("maxItems", value.size());
    if (value.size() < least || value.size() > most) {
      const std::string range = !schema.contains("maxItems") ? fmt::format("{} or more", least)
                                : least == most              ? fmt::format("{}", least)
                                                             : fmt::format("{} to {}", least, most);
      return Add(pointer, name, fmt::format("has {} values, expected {}", value.size(), range));
    }
    for (size_t i = 0; i < value.size(); ++i) {
      Inspect(value[i], schema.at("items"), fmt::format("{}/{}", pointer, i), name);
    }
  }

  void InspectNumber(double value,
                     const Json& schema,
                     const std::string& pointer,
                     const std::string& name) {
    for (const Limit& limit : kLimits) {
      if (!schema.contains(limit.word)) continue;
      const double bound = schema[limit.word].get<double>();
      if (limit.holds(value, bound)) continue;
      const bool after = std::string_view(limit.text).starts_with("or");
      return Add(pointer,
                 name,
                 after ? fmt::format("is {}, expected {} {}", value, bound, limit.text)
                       : fmt::format("is {}, expected {} {}", value, limit.text, bound));
    }
  }

  const Json& root_;
};

}  // namespace

std::vector<SchemaFault> SchemaFaults(const Json& value, const Json& schema) {
  Inspector inspector(schema);
  inspector.Inspect(value, schema, "", "");
  return std::move(inspector.faults);
}

}  // namespace plumb
