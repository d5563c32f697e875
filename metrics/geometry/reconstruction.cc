// SPDX-License-Identifier: Apache-2.0
#include "metrics/geometry/reconstruction.h"

namespace plumb {

int Reconstruction::PosedFrames() const {
  int count = 0;
  for (const ReconstructedWorld& world : worlds) count += static_cast<int>(world.frames.size());
  return count;
}

}  // namespace plumb
