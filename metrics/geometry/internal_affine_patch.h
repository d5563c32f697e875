// SPDX-License-Identifier: Apache-2.0
// A patch of one picture, found again in later ones by an affine warp: what comes nearer, turns or
// is seen more and more from the side keeps its place to a few hundredths of a pixel, where a
// window that only shifts is pulled aside (Shi and Tomasi 1994). Inverse compositional Gauss–Newton
// (Baker and Matthews 2004, §3.2).
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>

#include <Eigen/Core>

namespace plumb {

// Pixels of an 8-bit grey picture that somebody else keeps.
struct GreyView {
  const uint8_t* pixels = nullptr;
  int width = 0;
  int height = 0;
  size_t stride = 0;  // bytes from row to row

  const uint8_t* At(int x, int y) const { return pixels + stride * y + x; }
};

// Where a patch is in another picture: its centre (pixel centres at whole numbers) and the linear
// part of the warp.
struct AffinePlace {
  Eigen::Vector2f centre_px;
  Eigen::Matrix2f stretch = Eigen::Matrix2f::Identity();
};

// How a patch was found again.
struct AffineFit {
  AffinePlace place;
  bool settled = false;      // the search came to rest, with a third of the patch in the picture
  double position_px = 0.0;  // by how much white noise as strong as what the warp leaves
                             // unexplained would move the patch (one standard deviation)
};

class AffinePatch {
 public:
  // Around a pixel. What lies outside of a picture takes no part.
  AffinePatch(const GreyView& grey, const Eigen::Vector2i& centre);

  // The search begins at `start`. Stretches are held near none as firmly as if a tenth cost a
  // thousand squared levels: a patch with little texture only shifts.
  AffineFit Align(const GreyView& grey, const AffinePlace& start) const;

 private:
  static constexpr int kRadiusPx = 10;
  static constexpr int kSide = 2 * kRadiusPx + 1;

  // What one look at a picture tells: the brightness that the warp leaves unexplained beyond what
  // all pixels share (light and exposure change), by the six unknowns (shift in x and y; the
  // stretch row by row).
  struct Look {
    Eigen::Matrix<float, 6, 1> slope = Eigen::Matrix<float, 6, 1>::Zero();
    float squares = 0.0f;
    int seen = 0;
  };
  Look LookAt(const GreyView& grey, const AffinePlace& place) const;

  std::array<float, kSide * kSide> value_;  // row by row
  std::array<float, kSide * kSide> by_x_;   // gradients; both zero where nothing is known
  std::array<float, kSide * kSide> by_y_;
  Eigen::Matrix<float, 6, 6> inverse_;  // of the normal equations
  double px_per_level_ = 0.0;           // movement in the direction that is held least
};

}  // namespace plumb
