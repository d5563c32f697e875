// SPDX-License-Identifier: Apache-2.0
// Results as Markdown for pull requests and step summaries.
#pragma once

#include <string>

#include "core/comparison.h"
#include "core/results.h"

namespace plumb {

// Models × headline scores with interval and coverage, then what failed, is missing or was left
// out. Names and reasons are neutralised (see ForMarkdown); lists longer than fifty lines end with
// a count.
std::string MarkdownTable(const Results& results);

// One line per score with verdict, difference, interval and the reason.
std::string MarkdownComparison(const Comparison& comparison);

}  // namespace plumb
