// SPDX-License-Identifier: Apache-2.0
#include "app/clip_report.h"

#include <map>
#include <vector>

#include <fmt/format.h>

#include "app/run_folder.h"
#include "app/video_io.h"
#include "core/errors.h"
#include "reports/clip_table.h"
#include "reports/html.h"

namespace plumb {
namespace {

namespace fs = std::filesystem;

// Beyond this the page would be slow to open: videos stay files of their own.
constexpr uintmax_t kInlineBytes = 40u << 20;

struct Copies {
  std::vector<fs::path> files;
  uintmax_t bytes = 0;
};

Copies FindCopies(const fs::path& folder, size_t cells) {
  Copies copies;
  for (size_t i = 0; i < cells; ++i) {
    for (const fs::path& file : {SampleProxy(folder, i), TruthProxy(folder, i)}) {
      std::error_code absent;
      const uintmax_t bytes = fs::file_size(file, absent);
      if (absent) continue;
      copies.files.push_back(file);
      copies.bytes += bytes;
    }
  }
  return copies;
}

ReportVideo VideoOf(const fs::path& file, bool inlined) {
  // The copy was written by Plumb itself and is read only for its size, rate and length.
  const Video copy = ReadVideo(file).video;
  ReportVideo video;
  if (inlined) {
    video.mp4 = ReadFile(file);
  } else {
    video.href = "media/" + file.filename().string();
  }
  video.fps = copy.fps();
  video.frames = copy.num_frames();
  video.width = copy.width();
  video.height = copy.height();
  return video;
}

// What the page shows beside a cell; clips with one truth in common share its video.
void AddVideos(const fs::path& folder, bool inlined, ReportInput& input) {
  std::map<std::string, std::string> known;  // truth video -> name in the input
  const auto add = [&](const fs::path& file) -> std::string {
    if (!fs::exists(file)) return "";
    const std::string name = file.filename().string();
    input.videos[name] = VideoOf(file, inlined);
    return name;
  };
  for (size_t i = 0; i < input.results.cells.size(); ++i) {
    const Cell& cell = input.results.cells[i];
    CellVideos& videos = input.cell_videos[cell.key];
    videos.sample = add(SampleProxy(folder, i));
    std::string& truth = known[cell.truth_video];
    if (truth.empty()) truth = add(TruthProxy(folder, i));
    videos.truth = truth;
  }
}

void RemoveMedia(const fs::path& folder, const Copies& copies) {
  std::error_code ignored;
  for (const fs::path& file : copies.files) fs::remove(file, ignored);
  fs::remove(folder / "media", ignored);
}

}  // namespace

fs::path SampleProxy(const fs::path& folder, size_t cell_index) {
  return folder / "media" / fmt::format("{:04}_sample.mp4", cell_index);
}

fs::path TruthProxy(const fs::path& folder, size_t cell_index) {
  return folder / "media" / fmt::format("{:04}_truth.mp4", cell_index);
}

void WriteClipReport(const fs::path& folder,
                     const Results& results,
                     const std::optional<Comparison>& comparison) {
  WriteFileDurably(folder / "results.json", DumpJson(ToJson(results)));
  WriteFileDurably(folder / "scores.json", DumpJson(ClipsJson(results)));
  const Copies copies = FindCopies(folder, results.cells.size());
  const bool inlined = copies.bytes <= kInlineBytes;
  ReportInput input;
  input.results = results;
  input.comparison = comparison;
  AddVideos(folder, inlined, input);
  WriteFileDurably(folder / "index.html", HtmlReport(input));
  if (inlined) RemoveMedia(folder, copies);
}

}  // namespace plumb
