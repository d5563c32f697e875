// SPDX-License-Identifier: Apache-2.0
// Where a ray meets the exact surface of a shape.
#include <algorithm>
#include <array>
#include <cmath>
#include <limits>

#include "core/check.h"
#include "scenes/rendering/internal_form.h"

namespace plumb {
namespace {

// Both roots of a t² + 2 b t + c = 0, smaller first; where there is none, twice the point that
// comes nearest to one.
std::array<double, 2> Roots(double a, double b, double c) {
  if (std::abs(a) < 1e-14) {
    const double only = b == 0 ? 0 : -c / (2 * b);
    return {only, only};
  }
  const double root = std::sqrt(std::max(0.0, b * b - a * c));
  const double first = (-b - root) / a;
  const double second = (-b + root) / a;
  return {std::min(first, second), std::max(first, second)};
}

// The nearer root before the eye.
double First(const std::array<double, 2>& roots) { return roots[0] > 0 ? roots[0] : roots[1]; }

// A ray against x² + y² = (radius - lean z)²: a cylinder, or a cone's side.
std::array<double, 2> TurnedSide(const BodyRay& ray, double radius, double lean) {
  const Eigen::Vector3d& o = ray.origin;
  const Eigen::Vector3d& d = ray.direction;
  const double w = radius - lean * o.z();
  const double dw = -lean * d.z();
  return Roots(d.head<2>().squaredNorm() - dw * dw,
               o.head<2>().dot(d.head<2>()) - w * dw,
               o.head<2>().squaredNorm() - w * w);
}

FormHit OnPlane(const BodyRay& ray, const FormHit& near, int axis, double plane_m) {
  if (std::abs(ray.direction[axis]) < 1e-9) return near;
  return {(plane_m - ray.origin[axis]) / ray.direction[axis], near.part};
}

// A side that ends at z = ±half_z: beyond the ends the caps count.
FormHit OnSideOrCap(const BodyRay& ray, const FormHit& near, double side, double half_z) {
  const double z = ray.origin.z() + side * ray.direction.z();
  if (std::abs(z) <= half_z) return {side, near.part};
  const uint8_t cap = z < 0 ? 1 : 2;
  return OnPlane(ray, {near.distance, cap}, 2, z < 0 ? -half_z : half_z);
}

double OnBall(const BodyRay& ray, double centre_z, double radius) {
  const Eigen::Vector3d o = ray.origin - Eigen::Vector3d(0, 0, centre_z);
  return First(
      Roots(ray.direction.squaredNorm(), o.dot(ray.direction), o.squaredNorm() - radius * radius));
}

double OnCapsule(const BodyRay& ray, const Eigen::Vector3d& half) {
  const double straight = half.z() - half.x();
  const double side = First(TurnedSide(ray, half.x(), 0));
  const double z = ray.origin.z() + side * ray.direction.z();
  if (std::abs(z) <= straight) return side;
  return OnBall(ray, std::copysign(straight, z), half.x());
}

// Newton's method on the distance from the tube's surface.
double OnTorus(const BodyRay& ray, double distance, const Eigen::Vector3d& half) {
  constexpr int kMostSteps = 12;
  const double ring = half.x() - half.z();
  double t = distance;
  double best = distance;
  double smallest = std::numeric_limits<double>::infinity();
  for (int step = 0; step < kMostSteps; ++step) {
    const Eigen::Vector3d x = ray.origin + t * ray.direction;
    const double round = std::max(1e-12, x.head<2>().norm());
    const Eigen::Vector3d from_ring(x.x() * (1 - ring / round), x.y() * (1 - ring / round), x.z());
    const double length = std::max(1e-12, from_ring.norm());
    const double off = length - half.z();
    if (std::abs(off) < smallest) {
      smallest = std::abs(off);
      best = t;
    }
    const double slope = from_ring.dot(ray.direction) / length;
    if (std::abs(off) < 1e-12 || std::abs(slope) < 1e-9) break;
    // Never farther than the tube is thick.
    t -= std::clamp(off / slope, -half.z(), half.z());
  }
  return best;
}

}  // namespace

FormHit Form::RefineConvex(const BodyRay& ray, const FormHit& near) const {
  // Inside of all half spaces from the last entry on.
  double enter = -std::numeric_limits<double>::infinity();
  for (const Plane& plane : planes_) {
    const double towards = plane.normal.dot(ray.direction);
    if (towards > -1e-12) continue;
    enter = std::max(enter, (plane.offset_m - plane.normal.dot(ray.origin)) / towards);
  }
  return {std::isfinite(enter) && enter > 0 ? enter : near.distance, 0};
}

FormHit Form::Refine(const BodyRay& ray, const FormHit& near) const {
  switch (kind_) {
    case ShapeKind::kBox:
      return OnPlane(ray,
                     near,
                     near.part / 2,
                     near.part % 2 == 0 ? -half_m_[near.part / 2] : half_m_[near.part / 2]);
    case ShapeKind::kSphere: {
      // |o + t d|² = r², the nearer root.
      const double a = ray.direction.squaredNorm();
      const double b = ray.origin.dot(ray.direction);
      const double c = ray.origin.squaredNorm() - half_m_.x() * half_m_.x();
      return {(-b - std::sqrt(std::max(0.0, b * b - a * c))) / a, near.part};
    }
    case ShapeKind::kCylinder:
    case ShapeKind::kHoop: {
      if (near.part == 1 || near.part == 2) {
        return OnPlane(ray, near, 2, near.part == 1 ? -half_m_.z() : half_m_.z());
      }
      // Into the bore a ray comes through its mouth.
      if (near.part == 3) {
        return OnSideOrCap(ray, near, TurnedSide(ray, half_m_.x() - wall_m_, 0)[1], half_m_.z());
      }
      return OnSideOrCap(ray, near, First(TurnedSide(ray, half_m_.x(), 0)), half_m_.z());
    }
    case ShapeKind::kCone: {
      if (near.part != 0) return OnPlane(ray, near, 2, -half_m_.z());
      const double lean = half_m_.x() / (2 * half_m_.z());
      const std::array<double, 2> roots = TurnedSide(ray, half_m_.x() / 2, lean);
      // Beyond its tip the formula goes on as a second cone.
      const bool first_counts = ray.origin.z() + roots[0] * ray.direction.z() <= half_m_.z();
      const double side = first_counts ? First(roots) : roots[1];
      const double z = ray.origin.z() + side * ray.direction.z();
      return z < -half_m_.z() ? OnPlane(ray, {near.distance, 1}, 2, -half_m_.z())
                              : FormHit{side, near.part};
    }
    case ShapeKind::kCapsule:
      return {OnCapsule(ray, half_m_), near.part};
    case ShapeKind::kTorus:
      return {OnTorus(ray, near.distance, half_m_), near.part};
    case ShapeKind::kConvex:
      return RefineConvex(ray, near);
    case ShapeKind::kCompound: {
      const int index = near.part / kFacesOfPart;
      const Piece& piece = pieces_.at(index);
      const BodyRay inside{piece.ToPiece(ray.origin),
                           piece.body_from_piece.transpose() * ray.direction};
      const FormHit hit = piece.form.Refine(
          inside, {near.distance, static_cast<uint8_t>(near.part % kFacesOfPart)});
      return {hit.distance, static_cast<uint8_t>(index * kFacesOfPart + hit.part)};
    }
  }
  throw CheckFailure("unknown shape");
}

}  // namespace plumb
