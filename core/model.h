// SPDX-License-Identifier: Apache-2.0
// A model turns a prompt into a video. The prompt is all that an honest model may see.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "core/camera.h"
#include "core/progress.h"
#include "core/video.h"

namespace plumb {

// What one cell asks for.
struct Prompt {
  std::string cell_id;  // "<scene id>/<seed>"
  std::string caption;
  std::vector<Image> conditioning_frames;  // the first frames of the clip; may be empty (text only)
  std::vector<Camera> cameras;  // one per frame asked for; empty when the camera is not stated
  int width = 0;
  int height = 0;
  int frames = 0;
  double fps = 0.0;
  uint64_t seed = 0;
};

class Model {
 public:
  virtual ~Model() = default;
  // A video as near to the asked size, rate and length as the model can make, never shorter than
  // one frame. The same prompt gives the same bytes. Throws Error when it cannot; the cell is then
  // failed with the text.
  virtual Video Generate(const Prompt& prompt, const Progress& progress) = 0;
};

}  // namespace plumb
