// SPDX-License-Identifier: Apache-2.0
#include <ATen/CPUGeneratorImpl.h>
#include <ATen/autocast_mode.h>

#include "core/errors.h"
#include "core/safetensors.h"
#include "core/seed.h"
#include "generator/training/internal_training.h"

namespace plumb {
namespace {

EventTime Now(const TrainingRun& run) {
  return {run.state.step, run.options.clock_s ? run.options.clock_s() : 0.0};
}

constexpr char kLogHeader[] = "stage,step,loss,learning_rate,validation,seconds\n";

// One line of the log, as CSV and for TensorBoard; the CSV is written anew so that an interrupted
// run leaves no lines beyond its state.
void WriteLogLine(TrainingRun& run, const Stage& stage, const std::optional<double>& validation) {
  TrainingState& state = run.state;
  if (state.log.empty()) state.log = kLogHeader;
  const double loss = state.loss_sum / static_cast<double>(state.loss_count);
  const double rate = LearningRate(stage.optimizer, state.step - 1);
  state.log += fmt::format("{},{},{:.6f},{:.3g},{},{:.0f}\n",
                           stage.name,
                           state.step,
                           loss,
                           rate,
                           validation ? fmt::format("{:.4f}", *validation) : "",
                           SecondsSoFar(run));
  state.loss_sum = 0.0;
  state.loss_count = 0;
  WriteFileAtomically(run.options.output / "training/log.csv", state.log);
  const EventTime now = Now(run);
  run.events.AddScalar(stage.name + "/loss", loss, now);
  run.events.AddScalar(stage.name + "/learning_rate", rate, now);
  if (validation) run.events.AddScalar(stage.name + "/validation", *validation, now);
}

void WriteSheet(TrainingRun& run, const Stage& stage) {
  const Image sheet = stage.sheet();
  const std::string png = run.options.encode_png(sheet);
  const std::filesystem::path folder = run.options.output / "training/samples";
  MakeFolder(folder);
  WriteFileAtomically(folder / fmt::format("{}-{:06}.png", stage.name, run.state.step), png);
  run.events.AddPicture(stage.name + "/samples", {sheet.width, sheet.height, png}, Now(run));
}

void SaveRun(TrainingRun& run, const AveragedAdamW& optimizer) {
  WriteTrainingState(run.options, {StateOf(run), optimizer.State()});
}

// What is due after a step. `news` is shown beside the count.
void DoWhatIsDue(TrainingRun& run,
                 const Stage& stage,
                 AveragedAdamW& optimizer,
                 std::string& news) {
  const TrainOptions& options = run.options;
  const int64_t step = run.state.step;
  const bool last = step == stage.optimizer.steps;
  const bool validates = last || step % options.validation_steps == 0;
  const bool samples = stage.sheet && options.sample_steps > 0 && options.encode_png &&
                       (last || step % options.sample_steps == 0);
  const auto kept = stage.kept.find(step);
  std::optional<double> validation;
  if (validates || samples || kept != stage.kept.end()) {
    torch::NoGradGuard no_grad;
    optimizer.SwapAveraged();
    if (validates) validation = stage.validation();
    if (samples) WriteSheet(run, stage);
    if (kept != stage.kept.end()) {
      for (const std::string& name : kept->second) KeepCheckpoint(run, name);
    }
    optimizer.SwapAveraged();
  }
  if (validation) news = fmt::format(" {} {:.4f}", stage.validation_name, *validation);
  if (validates || step % options.log_steps == 0) WriteLogLine(run, stage, validation);
  if (last || step % options.save_steps == 0) SaveRun(run, optimizer);
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
    optimizer.LoadState(saved->optimizer, StatePath(options).string());
  }
  std::string news;
  bool frozen = false;
  while (state.step < stage.optimizer.steps) {
    if (run.progress.Cancelled()) {
      SaveRun(run, optimizer);
      throw CancelledError();
    }
    run.progress.Report(
        stage.name + news, static_cast<int>(state.step), static_cast<int>(stage.optimizer.steps));
    if (!frozen && stage.frozen_from > 0 && state.step >= stage.frozen_from) {
      optimizer.Freeze(stage.frozen_prefix);
      frozen = true;
    }
    TakeStep(run, stage, optimizer);
    DoWhatIsDue(run, stage, optimizer, news);
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

TrainingState StateOf(const TrainingRun& run) {
  TrainingState state = run.state;
  state.seconds = SecondsSoFar(run);
  state.event_bytes = run.events.bytes();
  return state;
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

at::Device DeviceOf(const TrainOptions& options) {
  if (options.device == "cpu") return at::kCPU;
  if (!torch::cuda::is_available()) {
    throw EnvironmentError(
        "device cuda: LibTorch sees no GPU here (none there, no driver, or a LibTorch without "
        "CUDA); train with --device cpu");
  }
  return at::kCUDA;
}

at::Tensor StepNoise(const TrainingRun& run,
                     at::IntArrayRef sizes,
                     const at::Generator& generator) {
  return at::randn(sizes, generator, at::kFloat).to(run.device);
}

Autocast::Autocast(bool bf16, at::DeviceType device)
    : device_(device), before_(at::autocast::is_autocast_enabled(device)) {
  at::autocast::set_autocast_enabled(device, bf16);
  at::autocast::set_autocast_dtype(device, at::kBFloat16);
}

Autocast::~Autocast() {
  at::autocast::clear_cache();
  at::autocast::set_autocast_enabled(device_, before_);
}

}  // namespace plumb
