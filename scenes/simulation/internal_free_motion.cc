// SPDX-License-Identifier: Apache-2.0
#include "scenes/simulation/internal_free_motion.h"

#include "scenes/simulation/internal_bullet_conversions.h"

namespace plumb {
namespace {

// Velocity changes up to this multiple of gravity's are smooth; above it the step held an impact.
constexpr double kSmoothFactor = 1.5;

}  // namespace

// Bullet moves by the velocity at the end of a step. Where the velocity changed smoothly the mean
// of both ends is exact for constant acceleration, so half of the change is taken back, of the turn
// as well; impacts and joints are left to the solver.
void AlignPoses(const std::vector<std::unique_ptr<RigidBody>>& bodies,
                const std::vector<Kinematics>& before,
                double step_s) {
  for (size_t i = 0; i < bodies.size(); ++i) {
    btRigidBody& body = bodies[i]->bullet();
    if (!bodies[i]->movable() || bodies[i]->IsJoined()) continue;
    // Gravity may be the body's own.
    const double smooth_mps = kSmoothFactor * (body.getGravity().length() * step_s);
    const btVector3 change = body.getLinearVelocity() - before[i].velocity_mps;
    if (change.length() > smooth_mps) continue;
    btTransform pose = body.getWorldTransform();
    pose.setOrigin(pose.getOrigin() - change * (0.5 * step_s));
    const btVector3 turn = body.getAngularVelocity() - before[i].angular_velocity_radps;
    const double radius_m = body.getCollisionShape()->getAngularMotionDisc();
    if (!turn.fuzzyZero() && turn.length() * radius_m < smooth_mps) {
      const btQuaternion back(turn, -0.5 * step_s * turn.length());
      pose.setRotation(back * pose.getRotation());
    }
    body.setCenterOfMassTransform(pose);
  }
}

// Bodies that nothing held in the step follow Euler's equations instead of Bullet's approximation;
// joined ones do from the velocity that the joints gave them.
void TurnFreeBodies(const std::vector<std::unique_ptr<RigidBody>>& bodies,
                    const std::vector<Kinematics>& before,
                    const Touches& touches,
                    double step_s) {
  for (size_t i = 0; i < bodies.size(); ++i) {
    RigidBody& body = *bodies[i];
    if (!body.movable() || !body.Precesses() || !body.bullet().isInWorld()) continue;
    Spin spin{ToRigid3(before[i].pose).rotation, ToEigen(before[i].angular_velocity_radps)};
    if (body.IsJoined()) {
      spin.angular_velocity_radps = body.SpinNow().angular_velocity_radps;
    } else if (touches.Touched(static_cast<int>(i))) {
      continue;
    }
    body.SetSpin(TurnFreely(spin, body.moments_m2(), step_s));
  }
}

}  // namespace plumb
