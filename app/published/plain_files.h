// SPDX-License-Identifier: Apache-2.0
// The files that the metrics of the literature are computed from: text of one kind each. All throw
// InputError naming file and line (or key) and what was expected there.
#pragma once

#include <filesystem>
#include <optional>
#include <string>
#include <vector>

#include "metrics/published/point_matches.h"
#include "metrics/published/trajectory_error.h"

namespace plumb {

// TUM: "time x y z qx qy qz qw" a line, separated by blanks; lines that begin with # are comments.
// Quaternions are normalised.
Trajectory ReadTumTrajectory(const std::filesystem::path& path);

// CSV with the header x1,y1,x2,y2 and, where the matcher says it, inlier (0 or 1).
std::vector<PointMatch> ReadPointMatches(const std::filesystem::path& path);

// {"F": [[…3], […3], […3]]}, or null where none was found; other keys are notes.
std::optional<Eigen::Matrix3d> ReadFundamentalMatrix(const std::filesystem::path& path);

// {"poses": [4×4 rows, …], "focal_y": number}; other keys are notes.
struct CameraPathFile {
  std::vector<Eigen::Matrix4d> world_from_camera;
  double focal_y = 0.0;  // in picture heights
};
CameraPathFile ReadCameraPathFile(const std::filesystem::path& path);

}  // namespace plumb
