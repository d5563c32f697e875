// SPDX-License-Identifier: Apache-2.0
// What the stages of a training share: its state on disk, its log, and the loop over steps.
#pragma once

#include <functional>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "core/seed.h"
#include "generator/native/internal_checkpoint.h"
#include "generator/training/internal_clip_store.h"
#include "generator/training/internal_event_file.h"
#include "generator/training/internal_optimizer.h"
#include "generator/training/train.h"

namespace plumb {

// Where a training stands. Saved aside and renamed, together with the optimizer's state.
struct TrainingState {
  std::string stage = "vae";  // "vae", "dit", "done"
  int64_t step = 0;           // steps of the stage that are done
  double loss_sum = 0.0;      // since the last line of the log
  int64_t loss_count = 0;
  double seconds = 0.0;     // over all calls so far
  std::string log;          // the whole CSV file
  int64_t event_bytes = 0;  // of TensorBoard's file
  double vae_psnr_db = 0.0;
  double flow_loss = 0.0;
  double untrained_flow_loss = 0.0;
};

struct TrainingRun {
  const TrainOptions& options;
  const Progress& progress;
  const ClipStore& clips;
  Networks& networks;
  TrainingState state;
  EventFile events;
  at::Device device{at::kCPU};  // where networks and batches are
  double clock_origin_s = 0.0;  // clock reading that stands for state.seconds = 0
};

// A stage is a loss to follow and a number to watch.
struct Stage {
  std::string name;
  OptimizerSettings optimizer;
  std::vector<std::pair<std::string, torch::nn::Module*>> modules;
  std::function<at::Tensor(int64_t step)> loss;  // of one step's batch
  std::function<double()> validation;            // on held-out clips, with averaged weights
  std::string validation_name;
  std::string frozen_prefix;  // parameters that stay from `frozen_from` on, when that is above 0
  int64_t frozen_from = 0;
  // What is due after a step, with averaged weights in the modules.
  std::map<int64_t, std::vector<std::string>> kept;  // names of checkpoints by step
  std::function<Image()> sheet;                      // truth and samples; empty: none
};

// Runs the rest of the stage; the modules end with their averaged weights. Saves every save_steps,
// at the end and on cancellation (then throws CancelledError).
void RunStage(TrainingRun& run, const Stage& stage);

// The stages' own parts.
void TrainVae(TrainingRun& run);
void TrainTransformer(TrainingRun& run);

// Settings of both stages from the options.
OptimizerSettings SettingsOf(const TrainOptions& options, int steps, double learning_rate);

// State in output/training/state.safetensors. Reading gives nothing when there is none, and throws
// UsageError when it belongs to other options, InputError naming the file when it is none.
std::filesystem::path StatePath(const TrainOptions& options);
struct SavedTraining {
  TrainingState state;
  std::map<std::string, Tensor> optimizer;
};
std::optional<SavedTraining> ReadTrainingState(const TrainOptions& options);
void WriteTrainingState(const TrainOptions& options, const SavedTraining& saved);

// Where the run stands now, to be saved.
TrainingState StateOf(const TrainingRun& run);

// Writes output/checkpoints/<name> from the networks as they are: the parts that will not change
// any more stand in `output` and are shared.
void KeepCheckpoint(const TrainingRun& run, const std::string& name);
std::map<int64_t, std::vector<std::string>> KeptBySteps(const TrainOptions& options);
// Throws UsageError when a checkpoint is to be kept of a step that is over and that left none.
void RequireKeptSoFar(const TrainOptions& options, const TrainingState& state);

// Held-out clips above, below each what the checkpoint makes from its caption and first frame.
// Leaves output/training/sampled behind.
Image SampleSheet(const TrainingRun& run);

// The device of the options. Throws EnvironmentError when there is none.
at::Device DeviceOf(const TrainOptions& options);
// Normal noise drawn on the CPU, so that it is the same on every device, then moved there.
at::Tensor StepNoise(const TrainingRun& run, at::IntArrayRef sizes, const at::Generator& generator);

// The options that decide the result, as the state and the record show them.
Json DecisiveOptions(const TrainOptions& options);

// Seconds over all calls so far; 0 without a clock.
double SecondsSoFar(const TrainingRun& run);

void WriteTrainingRecord(const TrainingRun& run);

// Held-out clips, or the training clips when none are held out.
std::vector<int64_t> ValidationClips(const TrainOptions& options);

// Random numbers of one step, from the training's seed alone.
Random StepRandom(const TrainOptions& options, const std::string& stage, int64_t step);
at::Generator StepGenerator(const TrainOptions& options, const std::string& stage, int64_t step);

// Matrix products and convolutions on the device in bfloat16 while it lives.
class Autocast {
 public:
  explicit Autocast(bool bf16, at::DeviceType device = at::kCPU);
  ~Autocast();
  Autocast(const Autocast&) = delete;
  Autocast& operator=(const Autocast&) = delete;

 private:
  at::DeviceType device_;
  bool before_;
};

}  // namespace plumb
