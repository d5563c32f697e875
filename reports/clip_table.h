// SPDX-License-Identifier: Apache-2.0
// What `plumb score` prints: the table of clips, the scores of one clip, and the JSON that other
// programs read.
#pragma once

#include <string>

#include "core/json.h"
#include "core/results.h"

namespace plumb {

// One line per cell: clip, frames, rate, size, motion class, the headline scores with their
// intervals (or the reason why there is none) and the seconds it took. Failed cells show their
// reason instead. `width`: columns to fill.
std::string ClipTable(const Results& results, int width);

// Every score of one cell: value, interval and unit, or the reason as a sentence.
std::string ClipDetails(const Results& results, const Cell& cell);

// {"schema": 1, "samples": [{"source", "frames", "fps", "width", "height", "motion_class", "model",
// "name", "notes", "scores": {id: score}}], "failed": [{"source", "model", "name", "stage",
// "reason"}]}. No times: the same clips give the same bytes.
Json ClipsJson(const Results& results);

}  // namespace plumb
