// SPDX-License-Identifier: Apache-2.0
// A motion taken up again from one of its own states in a world that is not quite the same.
// Internal to the scenes room.
#pragma once

#include <functional>

#include "scenes/sabotage/internal_sabotage.h"

namespace plumb {

// The physics step of a frame.
int StepOfFrame(const SabotageJob& job, int frame);
int LastStep(const SabotageJob& job);

// The scene as it is at a step of its motion: poses, velocities, joints, what remains of guided
// paths and of events.
Scene SceneAtStep(const Scene& scene, const Motion& motion, int step);

// A motion up to a step, then simulated from its state there until `to_step` in the scene as
// edited. Bodies that the edit appends stand at their places before.
struct Restart {
  int from_step = 0;
  int to_step = 0;
  std::function<void(Scene&)> edit;
};
Motion Restarted(const SabotageJob& job, const Motion& motion, const Restart& restart);

// The truth's own motion, going on for longer than the clip.
Motion LongerTruth(const SabotageJob& job, double more_s);

// A body's state at a time, between steps too.
BodyState StateAtTime(const Motion& motion, int body, double time_s);

// Whether nothing but gravity acts on a body at a step.
bool IsInFlight(const SabotageJob& job, const Motion& motion, int body, int step);

// The same shape, `factor` times as large.
Shape Scaled(const Shape& shape, double factor);

// The normal of the fixed body that a body touched last before a time; zero when it flies or never
// touched one.
Eigen::Vector3d SupportNormal(const Truth& truth, int body, double time_s);

// The first frame from `first` on in which nothing of the body is seen; -1 when never or where no
// occluder stands.
int HiddenFrame(const Truth& truth, int body, int first);

// The job with its first frame behind the occluder, where there is one and no onset was asked for.
SabotageJob AtNaturalFrame(const SabotageJob& asked, int body);

}  // namespace plumb
