// SPDX-License-Identifier: Apache-2.0
// Observations made by hand: where truth and sample have each object, without any picture. For laws
// of what is concluded from tracks.
#pragma once

#include <functional>
#include <string>
#include <vector>

#include "metrics/permanence/events.h"

namespace plumb {

// One object of 20 px; all in pixels of a picture of 200 × 100.
struct FollowedPath {
  std::string name = "ball";
  // Where the truth has it; an empty result: hidden.
  std::function<std::optional<Eigen::Vector2d>(int pair)> truth_px;
  // Where it is found in the sample; an empty result: not found.
  std::function<std::optional<Eigen::Vector2d>(int pair)> sample_px;
};

struct FollowedWorld {
  static constexpr double kSize_px = 20.0;
  int pairs = 24;
  int first_scored = 4;
  double fps = 24.0;
  std::vector<FollowedPath> paths;

  // All is trusted where the truth shows it; a hidden object keeps its last shown place. No
  // occluder masks.
  Observation Observe() const;
};

// A straight way: `start_px` + pair × `step_px`.
std::function<std::optional<Eigen::Vector2d>(int)> Straight(const Eigen::Vector2d& start_px,
                                                            const Eigen::Vector2d& step_px);

// The object found in that pair at that place, 20 px wide.
Sighting Seen(const Eigen::Vector2d& place_px, double size_px = FollowedWorld::kSize_px);

// An upright occluder in all pairs: columns from `left` up to but without `right`.
void PutScreen(int left, int right, Observation& observation);

}  // namespace plumb
