// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <cmath>
#include <filesystem>
#include <string>
#include <vector>

#include <fmt/format.h>

#include "app/clip_scoring.h"
#include "app/folder_model.h"
#include "app/manifest_file.h"
#include "app/signals.h"
#include "app/terminal.h"
#include "app/verbs.h"
#include "app/worker_pool.h"
#include "core/json.h"

namespace plumb {
namespace {

namespace fs = std::filesystem;

struct ImportOptions {
  std::string pack;
  std::string videos;
  std::string out;
  int workers = 0;
  bool as_json = false;
};

// One cell of the pack, the file that answers it, and what came of it.
struct Arrival {
  ManifestEntry entry;
  fs::path video;  // empty when there is none
  SampleInfo sample;
  ExitCode code = ExitCode::kOk;
};

// Finds every cell's video; a cell without one keeps the reason and counts as missing.
std::vector<Arrival> FindArrivals(const Manifest& manifest, const fs::path& videos) {
  std::vector<Arrival> arrivals;
  for (const ManifestEntry& entry : manifest.entries) {
    Arrival arrival;
    arrival.entry = entry;
    try {
      arrival.video = FindCellVideo(videos, entry.cell_id);
    } catch (const InputError& error) {
      arrival.entry.status = "failed";
      arrival.entry.reason = error.what();
      arrival.code = ExitCode::kIncomplete;
    }
    arrivals.push_back(std::move(arrival));
  }
  return arrivals;
}

// What differs from what was asked for. A difference is no fault: scoring trims and reduces, and
// records it.
std::vector<std::string> Differences(const ManifestEntry& entry, const SampleInfo& sample) {
  std::vector<std::string> differences;
  if (sample.width != entry.width || sample.height != entry.height) {
    differences.push_back(fmt::format(
        "{}x{} instead of {}x{}", sample.width, sample.height, entry.width, entry.height));
  }
  if (sample.frames != entry.frames) {
    differences.push_back(fmt::format("{} frames instead of {}", sample.frames, entry.frames));
  }
  if (std::abs(sample.fps - entry.fps) > 0.01) {
    differences.push_back(fmt::format("{:.4g} fps instead of {:.4g}", sample.fps, entry.fps));
  }
  return differences;
}

// Decodes every video whole, in workers: a file that can't be decoded is refused here and not in
// the middle of a run.
void DecodeAll(std::vector<Arrival>& arrivals,
               const ImportOptions& options,
               const Progress& progress) {
  std::vector<WorkerTask> tasks;
  std::vector<size_t> owners;
  for (size_t i = 0; i < arrivals.size(); ++i) {
    if (arrivals[i].video.empty()) continue;
    ScoreTask task;
    task.sample = arrivals[i].video;
    task.decode_only = true;
    if (arrivals[i].entry.fps > 0.0 && arrivals[i].entry.fps <= 1000.0)
      task.png_fps = arrivals[i].entry.fps;
    WorkerTask work;
    work.name = arrivals[i].entry.cell_id;
    work.request = ToJson(task);
    tasks.push_back(std::move(work));
    owners.push_back(i);
  }
  WorkerPoolOptions pool;
  pool.workers = options.workers;
  const auto keep = [&](const WorkerResult& result) {
    Arrival& arrival = arrivals[owners[result.index]];
    arrival.entry.status = result.ok ? "done" : "failed";
    arrival.entry.reason = result.ok ? "" : result.reason;
    if (!result.ok) {
      arrival.code = CodeOf(result);
      return;
    }
    Cell cell;
    AddReply(result.reply, cell);
    arrival.sample = cell.sample;
  };
  RunTasks(tasks, pool, keep, progress);
  progress.ThrowIfCancelled();
}

// Puts a copy of a video, or of its folder of PNG frames, in the place of what lay there before.
void ReplaceVideo(const fs::path& video, const fs::path& target, std::error_code& error) {
  const fs::path aside = target.string() + ".part";
  fs::remove_all(aside, error);
  if (!error) fs::copy(video, aside, fs::copy_options::recursive, error);
  if (!error) fs::remove_all(target, error);
  if (!error) fs::rename(aside, target, error);
}

// Takes the accepted videos into <out>/videos and writes the manifest that folder: reads.
void WriteFolder(Manifest manifest, std::vector<Arrival>& arrivals, const fs::path& out) {
  std::error_code error;
  fs::create_directories(out / "videos", error);
  manifest.entries.clear();
  for (Arrival& arrival : arrivals) {
    if (!error && arrival.entry.status == "done") {
      arrival.entry.output =
          "videos/" + CellFileStem(arrival.entry.cell_id) + arrival.video.extension().string();
      const fs::path target = out / arrival.entry.output;
      std::error_code absent;
      // One that lies where it should stays.
      if (!fs::equivalent(arrival.video, target, absent)) {
        ReplaceVideo(arrival.video, target, error);
      }
    }
    if (error) throw EnvironmentError(fmt::format("{}: {}", out.string(), error.message()));
    // The pictures stay in the pack.
    arrival.entry.conditioning.clear();
    arrival.entry.known_frames.clear();
    manifest.entries.push_back(arrival.entry);
  }
  WriteManifest(out, manifest);
}

void PrintArrivals(const std::vector<Arrival>& arrivals) {
  for (const Arrival& arrival : arrivals) {
    const std::vector<std::string> differences = Differences(arrival.entry, arrival.sample);
    const std::string text =
        arrival.entry.status != "done" ? fmt::format("failed  {}", Printable(arrival.entry.reason))
        : differences.empty()          ? "done"
                                       : fmt::format("done    {}", fmt::join(differences, ", "));
    fmt::print("{:<24} {}\n", arrival.entry.cell_id, text);
  }
}

Json ArrivalsJson(const std::vector<Arrival>& arrivals) {
  Json json{{"schema", 1}, {"cells", Json::array()}};
  for (const Arrival& arrival : arrivals) {
    const bool done = arrival.entry.status == "done";
    json["cells"].push_back(
        {{"cell_id", arrival.entry.cell_id},
         {"status", arrival.entry.status},
         {"reason", arrival.entry.reason},
         {"differences",
          done ? Differences(arrival.entry, arrival.sample) : std::vector<std::string>()}});
  }
  return json;
}

ExitCode Import(const ImportOptions& options) {
  const Manifest manifest = ReadManifest(options.pack);
  if (manifest.entries.empty()) throw InputError(options.pack, "the manifest has no cell");
  if (!fs::is_directory(options.videos)) throw InputError(options.videos, "is no folder");
  ProgressLine line;
  std::vector<Arrival> arrivals = FindArrivals(manifest, options.videos);
  DecodeAll(arrivals, options, line.AsProgress());
  WriteFolder(manifest, arrivals, options.out);
  line.Clear();
  ExitCode code = ExitCode::kOk;
  int done = 0;
  for (const Arrival& arrival : arrivals) {
    code = std::max(code, arrival.code);
    done += arrival.entry.status == "done";
  }
  if (options.as_json) {
    fmt::print("{}", DumpJson(ArrivalsJson(arrivals)));
  } else {
    PrintArrivals(arrivals);
    fmt::print("{} of {} cells -> folder:{}\n", done, arrivals.size(), options.out);
  }
  return code;
}

}  // namespace

void AddImportVerb(CLI::App& root, Command& command) {
  auto options = std::make_shared<ImportOptions>();
  CLI::App* verb =
      root.add_subcommand("import", "takes back the videos that an outside model made of a pack");
  verb->add_option("pack", options->pack, "folder that plumb export wrote")->required();
  verb->add_option("videos",
                   options->videos,
                   "folder of the videos: with a manifest.json, or named after the cells")
      ->required();
  verb->add_option("--out", options->out, "folder that folder: will read")->required();
  verb->add_option("--threads", options->workers, "videos decoded at once (default: one per core)")
      ->envname("PLUMB_THREADS")
      ->check(CLI::NonNegativeNumber);
  verb->add_flag("--json", options->as_json, "print JSON");
  verb->footer(
      "\nExamples:\n"
      "  plumb import pack videos --out back\n"
      "  plumb run --model oracle --model folder:back\n");
  verb->callback([&command, options] { command.run = [options] { return Import(*options); }; });
}

}  // namespace plumb
