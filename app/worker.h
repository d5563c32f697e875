// SPDX-License-Identifier: Apache-2.0
// The worker's side: requests come in as JSON lines on standard input, answers go out on
// descriptor 3. What libraries print to standard output goes nowhere; their last words on standard
// error become the reason of a crash.
#pragma once

#include <filesystem>
#include <functional>
#include <optional>
#include <string>

#include "app/truth_store.h"
#include "app/video_io.h"
#include "core/errors.h"
#include "core/json.h"
#include "core/results.h"

namespace plumb {

// Tells the parent which stage ("truth", "generate", "decode", "score") the work has come to, and
// keeps the wall seconds of each.
class StageClock {
 public:
  explicit StageClock(std::function<void(const std::string&)> announce = {});
  // Ends the stage before and begins the next; "" only ends.
  void Begin(const std::string& stage);
  const std::string& stage() const { return stage_; }
  const std::map<std::string, double>& seconds() const { return seconds_; }

 private:
  std::function<void(const std::string&)> announce_;
  std::string stage_;
  double began_s_ = 0.0;
  std::map<std::string, double> seconds_;
};

// One video file to be scored: the request of kind "score" (what `plumb score` sends).
struct ScoreTask {
  std::filesystem::path sample;       // file or folder of PNG
  std::filesystem::path truth_video;  // a video of the truth; empty: none
  std::filesystem::path
      truth_folder;  // a truth folder (states, masks); empty: none; excludes truth_video
  int conditioning_frames = 0;
  uint64_t seed = 0;
  std::vector<std::string> families;  // empty: all
  double png_fps = 24.0;              // rate of a folder of PNG
  std::filesystem::path proxy;        // where a review copy of the sample goes; empty: none
  std::filesystem::path truth_proxy;  // the same for the truth's video
  bool decode_only = false;           // facts of the sample, no scores
};
Json ToJson(const ScoreTask& task);
ScoreTask ScoreTaskFromJson(const Json& json);

// What a scored piece of work sends back: the cell without its key, scenario and caption.
Json ReplyOf(const Cell& cell);
// Puts sample, scores and seconds of a reply into the cell and makes it done.
void AddReply(const Json& reply, Cell& cell);

// Decodes and measures. Throws InputError for a video that can't be accepted.
Cell DoScoreTask(const ScoreTask& task, StageClock& clock);

// Reads requests until the end of input, answers each. Never throws.
ExitCode ServeRequests();

}  // namespace plumb
