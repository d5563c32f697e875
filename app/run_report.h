// SPDX-License-Identifier: Apache-2.0
// The report of a run folder, and results in every format that `plumb report` writes.
#pragma once

#include <filesystem>
#include <string>

#include "app/run_folder.h"
#include "core/results.h"

namespace plumb {

// "html", "json", "junit", "csv", "markdown", "console".
const std::vector<std::string>& ReportFormats();

// The results as text in one of the formats above but "html". Throws UsageError with the nearest
// name.
std::string ResultsAs(const Results& results, const std::string& format);

enum class ConsoleDetail { kHeadlines, kEveryScore };

// The results as a table as wide and colourful as the terminal that standard output is.
std::string ConsoleText(const Results& results, ConsoleDetail detail);

// The results without what may differ between two runs of the same cells: name, dates, wall times,
// machine.
Results Repeatable(Results results);

// Writes report/index.html with the proxies of samples and truths: inside the page up to 40 MB,
// else beside it in report/media. Gives the page's path. Throws EnvironmentError when it can't
// write.
std::filesystem::path WriteRunReport(const RunFolder& folder, const Results& results);

}  // namespace plumb
