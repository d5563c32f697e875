// SPDX-License-Identifier: Apache-2.0
#include "generator/weights/weight_index.h"

#include <fmt/format.h>

#include "core/document.h"
#include "core/errors.h"
#include "generator/weights/pickle.h"

namespace plumb {
namespace {

bool IsPlainName(const std::string& name) {
  return name.find('/') == std::string::npos && name.find('\0') == std::string::npos;
}

void CheckFileName(const std::string& place, const std::string& name) {
  RefusePickleName(place, name);
  const std::string extension = ".safetensors";
  if (!IsPlainName(name) || name.size() <= extension.size() || !name.ends_with(extension)) {
    throw InputError(place, "expected the name of a .safetensors file beside the index");
  }
}

}  // namespace

std::map<std::string, std::string> ParseWeightIndex(const std::string& text,
                                                    const std::string& place) {
  const Document document = ParseJsonDocument(text, place);
  if (!document.root.is_object() || !document.root.contains("weight_map") ||
      !document.root["weight_map"].is_object()) {
    throw InputError(place, "expected an object with the key 'weight_map', an object");
  }
  for (const auto& [key, value] : document.root.items()) {
    if (key == "weight_map" || key == "metadata") continue;
    throw InputError(document.Place("/" + EscapePointer(key)),
                     fmt::format("key '{}': expected only metadata and weight_map", key));
  }
  std::map<std::string, std::string> files;
  for (const auto& [name, file] : document.root["weight_map"].items()) {
    const std::string here =
        fmt::format("{}: tensor '{}'", document.Place("/weight_map/" + EscapePointer(name)), name);
    if (!file.is_string()) throw InputError(here, "expected the name of a file");
    files[name] = file.get<std::string>();
    CheckFileName(here, files[name]);
  }
  if (files.empty()) throw InputError(place, "weight_map names no tensor");
  return files;
}

}  // namespace plumb
