// SPDX-License-Identifier: Apache-2.0
// Per-pixel truth and views from rendered frames. Internal to the scenes room.
#pragma once

#include <vector>

#include "core/truth.h"
#include "scenes/internal_frame_renderer.h"

namespace plumb {

// Tensors of the passes asked for, zero everywhere.
Passes EmptyPasses(const RenderOptions& options, int num_bodies);
void StorePasses(const FrameInput& input, const FrameOutput& output, Passes& passes);

// Presence, share, areas, centroid and box of every body.
std::vector<BodyView> ViewsOf(const Scene& scene,
                              const FrameInput& input,
                              const FrameOutput& output);

// Flow from the first frame to the second by the bodies' and the camera's own motion.
struct FramePair {
  const FrameInput& input;
  const FrameOutput& output;
  const FrameInput& next_input;
  const FrameOutput& next_output;
};
void StoreFlow(const FramePair& pair, Passes& passes);

}  // namespace plumb
