// SPDX-License-Identifier: Apache-2.0
// model_index.json of a DiT checkpoint folder as Diffusers' DiTPipeline writes it.
#pragma once

#include <cstdint>
#include <filesystem>
#include <map>
#include <string>

namespace plumb {

struct DitIndex {
  // What the classes are called; several names may mean one. Empty when the file has none.
  std::map<std::string, int64_t> labels;

  // The class that a text names: one of the labels, or its number. Throws UsageError saying what
  // is possible on anything else, and on a number outside 0 … num_classes − 1.
  int64_t Label(const std::string& text, int64_t num_classes) const;
};

// Throws InputError naming file and key when one is missing, unknown or of another type.
// ParseDitIndex takes the file's text; errors name `place`.
DitIndex ReadDitIndex(const std::filesystem::path& path);
DitIndex ParseDitIndex(const std::string& text, const std::string& place);

}  // namespace plumb
