// SPDX-License-Identifier: Apache-2.0
#include "metrics/geometry/internal_affine_patch.h"

#include <algorithm>
#include <cmath>

#include <Eigen/Cholesky>
#include <Eigen/LU>

namespace plumb {
namespace {

using Vector6 = Eigen::Matrix<float, 6, 1>;
using Matrix6 = Eigen::Matrix<float, 6, 6>;

constexpr float kFirmness = 1e5f;  // of the prior: squared levels per squared stretch
constexpr int kMaxSteps = 10;
constexpr float kSettledPx = 0.02f;        // the search ends with a smaller step …
constexpr float kSettledStretch = 0.005f;  // … that also changes the stretch by less

// Applies the step backwards before the warp; false where that can't be undone.
bool Compose(const Vector6& step, AffinePlace& place) {
  Eigen::Matrix2f linear;
  linear << 1.0f + step[2], step[3], step[4], 1.0f + step[5];
  if (linear.determinant() < 0.2f) return false;
  const Eigen::Matrix2f back = linear.inverse();
  const Eigen::Vector2f shift = place.stretch * (back * step.head<2>());
  place.stretch = (place.stretch * back).eval();
  place.centre_px -= shift;
  return true;
}

// Between the four pixels around it.
inline float Bilinear(const GreyView& grey, float u, float v) {
  const int x = static_cast<int>(u), y = static_cast<int>(v);
  const float s = u - static_cast<float>(x), t = v - static_cast<float>(y);
  const uint8_t* upper = grey.At(x, y);
  const uint8_t* lower = upper + grey.stride;
  const float above = upper[0] + s * (upper[1] - upper[0]);
  const float below = lower[0] + s * (lower[1] - lower[0]);
  return above + t * (below - above);
}

}  // namespace

AffinePatch::AffinePatch(const GreyView& grey, const Eigen::Vector2i& centre) {
  Matrix6 normal = Matrix6::Zero();
  size_t i = 0;
  for (int dy = -kRadiusPx; dy <= kRadiusPx; ++dy) {
    for (int dx = -kRadiusPx; dx <= kRadiusPx; ++dx, ++i) {
      const int x = centre.x() + dx, y = centre.y() + dy;
      value_[i] = by_x_[i] = by_y_[i] = 0.0f;
      if (x < 1 || y < 1 || x >= grey.width - 1 || y >= grey.height - 1) continue;
      value_[i] = *grey.At(x, y);
      by_x_[i] = 0.5f * (*grey.At(x + 1, y) - *grey.At(x - 1, y));
      by_y_[i] = 0.5f * (*grey.At(x, y + 1) - *grey.At(x, y - 1));
      Vector6 row;
      row << by_x_[i], by_y_[i], by_x_[i] * dx, by_x_[i] * dy, by_y_[i] * dx, by_y_[i] * dy;
      normal += row * row.transpose();
    }
  }
  const double half = 0.5 * (normal(0, 0) + normal(1, 1));
  const double skew = 0.5 * (normal(0, 0) - normal(1, 1));
  const double least = half - std::hypot(skew, static_cast<double>(normal(0, 1)));
  px_per_level_ = 1.0 / std::sqrt(std::max(least, 1e-6));
  normal.diagonal().head<2>().array() += 1e-3f;  // a patch without texture stays where it is
  normal.diagonal().tail<4>().array() += kFirmness;
  inverse_ = normal.ldlt().solve(Matrix6::Identity());
}

AffinePatch::Look AffinePatch::LookAt(const GreyView& grey, const AffinePlace& place) const {
  Look look;
  const float right = static_cast<float>(grey.width - 1),
              bottom = static_cast<float>(grey.height - 1);
  const Eigen::Matrix2f& a = place.stretch;
  float sum = 0.0f;
  Vector6 gradients = Vector6::Zero();
  size_t i = 0;
  for (int dy = -kRadiusPx; dy <= kRadiusPx; ++dy) {
    const float row_u = place.centre_px.x() + a(0, 1) * dy;
    const float row_v = place.centre_px.y() + a(1, 1) * dy;
    float row_x = 0.0f, row_y = 0.0f, row_gx = 0.0f, row_gy = 0.0f;
    for (int dx = -kRadiusPx; dx <= kRadiusPx; ++dx, ++i) {
      const float u = row_u + a(0, 0) * dx, v = row_v + a(1, 0) * dx;
      const bool inside = u >= 0.0f && v >= 0.0f && u < right && v < bottom;
      const bool known = by_x_[i] != 0.0f || by_y_[i] != 0.0f || value_[i] != 0.0f;
      if (!inside || !known) continue;
      const float beyond = Bilinear(grey, u, v) - value_[i];
      const float along_x = by_x_[i] * beyond, along_y = by_y_[i] * beyond;
      look.squares += beyond * beyond;
      sum += beyond;
      ++look.seen;
      row_gx += by_x_[i];
      row_gy += by_y_[i];
      gradients[2] += by_x_[i] * dx;
      gradients[4] += by_y_[i] * dx;
      row_x += along_x;
      row_y += along_y;
      look.slope[2] += along_x * dx;
      look.slope[4] += along_y * dx;
    }
    look.slope[0] += row_x;
    look.slope[1] += row_y;
    look.slope[3] += row_x * dy;
    look.slope[5] += row_y * dy;
    gradients[0] += row_gx;
    gradients[1] += row_gy;
    gradients[3] += row_gx * dy;
    gradients[5] += row_gy * dy;
  }
  if (look.seen > 0) {
    look.slope -= sum / static_cast<float>(look.seen) * gradients;
    look.squares = std::max(0.0f, look.squares - sum * sum / static_cast<float>(look.seen));
  }
  return look;
}

AffineFit AffinePatch::Align(const GreyView& grey, const AffinePlace& start) const {
  AffineFit fit{start, false, 0.0};
  for (int step = 0; step < kMaxSteps && !fit.settled; ++step) {
    Look look = LookAt(grey, fit.place);
    if (3 * look.seen < kSide * kSide) return fit;
    fit.position_px = px_per_level_ * std::sqrt(look.squares / static_cast<float>(look.seen));
    const Eigen::Matrix2f beyond = fit.place.stretch - Eigen::Matrix2f::Identity();
    look.slope.tail<4>() +=
        kFirmness * Eigen::Vector4f(beyond(0, 0), beyond(0, 1), beyond(1, 0), beyond(1, 1));
    const Vector6 move = inverse_ * look.slope;
    if (!move.allFinite() || !Compose(move, fit.place)) return fit;
    fit.settled = move.head<2>().norm() < kSettledPx && move.tail<4>().norm() < kSettledStretch;
  }
  return fit;
}

}  // namespace plumb
