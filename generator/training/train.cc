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
  config.scheduler = ObjectiveScheduler(options.objective);
  config.scheduler.shift = options.shift;
  return config;
}

std::filesystem::path FinishedVae(const TrainOptions& options) {
  return options.output / "training/vae.safetensors";
}

std::filesystem::path EventPath(const TrainOptions& options) {
  return options.output / "training/events.out.tfevents.plumb";
}

// A training of several sets that an older version began goes on as it began: there a scene's
// views were all clips of its name, whichever set they came from.
TrainOptions AsBegun(TrainOptions options) {
  const std::filesystem::path path = StatePath(options);
  if (!options.data.contains("views") || !std::filesystem::exists(path)) return options;
  const auto metadata = MapSafetensors(path).metadata;
  const auto state = metadata.find("state");
  if (state == metadata.end()) return options;
  const Json begun = Json::parse(state->second, nullptr, /*allow_exceptions=*/false);
  const Json::json_pointer data("/options/data");
  if (begun.contains(data) && !begun.at(data).contains("views")) options.data.erase("views");
  return options;
}

void MoveTo(at::Device device, Networks& networks) {
  networks.vae->to(device);
  networks.text_encoder->to(device);
  networks.transformer->to(device);
}

void RunVaeStage(TrainingRun& run) {
  TrainVae(run);
  RoundToBfloat16(*run.networks.vae);
  WriteSafetensors(FinishedVae(run.options), ModuleWeights(*run.networks.vae, at::kBFloat16));
  run.state.stage = "dit";
  run.state.step = 0;
  const AveragedAdamW fresh({{"transformer", run.networks.transformer.get()},
                             {"text_encoder", run.networks.text_encoder.get()}},
                            {});
  WriteTrainingState(run.options, {StateOf(run), fresh.State()});
}

void RunTransformerStage(TrainingRun& run) {
  TrainTransformer(run);
  WriteNetworks(run.options.output, run.networks);
  WriteTrainingRecord(run);
  run.state.stage = "done";
  run.state = StateOf(run);
  WriteTrainingState(run.options, {run.state, {}});
}

int64_t CountAll(const Networks& networks) {
  return CountParameters(*networks.vae) + CountParameters(*networks.text_encoder) +
         CountParameters(*networks.transformer);
}

}  // namespace

TrainSummary Train(const TrainOptions& given, const ClipSource& source, const Progress& progress) {
  given.Validate();
  const TrainOptions options = AsBegun(WithDataOfFolders(given));
  const at::Device device = DeviceOf(options);
  at::set_num_threads(options.threads);
  MakeFolder(options.output / "training");
  const auto saved = ReadTrainingState(options);
  if (saved) RequireKeptSoFar(options, saved->state);
  const ClipStore clips(options, source, progress);
  Networks networks =
      MakeNetworks(ConfigOf(options), TrainTokenizer(clips.TrainedCaptions(), 512), options.seed);
  networks.transformer->recomputes_blocks = options.checkpoint_activations;
  MoveTo(device, networks);
  const TrainingState state = saved ? saved->state : TrainingState{};
  const double now_s = options.clock_s ? options.clock_s() : 0.0;
  TrainingRun run{.options = options,
                  .progress = progress,
                  .clips = clips,
                  .networks = networks,
                  .state = state,
                  .events = EventFile(EventPath(options), state.event_bytes, now_s),
                  .device = device,
                  .clock_origin_s = now_s - state.seconds};
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
