// SPDX-License-Identifier: Apache-2.0
// A data set of rendered scenes for people who train on them; docs/dataset.md has the layout.
#pragma once

#include <cstdint>
#include <filesystem>
#include <string>
#include <vector>

#include "core/json.h"
#include "core/progress.h"
#include "scenes/render.h"

namespace plumb {

struct DatasetOptions {
  std::filesystem::path folder;
  std::vector<std::string> scenarios;  // empty: all
  uint64_t suite_seed = 0;
  uint64_t first_seed = 0;
  std::string camera;  // a view of scenes/cameras.h; empty: the scenarios' own
  int seeds = 1;       // of every scenario; may grow later, nothing else may
  int clips_per_shard = 100;
  bool lossless = false;    // video.mkv (FFV1) instead of video.mp4
  bool tensors = false;     // video.safetensors (core/training_clip.h), which training reads
  bool depth = false;       // 16-bit PNG, millimetres
  bool flow = false;        // 16-bit PNG, as in KITTI
  bool masks = false;       // 8-bit PNG, body index + 1
  bool full_truth = false;  // truth/ with every state and pass, for `plumb score --truth`
  int threads = 1;
  RenderOptions render;  // size, length and rate

  // Throws UsageError for an unknown scenario (with the nearest) or a senseless number.
  void Validate() const;
};

struct DatasetSummary {
  int clips = 0;
  int rendered = 0;  // the others were there already
};

// Renders what is missing. A clip's folder appears whole or not at all, so that an interrupted
// export goes on with the same command. Clip i is scenario i mod n at seed first + i / n: every
// stretch of clips has all scenarios. Throws UsageError when the folder holds a data set of other
// settings, EnvironmentError when it can't write or another process exports into it,
// CancelledError.
DatasetSummary ExportDataset(const DatasetOptions& options, const Progress& progress = {});

// What truth.json of a clip holds: scene, cameras, views, contacts and the bodies' states of every
// frame.
Json ClipTruth(const Truth& truth);

}  // namespace plumb
