// SPDX-License-Identifier: Apache-2.0
// From a request and the files given with it to frames, whatever the mode.
#pragma once

#include <functional>
#include <string>
#include <vector>

#include "app/generate/generation_options.h"
#include "app/generate/given_files.h"
#include "core/progress.h"

namespace plumb {

struct Generation {
  GenerationOptions options;  // valid
  GivenFiles files;
  std::vector<std::string> captions;  // what the model reads, one per video that is made

  int VideoCount() const { return static_cast<int>(captions.size()); }
};

// The prompts of valid options as the model reads them: expanded, unless that is off.
std::vector<std::string> CaptionsOf(const GenerationOptions& options);

// Takes the frames of the first video in order, then those of the second …
using VideoSink = std::function<void(int video, const Image& frame)>;

// Makes them; frames are handed on as soon as they are there. Returns how many frames of each video
// are given ones. What `progress` reports are the stages: "encoding", "reading the prompt",
// "sampling", "decoding", "extending". Throws UsageError on a length or size that can't be made,
// InputError when a given video is too short for what is asked of it.
int MakeVideos(NativeModel& model,
               const Generation& generation,
               const VideoSink& sink,
               const Progress& progress);

}  // namespace plumb
