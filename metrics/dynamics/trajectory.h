// SPDX-License-Identifier: Apache-2.0
// How far each moving object is from where the truth has it, in object sizes.
#pragma once

#include <vector>

#include "core/truth.h"
#include "metrics/permanence/observe.h"

namespace plumb {

struct TrajectoryError {
  std::vector<size_t>
      moving;  // objects that move at least a quarter of their size after the conditioning frames
  // Per moving object and pair: distance in object sizes, or NaN where it is not asked: before the
  // object begins to move (a tenth of its size) and where the finder is not right about the truth.
  // A missing object has the worst distance that its frame allows (to the farthest corner).
  std::vector<std::vector<double>> sizes;
  // The same frames: 1 − distance / min(1, way), where the way is how far the truth has moved from
  // its last shown place (at least a quarter); 0 for whoever stands still or is missing, 1 for the
  // truth.
  std::vector<std::vector<double>> credits;
  int asked = 0;
  int missing = 0;
};
// Ways are measured in the world where the truth's states are known (a camera that moves is no
// motion), else in the picture. `truth` may be null.
TrajectoryError MeasureTrajectories(const Observation& observation, const Truth* truth);

}  // namespace plumb
