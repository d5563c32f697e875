// SPDX-License-Identifier: Apache-2.0
// A native checkpoint as the judge of how likely a video is: what metrics are handed as a function.
#pragma once

#include <string>
#include <vector>

#include "core/camera.h"
#include "metrics/dynamics/likelihood.h"

namespace plumb {

// What the judge is told of both videos of a pair.
struct JudgedScene {
  std::string caption;          // empty: nothing is said
  std::vector<Camera> cameras;  // of the truth's frames, or none
  uint64_t seed = 0;            // of the noise
};

// A function that gives a clip's losses at ten evenly spread levels. Clips are reduced to a size,
// thinned out to a rate (every second frame, every third …) and cut to a length that the checkpoint
// was trained for; the known frames are whole latent frames. The checkpoint stays open in this
// process until another is asked for, and the last two clips' losses are remembered: a truth comes
// again with every sample of its scene. Throws InputError as LoadNativeModel does, UsageError when
// this program has no generator.
DenoisingJudge JudgeOf(const std::string& checkpoint, const JudgedScene& scene);

}  // namespace plumb
