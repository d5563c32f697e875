// SPDX-License-Identifier: Apache-2.0
// The flags of `plumb generate`.
#pragma once

#include <CLI/CLI.hpp>

#include "app/generate/generation_options.h"

namespace plumb {

// `options` must outlive `verb`.
void AddGenerateFlags(CLI::App& verb, GenerationOptions& options);

}  // namespace plumb
