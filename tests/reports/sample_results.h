// SPDX-License-Identifier: Apache-2.0
// A made-up run with every outcome that a report must show.
#pragma once

#include <cstdint>
#include <map>
#include <string>
#include <vector>

#include "core/results.h"
#include "reports/html.h"

namespace plumb {

// Five models on twelve scenes: done, failed and missing cells, scores without a value, left-out
// pairs, evidence of every kind for the pictures of SampleClips().
Results SampleResults();

// The same with names, captions and reasons that try to break out of HTML, XML, CSV, Markdown and
// terminals.
Results HostileResults();
const std::vector<std::string>& HostileTexts();

// Raw RGB frames (kClipFrames of kClipSize²) of a ball that falls and bounces, by name: "truth",
// "half", "frozen", "vanish".
inline constexpr int kClipFrames = 48;
inline constexpr int kClipSize = 192;
inline constexpr double kClipFps = 24.0;
std::map<std::string, std::vector<uint8_t>> SampleClips();

// Which clip each cell of SampleResults shows; `mp4` holds the encoded clips by name (missing ones
// are left out).
ReportInput SampleReport(const Results& results, const std::map<std::string, std::string>& mp4);

}  // namespace plumb
