// SPDX-License-Identifier: Apache-2.0
#include <ATen/CPUGeneratorImpl.h>
#include <ATen/autocast_mode.h>

#include "core/errors.h"
#include "core/safetensors.h"
#include "core/seed.h"
#include "generator/training/internal_training.h"

namespace plumb {
namespace {

std::filesystem::path StatePath(const TrainOptions& options) {
  return options.output / "training/state.safetensors";
}

// Whether a saved training may go on with these options. The transformer's own ones decide nothing
// before its first step.
bool SameTraining(Json saved, Json wanted, const TrainingState& state) {
  const bool transformer_begun = state.stage == "done" || (state.stage == "dit" && state.step > 0);
  if (!transformer_begun) {
    for (const char* key :
         {"dit_steps", "dit_batch", "dit_learning_rate", "caption_dropout", "shift"}) {
      saved.erase(key);
      wanted.erase(key);
    }
  }
  return saved == wanted;
}

constexpr char kLogHeader[] = "stage,step,loss,learning_rate,validation,seconds\n";

// One line of the log; writes the file anew so that an interrupted run leaves no lines beyond its
// state.
void WriteLogLine(TrainingRun& run, const Stage& stage, const std::string& validation) {
  TrainingState& state = run.state;
  if (state.log.empty()) state.log = kLogHeader;
  state.log += fmt::format("{},{},{:.6f},{:.3g},{},{:.0f}\n",
                           stage.name,
                           state.step,
                           state.loss_sum / static_cast<double>(state.loss_count),
                           LearningRate(stage.optimizer, state.step - 1),
                           validation,
                           SecondsSoFar(run));
  state.loss_sum = 0.0;
  state.loss_count = 0;
  WriteFileAtomically(run.options.output / "training/log.csv", state.log);
}

void SaveRun(TrainingRun& run, const AveragedAdamW& optimizer) {
  TrainingState state = run.state;
  state.seconds = SecondsSoFar(run);
  WriteTrainingState(run.options, {state, optimizer.State()});
}

double Validate(const Stage& stage, AveragedAdamW& optimizer) {
  torch::NoGradGuard no_grad;
  optimizer.SwapAveraged();
  const double value = stage.validation();
  optimizer.SwapAveraged();
  return value;
}

void TakeStep(TrainingRun& run, const Stage& stage, AveragedAdamW& optimizer) {
  TrainingState& state = run.state;
  const at::Tensor loss = stage.loss(state.step);
  loss.backward();
  optimizer.Step(state.step);
  ++state.step;
  state.loss_sum += loss.item<double>();
  ++state.loss_count;
}

}  // namespace

void RunStage(TrainingRun& run, const Stage& stage) {
  TrainingState& state = run.state;
  const TrainOptions& options = run.options;
  AveragedAdamW optimizer(stage.modules, stage.optimizer);
  if (const auto saved = ReadTrainingState(options); saved && saved->state.stage == stage.name) {
    optimizer.LoadState(saved->optimizer);
  }
  std::string news;
  while (state.step < stage.optimizer.steps) {
    if (run.progress.Cancelled()) {
      SaveRun(run, optimizer);
      throw CancelledError();
    }
    run.progress.Report(
        stage.name + news, static_cast<int>(state.step), static_cast<int>(stage.optimizer.steps));
    TakeStep(run, stage, optimizer);
    const bool last = state.step == stage.optimizer.steps;
    std::string validation;
    if (last || state.step % options.validation_steps == 0) {
      validation = fmt::format("{:.4f}", Validate(stage, optimizer));
      news = fmt::format(" {} {}", stage.validation_name, validation);
    }
    if (last || !validation.empty() || state.step % options.log_steps == 0) {
      WriteLogLine(run, stage, validation);
    }
    if (last || state.step % options.save_steps == 0) SaveRun(run, optimizer);
  }
  optimizer.SwapAveraged();
}

OptimizerSettings SettingsOf(const TrainOptions& options, int steps, double learning_rate) {
  return {.learning_rate = learning_rate,
          .steps = steps,
          .warmup_steps = std::min(options.warmup_steps, steps / 2),
          .weight_decay = options.weight_decay,
          .gradient_clip = options.gradient_clip,
          .ema_decay = options.ema_decay,
          .muon = options.optimizer == "muon"};
}

std::optional<SavedTraining> ReadTrainingState(const TrainOptions& options) {
  const std::filesystem::path path = StatePath(options);
  if (!std::filesystem::exists(path)) return std::nullopt;
  Safetensors file = ReadSafetensors(path);
  const Json json = Json::parse(file.metadata.at("state"));
  SavedTraining saved;
  saved.state = {.stage = json.at("stage"),
                 .step = json.at("step"),
                 .loss_sum = json.at("loss_sum"),
                 .loss_count = json.at("loss_count"),
                 .seconds = json.at("seconds"),
                 .log = json.at("log"),
                 .vae_psnr_db = json.at("vae_psnr_db"),
                 .flow_loss = json.at("flow_loss"),
                 .untrained_flow_loss = json.at("untrained_flow_loss")};
  if (!SameTraining(json.at("options"), DecisiveOptions(options), saved.state)) {
    throw UsageError(fmt::format(
        "{} belongs to a training with other options; name another output folder", path.string()));
  }
  saved.optimizer = std::move(file.tensors);
  return saved;
}

void WriteTrainingState(const TrainOptions& options, const SavedTraining& saved) {
  const TrainingState& state = saved.state;
  const Json json = {{"options", DecisiveOptions(options)},
                     {"stage", state.stage},
                     {"step", state.step},
                     {"loss_sum", state.loss_sum},
                     {"loss_count", state.loss_count},
                     {"seconds", state.seconds},
                     {"log", state.log},
                     {"vae_psnr_db", state.vae_psnr_db},
                     {"flow_loss", state.flow_loss},
                     {"untrained_flow_loss", state.untrained_flow_loss}};
  WriteSafetensors(StatePath(options), {saved.optimizer, {{"state", json.dump()}}});
}

double SecondsSoFar(const TrainingRun& run) {
  return run.options.clock_s ? run.options.clock_s() - run.clock_origin_s : 0.0;
}

std::vector<int64_t> ValidationClips(const TrainOptions& options) {
  const bool held_out = options.validation_clips > 0;
  const int first = held_out ? options.clips : 0;
  const int count = held_out ? options.validation_clips : std::min(options.clips, 16);
  std::vector<int64_t> clips;
  for (int i = 0; i < count; ++i) clips.push_back(first + i);
  return clips;
}

Random StepRandom(const TrainOptions& options, const std::string& stage, int64_t step) {
  return Random(DeriveSeed(options.seed, fmt::format("{} step {}", stage, step), "choices"));
}

at::Generator StepGenerator(const TrainOptions& options, const std::string& stage, int64_t step) {
  return at::detail::createCPUGenerator(
      DeriveSeed(options.seed, fmt::format("{} step {}", stage, step), "noise") >> 1);
}

Autocast::Autocast(bool bf16) : before_(at::autocast::is_autocast_enabled(at::kCPU)) {
  at::autocast::set_autocast_enabled(at::kCPU, bf16);
  at::autocast::set_autocast_dtype(at::kCPU, at::kBFloat16);
}

Autocast::~Autocast() {
  at::autocast::clear_cache();
  at::autocast::set_autocast_enabled(at::kCPU, before_);
}

}  // namespace plumb
