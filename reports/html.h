// SPDX-License-Identifier: Apache-2.0
// The report as one HTML file that needs nothing else: no network, no server, no sibling file.
#pragma once

#include <cstddef>
#include <map>
#include <optional>
#include <string>

#include "core/comparison.h"
#include "core/results.h"

namespace plumb {

// A video to look at, never to score: H.264 in mp4, every frame a key frame, yuv420p, so that a
// browser steps through it frame by frame.
struct ReportVideo {
  std::string mp4;   // the file's bytes; empty when `href` is given
  std::string href;  // path of the file relative to the report ("media/ab12.mp4"), for reports too
                     // big for one file
  double fps = 0.0;
  int frames = 0;
  int width = 0;  // of the pictures, pixels
  int height = 0;
};

// Which of ReportInput::videos belong to a cell; "" where there is none.
struct CellVideos {
  std::string sample;
  std::string truth;
};

struct ReportInput {
  Results results;
  std::optional<Comparison> comparison;
  std::map<std::string, ReportVideo> videos;  // by any name; equal truths may share one
  std::map<CellKey, CellVideos> cell_videos;
  std::string title;  // of the page; empty: the run's name
};

// Above the first size a report is slow to open and mail; above the second none is made.
inline constexpr size_t kReportWarnBytes = 50u << 20;
inline constexpr size_t kReportLimitBytes = 100u << 20;

// The page. Everything from outside is data in inert script elements; the content-security policy
// names the page's own script and style by hash and allows nothing else. The same input gives the
// same bytes. Throws UsageError when the page would exceed kReportLimitBytes, CheckFailure when a
// cell names an unknown video.
std::string HtmlReport(const ReportInput& input);

// What to say about a page of that many bytes; "" when there is nothing to say.
std::string ReportSizeWarning(size_t bytes);

}  // namespace plumb
