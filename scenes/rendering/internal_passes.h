// SPDX-License-Identifier: Apache-2.0
// Per-pixel truth and views from rendered frames. Internal to the scenes room.
#pragma once

#include <utility>
#include <vector>

#include "core/truth.h"
#include "scenes/rendering/internal_frame_renderer.h"

namespace plumb {

struct RenderedFrame {
  FrameInput input;
  FrameOutput output;
};
// Two frames that follow each other.
struct FrameAndNext {
  const RenderedFrame& frame;
  const RenderedFrame& next;
};

// Collects the passes that the options ask for, frame by frame; different frames may be added by
// different threads at a time.
class PassStore {
 public:
  PassStore(const RenderOptions& options, int num_bodies);
  void Add(const FrameInput& input, const FrameOutput& output);
  // Flow from the first frame to the second and back by the bodies' and the camera's own motion.
  void AddFlow(const FrameAndNext& pair);
  void AddTracks(int frame, const std::vector<TrackPlace>& places);
  // What was collected; the store is empty afterwards.
  Passes Take() { return std::move(passes_); }

 private:
  Passes passes_;
};

// Presence, share, areas, centroid and box of every body.
std::vector<BodyView> ViewsOf(const Scene& scene,
                              const FrameInput& input,
                              const FrameOutput& output);

}  // namespace plumb
