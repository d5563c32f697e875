// SPDX-License-Identifier: Apache-2.0
// Where everything of a run lies:
//   plan.json  results.sqlite  truth/<digest>/  samples/<digest>/  evidence/  report/index.html
#pragma once

#include <cstdint>
#include <filesystem>
#include <string>
#include <string_view>
#include <vector>

#include "core/results.h"
#include "core/video.h"

namespace plumb {

struct RunFolder {
  std::filesystem::path root;

  std::filesystem::path plan() const { return root / "plan.json"; }
  std::filesystem::path store() const { return root / "results.sqlite"; }
  std::filesystem::path lock() const { return root / ".lock"; }
  std::filesystem::path truths() const { return root / "truth"; }
  std::filesystem::path samples() const { return root / "samples"; }
  std::filesystem::path evidence() const { return root / "evidence"; }
  std::filesystem::path report() const { return root / "report"; }
  std::filesystem::path report_page() const { return report() / "index.html"; }
};

// Creates the folder and its parts. Throws EnvironmentError when it can't.
RunFolder CreateRunFolder(const std::filesystem::path& root);
// Throws UsageError when there is no run in that folder (no plan.json), naming runs nearby.
RunFolder OpenRunFolder(const std::filesystem::path& root);

// The results so far of a run folder, a report JSON file, or a folder that holds `results.json`
// (what `plumb score --out` writes): missing cells included, thresholds by the calibration that is
// compiled in (calibration_file.h). What `report`, `compare` and `assert` read.
// Throws UsageError when the path is none of them, InputError when its contents are broken.
Results LoadResults(const std::filesystem::path& path);

// Stores a video by its content; the path relative to the run folder:
// "samples/<digest>/sample.mkv". A video that is already there is not written again.
std::string StoreSample(const RunFolder& folder, const Video& video);
// The video that StoreSample stored, stamps exact.
Video ReadSample(const RunFolder& folder, const std::string& relative_path);

// A name beside `path` that no other process uses, and the step that makes it `path`: both synced.
// Throw EnvironmentError when the file can't be synced or renamed.
std::filesystem::path TemporaryNameFor(const std::filesystem::path& path);
void SyncAndRename(const std::filesystem::path& from, const std::filesystem::path& to);

// Removes what processes that were killed between both left under `root`. Call while nobody else
// works there.
void RemoveLeftovers(const std::filesystem::path& root);

// Writes beside the target, syncs file and folder, renames: readers see the old or the new text,
// never half. Throws EnvironmentError when it can't write (exit 5), naming the path.
void WriteFileDurably(const std::filesystem::path& path, std::string_view bytes);
// Whole file as text. Throws InputError when it is absent or longer than `max_bytes`.
std::string ReadFile(const std::filesystem::path& path, int64_t max_bytes = 256LL << 20);
// Throws EnvironmentError unless that many bytes are free where the folder lies.
void RequireFreeSpace(const std::filesystem::path& folder, int64_t bytes);

}  // namespace plumb
