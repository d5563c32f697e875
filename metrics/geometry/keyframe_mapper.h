// SPDX-License-Identifier: Apache-2.0
// The one door to the COLMAP library. Coordinates cross it as plain numbers: COLMAP 3.8 specialises
// std::vector of Eigen's small types, so a file that sees its headers must not share such vectors
// with files that don't.
#pragma once

#include <array>
#include <cstdint>
#include <map>
#include <string>
#include <vector>

namespace plumb {

// What one keyframe sees: track numbers in rising order, and x, y of each (pixel centres at +0.5).
struct KeyframeSightings {
  std::vector<int> tracks;
  std::vector<double> x_px;
  std::vector<double> y_px;
};

struct MapperInput {
  int width = 0;
  int height = 0;
  std::vector<KeyframeSightings> keyframes;
  double first_focal_px = 0.0;  // where the search for the focal length begins
  bool hold_focal = false;      // and ends: it is given
  uint64_t seed = 0;            // of COLMAP's RANSAC
  int min_pair_matches = 15;    // tracks that a pair of keyframes must share to be verified
  double unit_px = 1.0;         // 1/256 of the picture; all error thresholds are multiples of it
};

// camera_from_world of one keyframe: rotation as w, x, y, z.
struct MappedPose {
  int keyframe = 0;
  std::array<double, 4> rotation_wxyz = {1, 0, 0, 0};
  std::array<double, 3> translation = {0, 0, 0};
};

struct MapperOutput {
  double focal_px = 0.0;
  std::vector<MappedPose> poses;                // by keyframe; empty when nothing was reconstructed
  std::map<int, std::array<double, 3>> points;  // world point of each track that has one
  int pairs = 0;  // pairs of keyframes with a verified two-view geometry …
  int planar_pairs =
      0;  // … of which one homography explains nearly as many matches as epipolar geometry does
  std::string why_not;  // where it ended when there are no poses
};

// COLMAP's incremental mapper on keyframes: one shared pinhole camera with unknown focal length
// (unless held) and centred principal point, database in memory, one thread, same input same bytes.
// May abort the process on a failed CHECK inside COLMAP; callers that cannot afford that run in a
// process of their own.
MapperOutput MapKeyframes(const MapperInput& input);

}  // namespace plumb
