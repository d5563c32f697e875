// SPDX-License-Identifier: Apache-2.0
#include "app/run_report.h"

#include <map>

#include <fmt/format.h>

#include "app/run_suite.h"
#include "app/terminal.h"
#include "core/document.h"
#include "core/errors.h"
#include "core/json.h"
#include "reports/console.h"
#include "reports/csv.h"
#include "reports/html.h"
#include "reports/junit.h"
#include "reports/markdown.h"

namespace plumb {
namespace {

namespace fs = std::filesystem;

constexpr uintmax_t kInlineBytes = 40u << 20;

// The review copy that lies beside a lossless video.
fs::path ProxyOf(const RunFolder& folder, const std::string& video) {
  return video.empty() ? fs::path() : (folder.root / video).parent_path() / "proxy.mp4";
}

// Every proxy that the cells name, under the name of its content.
std::map<std::string, fs::path> ProxiesOf(const RunFolder& folder, const Results& results) {
  std::map<std::string, fs::path> proxies;
  for (const Cell& cell : results.cells) {
    for (const std::string& video : {cell.sample.source, cell.truth_video}) {
      const fs::path proxy = ProxyOf(folder, video);
      if (!proxy.empty() && fs::exists(proxy)) {
        proxies[proxy.parent_path().filename().string()] = proxy;
      }
    }
  }
  return proxies;
}

uintmax_t TotalBytes(const std::map<std::string, fs::path>& proxies) {
  uintmax_t bytes = 0;
  for (const auto& [name, path] : proxies) bytes += fs::file_size(path);
  return bytes;
}

// A proxy as the page takes it: its bytes, or a path beside the page.
ReportVideo VideoAt(const RunFolder& folder, const fs::path& proxy, bool inlined) {
  ReportVideo video;
  if (inlined) {
    video.mp4 = ReadFile(proxy);
    return video;
  }
  video.href = fmt::format("media/{}.mp4", proxy.parent_path().filename().string());
  const fs::path target = folder.report() / video.href;
  std::error_code error;
  fs::create_directories(target.parent_path(), error);
  if (!fs::exists(target)) WriteFileDurably(target, ReadFile(proxy));
  return video;
}

// Adds one video to the page, once; its name there, or "" when it has no proxy.
std::string AddVideo(const std::map<std::string, fs::path>& proxies,
                     const ReportVideo& facts,
                     const std::string& name,
                     ReportInput& input) {
  if (!proxies.contains(name)) return "";
  ReportVideo& video = input.videos.at(name);
  video.fps = facts.fps;
  video.frames = facts.frames;
  video.width = facts.width;
  video.height = facts.height;
  return name;
}

// Of a SampleInfo or a Protocol.
template <typename Shape>
ReportVideo FactsOf(const Shape& shape) {
  ReportVideo facts;
  facts.fps = shape.fps;
  facts.frames = shape.frames;
  facts.width = shape.width;
  facts.height = shape.height;
  return facts;
}

void AddVideos(const RunFolder& folder, ReportInput& input) {
  const std::map<std::string, fs::path> proxies = ProxiesOf(folder, input.results);
  const bool inlined = TotalBytes(proxies) <= kInlineBytes;
  for (const auto& [name, proxy] : proxies) input.videos[name] = VideoAt(folder, proxy, inlined);
  const Protocol protocol = ReadPlan(folder).suite.protocol;
  const auto name_of = [&](const std::string& video) {
    return ProxyOf(folder, video).parent_path().filename().string();
  };
  for (const Cell& cell : input.results.cells) {
    CellVideos& videos = input.cell_videos[cell.key];
    videos.sample = AddVideo(proxies, FactsOf(cell.sample), name_of(cell.sample.source), input);
    videos.truth = AddVideo(proxies, FactsOf(protocol), name_of(cell.truth_video), input);
  }
}

}  // namespace

const std::vector<std::string>& ReportFormats() {
  static const std::vector<std::string> formats = {
      "html", "json", "junit", "csv", "markdown", "console"};
  return formats;
}

std::string ResultsAs(const Results& results, const std::string& format) {
  if (format == "json") return DumpJson(ToJson(results));
  if (format == "junit") return JUnitXml(results);
  if (format == "csv") return CsvTable(results);
  if (format == "markdown") return MarkdownTable(results);
  if (format == "console") return ConsoleText(results, ConsoleDetail::kEveryScore);
  const std::string near = NearestName(format, ReportFormats());
  throw UsageError(fmt::format("unknown format '{}'{}",
                               format,
                               near.empty()
                                   ? fmt::format("; known are {}", fmt::join(ReportFormats(), ", "))
                                   : fmt::format(" (did you mean '{}'?)", near)));
}

std::string ConsoleText(const Results& results, ConsoleDetail detail) {
  ConsoleOptions options;
  options.width = TerminalWidth();
  options.colour = UseColour();
  options.details = detail == ConsoleDetail::kEveryScore;
  return ConsoleTable(results, options);
}

Results Repeatable(Results results) {
  results.name.clear();
  results.started.clear();
  results.machine.clear();
  for (Cell& cell : results.cells) cell.stage_seconds.clear();
  return results;
}

fs::path WriteRunReport(const RunFolder& folder, const Results& results) {
  ReportInput input;
  input.results = results;
  AddVideos(folder, input);
  const std::string page = HtmlReport(input);
  const std::string warning = ReportSizeWarning(page.size());
  if (!warning.empty()) PrintWarning(warning);
  WriteFileDurably(folder.report_page(), page);
  return folder.report_page();
}

}  // namespace plumb
