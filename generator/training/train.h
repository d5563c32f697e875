// SPDX-License-Identifier: Apache-2.0
// Trains a native checkpoint from nothing on clips that the caller supplies or an export holds:
// tokenizer, then the VAE, then the transformer together with the text encoder.
#pragma once

#include <cstdint>
#include <filesystem>
#include <functional>

#include "core/progress.h"
#include "core/training_clip.h"
#include "generator/training/train_options.h"

namespace plumb {

using TrainingClip = CaptionedClip;

// Clip `index`, of ShapeOfClip(options, index); the same index must always give the same clip, and
// no index the clip of another. Called from several threads at once. Indices 0 … clips-1 are
// trained on; held-out clips have indices from kFirstHeldOut on, whatever the number of the others.
using ClipSource = std::function<TrainingClip(uint64_t index)>;
inline constexpr uint64_t kFirstHeldOut = uint64_t{1} << 32;

struct TrainSummary {
  std::filesystem::path checkpoint;
  int64_t parameters = 0;
  double vae_psnr_db = 0.0;  // on the held-out clips (on the training clips when none are held out)
  double flow_loss = 0.0;    // the same clips, mean over evenly spaced noise levels
  double untrained_flow_loss = 0.0;  // before the first step of stage 2
  double seconds = 0.0;              // over all calls that led here; 0 without a clock
};

// Trains, or goes on where the state in output/training stands; a finished training returns at
// once. On the way it writes output/training/log.csv, the same for TensorBoard beside it, sheets of
// samples and the checkpoints to keep. The checkpoint, output/training_record.json,
// training_log.csv and README.md (the model card) are written at the end. The result depends on
// options, clips and thread count alone, not on interruptions. Throws UsageError when the state
// belongs to other options (those of the transformer's stage may change until its first step),
// EnvironmentError when the folder can't be written or the device is missing, CancelledError after
// saving when progress says so.
TrainSummary Train(const TrainOptions& options, const ClipSource& clips, const Progress& progress);

}  // namespace plumb
