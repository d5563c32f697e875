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

// What a saboteur hands back.
struct BrokenVideo {
  Video video;
  int onset_frame;   // the frame from which the law is broken
  std::string body;  // whose law it is; empty: everything's
};

// The body named, or the first object that can move, or the first object. Throws UsageError with
// the nearest name when there is none.
int ChosenBody(const Scene& scene, const std::string& name);

// The body named; -1 when none is.
int NamedBody(const SabotageJob& job);

// The truth's motion until the frame before the first that may differ, then with a change.
Motion SimulatedWith(const SabotageJob& job, Intervention change);

// The truth's own frames before the job's first frame, then the given ones.
BrokenVideo Assembled(const SabotageJob& job, std::vector<Image> rest, int body = -1);
// … then rendered ones, of the truth's scene or of another.
BrokenVideo Rendered(const SabotageJob& job,
                     const Motion& motion,
                     const RenderVariation& variation,
                     int body = -1);
BrokenVideo RenderedScene(const SabotageJob& job,
                          const Scene& scene,
                          const Motion& motion,
                          int body = -1);

// Laws of motion (motion.cc).
BrokenVideo BreakGravity(const SabotageJob& job);
BrokenVideo BreakRestitution(const SabotageJob& job);
BrokenVideo BreakContinuity(const SabotageJob& job);
// forces.cc
BrokenVideo BreakGravityDirection(const SabotageJob& job);
BrokenVideo BreakFriction(const SabotageJob& job);
BrokenVideo BreakInertia(const SabotageJob& job);
BrokenVideo BreakSolidity(const SabotageJob& job);  // penetrate
BrokenVideo BreakSupport(const SabotageJob& job);   // hover
// impacts.cc
BrokenVideo BreakMomentum(const SabotageJob& job);
BrokenVideo BreakEnergy(const SabotageJob& job);
BrokenVideo BreakPromptness(const SabotageJob& job);  // late_contact
BrokenVideo BreakCausality(const SabotageJob& job);   // early_reaction
// time.cc
BrokenVideo BreakClock(const SabotageJob& job);
BrokenVideo BreakFlight(const SabotageJob& asked);

// Which objects there are and how they look (objects.cc).
BrokenVideo BreakExistence(const SabotageJob& asked);
BrokenVideo BreakIdentity(const SabotageJob& asked);
// newcomers.cc
BrokenVideo BreakAbsence(const SabotageJob& asked);   // appear
BrokenVideo BreakUniqueness(const SabotageJob& job);  // duplicate
BrokenVideo BreakCount(const SabotageJob& job);
// colours.cc
BrokenVideo BreakColour(const SabotageJob& asked);
// forms.cc
BrokenVideo BreakForm(const SabotageJob& asked);
BrokenVideo BreakSize(const SabotageJob& asked);
BrokenVideo BreakScale(const SabotageJob& job);  // scale_breathe
// unions.cc
BrokenVideo BreakSeparateness(const SabotageJob& asked);  // merge
BrokenVideo BreakWholeness(const SabotageJob& asked);     // split

// One rigid world for all frames (picture.cc).
BrokenVideo BreakRigidity(const SabotageJob& job);
BrokenVideo BreakFixedness(const SabotageJob& job);
BrokenVideo BreakTextureHold(const SabotageJob& job);
BrokenVideo BreakBackground(const SabotageJob& job);  // shear_background
// camera.cc
BrokenVideo BreakParallax(const SabotageJob& job);
BrokenVideo BreakFocalLength(const SabotageJob& job);
BrokenVideo BreakPose(const SabotageJob& job);
BrokenVideo BreakShot(const SabotageJob& asked);

}  // namespace plumb
