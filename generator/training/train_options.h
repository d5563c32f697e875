// SPDX-License-Identifier: Apache-2.0
// What a training of a native checkpoint can be told.
#pragma once

#include <cstdint>
#include <filesystem>
#include <functional>
#include <string>
#include <vector>

#include "core/json.h"
#include "core/video.h"

namespace plumb {

// Clips of one kind.
struct TrainingShape {
  int width = 64;   // pixels, a multiple of 16
  int height = 64;  // pixels, a multiple of 16
  int frames = 49;  // a multiple of 4, plus 1
  double fps = 24.0;

  bool operator==(const TrainingShape&) const = default;
};

// "96x64x17@12": width, height, frames, frames per second. Throws UsageError saying so.
TrainingShape ParseTrainingShape(const std::string& text);
std::string ToText(const TrainingShape& shape);

// A checkpoint of the same training that is kept at output/checkpoints/<name>.
struct KeptCheckpoint {
  std::string name;  // letters, digits, "-" and "_"
  double at = 0.0;   // steps of the transformer, or below 1 the share of them
};

// "early=0.1", "middle=4000", or "500" for "step-500=500". Throws UsageError saying so.
KeptCheckpoint ParseKeptCheckpoint(const std::string& text);

struct TrainOptions {
  std::filesystem::path
      output;  // becomes the checkpoint folder; training state lies in output/training
  std::string preset =
      "tiny";  // size of the networks: "tiny" (7.7 M parameters) or "test" (some thousand)

  // The clips asked of the source, as TrainingShape's fields; what the checkpoint says it is for.
  int width = 64;
  int height = 64;
  int frames = 49;
  double fps = 24.0;
  std::vector<TrainingShape> shapes;  // each clip's is drawn from these; empty: the one above
  int clips = 1200;                   // made once and kept
  int validation_clips = 24;          // held out; their losses stand in the log and the record

  std::filesystem::path clip_folder;  // where they are kept; empty: output/training/clips
  int render_threads = 1;  // that ask the source at once; the same clips for every number

  // Exported sets (clips.jsonl and safetensors files, see docs/dataset.md) instead of the source:
  // their last `validation_clips` clips are held out, at most `clips` of the others are trained on,
  // and size, length and rate above are the sets' own. Several sets are mixed evenly.
  std::vector<std::filesystem::path> data_folders;

  uint64_t seed = 0;  // of weights, order, noise and crops

  // Stage 1: the VAE on runs of `vae_frames` frames.
  int vae_steps = 1000;
  int vae_batch = 2;   // clips a step
  int vae_frames = 9;  // a multiple of 4, plus 1; at most `frames`
  double vae_learning_rate = 1.5e-3;
  double kl_weight = 1e-5;  // of the KL term, per latent element

  // Stage 2: transformer and text encoder on latents.
  int dit_steps = 1000;
  int dit_batch = 8;  // clips a step
  double dit_learning_rate = 1e-3;
  double caption_dropout = 0.1;  // share of clips trained without caption, for guidance
  double shift = 1.0;  // of the sampled noise levels (SD3's rule); stored in the scheduler's config
  // What is learned: "flow" (rectified flow), or of variance-preserving diffusion the noise ("eps")
  // or "v"; those know no shift. Stored in the scheduler's config, which samplers follow.
  std::string objective = "flow";
  // From this step on the text encoder stays what its average is then, so that later checkpoints of
  // a series share it; 0: it learns to the end.
  int text_encoder_steps = 0;

  // Share of the loss that goes to where a clip changes over time instead of evenly to all tokens
  // that are to be made (things that move are few tokens among many that stand), and the step from
  // which on it does.
  double change_share = 0.5;
  int change_from = 0;

  // Both stages: linear warm-up and cosine decay to a tenth.
  std::string optimizer = "muon";  // "adamw", or "muon": hidden matrices by orthogonalised momentum
  int warmup_steps = 100;
  double weight_decay = 0.01;
  double gradient_clip = 1.0;  // global norm
  double ema_decay =
      0.999;  // of the averaged weights that are stored; shorter averages at the start

  std::string device = "cpu";  // or "cuda"; bit-exact resuming is promised for "cpu"
  bool bf16 = true;            // matrix products and convolutions in bfloat16
  int threads = 1;             // resuming is bit-exact for an equal number only
  // The transformer's blocks are run again for their gradients instead of keeping what they
  // computed: less memory, a third more work, the same weights.
  bool checkpoint_activations = false;
  int save_steps = 100;  // state is saved aside and renamed: kill -9 loses at most so many steps
  int log_steps = 50;    // a line of output/training/log.csv
  int validation_steps = 250;
  int sample_steps = 1000;  // a sheet of samples beside the truth, output/training/samples; 0: none
  int sample_clips = 4;     // held-out clips on a sheet
  std::vector<KeptCheckpoint> keep;
  // A picture as PNG, for the sheets; empty: no sheets.
  std::function<std::string(const Image&)> encode_png;

  // For the record only; the result does not depend on them.
  std::string command;              // the command line that repeats this training
  Json data = Json::object();       // what the source renders: scenarios, seeds, renderer version
  std::string hardware;             // "Intel …, 1 of 2 cores"
  Json versions = Json::object();   // of the program and its libraries, by name
  std::function<double()> clock_s;  // seconds since 1970; empty: times are not recorded

  // Throws UsageError naming the field and what it may be.
  void Validate() const;
};

// The shape of a clip of the source: one of `shapes`, drawn from the seed, or the only one.
TrainingShape ShapeOfClip(const TrainOptions& options, uint64_t index);

}  // namespace plumb
