// SPDX-License-Identifier: Apache-2.0
// Two views of any rigid world obey one fundamental matrix; how well they do is the yardstick for
// simpler models.
#pragma once

#include <vector>

#include "metrics/geometry/pair_rotation.h"

namespace plumb {

// Sampson distance in pixels of every pair to the fundamental matrix that fits them best (least
// median of squares, then the normalised eight-point algorithm on its inliers; Hartley & Zisserman
// 2004, §11). Empty with fewer than 16 pairs, or when no matrix is found.
std::vector<double> EpipolarResidualsPx(const PointPairs& pairs);

}  // namespace plumb
