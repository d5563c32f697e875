// SPDX-License-Identifier: Apache-2.0
#include "generator/training/train_options.h"

#include <algorithm>
#include <cctype>
#include <cmath>
#include <cstdio>
#include <set>

#include <fmt/format.h>

#include "core/errors.h"
#include "core/seed.h"
#include "generator/native/configs.h"

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

// `which` stands before the field where there are several shapes.
void RequireShape(const TrainingShape& shape, const std::string& which) {
  RequireInSteps(shape.width, which + "width", 16, 16);
  RequireInSteps(shape.height, which + "height", 16, 16);
  RequireInSteps(shape.frames, which + "frames", 4, 1);
  Require(std::isfinite(shape.fps) && shape.fps > 0, which + "fps", "positive");
}

void RequireKept(const std::vector<KeptCheckpoint>& keep, int dit_steps) {
  std::set<std::string> names;
  for (const KeptCheckpoint& kept : keep) {
    const bool plain = std::all_of(kept.name.begin(), kept.name.end(), [](unsigned char c) {
      return std::isalnum(c) != 0 || c == '-' || c == '_';
    });
    Require(plain && !kept.name.empty(), "keep", "named with letters, digits, - and _");
    Require(names.insert(kept.name).second, "keep", "of different names");
    Require(kept.at > 0 && kept.at <= dit_steps, "keep", "within the transformer's steps");
  }
}

}  // namespace

TrainingShape ParseTrainingShape(const std::string& text) {
  TrainingShape shape;
  int end = -1;
  const int found = std::sscanf(
      text.c_str(), "%dx%dx%d@%lf%n", &shape.width, &shape.height, &shape.frames, &shape.fps, &end);
  if (found != 4 || end != static_cast<int>(text.size())) {
    throw UsageError(
        fmt::format("'{}': expected WIDTHxHEIGHTxFRAMES@FPS, such as 96x64x17@12", text));
  }
  return shape;
}

std::string ToText(const TrainingShape& shape) {
  return fmt::format("{}x{}x{}@{:g}", shape.width, shape.height, shape.frames, shape.fps);
}

KeptCheckpoint ParseKeptCheckpoint(const std::string& text) {
  const size_t equals = text.find('=');
  KeptCheckpoint kept;
  int end = -1;
  const std::string number = equals == std::string::npos ? text : text.substr(equals + 1);
  const bool is_number = std::sscanf(number.c_str(), "%lf%n", &kept.at, &end) == 1 &&
                         end == static_cast<int>(number.size());
  if (is_number && equals == std::string::npos && kept.at >= 1) {
    kept.name = fmt::format("step-{:.0f}", kept.at);
  } else if (is_number && equals != std::string::npos) {
    kept.name = text.substr(0, equals);
  } else {
    throw UsageError(
        fmt::format("'{}': expected NAME=STEP, NAME=SHARE or STEP, such as early=0.1", text));
  }
  return kept;
}

TrainingShape ShapeOfClip(const TrainOptions& options, uint64_t index) {
  if (options.shapes.empty()) {
    return {options.width, options.height, options.frames, options.fps};
  }
  Random random(DeriveSeed(options.seed, fmt::format("clip {}", index), "training shape"));
  return options.shapes[random.Index(static_cast<int>(options.shapes.size()))];
}

void TrainOptions::Validate() const {
  Require(!output.empty(), "output", "a folder");
  PresetConfig(preset);
  RequireShape({width, height, frames, fps}, "");
  for (const TrainingShape& shape : shapes) RequireShape(shape, ToText(shape) + " ");
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
  ObjectiveScheduler(objective);
  Require(objective == "flow" || shift == 1.0, "shift", "1 with objective eps or v");
  Require(optimizer == "adamw" || optimizer == "muon", "optimizer", "adamw or muon");
  Require(text_encoder_steps >= 0, "text_encoder_steps", "0 or more");
  Require(change_share >= 0 && change_share <= 1, "change_share", "from 0 to 1");
  Require(change_from >= 0, "change_from", "0 or more");
  Require(device == "cpu" || device == "cuda", "device", "cpu or cuda");
  Require(sample_steps >= 0, "sample_steps", "0 or more");
  Require(sample_clips >= 1, "sample_clips", "1 or more");
  RequireKept(keep, dit_steps);
  Require(warmup_steps >= 0, "warmup_steps", "0 or more");
  Require(weight_decay >= 0, "weight_decay", "0 or more");
  Require(gradient_clip > 0, "gradient_clip", "positive");
  Require(ema_decay >= 0 && ema_decay < 1, "ema_decay", "from 0 to below 1");
  Require(threads >= 1, "threads", "1 or more");
  Require(render_threads >= 1, "render_threads", "1 or more");
  Require(save_steps >= 1 && log_steps >= 1 && validation_steps >= 1,
          "save_steps, log_steps and validation_steps",
          "1 or more");
}

}  // namespace plumb
