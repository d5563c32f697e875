// SPDX-License-Identifier: Apache-2.0
// A training of the smallest networks on moving discs: done in seconds.
#pragma once

#include <filesystem>

#include "tests/generator/moving_discs.h"
#include "tests/test_folder.h"

namespace plumb {

inline TrainOptions TestTraining(const std::filesystem::path& output) {
  TrainOptions options;
  options.output = output;
  options.preset = "test";
  options.width = 16;
  options.height = 16;
  options.frames = 9;
  options.clips = 8;
  options.validation_clips = 2;
  options.seed = 1;
  options.vae_steps = 40;
  options.vae_frames = 5;
  options.vae_learning_rate = 1e-2;
  options.dit_steps = 60;
  options.dit_batch = 4;
  options.dit_learning_rate = 5e-3;
  options.warmup_steps = 5;
  options.ema_decay = 0.9;
  options.bf16 = false;
  options.save_steps = 15;
  options.log_steps = 10;
  options.validation_steps = 1000;
  options.command = "plumb train --preset test";
  return options;
}

// The checkpoint of TestTraining, trained once a process and gone with it.
inline const TrainSummary& TrainedTestCheckpoint() {
  static const TestFolder folder;
  static const TrainSummary summary = Train(TestTraining(folder.path()), DiscSource({}), {});
  return summary;
}

}  // namespace plumb
