// SPDX-License-Identifier: Apache-2.0
#include "scenes/simulation/internal_joint.h"

#include <array>

#include <Eigen/Cholesky>
#include <Eigen/Geometry>

#include "scenes/simulation/internal_bullet_conversions.h"

namespace plumb {
namespace {

// Keeps the system solvable when two joints hold the same direction.
constexpr double kSoftness = 1e-12;

// Fills one row after the other.
class RowWriter {
 public:
  explicit RowWriter(int num_rows) {
    rows_.jacobian.setZero(num_rows, 12);
    rows_.error.setZero(num_rows);
  }

  // The points at the levers' ends approach each other along `direction` by `error_m`.
  void Point(const btVector3& direction,
             const btVector3& lever_a,
             const btVector3& lever_b,
             double error_m) {
    Write(0, direction);
    Write(3, lever_a.cross(direction));
    Write(6, -direction);
    Write(9, -lever_b.cross(direction));
    rows_.error[row_++] = error_m;
  }
  // a turns against b about `direction` by `error_rad`.
  void Turn(const btVector3& direction, double error_rad) {
    Write(3, direction);
    Write(9, -direction);
    rows_.error[row_++] = error_rad;
  }
  const JointRows& rows() const { return rows_; }

 private:
  void Write(int column, const btVector3& value) {
    rows_.jacobian.block<1, 3>(row_, column) = ToEigen(value).transpose();
  }

  JointRows rows_;
  int row_ = 0;
};

btVector3 Unit(int k) { return {k == 0 ? 1.0 : 0.0, k == 1 ? 1.0 : 0.0, k == 2 ? 1.0 : 0.0}; }

// Two directions at right angles to `axis` and each other.
std::array<btVector3, 2> Across(const btVector3& axis) {
  std::array<btVector3, 2> result;
  btPlaneSpace1(axis, result[0], result[1]);
  return result;
}

// The rotation from `from` to `to` as a vector, for small angles.
btVector3 SmallTurn(const btQuaternion& from, const btQuaternion& to) {
  const btQuaternion turn = to * from.inverse();
  return btVector3(turn.x(), turn.y(), turn.z()) * (turn.w() < 0 ? -2 : 2);
}

}  // namespace

BulletJoint::BulletJoint(const Joint& joint, btRigidBody& a, btRigidBody& b)
    : btTypedConstraint(D6_CONSTRAINT_TYPE, a, b), kind_(joint.kind) {
  const btTransform a_from_world = a.getWorldTransform().inverse();
  const btTransform b_from_world = b.getWorldTransform().inverse();
  const btVector3 axis = ToBullet(Eigen::Vector3d(joint.axis.normalized()));
  anchor_in_a_ = a_from_world * ToBullet(joint.anchor_m);
  anchor_in_b_ = b_from_world * ToBullet(joint.anchor_m);
  axis_in_a_ = a_from_world.getBasis() * axis;
  axis_in_b_ = b_from_world.getBasis() * axis;
  a_from_b_ = a_from_world.getRotation() * b.getWorldTransform().getRotation();
}

int BulletJoint::NumTurnRows() const {
  if (kind_ == JointKind::kBall) return 0;
  return kind_ == JointKind::kHinge ? 2 : 3;
}

JointRows BulletJoint::Rows() const {
  const btTransform& a = m_rbA.getWorldTransform();
  const btTransform& b = m_rbB.getWorldTransform();
  const btVector3 anchor_a = a * anchor_in_a_;
  const btVector3 anchor_b = b * anchor_in_b_;
  const btVector3 gap = anchor_b - anchor_a;
  const btVector3 axis = a.getBasis() * axis_in_a_;
  RowWriter rows(NumPointRows() + NumTurnRows());
  if (kind_ == JointKind::kSlider) {
    // The rail belongs to a, so both levers end where b's anchor is.
    for (const btVector3& direction : Across(axis)) {
      rows.Point(direction, anchor_b - a.getOrigin(), anchor_b - b.getOrigin(), gap.dot(direction));
    }
  } else {
    for (int k = 0; k < 3; ++k) {
      rows.Point(Unit(k), anchor_a - a.getOrigin(), anchor_b - b.getOrigin(), gap[k]);
    }
  }
  if (kind_ == JointKind::kHinge) {
    const btVector3 turn = axis.cross(b.getBasis() * axis_in_b_);
    for (const btVector3& direction : Across(axis)) rows.Turn(direction, turn.dot(direction));
  } else if (kind_ != JointKind::kBall) {
    const btVector3 turn = SmallTurn(a.getRotation() * a_from_b_, b.getRotation());
    for (int k = 0; k < 3; ++k) rows.Turn(Unit(k), turn[k]);
  }
  return rows.rows();
}

void BulletJoint::getInfo1(btConstraintInfo1* info) {
  info->m_numConstraintRows = NumPointRows() + NumTurnRows();
  info->nub = 0;
}

void BulletJoint::getInfo2(btConstraintInfo2* info) {
  const JointRows rows = Rows();
  for (int i = 0; i < rows.error.size(); ++i) {
    const int at = i * info->rowskip;
    for (int k = 0; k < 3; ++k) {
      info->m_J1linearAxis[at + k] = rows.jacobian(i, k);
      info->m_J1angularAxis[at + k] = rows.jacobian(i, 3 + k);
      info->m_J2linearAxis[at + k] = rows.jacobian(i, 6 + k);
      info->m_J2angularAxis[at + k] = rows.jacobian(i, 9 + k);
    }
    info->m_constraintError[at] = rows.error[i] * info->fps;
  }
}

namespace {

// One joint's rows at their place in the system of all.
struct Placed {
  std::array<btRigidBody*, 2> bodies;
  JointRows rows;
  JointRows by_mass;  // each row's change of velocity for a unit impulse
  int first = 0;
};

Eigen::Matrix3d InverseInertia(const btRigidBody& body) {
  Eigen::Matrix3d result;
  const btMatrix3x3& inverse = body.getInvInertiaTensorWorld();
  for (int i = 0; i < 3; ++i) result.row(i) = ToEigen(inverse[i]).transpose();
  return result;
}

Placed Place(const BulletJoint& joint, int first) {
  Placed placed{{&joint.a(), &joint.b()}, joint.Rows(), {}, first};
  placed.by_mass.jacobian = placed.rows.jacobian;
  for (int side = 0; side < 2; ++side) {
    const btRigidBody& body = *placed.bodies[side];
    placed.by_mass.jacobian.middleCols<3>(6 * side) *= body.getInvMass();
    placed.by_mass.jacobian.middleCols<3>(6 * side + 3) *= InverseInertia(body);
  }
  return placed;
}

// Velocities at the end of the step, if there were no joints.
Eigen::Matrix<double, 12, 1> VelocitiesWithout(const Placed& placed, double step_s) {
  Eigen::Matrix<double, 12, 1> result;
  for (int side = 0; side < 2; ++side) {
    const btRigidBody& body = *placed.bodies[side];
    const double fall_s = body.getInvMass() > 0 ? step_s : 0;
    result.segment<3>(6 * side) = ToEigen(body.getLinearVelocity() + fall_s * body.getGravity());
    result.segment<3>(6 * side + 3) = ToEigen(body.getAngularVelocity());
  }
  return result;
}

// What an impulse along one joint's rows does to the rate of another's.
void AddCoupling(const Placed& to, const Placed& from, Eigen::MatrixXd& system) {
  for (int i = 0; i < 2; ++i) {
    for (int j = 0; j < 2; ++j) {
      if (to.bodies[i] != from.bodies[j] || to.bodies[i]->getInvMass() == 0) continue;
      system.block(to.first, from.first, to.rows.error.size(), from.rows.error.size()) +=
          to.rows.jacobian.middleCols<6>(6 * i) *
          from.by_mass.jacobian.middleCols<6>(6 * j).transpose();
    }
  }
}

}  // namespace

void ApplyJointImpulses(const std::vector<std::unique_ptr<BulletJoint>>& joints, double step_s) {
  std::vector<Placed> all;
  int num_rows = 0;
  for (const auto& joint : joints) {
    if (!joint || (joint->a().getInvMass() == 0 && joint->b().getInvMass() == 0)) continue;
    all.push_back(Place(*joint, num_rows));
    num_rows += static_cast<int>(all.back().rows.error.size());
  }
  if (num_rows == 0) return;
  Eigen::MatrixXd system = Eigen::MatrixXd::Zero(num_rows, num_rows);
  Eigen::VectorXd wanted(num_rows);
  for (const Placed& to : all) {
    wanted.segment(to.first, to.rows.error.size()) =
        to.rows.error / step_s - to.rows.jacobian * VelocitiesWithout(to, step_s);
    for (const Placed& from : all) AddCoupling(to, from, system);
  }
  system.diagonal() *= 1 + kSoftness;
  const Eigen::VectorXd impulses = system.ldlt().solve(wanted);
  if (!impulses.allFinite()) return;  // Bullet's rows do what they can
  for (const Placed& placed : all) {
    const Eigen::Matrix<double, 12, 1> change =
        placed.by_mass.jacobian.transpose() *
        impulses.segment(placed.first, placed.rows.error.size());
    for (int side = 0; side < 2; ++side) {
      btRigidBody& body = *placed.bodies[side];
      if (body.getInvMass() == 0) continue;
      const Eigen::Vector3d linear = change.segment<3>(6 * side);
      const Eigen::Vector3d angular = change.segment<3>(6 * side + 3);
      body.setLinearVelocity(body.getLinearVelocity() + ToBullet(linear));
      body.setAngularVelocity(body.getAngularVelocity() + ToBullet(angular));
    }
  }
}

}  // namespace plumb
