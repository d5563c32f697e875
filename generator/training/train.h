// SPDX-License-Identifier: Apache-2.0
// Trains a native checkpoint from nothing on clips that the caller supplies: tokenizer, then the
// VAE, then the transformer together with the text encoder.
#pragma once

#include <cstdint>
#include <filesystem>
#include <functional>
#include <string>

#include "core/json.h"
#include "core/progress.h"
#include "core/video.h"

namespace plumb {

// One clip with its caption. `source` names it in the record ("drop-17").
struct TrainingClip {
  Video video;
  std::string caption;
  std::string source;
};

// Clip `index`; the same index must always give the same clip, of TrainOptions' size, length and
// rate. Indices 0 … clips-1 are trained on, clips … clips+validation_clips-1 are held out.
using ClipSource = std::function<TrainingClip(uint64_t index)>;

struct TrainOptions {
  std::filesystem::path
      output;  // becomes the checkpoint folder; training state lies in output/training
  std::string preset =
      "tiny";  // size of the networks: "tiny" (5 M parameters) or "test" (some thousand)

  // The clips asked of the source.
  int width = 64;   // pixels, a multiple of 16
  int height = 64;  // pixels, a multiple of 16
  int frames = 49;  // a multiple of 4, plus 1
  double fps = 24.0;
  int clips = 1200;           // made once and kept
  int validation_clips = 24;  // held out; their losses stand in the log and the record

  std::filesystem::path clip_folder;  // where they are kept; empty: output/training/clips

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

  // Both stages: linear warm-up and cosine decay to a tenth.
  std::string optimizer = "muon";  // "adamw", or "muon": hidden matrices by orthogonalised momentum
  int warmup_steps = 100;
  double weight_decay = 0.01;
  double gradient_clip = 1.0;  // global norm
  double ema_decay =
      0.999;  // of the averaged weights that are stored; shorter averages at the start

  bool bf16 = true;      // matrix products and convolutions in bfloat16
  int threads = 1;       // resuming is bit-exact for an equal number only
  int save_steps = 100;  // state is saved aside and renamed: kill -9 loses at most so many steps
  int log_steps = 50;    // a line of output/training/log.csv
  int validation_steps = 250;

  // For the record only; the result does not depend on them.
  std::string command;              // the command line that repeats this training
  Json data = Json::object();       // what the source renders: scenarios, seeds, renderer version
  std::string hardware;             // "Intel …, 1 of 2 cores"
  Json versions = Json::object();   // of the program and its libraries, by name
  std::function<double()> clock_s;  // seconds from any origin; empty: times are not recorded

  // Throws UsageError naming the field and what it may be.
  void Validate() const;
};

struct TrainSummary {
  std::filesystem::path checkpoint;
  int64_t parameters = 0;
  double vae_psnr_db = 0.0;  // on the held-out clips (on the training clips when none are held out)
  double flow_loss = 0.0;    // the same clips, mean over evenly spaced noise levels
  double untrained_flow_loss = 0.0;  // before the first step of stage 2
  double seconds = 0.0;              // over all calls that led here; 0 without a clock
};

// Trains, or goes on where the state in output/training stands; a finished training returns at
// once. The checkpoint, output/training_record.json, training_log.csv and README.md (the model
// card) are written at the end. The result depends on options, clips and thread count alone, not on
// interruptions. Throws UsageError when the state belongs to other options (those of the
// transformer's stage may change until its first step), EnvironmentError when the folder can't be
// written, CancelledError after saving when progress says so.
TrainSummary Train(const TrainOptions& options, const ClipSource& clips, const Progress& progress);

}  // namespace plumb
