// SPDX-License-Identifier: Apache-2.0
#include <string>

#include <fmt/format.h>

#include "app/verbs.h"
#if PLUMB_WITH_GENERATOR
#include <optional>

#include "app/generate/activation_file.h"
#include "app/generate/generate_flags.h"
#include "app/generate/generation.h"
#include "app/generate/sample_manifest.h"
#include "app/generate/sheet_frames.h"
#include "app/run_folder.h"
#include "app/stage_clock.h"
#include "app/terminal.h"
#include "app/video_file.h"
#include "app/video_io.h"
#endif

namespace plumb {
namespace {

#if PLUMB_WITH_GENERATOR

namespace fs = std::filesystem;

// "out.mkv" for one video; "out-1.mkv", "out-2.mkv" … for several.
std::string FileName(const Generation& generation, int video) {
  if (generation.VideoCount() == 1) return generation.options.out;
  const fs::path out = generation.options.out;
  return (out.parent_path() /
          fmt::format("{}-{}{}", out.stem().string(), video + 1, out.extension().string()))
      .string();
}

// Where frames go: files that are written while their frames are made.
class FileSink {
 public:
  FileSink(const Generation& generation, StageClock& clock)
      : generation_(generation), clock_(clock) {}

  void Add(int video, const Image& frame) {
    const std::string stage = clock_.stage();
    clock_.Begin("writing");
    if (files_.size() == static_cast<size_t>(video)) Open(video, frame);
    if (writer_) {
      writer_->Add(frame);
    } else {
      WritePng(files_.back().path, frame);
    }
    if (!generation_.options.sheet.empty()) sheet_.back().Add(frame);
    ++files_.back().frames;
    clock_.Begin(stage);
  }
  const std::vector<MadeFile>& Finish() {
    if (writer_) writer_->Finish();
    writer_.reset();
    return files_;
  }
  // After Finish.
  void WriteSheet() const {
    const std::string& path = generation_.options.sheet;
    if (!path.empty()) WritePng(path, GenerationSheet(sheet_));
  }

 private:
  void Open(int video, const Image& frame) {
    Finish();
    const std::string path = FileName(generation_, video);
    files_.push_back({path, video, 0, frame.width, frame.height});
    sheet_.emplace_back(SheetCells(generation_.VideoCount()));
    if (!path.ends_with(".png")) writer_.emplace(path, generation_.files.clip.fps);
  }

  const Generation& generation_;
  StageClock& clock_;
  std::optional<VideoFile> writer_;
  std::vector<MadeFile> files_;
  std::vector<SheetFrames> sheet_;  // of each file
};

// Progress that tells the clock which stage has come.
Progress Clocked(const Progress& progress, StageClock& clock) {
  Progress clocked = progress;
  clocked.report = [progress, &clock](const std::string& what, int done, int total) {
    if (what != clock.stage()) clock.Begin(what);
    progress.Report(what, done, total);
  };
  return clocked;
}

void TellPrompts(const Generation& generation) {
  const GenerationOptions& options = generation.options;
  for (int i = 0; i < generation.VideoCount(); ++i) {
    const std::string& given = options.shots.empty() ? options.prompt : options.shots[i];
    if (generation.captions[i] == given) continue;
    PrintNote(fmt::format("prompt, as expanded: {}", Printable(generation.captions[i])));
  }
}

void PrintManifests(const Generation& generation, const std::vector<Json>& manifests) {
  if (!generation.options.as_json) {
    for (const Json& made : manifests) {
      fmt::print("{} frames of {}x{} at {:.6g} fps, {} of them given -> {}\n",
                 made["frames"].get<int>(),
                 made["width"].get<int>(),
                 made["height"].get<int>(),
                 made["fps"].get<double>(),
                 made["known_frames"].get<int>(),
                 made["video"].get<std::string>());
    }
    return;
  }
  const bool one = generation.options.shots.empty();
  fmt::print("{}", DumpJson(one ? manifests.front() : Json{{"schema", 1}, {"shots", manifests}}));
}

ExitCode Generate(GenerationOptions options) {
  if (!options.guidance_interval.empty()) {
    options.sampling.guidance_from = options.guidance_interval.at(0);
    options.sampling.guidance_until = options.guidance_interval.at(1);
  }
  options.Validate();
  ProgressLine line;
  StageClock clock;
  const Progress progress = Clocked(line.AsProgress(), clock);
  clock.Begin("loading");
  const auto model = LoadNativeModel(options.checkpoint, options.sampling);
  std::optional<ActivationFile> activations;
  if (!options.activations.empty()) activations.emplace(*model, options.activations);
  clock.Begin("reading");
  // A DiT's prompt is the name of a class.
  options.expand = options.expand && model->ReadsSentences();
  const Generation generation{options, ReadGivenFiles(options, *model), CaptionsOf(options)};
  for (const std::string& note : generation.files.notes) PrintNote(Printable(note));
  TellPrompts(generation);

  FileSink files(generation, clock);
  const int known = MakeVideos(
      *model,
      generation,
      [&](int video, const Image& frame) { files.Add(video, frame); },
      progress);
  clock.Begin("writing");
  const std::vector<MadeFile>& made = files.Finish();
  files.WriteSheet();
  if (activations) activations->Write(ActivationPath(options.out));
  clock.Begin("");
  line.Clear();
  std::vector<Json> manifests;
  for (const MadeFile& file : made) {
    manifests.push_back(SampleManifest(generation, file, known, model->Manifest()));
    manifests.back()["stage_seconds"] = clock.seconds();
    WriteFileDurably(SampleManifestPath(file.path), DumpJson(manifests.back()));
  }
  PrintManifests(generation, manifests);
  return ExitCode::kOk;
}

#endif

}  // namespace

void AddGenerateVerb(CLI::App& root, Command& command) {
  CLI::App* verb = root.add_subcommand(
      "generate", "videos from prompts, pictures and videos: made, gone on with, changed");
#if PLUMB_WITH_GENERATOR
  auto options = std::make_shared<GenerationOptions>();
  AddGenerateFlags(*verb, *options);
  verb->callback([&command, options] { command.run = [options] { return Generate(*options); }; });
#else
  verb->allow_extras();
  verb->callback([&command] {
    command.run = []() -> ExitCode {
      throw UsageError(
          "generate: this build has no generator (it was configured with "
          "PLUMB_GENERATOR=OFF)");
    };
  });
#endif
}

}  // namespace plumb
