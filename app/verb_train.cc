// SPDX-License-Identifier: Apache-2.0
#include <chrono>
#include <filesystem>
#include <string>
#include <vector>

#include <fmt/format.h>

#include "app/terminal.h"
#include "app/verbs.h"
#include "app/versions.h"
#include "core/json.h"
#include "core/seed.h"
#include "scenes/catalogue.h"
#include "scenes/render.h"
#if PLUMB_WITH_GENERATOR
#include "generator/training/train.h"
#endif

namespace plumb {
namespace {

#if PLUMB_WITH_GENERATOR

struct TrainVerbOptions {
  TrainOptions train;
  std::string output;
  std::string clip_folder;
  std::vector<std::string> scenarios;  // empty: all
  bool as_json = false;
};

std::vector<std::string> ScenariosOf(const TrainVerbOptions& options) {
  if (!options.scenarios.empty()) return options.scenarios;
  std::vector<std::string> all;
  for (const ScenarioInfo& info : ListScenarios()) all.emplace_back(info.id);
  return all;
}

// Training scenes come from a suite seed of their own, so that no scene of a test suite is among
// them.
uint64_t TrainingSuiteSeed(uint64_t seed) { return DeriveSeed(seed, "training", "scenes"); }

// Clip i is scenario i mod n at seed i / n: every scenario is equally frequent in every stretch of
// clips.
ClipSource SceneClips(const TrainVerbOptions& options) {
  RenderOptions protocol;
  protocol.width = options.train.width;
  protocol.height = options.train.height;
  protocol.frames = options.train.frames;
  protocol.fps = options.train.fps;
  const RenderOptions render = RenderOptions::PicturesOnly(protocol);
  render.Validate();
  const std::vector<std::string> scenarios = ScenariosOf(options);
  const uint64_t suite_seed = TrainingSuiteSeed(options.train.seed);
  return [=](uint64_t index) {
    const Scene scene =
        MakeScene(scenarios[index % scenarios.size()], suite_seed, index / scenarios.size());
    return TrainingClip{MakeTruth(scene, render).video, scene.caption, scene.id};
  };
}

double ClockSeconds() {
  using namespace std::chrono;
  return duration<double>(steady_clock::now().time_since_epoch()).count();
}

// As given when relative; of an absolute path, which means nothing on another machine, the last
// part.
std::string RecordedPath(const std::string& path) {
  const std::filesystem::path given(path);
  if (given.is_relative()) return path;
  return (given.has_filename() ? given : given.parent_path()).filename().string();
}

std::string QuotedWord(const std::string& word) {
  const bool plain =
      !word.empty() && word.find_first_of(" \t\n'\"\\$&|;<>()*?[]#~`!{}") == std::string::npos;
  if (plain) return word;
  std::string quoted = "'";
  for (const char c : word) quoted += c == '\'' ? std::string("'\\''") : std::string(1, c);
  return quoted + "'";
}

// The whole command line with every option of the training, given or not.
std::string WholeCommand(const CLI::App& verb, const TrainVerbOptions& options, bool record) {
  std::string command = "plumb train";
  for (const CLI::Option* option : verb.get_options()) {
    const std::string name = "--" + option->get_lnames().front();
    if (option->get_type_size() == 0) continue;  // --help, --json
    std::string value;
    if (name == "--scenarios") {
      value = fmt::format("{}", fmt::join(ScenariosOf(options), ","));
    } else {
      value = option->count() > 0 ? option->as<std::string>() : option->get_default_str();
    }
    if (value.empty()) continue;
    if (record && (name == "--out" || name == "--clip-folder")) value = RecordedPath(value);
    command += fmt::format(" {} {}", name, QuotedWord(value));
  }
  return command;
}

void FillRecord(const CLI::App& verb, TrainVerbOptions& options) {
  TrainOptions& train = options.train;
  train.output = options.output;
  train.clip_folder = options.clip_folder;
  train.command = WholeCommand(verb, options, /*record=*/true);
  train.data = {{"source", "plumb scenes"},
                {"scenarios", ScenariosOf(options)},
                {"suite_seed", TrainingSuiteSeed(train.seed)}};
  const auto facts = MachineFacts();
  const auto fact = [&](const char* name) {
    const auto found = facts.find(name);
    return found == facts.end() ? std::string("unknown") : found->second;
  };
  train.hardware = fmt::format("{} ({}), {} of {} cores",
                               fact("cpu"),
                               fact("instruction_set"),
                               train.threads,
                               fact("cores"));
  train.versions = BuildVersions();
  train.clock_s = ClockSeconds;
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
  // A misspelt scenario is told before any work.
  for (const std::string& scenario : ScenariosOf(options)) MakeScene(scenario, 0, 0);
  FillRecord(verb, options);
  options.train.Validate();
  const TrainSummary summary =
      TrainOrTellHowToGoOn(options, WholeCommand(verb, options, /*record=*/false));
  if (options.as_json) {
    fmt::print("{}",
               DumpJson({{"schema", 1},
                         {"checkpoint", summary.checkpoint.string()},
                         {"parameters", summary.parameters},
                         {"vae_psnr_db", summary.vae_psnr_db},
                         {"flow_loss", summary.flow_loss},
                         {"untrained_flow_loss", summary.untrained_flow_loss},
                         {"seconds", summary.seconds}}));
    return ExitCode::kOk;
  }
  fmt::print("{} parameters in {}\n", summary.parameters, DurationText(summary.seconds));
  fmt::print("video autoencoder: {:.1f} dB on held-out clips\n", summary.vae_psnr_db);
  fmt::print(
      "flow loss: {:.4f} (untrained {:.4f})\n", summary.flow_loss, summary.untrained_flow_loss);
  fmt::print("checkpoint: {}, usable as native:{}\n",
             summary.checkpoint.string(),
             summary.checkpoint.string());
  return ExitCode::kOk;
}

void AddOptions(CLI::App& verb, TrainVerbOptions& options) {
  TrainOptions& train = options.train;
  verb.add_option("--out", options.output, "folder that becomes the checkpoint")->required();
  verb.add_option("--preset", train.preset, "size of the networks: tiny or test")
      ->capture_default_str();
  verb.add_option("--scenarios", options.scenarios, "scenes to learn from (default: all)")
      ->delimiter(',')
      ->allow_extra_args(false);
  const auto add = [&](const char* flag, auto& value, const char* text) {
    return verb.add_option(flag, value, text)->capture_default_str();
  };
  add("--clips", train.clips, "scenes rendered for training");
  add("--validation-clips", train.validation_clips, "scenes held out");
  verb.add_option(
      "--clip-folder",
      options.clip_folder,
      "where rendered clips are kept for several trainings (default: OUT/training/clips)");
  add("--width", train.width, "pixels, a multiple of 16");
  add("--height", train.height, "pixels, a multiple of 16");
  add("--frames", train.frames, "a multiple of 4, plus 1");
  add("--fps", train.fps, "frames per second");
  add("--seed", train.seed, "of weights, order, noise and scenes")->check(CLI::NonNegativeNumber);
  add("--vae-steps", train.vae_steps, "of the video autoencoder");
  add("--vae-batch", train.vae_batch, "clips a step");
  add("--vae-frames", train.vae_frames, "frames of a clip a step sees");
  add("--vae-learning-rate", train.vae_learning_rate, "highest");
  add("--kl-weight", train.kl_weight, "of the divergence from a unit normal");
  add("--dit-steps", train.dit_steps, "of the transformer");
  add("--dit-batch", train.dit_batch, "clips a step");
  add("--dit-learning-rate", train.dit_learning_rate, "highest");
  add("--caption-dropout", train.caption_dropout, "share of clips without caption");
  add("--shift", train.shift, "of the noise levels towards noise");
  add("--optimizer", train.optimizer, "adamw, or muon for hidden matrices");
  add("--warmup-steps", train.warmup_steps, "of the learning rate");
  add("--weight-decay", train.weight_decay, "of matrices");
  add("--gradient-clip", train.gradient_clip, "largest norm");
  add("--ema-decay", train.ema_decay, "of the averaged weights that are kept");
  verb.add_option("--bf16", train.bf16, "true: matrix products in bfloat16; false: in float32")
      ->default_str("true");
  add("--threads", train.threads, "of the matrix products; decides the last bits");
  add("--save-steps", train.save_steps, "steps between saved states");
  add("--log-steps", train.log_steps, "steps between lines of the log");
  add("--validation-steps", train.validation_steps, "steps between validations");
}

#endif

}  // namespace

void AddTrainVerb(CLI::App& root, Command& command) {
  CLI::App* verb = root.add_subcommand("train", "trains a native checkpoint on Plumb's own scenes");
#if PLUMB_WITH_GENERATOR
  auto options = std::make_shared<TrainVerbOptions>();
  AddOptions(*verb, *options);
  verb->add_flag("--json", options->as_json, "print JSON");
  verb->footer(
      "\nExamples:\n"
      "  plumb train --out models/mine\n"
      "  plumb train --out models/mine --scenarios drop,bounce --clips 600\n"
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
