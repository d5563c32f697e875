// SPDX-License-Identifier: Apache-2.0
#include "scenes/simulation/internal_rigid_body.h"

#include "scenes/simulation/internal_bullet_conversions.h"

namespace plumb {
namespace {

// Slower than this the axis of rotation moves by less than can be told from rounding.
constexpr double kSlowSpin_radps = 0.01;

btVector3 InertiaOf(const Body& body, const BulletShape& form) {
  btVector3 inertia(0, 0, 0);
  const ShapeKind kind = body.shape.kind;
  if (kind == ShapeKind::kSphere || kind == ShapeKind::kBox) {
    form.shape->calculateLocalInertia(body.mass_kg, inertia);
    return inertia;
  }
  // Bullet takes cylinders and capsules for boxes here.
  return ToBullet(Eigen::Vector3d(body.mass_kg * form.moments_m2));
}

}  // namespace

RigidBody::RigidBody(const Body& body, int index)
    : body_(&body),
      guided_(!body.path.empty()),
      form_(MakeBulletShape(body.shape, body.fixed ? MassFrame::kBody : MassFrame::kInertial)) {
  const double mass_kg = body.fixed ? 0.0 : body.mass_kg;
  const btVector3 inertia = body.fixed ? btVector3(0, 0, 0) : InertiaOf(body, form_);
  btRigidBody::btRigidBodyConstructionInfo info(mass_kg, nullptr, form_.shape.get(), inertia);
  const Rigid3 start = guided_ ? GuidedPose(body, 0) : body.world_from_body;
  info.m_startWorldTransform = ToBullet(form_.centred ? start : start * form_.body_from_inertial);
  info.m_friction = body.material.friction;
  info.m_rollingFriction = body.material.rolling_friction_m;
  info.m_restitution = body.material.restitution;
  bullet_ = std::make_unique<btRigidBody>(info);
  bullet_->setContactProcessingThreshold(0);
  bullet_->setActivationState(DISABLE_DEACTIVATION);
  bullet_->setUserIndex(index);
  if (guided_) {
    bullet_->setCollisionFlags(bullet_->getCollisionFlags() |
                               btCollisionObject::CF_KINEMATIC_OBJECT);
  }
  if (body.fixed) return;
  const Eigen::Vector3d& turn = body.angular_velocity_radps;
  bullet_->setLinearVelocity(ToBullet(
      form_.centred ? body.velocity_mps : body.velocity_mps - turn.cross(OriginFromCentre())));
  bullet_->setAngularVelocity(ToBullet(turn));
}

Eigen::Vector3d RigidBody::OriginFromCentre() const {
  const Rigid3 world_from_inertial = ToRigid3(bullet_->getWorldTransform());
  return (world_from_inertial * Inverse(form_.body_from_inertial)).translation -
         world_from_inertial.translation;
}

bool RigidBody::Precesses() const {
  const Eigen::Vector3d& m = form_.moments_m2;
  return m.maxCoeff() - m.minCoeff() > 1e-9 * m.maxCoeff() &&
         bullet_->getAngularVelocity().length() > kSlowSpin_radps;
}

Kinematics RigidBody::Now() const {
  return {
      bullet_->getWorldTransform(), bullet_->getLinearVelocity(), bullet_->getAngularVelocity()};
}

void RigidBody::Reset(const Kinematics& then) {
  if (!movable()) return;
  bullet_->setLinearVelocity(then.velocity_mps);
  bullet_->setAngularVelocity(then.angular_velocity_radps);
  bullet_->setCenterOfMassTransform(then.pose);
}

Spin RigidBody::SpinNow() const {
  return {ToRigid3(bullet_->getWorldTransform()).rotation, ToEigen(bullet_->getAngularVelocity())};
}

void RigidBody::SetSpin(const Spin& spin) {
  btTransform pose = bullet_->getWorldTransform();
  const Eigen::Quaterniond& q = spin.world_from_inertial;
  pose.setRotation(btQuaternion(q.x(), q.y(), q.z(), q.w()));
  bullet_->setCenterOfMassTransform(pose);
  bullet_->setAngularVelocity(ToBullet(spin.angular_velocity_radps));
}

BodyState RigidBody::State() const {
  BodyState state{ToRigid3(bullet_->getWorldTransform()),
                  ToEigen(bullet_->getLinearVelocity()),
                  ToEigen(bullet_->getAngularVelocity())};
  if (guided_) {
    state.velocity_mps = guided_velocity_mps_;
    state.angular_velocity_radps = guided_angular_velocity_radps_;
  }
  if (form_.centred) return state;
  if (!guided_) state.velocity_mps += state.angular_velocity_radps.cross(OriginFromCentre());
  state.world_from_body = state.world_from_body * Inverse(form_.body_from_inertial);
  return state;
}

BodyEnergy RigidBody::Energy(const Eigen::Vector3d& gravity_mps2) const {
  if (!movable()) return {};
  const Eigen::Vector3d in_body =
      SpinNow().world_from_inertial.conjugate() * ToEigen(bullet_->getAngularVelocity());
  const double turning = form_.moments_m2.dot(in_body.cwiseProduct(in_body));
  return {body_->mass_kg / 2 * (bullet_->getLinearVelocity().length2() + turning),
          -body_->mass_kg * gravity_mps2.dot(ToEigen(bullet_->getWorldTransform().getOrigin()))};
}

void RigidBody::Guide(double time_s, double step_s) {
  const Rigid3 now = GuidedPose(*body_, time_s);
  const Rigid3 next = GuidedPose(*body_, time_s + step_s);
  const Eigen::AngleAxisd turn(next.rotation * now.rotation.conjugate());
  guided_velocity_mps_ = (next.translation - now.translation) / step_s;
  guided_angular_velocity_radps_ = turn.angle() / step_s * turn.axis();
  const Rigid3 inertial_now = now * form_.body_from_inertial;
  const Rigid3 inertial_next = next * form_.body_from_inertial;
  // Bullet takes the velocity from the way since the pose before; that one is put where the coming
  // step gives the same way.
  Rigid3 before = inertial_now;
  before.translation -= inertial_next.translation - inertial_now.translation;
  before.rotation = (turn.inverse() * inertial_now.rotation).normalized();
  bullet_->setLinearVelocity(ToBullet(guided_velocity_mps_));
  bullet_->setAngularVelocity(ToBullet(guided_angular_velocity_radps_));
  bullet_->setWorldTransform(ToBullet(inertial_now));
  bullet_->setInterpolationWorldTransform(ToBullet(before));
}

void RigidBody::Push(const Eigen::Vector3d& impulse_ns, const Eigen::Vector3d& point_m) {
  if (!movable()) return;
  const Eigen::Vector3d lever = form_.centred ? point_m : point_m + OriginFromCentre();
  bullet_->applyImpulse(ToBullet(impulse_ns), ToBullet(lever));
}

void RigidBody::Release() {
  if (movable()) return;
  const BodyState state = State();
  form_ = MakeBulletShape(body_->shape, MassFrame::kInertial);
  bullet_->setCollisionShape(form_.shape.get());
  bullet_->setWorldTransform(ToBullet(state.world_from_body * form_.body_from_inertial));
  bullet_->setCollisionFlags(
      bullet_->getCollisionFlags() &
      ~(btCollisionObject::CF_STATIC_OBJECT | btCollisionObject::CF_KINEMATIC_OBJECT));
  bullet_->setMassProps(body_->mass_kg, InertiaOf(*body_, form_));
  bullet_->updateInertiaTensor();
  guided_ = false;
  const Eigen::Vector3d& turn = state.angular_velocity_radps;
  bullet_->setLinearVelocity(
      ToBullet(Eigen::Vector3d(state.velocity_mps - turn.cross(OriginFromCentre()))));
  bullet_->setAngularVelocity(ToBullet(turn));
  bullet_->setInterpolationWorldTransform(bullet_->getWorldTransform());
}

void RigidBody::LeaveGyroscopicTorqueToCaller() { bullet_->setFlags(0); }

}  // namespace plumb
