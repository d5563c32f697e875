// SPDX-License-Identifier: Apache-2.0
// The files that `plumb generate` is given, brought to the size and rate of what is made.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "app/generate/generation_options.h"
#include "core/camera.h"
#include "core/json.h"
#include "core/video.h"

namespace plumb {

// The clip that is made in one piece.
struct MadeClip {
  int width = 0;
  int height = 0;
  int frames = 0;  // a multiple of FrameStep plus one: at least what is asked for
  int kept = 0;    // frames that are asked for: the first so many
  double fps = 0.0;
};

struct GivenFiles {
  MadeClip clip;
  std::optional<Video> video;  // or the picture, as one frame
  std::optional<Video> connect;
  std::vector<uint8_t> mask;  // width·height, 1 where the mask is light
  std::vector<Image> references;
  std::vector<Camera> cameras;     // a path; empty: not stated
  std::vector<std::string> notes;  // what was done to files, for the user
  // What was read, by flag: {"file", "sha256"} as it was then, a list of them for "references".
  Json inputs = Json::object();
};

// Reads them. The size is what was asked for, exactly; else the nearest to the given picture's
// aspect that is neither larger than it nor than the checkpoint was trained for; the rate is what
// was asked for, else the trained one, or the given video's where that is slower. Videos are
// reduced by area and take the nearest frame in time. Throws UsageError on a size or length that
// the checkpoint can't make, InputError when a file can't be read or is smaller than the clip.
GivenFiles ReadGivenFiles(const GenerationOptions& options, const NativeModel& model);

// A camera for every frame: truth.json of a scene, or {"schema": 1, "cameras": […]} with cameras as
// a manifest has them. Throws InputError or UsageError, naming the file.
std::vector<Camera> ReadCameraPath(const std::string& path);

}  // namespace plumb
