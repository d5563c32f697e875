// SPDX-License-Identifier: Apache-2.0
#include <string>
#include <vector>

#include <fmt/format.h>

#include "app/terminal.h"
#include "app/verbs.h"
#include "app/versions.h"
#include "app/video_io.h"
#include "core/seed.h"
#include "scenes/cameras.h"
#include "scenes/catalogue.h"
#include "scenes/pictures.h"
#if PLUMB_WITH_GENERATOR
#include "app/trainer/train_flags.h"
#endif

namespace plumb {
namespace {

#if PLUMB_WITH_GENERATOR

constexpr const char* kOwnView = "own";  // the scenario's own camera

struct TrainVerbOptions {
  TrainOptions train;
  TrainFlags flags;
  std::vector<std::string> scenarios;           // empty: all
  std::vector<std::string> views = {kOwnView};  // every scene is seen by each of them
  bool as_json = false;
};

std::vector<std::string> ScenariosOf(const TrainVerbOptions& options) {
  if (!options.scenarios.empty()) return options.scenarios;
  std::vector<std::string> all;
  for (const ScenarioInfo& info : ListScenarios()) all.emplace_back(info.id);
  return all;
}

bool FromScenes(const TrainVerbOptions& options) { return options.train.data_folders.empty(); }

// Training scenes come from suite seeds of their own, so that no scene of a test suite is among
// them, and held-out ones from another, so that none of them is ever trained on.
uint64_t TrainingSuiteSeed(uint64_t seed) { return DeriveSeed(seed, "training", "scenes"); }
uint64_t HeldOutSuiteSeed(uint64_t seed) { return DeriveSeed(seed, "training", "held-out scenes"); }

Scene SeenFrom(Scene scene, const std::string& view) {
  return view == kOwnView ? scene : WithCamera(std::move(scene), view);
}

// The views of a scene follow each other; scene i is scenario i mod n at seed i / n: every scenario
// is equally frequent in every stretch of clips, held-out ones counted on their own.
ClipSource SceneClips(const TrainVerbOptions& options) {
  const std::vector<std::string> scenarios = ScenariosOf(options);
  const std::vector<std::string> views = options.views;
  const TrainOptions train = options.train;
  return [=](uint64_t index) {
    const bool held_out = index >= kFirstHeldOut;
    const uint64_t counted = held_out ? index - kFirstHeldOut : index;
    const uint64_t number = counted / views.size();
    const uint64_t suite_seed =
        held_out ? HeldOutSuiteSeed(train.seed) : TrainingSuiteSeed(train.seed);
    const Scene scene = SeenFrom(
        MakeScene(scenarios[number % scenarios.size()], suite_seed, number / scenarios.size()),
        views[counted % views.size()]);
    const TrainingShape shape = ShapeOfClip(train, index);
    RenderOptions render;
    render.width = shape.width;
    render.height = shape.height;
    render.frames = shape.frames;
    render.fps = shape.fps;
    Pictures pictures = MakePictures(scene, render);
    std::vector<std::string> captions = scene.paraphrases;
    captions.insert(captions.begin(), scene.caption);
    return TrainingClip{
        std::move(pictures.video), std::move(captions), scene.id, std::move(pictures.cameras)};
  };
}

std::string CommandOf(const CLI::App& verb, const TrainVerbOptions& options, PathStyle paths) {
  WholeCommandOptions how{.program = "plumb train", .paths = paths};
  if (FromScenes(options)) {
    how.replaced["--scenarios"] = fmt::format("{}", fmt::join(ScenariosOf(options), ","));
  }
  return WholeCommand(verb, how);
}

void FillRecord(const CLI::App& verb, TrainVerbOptions& options) {
  TrainOptions& train = options.train;
  train.command = CommandOf(verb, options, PathStyle::kRecorded);
  if (FromScenes(options)) {
    train.data = {{"source", "plumb scenes"},
                  {"scenarios", ScenariosOf(options)},
                  {"views", options.views},
                  {"suite_seed", TrainingSuiteSeed(train.seed)},
                  {"held_out_suite_seed", HeldOutSuiteSeed(train.seed)}};
  }
  train.versions = BuildVersions();
  FillMachine(train);
  train.encode_png = [](const Image& image) {
    const std::vector<uint8_t> png = EncodePng(image);
    return std::string(png.begin(), png.end());
  };
}

// Trains; when interrupted, says how to go on.
TrainSummary TrainOrTellHowToGoOn(const TrainVerbOptions& options, const std::string& command) {
  ProgressLine line;
  try {
    const TrainSummary summary = Train(options.train, SceneClips(options), line.AsProgress());
    line.Clear();
    return summary;
  } catch (const CancelledError&) {
    line.Clear();
    PrintNote(fmt::format("The training is saved. Go on with: {}", command));
    throw;
  }
}

ExitCode TrainModel(const CLI::App& verb, TrainVerbOptions options) {
  ApplyFlags(options.flags, options.train);
  // A misspelt scenario or view is told before any work.
  for (const std::string& scenario : ScenariosOf(options)) {
    const Scene scene = MakeScene(scenario, 0, 0);
    for (const std::string& view : options.views) SeenFrom(scene, view);
  }
  FillRecord(verb, options);
  options.train.Validate();
  const TrainSummary summary =
      TrainOrTellHowToGoOn(options, CommandOf(verb, options, PathStyle::kGiven));
  PrintSummary(summary, options.as_json);
  return ExitCode::kOk;
}

// What of the training is rendered, beside AddTrainFlags.
void AddSceneFlags(CLI::App& verb, TrainVerbOptions& options) {
  verb.add_option("--scenarios", options.scenarios, "scenes to learn from (default: all)")
      ->delimiter(',')
      ->allow_extra_args(false)
      ->excludes("--data");
  verb.add_option("--views",
                  options.views,
                  "cameras that see every scene: own, front, oblique, top, moving; other views of "
                  "a clip's scene serve as references")
      ->delimiter(',')
      ->allow_extra_args(false)
      ->default_str(kOwnView)
      ->excludes("--data");
  verb.add_option("--clip-folder",
                  options.flags.clip_folder,
                  "where rendered clips are kept for several trainings (default: "
                  "OUT/training/clips)");
  verb.add_option("--render-threads", options.train.render_threads, "clips rendered at once")
      ->capture_default_str();
}

#endif

}  // namespace

void AddTrainVerb(CLI::App& root, Command& command) {
  CLI::App* verb = root.add_subcommand("train", "trains a native checkpoint on Plumb's own scenes");
#if PLUMB_WITH_GENERATOR
  auto options = std::make_shared<TrainVerbOptions>();
  AddTrainFlags(*verb, options->train, options->flags);
  AddSceneFlags(*verb, *options);
  verb->add_flag("--json", options->as_json, "print JSON");
  verb->footer(
      "\nExamples:\n"
      "  plumb train --out models/mine\n"
      "  plumb train --out models/mine --scenarios drop,bounce --clips 600\n"
      "  plumb train --out models/mine --keep early=0.1,middle=0.5 --text-encoder-steps 100\n"
      "  plumb scenes export --tensors --count 100 --width 64 --height 64 --frames 49 --out set\n"
      "  plumb train --out models/mine --data set\n"
      "  plumb train --out try --preset test\n");
  verb->callback([&command, verb, options] {
    command.run = [verb, options] { return TrainModel(*verb, *options); };
  });
#else
  verb->allow_extras();
  verb->callback([&command] {
    command.run = []() -> ExitCode {
      throw UsageError(
          "train: this build has no generator (it was configured with "
          "PLUMB_GENERATOR=OFF)");
    };
  });
#endif
}

}  // namespace plumb
