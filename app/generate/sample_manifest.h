// SPDX-License-Identifier: Apache-2.0
// What stands beside every generated video: all that decides it, and how long it took.
#pragma once

#include <filesystem>
#include <string>

#include "app/generate/generation.h"
#include "core/json.h"

namespace plumb {

// One file that was made.
struct MadeFile {
  std::string path;
  int video = 0;  // which of the generation's
  int frames = 0;
  int width = 0;
  int height = 0;
};

// {"schema": 1, "video", "mode", "frames", "fps", "width", "height", "known_frames", "prompt":
// {"given", "expanded"}, "seed", "inputs" (as GivenFiles has them), "settings", "model" (weights
// digests, sampler, configuration), "device", "versions", "machine"}; the caller adds
// "stage_seconds".
Json SampleManifest(const Generation& generation,
                    const MadeFile& file,
                    int known_frames,
                    const Json& model);

// Where it stands: "ball.mp4.json" for "ball.mp4".
std::filesystem::path SampleManifestPath(const std::string& video);

}  // namespace plumb
