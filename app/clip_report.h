// SPDX-License-Identifier: Apache-2.0
// The HTML report of scored loose videos.
#pragma once

#include <filesystem>
#include <optional>
#include <string>

#include "core/comparison.h"
#include "core/results.h"

namespace plumb {

// Where the review copies of a cell's videos lie while a report is made:
// <folder>/media/<index>_sample.mp4 and <index>_truth.mp4, index being the cell's place in the
// results.
std::filesystem::path SampleProxy(const std::filesystem::path& folder, size_t cell_index);
std::filesystem::path TruthProxy(const std::filesystem::path& folder, size_t cell_index);

// Writes <folder>/results.json (what `report`, `compare` and `assert` read), <folder>/scores.json
// (what `score --json` prints) and <folder>/index.html. Review copies go into the page and vanish
// from media/ when they fit into 40 MB in all; otherwise they stay beside it. Cells without a copy
// get no video. Throws EnvironmentError when it can't write.
void WriteClipReport(const std::filesystem::path& folder,
                     const Results& results,
                     const std::optional<Comparison>& comparison);

}  // namespace plumb
