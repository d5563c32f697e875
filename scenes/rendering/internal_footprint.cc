// SPDX-License-Identifier: Apache-2.0
#include "scenes/rendering/internal_footprint.h"

#include <algorithm>
#include <cmath>

namespace plumb {
namespace {

// Nearer than this a projection says nothing useful.
constexpr double kNear_m = 0.01;

}  // namespace

double BoundingRadius(const Shape& shape) {
  if (shape.kind == ShapeKind::kSphere) return shape.size_m.x() / 2;
  double radius_m = 0;
  for (const Eigen::Vector3d& x : shape.points_m) radius_m = std::max(radius_m, x.norm());
  for (const ShapePart& part : shape.parts) {
    radius_m =
        std::max(radius_m, part.body_from_part.translation.norm() + BoundingRadius(part.shape));
  }
  return radius_m > 0 ? radius_m : shape.size_m.norm() / 2;
}

std::vector<int> PixelBox::Pixels(int width) const {
  std::vector<int> pixels;
  for (int y = top; y <= bottom; ++y) {
    for (int x = left; x <= right; ++x) pixels.push_back(y * width + x);
  }
  return pixels;
}

Eigen::Vector2d PixelCentre(int index, int width) {
  return {index % width + 0.5, index / width + 0.5};
}

PixelBox WholePicture(const Intrinsics& intrinsics) {
  return {0, 0, intrinsics.width - 1, intrinsics.height - 1};
}

PixelBox FootprintOf(const Camera& camera, const Shape& shape, const Rigid3& world_from_body) {
  const Intrinsics& k = camera.intrinsics;
  const double radius_m = BoundingRadius(shape);
  const Projection centre = Project(camera, world_from_body.translation);
  if (centre.depth_m + radius_m <= 0) return {};
  const double nearest_m = centre.depth_m - radius_m;
  if (nearest_m <= kNear_m) return WholePicture(k);
  // Any point of the ball projects no farther from its centre's projection than this.
  const double off_axis_px = (centre.point_px - Eigen::Vector2d(k.cx_px, k.cy_px)).norm();
  const double reach_px = (k.fx_px + off_axis_px) * radius_m / nearest_m + 1;
  const Eigen::Vector2d low = centre.point_px - Eigen::Vector2d::Constant(reach_px);
  const Eigen::Vector2d high = centre.point_px + Eigen::Vector2d::Constant(reach_px);
  PixelBox box;
  box.left = static_cast<int>(std::clamp(std::floor(low.x()), 0.0, 1.0 * k.width));
  box.top = static_cast<int>(std::clamp(std::floor(low.y()), 0.0, 1.0 * k.height));
  box.right = static_cast<int>(std::clamp(high.x(), -1.0, k.width - 1.0));
  box.bottom = static_cast<int>(std::clamp(high.y(), -1.0, k.height - 1.0));
  return box;
}

}  // namespace plumb
