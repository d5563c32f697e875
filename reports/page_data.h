// SPDX-License-Identifier: Apache-2.0
// What the report's page reads: one compact JSON value for all tables, and one per cell for the
// evidence.
#pragma once

#include "core/json.h"
#include "reports/html.h"

namespace plumb {

// Everything but evidence and video bytes. Scores and models are referred to by their index; a
// video by its position in ReportInput::videos.
Json PageData(const ReportInput& input);

// {"<score index>": {"frames": […], "facts": {}, "tables": {}, "per_frame": …, "tracks": …, …}}
// for the scores of one cell that have evidence. Coordinates are rounded to a tenth of a pixel; of
// more than kMaxTracks tracks an even selection is kept, broken ones first. What is not drawn is
// told: plain and nested values as facts ("motion.rotation_deg"), lists of objects as tables of at
// most kMaxFacts rows.
inline constexpr size_t kMaxTracks = 160;
inline constexpr size_t kMaxFacts = 24;
Json CellEvidence(const Results& results, const Cell& cell);

// Six digits, which is all that the page shows. Throws CheckFailure unless the value is finite.
Json Rounded(double value);

// The same value with all strings and keys clean (see CleanText).
Json Cleaned(const Json& json);

}  // namespace plumb
