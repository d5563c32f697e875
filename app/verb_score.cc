// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <cstdio>
#include <filesystem>
#include <optional>
#include <string>
#include <vector>

#include <fmt/format.h>

#include "app/asked_metrics.h"
#include "app/calibration_file.h"
#include "app/clip_report.h"
#include "app/clip_scoring.h"
#include "app/positive_number.h"
#include "app/reconstruction_folder.h"
#include "app/sample_matching.h"
#include "app/signals.h"
#include "app/terminal.h"
#include "app/verbs.h"
#include "metrics/dynamics/likelihood.h"
#include "reports/clip_table.h"
#include "reports/compare.h"
#include "reports/console.h"
#include "reports/text.h"

namespace plumb {
namespace {

namespace fs = std::filesystem;

struct ScoreOptions {
  std::vector<std::string> clips;
  std::vector<std::string> models;  // "name=FOLDER"
  std::string truth;
  std::string judge;
  int conditioning_frames = 0;
  uint64_t seed = 0;
  double png_fps = 24.0;
  std::string out;
  std::string reconstruction;
  bool with_frames = false;
  bool as_json = false;
  bool details = false;
  ClipScoringOptions scoring;
};

bool IsTruthFolder(const fs::path& path) {
  return !path.empty() && fs::exists(path / "truth.json");
}

// What all clips have in common. A truth folder of Plumb's own brings states and masks, any video
// brings itself.
ScoreTask CommonTask(const ScoreOptions& options, const fs::path& truth) {
  ScoreTask task;
  if (IsTruthFolder(truth)) {
    task.truth_folder = truth;
  } else {
    task.truth_video = truth;
  }
  task.conditioning_frames = options.conditioning_frames;
  task.seed = options.seed;
  task.png_fps = options.png_fps;
  return task;
}

std::vector<ClipJob> JobsOfClips(const ScoreOptions& options) {
  std::vector<ClipJob> jobs;
  for (const std::string& clip : options.clips) {
    ClipJob job{{"video", clip, 0}, CommonTask(options, options.truth)};
    job.task.sample = clip;
    jobs.push_back(std::move(job));
  }
  return jobs;
}

// The truth of a clip that several models made: one file for all, or the file of the clip's name in
// a folder.
fs::path TruthOfMatched(const ScoreOptions& options,
                        const std::vector<MatchedClip>& truths,
                        const std::string& name) {
  if (truths.empty()) return options.truth;
  for (const MatchedClip& truth : truths) {
    if (truth.name == name) return truth.files.front();
  }
  throw InputError(options.truth, fmt::format("holds no truth for '{}'", name));
}

std::vector<ClipJob> JobsOfModels(const ScoreOptions& options) {
  std::vector<NamedFolder> folders;
  for (const std::string& model : options.models) folders.push_back(ParseNamedFolder(model));
  const std::vector<MatchedClip> matched = MatchFolders(folders);
  std::vector<MatchedClip> truths;
  if (fs::is_directory(options.truth) && !IsTruthFolder(options.truth)) {
    truths = MatchFolders({{"truth", options.truth}});
  }
  std::vector<ClipJob> jobs;
  for (size_t i = 0; i < folders.size(); ++i) {
    for (const MatchedClip& clip : matched) {
      const fs::path truth = TruthOfMatched(options, truths, clip.name);
      ClipJob job{{folders[i].name, clip.name, 0}, CommonTask(options, truth)};
      job.task.sample = clip.files[i];
      if (clip.files[i].empty()) {
        PrintWarning(
            fmt::format("{} has no {}; it is compared without", folders[i].name, clip.name));
      } else {
        jobs.push_back(std::move(job));
      }
    }
  }
  return jobs;
}

// With two models, how the second differs from the first.
std::optional<Comparison> CompareModels(const Results& results) {
  if (results.models.size() != 2) return std::nullopt;
  const ComparisonSide base{&results, results.models[0], results.models[0]};
  const ComparisonSide head{&results, results.models[1], results.models[1]};
  return Compare(base, head);
}

// In how many pairs the judge prefers the truth, model by model; nothing when no judge was asked.
std::string PreferenceTable(const Results& results) {
  std::string text;
  for (const ModelScore& summary : Summarise(results)) {
    if (summary.info.id != LikelihoodScore().id || !summary.mean) continue;
    text += fmt::format("the judge prefers the truth to {}: {} [{}, {}] of {}\n",
                        CleanText(summary.model),
                        FormatNumber(*summary.mean),
                        FormatNumber(summary.low),
                        FormatNumber(summary.high),
                        Counted(summary.measured, "pair"));
  }
  return text.empty() ? text : "\n" + text;
}

void PrintTables(const ScoreOptions& options,
                 const Results& results,
                 const std::optional<Comparison>& comparison) {
  fmt::print("{}", ClipTable(results, TerminalWidth()));
  fmt::print("{}", PreferenceTable(results));
  const bool details = options.details || results.cells.size() == 1;
  for (const Cell& cell : results.cells) {
    if (!details || cell.status != CellStatus::kDone) continue;
    fmt::print("\n{}\n{}", CleanText(cell.sample.source), ClipDetails(results, cell));
  }
  if (!comparison) return;
  ConsoleOptions console;
  console.width = TerminalWidth();
  console.colour = UseColour();
  fmt::print("\n{}", ConsoleComparison(*comparison, console));
}

bool AnyFailed(const Results& results) {
  return std::any_of(results.cells.begin(), results.cells.end(), [](const Cell& cell) {
    return cell.status == CellStatus::kFailed;
  });
}

void PrintFailures(const Results& results) {
  for (const Cell& cell : results.cells) {
    if (cell.status != CellStatus::kFailed) continue;
    // Messages about a file begin with its name already.
    const bool named = cell.reason.find(cell.sample.source) != std::string::npos;
    PrintError(Printable(named ? cell.reason : cell.sample.source + ": " + cell.reason));
  }
}

// Review copies are made by the workers, where the decoded video is at hand.
void RequestProxies(const fs::path& folder, std::vector<ClipJob>& jobs) {
  std::error_code error;
  fs::create_directories(folder / "media", error);
  if (error) throw EnvironmentError(fmt::format("{}: {}", folder.string(), error.message()));
  const fs::path absolute = fs::absolute(folder);
  for (size_t i = 0; i < jobs.size(); ++i) {
    jobs[i].task.proxy = SampleProxy(absolute, i);
    if (!jobs[i].task.truth_video.empty() || !jobs[i].task.truth_folder.empty()) {
      jobs[i].task.truth_proxy = TruthProxy(absolute, i);
    }
  }
}

// Cameras and points are written by the workers too.
void RequestReconstructions(const ScoreOptions& options, std::vector<ClipJob>& jobs) {
  RequireEmptyFolder(options.reconstruction);
  std::vector<CellKey> keys;
  for (const ClipJob& job : jobs) keys.push_back(job.key);
  const std::vector<fs::path> folders =
      ReconstructionFolders(fs::absolute(options.reconstruction), keys);
  for (size_t i = 0; i < jobs.size(); ++i) {
    jobs[i].task.reconstruction = folders[i];
    jobs[i].task.reconstruction_pictures = options.with_frames;
  }
}

ExitCode ScoreVideos(const ScoreOptions& options) {
  if (options.clips.empty() == options.models.empty()) {
    throw UsageError("score: name video files, or folders as --model name=FOLDER (not both)");
  }
  ClipScoringOptions asked = options.scoring;
  asked.families = WithJudge(asked.families, options.judge);
  asked.Validate();
  std::vector<ClipJob> jobs = options.models.empty() ? JobsOfClips(options) : JobsOfModels(options);
  if (!options.out.empty()) RequestProxies(options.out, jobs);
  if (!options.reconstruction.empty()) RequestReconstructions(options, jobs);
  ProgressLine line;
  ClipScoring scoring = ScoreClips(jobs, asked, line.AsProgress());
  line.Clear();
  scoring.results = Calibrated(std::move(scoring.results));
  WarnOfCalibration(scoring.results.scores);
  const std::optional<Comparison> comparison = CompareModels(scoring.results);
  if (options.as_json) {
    fmt::print("{}", DumpJson(ClipsJson(scoring.results)));
  } else {
    PrintTables(options, scoring.results, comparison);
  }
  // The table stands before the messages also where both go to one file.
  std::fflush(stdout);
  PrintFailures(scoring.results);
  if (!options.out.empty()) {
    WriteClipReport(options.out, scoring.results, comparison);
    PrintNote(fmt::format("report: {}", (fs::path(options.out) / "index.html").string()));
  }
  if (scoring.code == ExitCode::kIncomplete && !AnyFailed(scoring.results)) {
    PrintError("nothing could be measured; --details gives the reasons");
  }
  return StopRequested() ? StopCode() : scoring.code;
}

}  // namespace

void AddScoreVerb(CLI::App& root, Command& command) {
  auto options = std::make_shared<ScoreOptions>();
  CLI::App* verb = root.add_subcommand("score", "measures any video files, no suite needed");
  verb->add_option("clips", options->clips, "video files, or folders of PNG frames");
  verb->add_option("--model",
                   options->models,
                   "name=FOLDER: videos of one model; repeat to compare models by file name")
      ->allow_extra_args(false);
  verb->add_option(
      "--truth",
      options->truth,
      "what the clips should show: a video, a truth folder, or (with --model) a folder "
      "of videos with the clips' names");
  verb->add_option("--conditioning-frames",
                   options->conditioning_frames,
                   "how many first frames of the truth the model was shown")
      ->check(CLI::NonNegativeNumber);
  verb->add_option("--families,--metric",
                   options->scoring.families,
                   "geometry, permanence, dynamics (default: all three), likelihood")
      ->delimiter(',')
      ->allow_extra_args(false);
  verb->add_option("--judge",
                   options->judge,
                   "of likelihood: the checkpoint folder whose denoiser compares clip and truth")
      ->option_text("CHECKPOINT");
  verb->add_option(
          "--threads", options->scoring.workers, "clips measured at once (default: one per core)")
      ->envname("PLUMB_THREADS");
  verb->add_option("--seed", options->seed, "of the random choices inside metrics")
      ->check(CLI::NonNegativeNumber);
  verb->add_option("--png-fps", options->png_fps, "rate of a folder of PNG frames")
      ->check(PositiveNumber());
  verb->add_option("--out", options->out, "folder for the HTML report and the results as JSON");
  CLI::Option* save = verb->add_option(
      "--save-reconstruction",
      options->reconstruction,
      "new folder for cameras and points as COLMAP's models (0, 1, …) and PLY; of several clips, "
      "one folder below it each");
  verb->add_flag("--with-frames",
                 options->with_frames,
                 "with --save-reconstruction: the posed frames' pictures, in images/")
      ->needs(save);
  verb->add_flag("--details", options->details, "every score of every clip, with its reason");
  verb->add_flag("--json", options->as_json, "print JSON instead of the table");
  verb->footer(
      "\nExamples:\n"
      "  plumb score clip.mp4\n"
      "  plumb score --truth gt.mp4 a.mp4 b.mp4 --out report\n"
      "  plumb score --model a=videos_a --model b=videos_b --families geometry\n"
      "  plumb score clip.mp4 --save-reconstruction model\n"
      "  plumb score --metric likelihood --judge models/plumb-tiny --truth gt.mkv twin.mkv\n");
  verb->callback(
      [&command, options] { command.run = [options] { return ScoreVideos(*options); }; });
}

}  // namespace plumb
