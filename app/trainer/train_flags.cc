// SPDX-License-Identifier: Apache-2.0
#include "app/trainer/train_flags.h"

#include <chrono>
#include <filesystem>
#include <set>

#include <fmt/format.h>

#include "app/terminal.h"
#include "app/versions.h"

namespace plumb {
namespace {

const std::set<std::string> kPaths = {"--out", "--clip-folder", "--data"};

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

// Seconds since 1970 that never run backwards while the program runs.
double ClockSeconds() {
  using namespace std::chrono;
  static const auto since_1970 = system_clock::now().time_since_epoch();
  static const auto origin = steady_clock::now();
  return duration<double>(since_1970 + (steady_clock::now() - origin)).count();
}

// One option with its default in the help.
template <typename T>
CLI::Option* AddOne(CLI::App& verb, const char* flag, T& value, const char* text) {
  return verb.add_option(flag, value, text)->capture_default_str();
}

void AddClipFlags(CLI::App& verb, TrainOptions& train, TrainFlags& flags) {
  verb.add_option("--data",
                  flags.data_folders,
                  "sets of `plumb scenes export --tensors`, in place of rendered scenes")
      ->delimiter(',')
      ->allow_extra_args(false);
  AddOne(verb, "--clips", train.clips, "scenes rendered for training; at most so many of --data");
  AddOne(verb, "--validation-clips", train.validation_clips, "clips held out");
  AddOne(verb, "--width", train.width, "pixels, a multiple of 16; not with --data");
  AddOne(verb, "--height", train.height, "pixels, a multiple of 16; not with --data");
  AddOne(verb, "--frames", train.frames, "a multiple of 4, plus 1; not with --data");
  AddOne(verb, "--fps", train.fps, "frames per second; not with --data");
  verb.add_option("--shapes",
                  flags.shapes,
                  "WxHxFRAMES@FPS, several: each clip has one of them, drawn evenly; a shape named "
                  "twice is drawn twice as often; not with --data")
      ->delimiter(',')
      ->allow_extra_args(false);
  AddOne(verb, "--seed", train.seed, "of weights, order, noise and scenes")
      ->check(CLI::NonNegativeNumber);
}

void AddStageFlags(CLI::App& verb, TrainOptions& train) {
  AddOne(verb, "--vae-steps", train.vae_steps, "of the video autoencoder");
  AddOne(verb, "--vae-batch", train.vae_batch, "clips a step");
  AddOne(verb, "--vae-frames", train.vae_frames, "frames of a clip a step sees");
  AddOne(verb, "--vae-learning-rate", train.vae_learning_rate, "highest");
  AddOne(verb, "--kl-weight", train.kl_weight, "of the divergence from a unit normal");
  AddOne(verb, "--dit-steps", train.dit_steps, "of the transformer");
  AddOne(verb, "--dit-batch", train.dit_batch, "clips a step");
  AddOne(verb, "--dit-learning-rate", train.dit_learning_rate, "highest");
  AddOne(verb,
         "--text-encoder-steps",
         train.text_encoder_steps,
         "of the transformer's, after which the text encoder stays; 0: it learns to the end");
  AddOne(verb,
         "--change-share",
         train.change_share,
         "of the loss that goes to where a clip changes over time, not evenly to all of it");
  AddOne(
      verb, "--change-from", train.change_from, "step from which on it does; an even loss before");
  AddOne(verb, "--caption-dropout", train.caption_dropout, "share of clips without caption");
  AddOne(verb, "--shift", train.shift, "of the noise levels towards noise; flow only");
  AddOne(verb, "--objective", train.objective, "flow (rectified flow), or diffusion's eps or v");
  AddOne(verb, "--optimizer", train.optimizer, "adamw, or muon for hidden matrices");
  AddOne(verb, "--warmup-steps", train.warmup_steps, "of the learning rate");
  AddOne(verb, "--weight-decay", train.weight_decay, "of matrices");
  AddOne(verb, "--gradient-clip", train.gradient_clip, "largest norm");
  AddOne(verb, "--ema-decay", train.ema_decay, "of the averaged weights that are kept");
}

void AddMachineFlags(CLI::App& verb, TrainOptions& train) {
  AddOne(verb, "--device", train.device, "cpu or cuda");
  verb.add_option("--bf16", train.bf16, "true: matrix products in bfloat16; false: in float32")
      ->default_str("true");
  AddOne(verb, "--threads", train.threads, "of the matrix products; decides the last bits");
  verb.add_option("--checkpoint-activations",
                  train.checkpoint_activations,
                  "true: the transformer's blocks are run again for their gradients, which takes "
                  "less memory and more time")
      ->default_str("false");
}

void AddWayFlags(CLI::App& verb, TrainOptions& train, TrainFlags& flags) {
  AddOne(verb, "--save-steps", train.save_steps, "steps between saved states");
  AddOne(verb, "--log-steps", train.log_steps, "steps between lines of the log");
  AddOne(verb, "--validation-steps", train.validation_steps, "steps between validations");
  AddOne(verb, "--sample-steps", train.sample_steps, "steps between sheets of samples; 0: none");
  AddOne(verb, "--sample-clips", train.sample_clips, "clips on a sheet");
  verb.add_option("--keep",
                  flags.keep,
                  "checkpoints of the way to keep in OUT/checkpoints: NAME=STEP, NAME=SHARE or "
                  "STEP, such as early=0.1,middle=0.5")
      ->delimiter(',')
      ->allow_extra_args(false);
}

}  // namespace

void AddTrainFlags(CLI::App& verb, TrainOptions& train, TrainFlags& flags) {
  verb.add_option("--out", flags.output, "folder that becomes the checkpoint")->required();
  AddOne(verb, "--preset", train.preset, "size of the networks: tiny or test");
  AddClipFlags(verb, train, flags);
  AddStageFlags(verb, train);
  AddMachineFlags(verb, train);
  AddWayFlags(verb, train, flags);
}

void ApplyFlags(const TrainFlags& flags, TrainOptions& train) {
  train.output = flags.output;
  train.clip_folder = flags.clip_folder;
  train.data_folders.assign(flags.data_folders.begin(), flags.data_folders.end());
  train.shapes.clear();
  for (const std::string& text : flags.shapes) train.shapes.push_back(ParseTrainingShape(text));
  train.keep.clear();
  for (const std::string& text : flags.keep) train.keep.push_back(ParseKeptCheckpoint(text));
}

std::string WholeCommand(const CLI::App& verb, const WholeCommandOptions& how) {
  std::string command = how.program;
  for (const CLI::Option* option : verb.get_options()) {
    const std::string name = "--" + option->get_lnames().front();
    if (option->get_type_size() == 0) continue;  // --help, --json
    std::vector<std::string> values = option->results();
    if (values.empty()) values = {option->get_default_str()};
    if (how.replaced.contains(name)) values = {how.replaced.at(name)};
    const bool recorded = how.paths == PathStyle::kRecorded && kPaths.contains(name);
    for (std::string& value : values) {
      if (recorded) value = RecordedPath(value);
    }
    const std::string value = fmt::format("{}", fmt::join(values, ","));
    if (!value.empty()) command += fmt::format(" {} {}", name, QuotedWord(value));
  }
  return command;
}

void FillMachine(TrainOptions& train) {
  const auto facts = MachineFacts();
  const auto fact = [&](const char* name) {
    const auto found = facts.find(name);
    return found == facts.end() ? std::string("unknown") : found->second;
  };
  train.hardware = fmt::format("{} ({}), {} of {} cores{}",
                               fact("cpu"),
                               fact("instruction_set"),
                               train.threads,
                               fact("cores"),
                               train.device == "cpu" ? "" : ", " + train.device);
  train.clock_s = ClockSeconds;
}

void PrintSummary(const TrainSummary& summary, bool as_json) {
  if (as_json) {
    fmt::print("{}",
               DumpJson({{"schema", 1},
                         {"checkpoint", summary.checkpoint.string()},
                         {"parameters", summary.parameters},
                         {"vae_psnr_db", summary.vae_psnr_db},
                         {"flow_loss", summary.flow_loss},
                         {"untrained_flow_loss", summary.untrained_flow_loss},
                         {"seconds", summary.seconds}}));
    return;
  }
  fmt::print("{} parameters in {}\n", summary.parameters, DurationText(summary.seconds));
  fmt::print("video autoencoder: {:.1f} dB\n", summary.vae_psnr_db);
  fmt::print("transformer's loss: {:.4f} (untrained {:.4f})\n",
             summary.flow_loss,
             summary.untrained_flow_loss);
  fmt::print("checkpoint: {}, usable as native:{}\n",
             summary.checkpoint.string(),
             summary.checkpoint.string());
}

}  // namespace plumb
