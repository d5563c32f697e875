// SPDX-License-Identifier: Apache-2.0
// Scoring one video, and what a worker sends back of it.
#pragma once

#include <filesystem>
#include <string>
#include <vector>

#include "app/stage_clock.h"
#include "core/json.h"
#include "core/results.h"
#include "metrics/metrics.h"

namespace plumb {

// One video file to be scored: the request of kind "score" (what `plumb score` sends).
struct ScoreTask {
  std::filesystem::path sample;       // file or folder of PNG
  std::filesystem::path truth_video;  // a video of the truth; empty: none
  std::filesystem::path
      truth_folder;  // a truth folder (states, masks); empty: none; excludes truth_video
  int conditioning_frames = 0;
  uint64_t seed = 0;
  std::vector<std::string> families;     // empty: all
  double png_fps = 24.0;                 // rate of a folder of PNG
  std::filesystem::path proxy;           // where a review copy of the sample goes; empty: none
  std::filesystem::path truth_proxy;     // the same for the truth's video
  bool decode_only = false;              // facts of the sample, no scores
  std::filesystem::path reconstruction;  // where the sample's cameras and points go; empty: nowhere
  bool reconstruction_pictures = false;  // the posed frames' pictures too
};
Json ToJson(const ScoreTask& task);
ScoreTask ScoreTaskFromJson(const Json& json);

// What a scored piece of work sends back: the cell without its key, scenario and caption.
Json ReplyOf(const Cell& cell);
// Puts sample, scores and seconds of a reply into the cell and makes it done.
void AddReply(const Json& reply, Cell& cell);

// Decodes and measures; of a reconstruction that was asked for a note tells what there is. Throws
// InputError for a video that can't be accepted, EnvironmentError when a file can't be written.
Cell DoScoreTask(const ScoreTask& task, StageClock& clock);

// Facts, scores, motion class, notes and seconds of a sample that was measured; returns what
// geometry reconstructed, when input.keep_reconstruction asks for it.
std::optional<Reconstruction> AddMeasurement(const MetricInput& input,
                                             const std::vector<std::string>& metrics,
                                             Cell& cell);

}  // namespace plumb
