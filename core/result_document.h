// SPDX-License-Identifier: Apache-2.0
// JSON that Plumb wrote itself: the plan and the results of a run, which grow with the run.
#pragma once

#include <cstdint>
#include <string>

#include "core/document.h"

namespace plumb {

inline constexpr int64_t kMaxResultBytes = int64_t{1} << 30;

// As ParseJsonDocument, but for up to kMaxResultBytes instead of 64 MB.
Document ParseResultDocument(const std::string& text, const std::string& file);

}  // namespace plumb
