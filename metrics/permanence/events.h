// SPDX-License-Identifier: Apache-2.0
// What happens to each object: frame by frame whether it is due and there, and the events in which
// it breaks.
#pragma once

#include <string>
#include <vector>

#include "metrics/permanence/observe.h"

namespace plumb {

inline constexpr int kLostFrames = 3;      // in a row, until something counts as an event
inline constexpr double kJumpSizes = 0.3;  // shorter jumps are noise

enum class ObjectState { kThere, kLost, kOccluded, kOutOfView, kNotAsked };

// One object in one pair.
struct FrameVerdict {
  // Asked: after the conditioning frames, seen by the truth, and the finder is right about the
  // truth there. Frames in which the sample's object may still hide behind an occluder or has left
  // the picture are not asked.
  bool asked = false;
  ObjectState state = ObjectState::kNotAsked;
  int copies = 0;           // objects of its look beyond the one, beyond what the truth shows
  int swapped_with = -1;    // object whose place it holds while that one holds its place
  double jump_sizes = 0.0;  // length of an unexplained jump into this frame, in object sizes
  double hue_shift = 0.0;   // distance of its mean colour from the truth's in CIE a*b*
  double credit = 0.0;      // 0–1: there, once, and still the same individual
};

struct PermanenceEvent {
  std::string kind;  // "vanished", "duplicated", "teleported", "swapped", "changed"
  int pair = 0;      // the first pair in which it shows
  int object = 0;
  std::string text;
};

// A truth occlusion that the finder sees the end of.
struct Reappearance {
  int object = 0;
  int hidden_from = 0;   // pair
  int visible_from = 0;  // pair; visible share over 0.5 again
  bool reacquired = false;
};

struct PermanenceVerdict {
  std::vector<std::vector<FrameVerdict>> frames;  // [object][pair]
  std::vector<PermanenceEvent> events;            // by pair, then object
  std::vector<Reappearance> reappearances;
  double longest_jump_sizes = 0.0;
};

// Credit of a frame = 0 when lost, else 1 / (1 + copies) × the share of identity left. A jump of
// more than 0.3 sizes costs identity in proportion, all of it at 1.3 sizes; an object in another's
// place has none; one found only by its place (its look is gone) counts half; a mean colour more
// than 10 off in a*b* costs credit, all of it at 40. Jumps: UnexplainedJumps.
PermanenceVerdict JudgePermanence(const Observation& observation);

}  // namespace plumb
