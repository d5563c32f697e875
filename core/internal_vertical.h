// SPDX-License-Identifier: Apache-2.0
// Which views are straight up or down. Internal to core.
#pragma once

#include <Eigen/Core>

namespace plumb {

// Whether a direction is vertical to within a millionth of its length.
inline bool IsVertical(const Eigen::Vector3d& direction) {
  return direction.head<2>().norm() <= 1e-6 * direction.norm();
}

}  // namespace plumb
