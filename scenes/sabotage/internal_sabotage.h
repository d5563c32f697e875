// SPDX-License-Identifier: Apache-2.0
// What all saboteurs share, and the saboteurs of the single laws. Internal to the scenes room.
#pragma once

#include <string>
#include <vector>

#include "core/laws.h"
#include "scenes/rendering/internal_frame_renderer.h"
#include "scenes/sabotage.h"
#include "scenes/simulate.h"

namespace plumb {

// What a saboteur works on.
struct SabotageJob {
  const Truth& truth;
  const Sabotage& sabotage;
  int first_frame;  // the first frame that may differ
  RenderOptions options;
  Progress progress;
};

// The body named, or the first object that can move, or the first object. Throws UsageError with
// the nearest name when there is none.
int ChosenBody(const Scene& scene, const std::string& name);

// The truth's motion until the frame before the first that may differ, then with a change.
Motion SimulatedWith(const SabotageJob& job, Intervention change);

// The truth's own frames before the job's first frame, then rendered ones.
Video Rendered(const SabotageJob& job, const Motion& motion, const RenderVariation& variation);

// Laws of motion (sabotage_motion.cc).
Video BreakGravity(const SabotageJob& job);
Video BreakRestitution(const SabotageJob& job);
Video BreakContinuity(const SabotageJob& job);

// Which objects there are and how they look (sabotage_objects.cc).
Video BreakExistence(const SabotageJob& asked);
Video BreakIdentity(const SabotageJob& asked);

// One rigid world for all frames (sabotage_picture.cc).
Video BreakRigidity(const SabotageJob& job);
Video BreakFixedness(const SabotageJob& job);

}  // namespace plumb
