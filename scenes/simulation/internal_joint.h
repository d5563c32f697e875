// SPDX-License-Identifier: Apache-2.0
// Joints: solved together and exactly before each of Bullet's steps, and held during it as rows of
// its solver, where they meet contacts. Internal to the scenes room.
#pragma once

#include <memory>
#include <vector>

#include <Eigen/Core>
#include <btBulletDynamicsCommon.h>

#include "core/scene.h"

namespace plumb {

// J (v_a, ω_a, v_b, ω_b) = error / step, one row for each direction that is held.
struct JointRows {
  Eigen::Matrix<double, Eigen::Dynamic, 12, Eigen::RowMajor, 6, 12> jacobian;
  Eigen::Matrix<double, Eigen::Dynamic, 1, 0, 6, 1> error;  // metres and radians
};

// Every error is taken back within one step (as SHAKE does: Ryckaert, Ciccotti, Berendsen 1977), so
// bodies stay on the true path and energy neither grows nor fades.
class BulletJoint : public btTypedConstraint {
 public:
  // The bodies stand where they are when the scene starts.
  BulletJoint(const Joint& joint, btRigidBody& a, btRigidBody& b);

  JointRows Rows() const;
  btRigidBody& a() const { return m_rbA; }
  btRigidBody& b() const { return m_rbB; }

  void getInfo1(btConstraintInfo1* info) override;
  void getInfo2(btConstraintInfo2* info) override;
  void setParam(int, btScalar, int) override {}
  btScalar getParam(int, int) const override { return 0; }

 private:
  int NumPointRows() const { return kind_ == JointKind::kSlider ? 2 : 3; }
  int NumTurnRows() const;

  JointKind kind_;
  btVector3 anchor_in_a_;
  btVector3 anchor_in_b_;
  btVector3 axis_in_a_;
  btVector3 axis_in_b_;
  btQuaternion a_from_b_;
};

// Gives the bodies the impulses of all joints (null ones are skipped) for the coming step, gravity
// being still to come: by Cholesky, so a long chain under a heavy weight costs no accuracy.
void ApplyJointImpulses(const std::vector<std::unique_ptr<BulletJoint>>& joints, double step_s);

}  // namespace plumb
