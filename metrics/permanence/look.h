// SPDX-License-Identifier: Apache-2.0
// How an object looks: the set of its colours, and how far any colour is from that set.
#pragma once

#include <array>
#include <cstdint>
#include <vector>

#include <Eigen/Core>

namespace plumb {

using Rgb = std::array<uint8_t, 3>;

// Half the brightness and both colour differences (BT.601 luma and chroma, levels 0–255):
// brightness counts half, since light and shade change it. Linear in the colour.
Eigen::Vector3f OpponentColour(float red, float green, float blue);

// CIE 1976 L*a*b* of an sRGB colour (levels 0–255, D65 white), in which a distance of about 2.3 is
// just noticeable.
Eigen::Vector3d LabColour(const Eigen::Vector3d& rgb);

// The colours that make up at least 97 % of an object's pixels, as a table over all colours (5 bits
// a channel).
class Look {
 public:
  // Throws CheckFailure when no colour is given.
  explicit Look(const std::vector<Rgb>& colours);

  // Opponent-space distance (levels) to the nearest of the object's colours.
  float Distance(const uint8_t* rgb) const {
    return distances_[(rgb[0] >> 3) << 10 | (rgb[1] >> 3) << 5 | (rgb[2] >> 3)];
  }
  const Eigen::Vector3d& mean_rgb() const { return mean_rgb_; }

 private:
  std::vector<float> distances_;
  Eigen::Vector3d mean_rgb_ = Eigen::Vector3d::Zero();
};

}  // namespace plumb
