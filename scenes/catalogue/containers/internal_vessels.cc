// SPDX-License-Identifier: Apache-2.0
#include "scenes/catalogue/containers/internal_vessels.h"

#include <algorithm>
#include <cmath>
#include <limits>
#include <numbers>

namespace plumb {
namespace {

constexpr int kBoards = 16;
// Neighbouring boards reach into each other, so that no light comes through.
constexpr double kReach = 1.08;

ShapePart Board(const Eigen::Vector3d& size_m, const Eigen::Vector3d& centre_m) {
  ShapePart part;
  part.shape = {ShapeKind::kBox, size_m};
  part.body_from_part.translation = centre_m;
  return part;
}

Shape Compound(std::vector<ShapePart> parts) {
  Shape shape;
  shape.kind = ShapeKind::kCompound;
  shape.parts = std::move(parts);
  return WithExtents(shape);
}

}  // namespace

Shape OpenBoxShape(const OpenBoxSpec& spec) {
  const Eigen::Vector3d& in = spec.inner_m;
  const double w = spec.wall_m;
  std::vector<ShapePart> parts = {Board({in.x() + 2 * w, in.y() + 2 * w, w}, {0, 0, w / 2})};
  for (const double side : {-1.0, 1.0}) {
    parts.push_back(
        Board({w, in.y() + 2 * w, in.z()}, {side * (in.x() + w) / 2, 0, w + in.z() / 2}));
    parts.push_back(Board({in.x(), w, in.z()}, {0, side * (in.y() + w) / 2, w + in.z() / 2}));
  }
  return Compound(std::move(parts));
}

Shape CupShape(const CupSpec& spec) {
  const double slant_m = spec.height_m / std::cos(spec.taper_rad);
  const double top_radius_m = spec.inner_radius_m - spec.height_m * std::tan(spec.taper_rad);
  const double width_m =
      2 * (spec.inner_radius_m + spec.wall_m) * std::tan(std::numbers::pi / kBoards) * kReach;
  std::vector<ShapePart> parts;
  for (int i = 0; i < kBoards; ++i) {
    // Turned about the axis, then leant about the inner edge at the open end.
    const Rigid3 turn(Eigen::Quaterniond(Eigen::AngleAxisd(2 * std::numbers::pi * i / kBoards,
                                                           Eigen::Vector3d::UnitZ())),
                      Eigen::Vector3d::Zero());
    const Rigid3 lean(
        Eigen::Quaterniond(Eigen::AngleAxisd(-spec.taper_rad, Eigen::Vector3d::UnitY())),
        {spec.inner_radius_m, 0, 0});
    ShapePart board = Board({spec.wall_m, width_m, slant_m}, {0, 0, 0});
    board.body_from_part =
        turn * lean * Rigid3(Eigen::Quaterniond::Identity(), {spec.wall_m / 2, 0, slant_m / 2});
    parts.push_back(board);
  }
  ShapePart lid;
  const double lid_m = 2 * (top_radius_m + spec.wall_m);
  lid.shape = {ShapeKind::kCylinder, {lid_m, lid_m, spec.wall_m}};
  lid.body_from_part.translation = {0, 0, spec.height_m};
  parts.push_back(lid);
  return Compound(std::move(parts));
}

double Ease(double share) {
  const double s = std::clamp(share, 0.0, 1.0);
  return s * s * s * (10 - 15 * s + 6 * s * s);
}

std::vector<PoseKey> LeadAlong(double duration_s,
                               double rate_hz,
                               const std::function<Rigid3(double)>& world_from_body) {
  std::vector<PoseKey> keys;
  const int num = static_cast<int>(std::ceil(duration_s * rate_hz - 1e-9));
  for (int k = 0; k <= num; ++k) {
    const double time_s = std::min(k / rate_hz, duration_s);
    keys.push_back({time_s, world_from_body(time_s)});
  }
  return keys;
}

double OverlapWithBoards_m(const Body& vessel,
                           const Rigid3& world_from_vessel,
                           const Eigen::Vector3d& centre_m,
                           double radius_m) {
  double overlap_m = -std::numeric_limits<double>::infinity();
  for (const ShapePart& part : vessel.shape.parts) {
    if (part.shape.kind != ShapeKind::kBox) continue;
    const Eigen::Vector3d x = Inverse(world_from_vessel * part.body_from_part) * centre_m;
    const Eigen::Vector3d out = (x.cwiseAbs() - part.shape.size_m / 2).cwiseMax(0.0);
    overlap_m = std::max(overlap_m, radius_m - out.norm());
  }
  return overlap_m;
}

double DeepestContact_m(const Motion& motion) {
  double depth_m = 0;
  for (const StepContact& contact : motion.step_contacts) {
    depth_m = std::max(depth_m, contact.depth_m);
  }
  return depth_m;
}

}  // namespace plumb
