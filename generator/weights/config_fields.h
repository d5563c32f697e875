// SPDX-License-Identifier: Apache-2.0
// Fields of Diffusers' configuration files. All errors are UsageErrors of the reader, which
// ReadConfigFile turns into errors of the file.
#pragma once

#include <string>
#include <vector>

#include "core/document.h"

namespace plumb {

// The "_class_name". Throws unless it is one of `expected`, the first of which the message names;
// passes "_diffusers_version" and "_name_or_path" over.
std::string RequireClassName(ObjectReader& reader, const std::vector<std::string>& expected);

// A whole number of 1 to `most`; `fallback` when the key is missing or null.
int64_t PositiveField(ObjectReader& reader, const std::string& key, int64_t fallback, int64_t most);

// A text out of `allowed`, of which the first is the fallback.
std::string ChoiceField(ObjectReader& reader,
                        const std::string& key,
                        const std::vector<std::string>& allowed);

}  // namespace plumb
