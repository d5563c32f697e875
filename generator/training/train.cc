// SPDX-License-Identifier: Apache-2.0
#include "generator/training/train.h"

#include <cmath>
#include <map>

#include "core/errors.h"
#include "core/safetensors.h"
#include "generator/training/internal_training.h"
#include "generator/weights/internal_weights.h"

namespace plumb {
namespace {

void Require(bool holds, const std::string& field, const std::string& expected) {
  if (!holds) throw UsageError(fmt::format("training option {} must be {}", field, expected));
}

// Values of the form n·step + first, first ≥ 1: what a size may be, with the nearest ones.
void RequireInSteps(int value, const std::string& field, int step, int first) {
  if (value >= first && (value - first) % step == 0) return;
  const int below = value < first ? first : (value - first) / step * step + first;
  Require(false,
          field,
          fmt::format("a multiple of {}{}, such as {}{}",
                      step,
                      first == step ? "" : fmt::format(", plus {}", first),
                      below,
                      value < first ? "" : fmt::format(" or {}", below + step)));
}

// Weights as they will be stored: what follows must see the same values.
void RoundToBfloat16(torch::nn::Module& module) {
  torch::NoGradGuard no_grad;
  for (at::Tensor& parameter : module.parameters()) {
    parameter.copy_(parameter.to(torch::kBFloat16));
  }
}

CheckpointConfig ConfigOf(const TrainOptions& options) {
  CheckpointConfig config = PresetConfig(options.preset);
  config.index = {options.width, options.height, options.frames, options.fps};
  config.scheduler.shift = options.shift;
  return config;
}

std::filesystem::path FinishedVae(const TrainOptions& options) {
  return options.output / "training/vae.safetensors";
}

void RunVaeStage(TrainingRun& run) {
  TrainVae(run);
  RoundToBfloat16(*run.networks.vae);
  WriteSafetensors(FinishedVae(run.options), ModuleWeights(*run.networks.vae, at::kBFloat16));
  run.state.stage = "dit";
  run.state.step = 0;
  TrainingState state = run.state;
  state.seconds = SecondsSoFar(run);
  const AveragedAdamW fresh({{"transformer", run.networks.transformer.get()},
                             {"text_encoder", run.networks.text_encoder.get()}},
                            {});
  WriteTrainingState(run.options, {state, fresh.State()});
}

void RunTransformerStage(TrainingRun& run) {
  TrainTransformer(run);
  WriteNetworks(run.options.output, run.networks);
  WriteTrainingRecord(run);
  run.state.stage = "done";
  run.state.seconds = SecondsSoFar(run);
  WriteTrainingState(run.options, {run.state, {}});
}

int64_t CountAll(const Networks& networks) {
  return CountParameters(*networks.vae) + CountParameters(*networks.text_encoder) +
         CountParameters(*networks.transformer);
}

}  // namespace

void TrainOptions::Validate() const {
  Require(!output.empty(), "output", "a folder");
  PresetConfig(preset);
  RequireInSteps(width, "width", 16, 16);
  RequireInSteps(height, "height", 16, 16);
  RequireInSteps(frames, "frames", 4, 1);
  Require(std::isfinite(fps) && fps > 0, "fps", "positive");
  Require(clips >= 1, "clips", "1 or more");
  Require(validation_clips >= 0, "validation_clips", "0 or more");
  Require(vae_frames >= 1 && vae_frames % 4 == 1 && vae_frames <= frames,
          "vae_frames",
          "a multiple of 4, plus 1, and at most frames");
  Require(vae_steps >= 1, "vae_steps", "1 or more");
  Require(dit_steps >= 1, "dit_steps", "1 or more");
  Require(vae_batch >= 1 && dit_batch >= 1, "vae_batch and dit_batch", "1 or more");
  Require(vae_learning_rate > 0 && dit_learning_rate > 0, "learning rates", "positive");
  Require(kl_weight >= 0, "kl_weight", "0 or more");
  Require(caption_dropout >= 0 && caption_dropout <= 1, "caption_dropout", "from 0 to 1");
  Require(std::isfinite(shift) && shift > 0, "shift", "positive");
  Require(optimizer == "adamw" || optimizer == "muon", "optimizer", "adamw or muon");
  Require(warmup_steps >= 0, "warmup_steps", "0 or more");
  Require(weight_decay >= 0, "weight_decay", "0 or more");
  Require(gradient_clip > 0, "gradient_clip", "positive");
  Require(ema_decay >= 0 && ema_decay < 1, "ema_decay", "from 0 to below 1");
  Require(threads >= 1, "threads", "1 or more");
  Require(save_steps >= 1 && log_steps >= 1 && validation_steps >= 1,
          "save_steps, log_steps and validation_steps",
          "1 or more");
}

TrainSummary Train(const TrainOptions& options,
                   const ClipSource& source,
                   const Progress& progress) {
  options.Validate();
  at::set_num_threads(options.threads);
  MakeFolder(options.output / "training");
  const auto saved = ReadTrainingState(options);
  const ClipStore clips(options, source, progress);
  const std::vector<std::string> captions(clips.captions().begin(),
                                          clips.captions().begin() + options.clips);
  Networks networks = MakeNetworks(ConfigOf(options), TrainTokenizer(captions, 512), options.seed);
  TrainingRun run{.options = options,
                  .progress = progress,
                  .clips = clips,
                  .networks = networks,
                  .state = saved ? saved->state : TrainingState{}};
  if (options.clock_s) run.clock_origin_s = options.clock_s() - run.state.seconds;
  if (run.state.stage == "vae") {
    RunVaeStage(run);
  } else {
    LoadWeights(
        *networks.vae, ReadSafetensors(FinishedVae(options)), FinishedVae(options).string());
  }
  if (run.state.stage == "dit") RunTransformerStage(run);
  return {.checkpoint = options.output,
          .parameters = CountAll(networks),
          .vae_psnr_db = run.state.vae_psnr_db,
          .flow_loss = run.state.flow_loss,
          .untrained_flow_loss = run.state.untrained_flow_loss,
          .seconds = run.state.seconds};
}

}  // namespace plumb
