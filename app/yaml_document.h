// SPDX-License-Identifier: Apache-2.0
// YAML (and so JSON) files as a core Document that remembers lines.
#pragma once

#include <filesystem>
#include <string>

#include "core/document.h"

namespace plumb {

// Throws InputError with file and line on a syntax error, a duplicate or non-scalar key, more than
// one document, more than 64 levels, 4 MB or 200,000 values (aliases counted as often as they are
// used). Plain scalars become null, bool, integer or number as in YAML's core schema; quoted ones
// stay text.
Document ParseYamlDocument(const std::string& text, const std::string& file);

// ParseYamlDocument for *.yaml and *.yml, ParseJsonDocument for the rest. Throws InputError when
// the file is absent.
Document ReadDocument(const std::filesystem::path& path);

}  // namespace plumb
