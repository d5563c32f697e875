// SPDX-License-Identifier: Apache-2.0
// The events of a truth, found in its motion and its views.
#pragma once

#include <vector>

#include "core/scene.h"
#include "core/truth.h"
#include "core/truth_events.h"

namespace plumb {

// By time. Rest is told of free bodies that moved before: slower than 1 cm/s and 0.05 rad/s for the
// last 0.2 s or more. Separations need Motion::step_contacts.
std::vector<TruthEvent> MotionEvents(const Scene& scene, const Motion& motion);

// By time, from Truth::views; the first frame starts no event.
std::vector<TruthEvent> SightEvents(const Truth& truth);

// Both, by time.
std::vector<TruthEvent> EventsOf(const Truth& truth);

}  // namespace plumb
