// SPDX-License-Identifier: Apache-2.0
// A body of a scene as a body of Bullet's: forms, frames, masses, guidance. Internal to the scenes
// room.
#pragma once

#include <memory>

#include <btBulletDynamicsCommon.h>

#include "core/scene.h"
#include "core/truth.h"
#include "scenes/simulation/internal_bullet_shape.h"
#include "scenes/simulation/internal_free_rotation.h"

namespace plumb {

// Where Bullet's body is and how it moves.
struct Kinematics {
  btTransform pose;
  btVector3 velocity_mps;
  btVector3 angular_velocity_radps;
};

class RigidBody {
 public:
  RigidBody(const Body& body, int index);

  btRigidBody& bullet() { return *bullet_; }
  const btRigidBody& bullet() const { return *bullet_; }
  bool guided() const { return guided_; }
  bool movable() const { return !bullet_->isStaticOrKinematicObject(); }
  bool IsJoined() const { return bullet_->getNumConstraintRefs() > 0; }
  // Whether turning freely is more than turning about a fixed axis at this speed.
  bool Precesses() const;
  Kinematics Now() const;
  // Back to where it was; nothing for bodies that forces don't move.
  void Reset(const Kinematics& then);
  Spin SpinNow() const;
  void SetSpin(const Spin& spin);

  // Pose and velocity of the scene's body, whose origin need not be the centre of mass.
  BodyState State() const;
  BodyEnergy Energy(const Eigen::Vector3d& gravity_mps2) const;
  const Eigen::Vector3d& moments_m2() const { return form_.moments_m2; }

  // Guided bodies: stands at its pose of `time_s` and moves for `step_s` towards the next one.
  void Guide(double time_s, double step_s);
  // Changes velocities; `point_m` is relative to the scene's body's origin.
  void Push(const Eigen::Vector3d& impulse_ns, const Eigen::Vector3d& point_m);
  // A fixed body becomes free; a guided one keeps its velocity. It must be out of the world.
  void Release();
  // Bullet's own gyroscopic torque loses energy with large turns; the caller turns the body itself.
  void LeaveGyroscopicTorqueToCaller();

 private:
  Eigen::Vector3d OriginFromCentre() const;

  const Body* body_;
  bool guided_;
  BulletShape form_;
  std::unique_ptr<btRigidBody> bullet_;
  // Of a guided body at the start of the step.
  Eigen::Vector3d guided_velocity_mps_ = Eigen::Vector3d::Zero();
  Eigen::Vector3d guided_angular_velocity_radps_ = Eigen::Vector3d::Zero();
};

}  // namespace plumb
