// SPDX-License-Identifier: Apache-2.0
#include <cmath>

#include <fmt/format.h>

#include "core/errors.h"
#include "core/safetensors.h"
#include "generator/parity/internal_values.h"
#include "generator/parity/parity.h"
#include "generator/weights/config_file.h"

namespace plumb {
namespace {

double Tolerance(ObjectReader& reader, const std::string& key) {
  reader.Require(key);
  const double value = reader.Number(key, 0.0);
  if (!std::isfinite(value) || value < 0) reader.Fail(key, "a number of 0 or more");
  return value;
}

std::string NonEmptyText(ObjectReader& reader, const std::string& key) {
  reader.Require(key);
  const std::string text = reader.Text(key, "");
  if (text.empty()) reader.Fail(key, "a name");
  return text;
}

ParityCase FromDocument(const Document& document) {
  ObjectReader reader(document, "");
  if (!reader.Has("component") && reader.Has("metric")) {
    reader.Fail("metric", "no metric: cases of those are replayed as plumb measure computes them");
  }
  ParityCase parity_case;
  parity_case.component = NonEmptyText(reader, "component");
  parity_case.call = NonEmptyText(reader, "call");
  parity_case.reference = NonEmptyText(reader, "reference");
  parity_case.abs_tol = Tolerance(reader, "abs_tol");
  parity_case.rel_tol = Tolerance(reader, "rel_tol");
  if (reader.Has("args")) reader.Object("args");  // refuses what is no object
  parity_case.args = reader.Has("args") ? document.root["args"] : Json::object();
  return parity_case;
}

NamedTensors ReadExpected(const std::filesystem::path& path) {
  NamedTensors expected = ReadSafetensors(path).tensors;
  for (const auto& [name, tensor] : expected) {
    for (const double value : TensorValues(tensor)) {
      if (std::isfinite(value)) continue;
      throw InputError(path.string(),
                       fmt::format("tensor '{}' holds a value that is not finite", name));
    }
  }
  return expected;
}

}  // namespace

ParityCase ReadParityCase(const std::filesystem::path& folder) {
  if (!std::filesystem::is_directory(folder)) {
    throw InputError(folder.string(), "is no folder; a parity case is one with case.json in it");
  }
  ParityCase parity_case =
      ReadConfigFile(folder / "case.json", "every parity case needs it", FromDocument);
  parity_case.folder = folder;
  parity_case.inputs = ReadSafetensors(folder / "inputs.safetensors").tensors;
  parity_case.expected = ReadExpected(folder / "outputs.safetensors");
  return parity_case;
}

}  // namespace plumb
