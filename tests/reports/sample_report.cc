// SPDX-License-Identifier: Apache-2.0
// Writes the pages that the tests of the report open.
//   sample_report clips DIR                                raw frames of each clip, DIR/<name>.rgb
//   sample_report sample|hostile|empty|large OUT [DIR]     a page, with the clips DIR/<name>.mp4
//   sample_report beside OUT DIR                           the same, with the clips left in files
#include <cstdio>
#include <fstream>
#include <iterator>

#include "tests/reports/sample_results.h"

namespace plumb {
namespace {

void Write(const std::string& path, const char* bytes, size_t size) {
  std::ofstream(path, std::ios::binary).write(bytes, static_cast<std::streamsize>(size));
}

std::map<std::string, std::string> ReadClips(const std::string& folder) {
  std::map<std::string, std::string> mp4;
  for (const auto& [name, frames] : SampleClips()) {
    std::ifstream file(folder + "/" + name + ".mp4", std::ios::binary);
    if (file) mp4[name] = std::string(std::istreambuf_iterator<char>(file), {});
  }
  return mp4;
}

// Twenty thousand cells: what a page must still scroll through.
Results LargeResults() {
  Results results = SampleResults();
  const std::vector<Cell> some = results.cells;
  results.cells.clear();
  for (int copy = 0; copy < 345; ++copy) {
    for (Cell cell : some) {
      cell.key.seed = copy;
      for (Score& score : cell.scores) {
        if (!score.measured()) continue;
        score = Score::Measured(score.info(), score.value(), score.low(), score.high());
      }
      results.cells.push_back(std::move(cell));
    }
  }
  return results;
}

Results ResultsNamed(const std::string& kind) {
  if (kind == "hostile") return HostileResults();
  if (kind == "large") return LargeResults();
  if (kind == "sample" || kind == "beside") return SampleResults();
  Results empty;
  empty.name = "empty";
  return empty;
}

}  // namespace
}  // namespace plumb

int main(int argc, char** argv) {
  if (argc < 3) {
    std::fprintf(stderr, "usage: sample_report clips DIR | KIND OUT [DIR]\n");
    return 2;
  }
  const std::string kind = argv[1];
  if (kind == "clips") {
    for (const auto& [name, frames] : plumb::SampleClips()) {
      plumb::Write(std::string(argv[2]) + "/" + name + ".rgb",
                   reinterpret_cast<const char*>(frames.data()),
                   frames.size());
    }
    return 0;
  }
  std::map<std::string, std::string> mp4;
  if (argc > 3) mp4 = plumb::ReadClips(argv[3]);
  plumb::ReportInput input = plumb::SampleReport(plumb::ResultsNamed(kind), mp4);
  for (auto& [name, video] : input.videos) {
    if (kind != "beside") continue;
    video.href = name + ".mp4";
    video.mp4.clear();
  }
  const std::string page = plumb::HtmlReport(input);
  plumb::Write(argv[2], page.data(), page.size());
  return 0;
}
