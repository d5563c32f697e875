// SPDX-License-Identifier: Apache-2.0
#include "core/truth.h"

#include <cmath>

#include "core/check.h"

namespace plumb {

const BodyState& Truth::StateAtFrame(int frame, int body) const {
  const auto step = std::llround(video.times_s().at(frame) * motion.rate_hz);
  PLUMB_CHECK(step >= 0 && step < static_cast<long long>(motion.states.size()),
              "frame {} is step {} of {}",
              frame,
              step,
              motion.states.size());
  return motion.states[step].at(body);
}

}  // namespace plumb
