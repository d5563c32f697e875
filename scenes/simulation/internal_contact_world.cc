// SPDX-License-Identifier: Apache-2.0
#include "scenes/simulation/internal_contact_world.h"

#include <algorithm>

namespace plumb {
namespace {

// Gap at which touches of slow bodies are held: more than they close in a step.
constexpr double kRestGap_m = 2e-4;
// Overlap that a strike may have; steps are shortened until it has.
constexpr double kStrikeDepth_m = 1e-5;
constexpr double kOverlappedBefore = 1.5;  // overlap as a multiple of the step's way
constexpr double kLeastShare = 0.002;      // of a step, so that each try gets on
// Share of the slow speed below which sliding has no direction.
constexpr double kLeastSlide = 1e-3;

const btRigidBody& BodyOf(const btCollisionObject& object) { return *btRigidBody::upcast(&object); }

// Of the second body against the first at their touch.
btVector3 RelativeVelocity(const btPersistentManifold& touch, const btManifoldPoint& point) {
  const auto velocity = [&](const btCollisionObject& object) {
    return BodyOf(object).getVelocityInLocalPoint(point.getPositionWorldOnB() -
                                                  object.getWorldTransform().getOrigin());
  };
  return velocity(*touch.getBody1()) - velocity(*touch.getBody0());
}

double ClosingSpeed(const btPersistentManifold& touch, const btManifoldPoint& point) {
  // The normal points from the second body to the first.
  return point.m_normalWorldOnB.dot(RelativeVelocity(touch, point));
}

// What gravity alone would add to the relative velocity in a step.
btVector3 RelativeFall(const btPersistentManifold& touch, double step_s) {
  const auto fall = [&](const btCollisionObject& object) {
    const btRigidBody& body = BodyOf(object);
    return body.isStaticOrKinematicObject() ? btVector3(0, 0, 0) : body.getGravity() * step_s;
  };
  return fall(*touch.getBody1()) - fall(*touch.getBody0());
}

// Friction acts first along the way the bodies slide or would, where the cone and Bullet's square
// agree, then across it.
void TurnFriction(btManifoldPoint& point, const btVector3& sliding, double least_mps) {
  const btVector3& normal = point.m_normalWorldOnB;
  const btVector3 along = sliding - normal * normal.dot(sliding);
  if (along.length() > least_mps) {
    point.m_lateralFrictionDir1 = along.normalized();
    point.m_lateralFrictionDir2 = point.m_lateralFrictionDir1.cross(normal).normalized();
  } else {
    btPlaneSpace1(normal, point.m_lateralFrictionDir1, point.m_lateralFrictionDir2);
  }
  point.m_contactPointFlags |= BT_CONTACT_FLAG_LATERAL_FRICTION_INITIALIZED;
}

}  // namespace

void ContactSolver::LetGo(btConstraintArray& rows) {
  for (int i = 0; i < rows.size(); ++i) {
    btSolverConstraint& row = rows[i];
    const bool pushes = m_tmpSolverContactConstraintPool[row.m_frictionIndex].m_appliedImpulse > 0;
    if (pushes || row.m_appliedImpulse == 0) continue;
    row.m_lowerLimit = row.m_upperLimit = 0;
    resolveSingleConstraintRowGeneric(
        m_tmpSolverBodyPool[row.m_solverBodyIdA], m_tmpSolverBodyPool[row.m_solverBodyIdB], row);
  }
}

btScalar ContactSolver::solveSingleIteration(int iteration,
                                             btCollisionObject** bodies,
                                             int num_bodies,
                                             btPersistentManifold** manifolds,
                                             int num_manifolds,
                                             btTypedConstraint** constraints,
                                             int num_constraints,
                                             const btContactSolverInfo& info,
                                             btIDebugDraw* drawer) {
  LetGo(m_tmpSolverContactFrictionConstraintPool);
  LetGo(m_tmpSolverContactRollingFrictionConstraintPool);
  return btSequentialImpulseConstraintSolver::solveSingleIteration(iteration,
                                                                   bodies,
                                                                   num_bodies,
                                                                   manifolds,
                                                                   num_manifolds,
                                                                   constraints,
                                                                   num_constraints,
                                                                   info,
                                                                   drawer);
}

void ContactWorld::SetSlowSpeed(double speed_mps) {
  slow_mps_ = speed_mps;
  getSolverInfo().m_restitutionVelocityThreshold = speed_mps;
}

void ContactWorld::LookForTouches() {
  looked_ = false;
  btDiscreteDynamicsWorld::performDiscreteCollisionDetection();
  looked_ = true;
}

void ContactWorld::performDiscreteCollisionDetection() {
  if (!looked_) btDiscreteDynamicsWorld::performDiscreteCollisionDetection();
  looked_ = false;
  for (int i = 0; i < getDispatcher()->getNumManifolds(); ++i) {
    Prepare(*getDispatcher()->getManifoldByIndexInternal(i));
  }
  last_step_s_ = getDispatchInfo().m_timeStep;
}

void ContactWorld::Prepare(btPersistentManifold& touch) const {
  double fastest_mps = 0;
  for (int k = 0; k < touch.getNumContacts(); ++k) {
    fastest_mps = std::max(fastest_mps, ClosingSpeed(touch, touch.getContactPoint(k)));
  }
  const double reach_m = fastest_mps > slow_mps_ ? 0 : kRestGap_m;
  touch.setContactProcessingThreshold(reach_m);
  const double step_s = getDispatchInfo().m_timeStep;
  const btVector3 fall = RelativeFall(touch, step_s);
  for (int k = 0; k < touch.getNumContacts(); ++k) {
    btManifoldPoint& point = touch.getContactPoint(k);
    // The solver starts from the impulses of the step before; those of a step of another length
    // mislead it, and those of points that it leaves alone would stay.
    if (step_s != last_step_s_ || point.getDistance() > reach_m) {
      point.m_appliedImpulse = 0;
      point.m_appliedImpulseLateral1 = 0;
      point.m_appliedImpulseLateral2 = 0;
    }
    TurnFriction(point, RelativeVelocity(touch, point) + fall, kLeastSlide * slow_mps_);
  }
}

bool ContactWorld::Strikes() const {
  if (!looked_) return false;
  btDispatcher& dispatcher = *const_cast<btDispatcher*>(getDispatcher());
  for (int i = 0; i < dispatcher.getNumManifolds(); ++i) {
    const btPersistentManifold& touch = *dispatcher.getManifoldByIndexInternal(i);
    for (int k = 0; k < touch.getNumContacts(); ++k) {
      const btManifoldPoint& point = touch.getContactPoint(k);
      if (point.getDistance() < 0 && ClosingSpeed(touch, point) > slow_mps_) return true;
    }
  }
  return false;
}

double ContactWorld::ShareUntilStrike(double step_s) const {
  double share = 1;
  const btDispatcher& dispatcher = *getDispatcher();
  for (int i = 0; i < dispatcher.getNumManifolds(); ++i) {
    const btPersistentManifold& touch =
        *const_cast<btDispatcher&>(dispatcher).getManifoldByIndexInternal(i);
    for (int k = 0; k < touch.getNumContacts(); ++k) {
      const btManifoldPoint& point = touch.getContactPoint(k);
      const double depth_m = -point.getDistance();
      if (depth_m <= kStrikeDepth_m) continue;
      const double closing_mps = ClosingSpeed(touch, point);
      // Much deeper than a step's way: they overlapped before. A little deeper: bodies that turn
      // met just after a strike that was expected earlier.
      const double way_m = closing_mps * step_s;
      if (closing_mps <= slow_mps_ || depth_m > kOverlappedBefore * way_m) continue;
      share = std::min(share, std::max(kLeastShare, 1 - (depth_m - kStrikeDepth_m / 2) / way_m));
    }
  }
  return share;
}

}  // namespace plumb
