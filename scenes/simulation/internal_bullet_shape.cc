// SPDX-License-Identifier: Apache-2.0
#include "scenes/simulation/internal_bullet_shape.h"

#include <algorithm>
#include <cmath>

#include <Eigen/Eigenvalues>

#include "core/check.h"
#include "core/mass_properties.h"
#include "scenes/simulation/internal_bullet_conversions.h"

namespace plumb {
namespace {

// Convex shapes collide through a skin of this thickness inside the body, never above a tenth of
// its size.
constexpr double kMargin_m = 0.001;

// The convex hull of a torus: a disc as wide as the tube's centre line, with a skin as thick as
// the tube's radius.
class TorusHull : public btConvexInternalShape {
 public:
  TorusHull(double ring_m, double tube_m) : ring_m_(ring_m) {
    m_shapeType = CUSTOM_CONVEX_SHAPE_TYPE;
    setMargin(tube_m);
  }

  btVector3 localGetSupportingVertexWithoutMargin(const btVector3& direction) const override {
    const double across = std::hypot(direction.x(), direction.y());
    if (across < 1e-12) return {0, 0, 0};
    return {ring_m_ * direction.x() / across, ring_m_ * direction.y() / across, 0};
  }
  void batchedUnitVectorGetSupportingVertexWithoutMargin(const btVector3* directions,
                                                         btVector3* vertices,
                                                         int count) const override {
    for (int i = 0; i < count; ++i) {
      vertices[i] = localGetSupportingVertexWithoutMargin(directions[i]);
    }
  }
  // Bodies take their inertia from core/mass_properties.h.
  void calculateLocalInertia(btScalar, btVector3& inertia) const override {
    inertia.setValue(0, 0, 0);
  }
  const char* getName() const override { return "Torus"; }

 private:
  double ring_m_;
};

double MarginFor(const Eigen::Vector3d& half) { return std::min(kMargin_m, 0.2 * half.minCoeff()); }

// The hull's corners, in the inertial frame. Bullet adds the skin outside of a hull.
std::unique_ptr<btCollisionShape> MakeHull(const Shape& shape, const Rigid3& inertial_from_body) {
  auto hull = std::make_unique<btConvexHullShape>();
  for (const Eigen::Vector3d& point : shape.points_m) {
    hull->addPoint(ToBullet(inertial_from_body * point), false);
  }
  hull->setMargin(0);
  hull->recalcLocalAabb();
  hull->initializePolyhedralFeatures();
  return hull;
}

// Centred shapes in their own frame; a convex hull in the frame that is asked for.
std::unique_ptr<btCollisionShape> MakePrimitive(const Shape& shape, const Rigid3& frame_from_body) {
  const Eigen::Vector3d half = shape.size_m / 2;
  std::unique_ptr<btPolyhedralConvexShape> box;
  std::unique_ptr<btCollisionShape> result;
  switch (shape.kind) {
    case ShapeKind::kSphere:
      return std::make_unique<btSphereShape>(half.x());
    case ShapeKind::kCapsule:
      return std::make_unique<btCapsuleShapeZ>(half.x(), 2 * (half.z() - half.x()));
    case ShapeKind::kCone:
      result = std::make_unique<btConeShapeZ>(half.x(), shape.size_m.z());
      result->setMargin(0);  // Bullet adds the skin outside of a cone
      return result;
    case ShapeKind::kTorus:
      return std::make_unique<TorusHull>(half.x() - half.z(), half.z());
    case ShapeKind::kConvex:
      return MakeHull(shape, frame_from_body);
    case ShapeKind::kBox:
      box = std::make_unique<btBoxShape>(ToBullet(half));
      box->setMargin(MarginFor(half));
      box->initializePolyhedralFeatures();  // hulls meet boxes face to face
      return box;
    case ShapeKind::kCylinder:
    case ShapeKind::kHoop:
      result = std::make_unique<btCylinderShapeZ>(ToBullet(half));
      result->setMargin(MarginFor(half));
      return result;
    case ShapeKind::kCompound:
      break;
  }
  throw CheckFailure("a compound is no part of a compound");
}

// The frame in which the inertia is a diagonal; the body's own axes where it is already.
Rigid3 InertialFrame(const MassProperties& mass) {
  Rigid3 frame;
  frame.translation = mass.centre_m;
  const Eigen::Matrix3d& inertia = mass.inertia_m2;
  const Eigen::Matrix3d apart =
      inertia - Eigen::Matrix3d(Eigen::Vector3d(inertia.diagonal()).asDiagonal());
  if (apart.norm() <= 1e-9 * inertia.norm()) return frame;
  const Eigen::SelfAdjointEigenSolver<Eigen::Matrix3d> solver(inertia);
  Eigen::Matrix3d axes = solver.eigenvectors();
  if (axes.determinant() < 0) axes.col(2) *= -1;
  frame.rotation = Eigen::Quaterniond(axes).normalized();
  return frame;
}

// Parts in a frame of their own.
void Compose(const std::vector<ShapePart>& parts, BulletShape& result) {
  const Rigid3 inertial_from_body = Inverse(result.body_from_inertial);
  auto compound = std::make_unique<btCompoundShape>();
  for (const ShapePart& part : parts) {
    result.parts.push_back(MakePrimitive(part.shape, {}));
    compound->addChildShape(ToBullet(inertial_from_body * part.body_from_part),
                            result.parts.back().get());
  }
  result.shape = std::move(compound);
}

}  // namespace

BulletShape MakeBulletShape(const Shape& shape, MassFrame frame) {
  BulletShape result;
  if (frame == MassFrame::kInertial) {
    const MassProperties mass = MassPropertiesOf(shape);
    result.body_from_inertial = InertialFrame(mass);
    const Eigen::Matrix3d axes = result.body_from_inertial.rotation.toRotationMatrix();
    result.moments_m2 = (axes.transpose() * mass.inertia_m2 * axes).diagonal();
    result.centred = mass.centre_m.isZero(1e-12) &&
                     result.body_from_inertial.rotation.isApprox(Eigen::Quaterniond::Identity());
  }
  if (shape.kind == ShapeKind::kCompound) {
    Compose(shape.parts, result);
  } else if (result.centred || shape.kind == ShapeKind::kConvex) {
    result.shape = MakePrimitive(shape, Inverse(result.body_from_inertial));
  } else {
    Compose({ShapePart{.shape = shape, .body_from_part = {}}}, result);
  }
  return result;
}

}  // namespace plumb
