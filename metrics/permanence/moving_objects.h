// SPDX-License-Identifier: Apache-2.0
// The moving objects of a clip of which nothing but pictures is known, in the truth's video and in
// the sample.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "core/score.h"
#include "metrics/pairing.h"
#include "metrics/permanence/follow.h"

namespace plumb {

struct MovingObjects {
  KnownScene truth;
  KnownScene sample;    // the same objects in the same order; an object without a counterpart keeps
                        // the truth's look
  int sample_only = 0;  // moving objects of the sample that the truth has not
  std::optional<Reason> unmeasurable;
  std::vector<std::string> notes;
};

// An object is a connected region of the first frame that differs from a later frame and stands out
// there more than what replaced it; its colours are its look, everything else of the first frame is
// the plate, and what it uncovers completes the plate. Objects of the two clips are matched by
// place, size and colour (least total cost). The sample's own looks and plate are used, since a
// model may paint the same scene in other colours. Not measurable: the camera moves, nothing moves
// in the truth.
MovingObjects FindMovingObjects(const PairedVideo& paired, const std::vector<double>& times_s);

}  // namespace plumb
