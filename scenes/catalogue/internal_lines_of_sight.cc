// SPDX-License-Identifier: Apache-2.0
#include "scenes/catalogue/internal_lines_of_sight.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <limits>
#include <string>

#include "core/check.h"
#include "scenes/checks/internal_checks.h"

namespace plumb {
namespace {

constexpr double kHiddenBelow_share = 0.1;
// Round bodies may be drawn as prisms, and a pixel at the border may fall either way.
constexpr double kShareSlack = 0.01;
constexpr double kBorder_px = 2;

struct Interval {
  double low = -std::numeric_limits<double>::infinity();
  double high = std::numeric_limits<double>::infinity();
};

std::optional<double> Entry(const Interval& inside) {
  if (inside.low > inside.high || inside.high <= 0 || inside.low <= 1e-9) return std::nullopt;
  return inside.low;
}

Interval Common(const Interval& a, const Interval& b) {
  return {std::max(a.low, b.low), std::min(a.high, b.high)};
}

// Where the line is between −half and +half along one axis.
Interval Slab(const SightLine& line, int axis, double half) {
  const double o = line.origin_m[axis], d = line.direction[axis];
  if (d == 0) return std::abs(o) <= half ? Interval{} : Interval{1, 0};
  const double t0 = (-half - o) / d, t1 = (half - o) / d;
  return {std::min(t0, t1), std::max(t0, t1)};
}

// Where a·t² + 2·b·t + c ≤ 0, for a > 0.
Interval Below(double a, double b, double c) {
  const double root = b * b - a * c;
  if (root < 0) return {1, 0};
  return {(-b - std::sqrt(root)) / a, (-b + std::sqrt(root)) / a};
}

Interval InsideBox(const SightLine& line, const Eigen::Vector3d& half) {
  Interval inside;
  for (int axis = 0; axis < 3; ++axis) inside = Common(inside, Slab(line, axis, half[axis]));
  return inside;
}

Interval InsideCylinder(const SightLine& line, const Eigen::Vector3d& half) {
  const auto o = line.origin_m.head<2>();
  const auto d = line.direction.head<2>();
  const Interval caps = Slab(line, 2, half.z());
  const double c = o.squaredNorm() - half.x() * half.x();
  if (d.squaredNorm() < 1e-18) return c <= 0 ? caps : Interval{1, 0};
  return Common(caps, Below(d.squaredNorm(), o.dot(d), c));
}

// The cone's tip is at z = +half, its base at −half: inside where the radius is at most
// k·(half − z) between the two.
Interval InsideCone(const SightLine& line, const Eigen::Vector3d& half) {
  const double k = half.x() / (2 * half.z());
  const double o = half.z() - line.origin_m.z(), d = -line.direction.z();
  const double a = line.direction.head<2>().squaredNorm() - k * k * d * d;
  const double b = line.origin_m.head<2>().dot(line.direction.head<2>()) - k * k * o * d;
  const double c = line.origin_m.head<2>().squaredNorm() - k * k * o * o;
  const Interval caps = Slab(line, 2, half.z());
  if (a > 1e-18) return Common(caps, Below(a, b, c));
  // Steeper than the side: the line enters the lower half of the double cone at one root and stays.
  const double root = b * b - a * c;
  if (root < 0 || a > -1e-18) return {1, 0};
  const double t0 = (-b + std::sqrt(root)) / a, t1 = (-b - std::sqrt(root)) / a;
  Interval lower;
  (d > 0 ? lower.low : lower.high) = d > 0 ? std::max(t0, t1) : std::min(t0, t1);
  return Common(caps, lower);
}

// A pipe is a cylinder without its bore: a line that comes in through the bore meets the pipe where
// it leaves that again.
std::optional<double> EntryOfHoop(const Shape& shape, const SightLine& line) {
  const Eigen::Vector3d half = shape.size_m / 2;
  const double bore_m = half.x() - shape.wall_m;
  const Interval pipe = InsideCylinder(line, half);
  const Interval bore = InsideCylinder(line, {bore_m, bore_m, 2 * half.z()});
  if (bore.low > bore.high || pipe.low < bore.low || pipe.low > bore.high) return Entry(pipe);
  return Entry({bore.high, pipe.high});
}

std::optional<double> EntryOfShape(const Shape& shape, const SightLine& line) {
  const Eigen::Vector3d half = shape.size_m / 2;
  switch (shape.kind) {
    case ShapeKind::kSphere:
      return Entry(Below(line.direction.squaredNorm(),
                         line.origin_m.dot(line.direction),
                         line.origin_m.squaredNorm() - half.x() * half.x()));
    case ShapeKind::kBox:
      return Entry(InsideBox(line, half));
    case ShapeKind::kCylinder:
      return Entry(InsideCylinder(line, half));
    case ShapeKind::kCone:
      return Entry(InsideCone(line, half));
    case ShapeKind::kHoop:
      return EntryOfHoop(shape, line);
    default:
      throw CheckFailure("this shape has no closed form for lines of sight");
  }
}

SightLine Moved(const SightLine& line, const Rigid3& target_from_source) {
  return {target_from_source * line.origin_m, target_from_source.rotation * line.direction};
}

// The pixels that a ball around the body can cover: left, top, right, bottom (exclusive).
std::array<int, 4> PixelsAround(const Camera& camera, const Eigen::Vector3d& centre, double reach) {
  const Intrinsics& in = camera.intrinsics;
  const Eigen::Vector3d x = camera.camera_from_world * centre;
  if (x.z() <= -reach) return {0, 0, 0, 0};
  if (x.z() <= 1.5 * reach) return {0, 0, in.width, in.height};
  const auto range = [&](double along, double focal_px, double middle_px, int size) {
    // Tangents to the ball in this plane.
    const double middle = std::atan2(along, x.z());
    const double half = std::asin(std::min(1.0, reach / std::hypot(along, x.z())));
    const double low = std::max(-1.55, middle - half), high = std::min(1.55, middle + half);
    const auto px = [&](double angle) {
      return std::clamp(middle_px + focal_px * std::tan(angle), -1.0, size + 1.0);
    };
    return std::array<int, 2>{std::max(0, static_cast<int>(std::floor(px(low)))),
                              std::min(size, static_cast<int>(std::ceil(px(high))) + 1)};
  };
  const auto columns = range(x.x(), in.fx_px, in.cx_px, in.width);
  const auto rows = range(x.y(), in.fy_px, in.cy_px, in.height);
  return {columns[0], rows[0], columns[1], rows[1]};
}

}  // namespace

SightLine LineThrough(const Camera& camera, const Eigen::Vector2d& point_px) {
  const Rigid3 world_from_camera = Inverse(camera.camera_from_world);
  const Eigen::Vector3d x = Unproject(camera, point_px, 1.0);
  return {world_from_camera.translation, x - world_from_camera.translation};
}

bool HasClosedForm(const Shape& shape) {
  switch (shape.kind) {
    case ShapeKind::kSphere:
    case ShapeKind::kBox:
    case ShapeKind::kCylinder:
    case ShapeKind::kHoop:
    case ShapeKind::kCone:
      return true;
    case ShapeKind::kCompound:
      return std::all_of(shape.parts.begin(), shape.parts.end(), [](const ShapePart& part) {
        return HasClosedForm(part.shape);
      });
    default:
      return false;
  }
}

std::optional<double> EntryDistance(const Body& body,
                                    const Rigid3& world_from_body,
                                    const SightLine& line) {
  const SightLine in_body = Moved(line, Inverse(world_from_body));
  if (body.shape.kind != ShapeKind::kCompound) return EntryOfShape(body.shape, in_body);
  std::optional<double> nearest;
  for (const ShapePart& part : body.shape.parts) {
    const auto entry = EntryOfShape(part.shape, Moved(in_body, Inverse(part.body_from_part)));
    if (entry && (!nearest || *entry < *nearest)) nearest = entry;
  }
  return nearest;
}

Presence SightView::presence() const {
  if (amodal_px == 0) return Presence::kOutOfView;
  return share() < kHiddenBelow_share ? Presence::kOccluded : Presence::kVisible;
}

SightView LookAt(const Truth& truth, int frame, int body) {
  const Camera& camera = truth.cameras[frame];
  const auto pose = [&](int b) -> const Rigid3& {
    return truth.StateAtFrame(frame, b).world_from_body;
  };
  const Body& seen = truth.scene.bodies[body];
  const auto [left, top, right, bottom] =
      PixelsAround(camera, pose(body).translation, seen.shape.size_m.norm() / 2);
  SightView view;
  for (int row = top; row < bottom; ++row) {
    for (int column = left; column < right; ++column) {
      const SightLine line = LineThrough(camera, {column + 0.5, row + 0.5});
      const auto entry = EntryDistance(seen, pose(body), line);
      if (!entry) continue;
      bool free = true;
      for (int b = 0; free && b < static_cast<int>(truth.scene.bodies.size()); ++b) {
        if (b == body) continue;
        const auto other = EntryDistance(truth.scene.bodies[b], pose(b), line);
        free = !other || *other > *entry;
      }
      view.amodal_px += 1;
      view.modal_px += free ? 1 : 0;
    }
  }
  return view;
}

std::vector<LawCheck> CheckPresence(const Truth& truth) {
  std::array<double, 4> expected = {}, measured = {}, unsure = {};
  double largest = 0;
  for (int frame = 0; frame < truth.num_frames(); ++frame) {
    for (int body = 0; body < static_cast<int>(truth.scene.bodies.size()); ++body) {
      if (truth.scene.bodies[body].role != Role::kObject) continue;
      const SightView sight = LookAt(truth, frame, body);
      const BodyView& view = truth.views[frame][body];
      expected[static_cast<size_t>(sight.presence())] += 1;
      measured[static_cast<size_t>(view.presence)] += 1;
      const double border = kBorder_px / std::max(1.0, sight.amodal_px);
      const bool close = std::abs(sight.share() - kHiddenBelow_share) < kShareSlack + border;
      for (double& count : unsure) count += close || sight.amodal_px <= kBorder_px ? 1 : 0;
      largest = std::max(largest, std::abs(sight.share() - view.visible_share) - border);
    }
  }
  const auto compare = [&](const std::string& what, Presence presence) {
    const auto k = static_cast<size_t>(presence);
    return Compare("objects times frames " + what, "count", {expected[k], measured[k], unsure[k]});
  };
  return {compare("visible", Presence::kVisible),
          compare("occluded", Presence::kOccluded),
          compare("out of view", Presence::kOutOfView),
          compare("absent", Presence::kAbsent),
          Compare("largest error of the visible share beyond two pixels",
                  "share",
                  {0.0, largest, kShareSlack})};
}

}  // namespace plumb
