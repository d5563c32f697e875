// SPDX-License-Identifier: Apache-2.0
// Bullet's world, told apart what strikes and what rests. Internal to the scenes room.
#pragma once

#include <btBulletDynamicsCommon.h>

namespace plumb {

// Bullet's solver skips the friction, of sliding and of rolling, of a point that has stopped
// pushing and so leaves it what it had in the iteration before; this one takes it away.
class ContactSolver : public btSequentialImpulseConstraintSolver {
 protected:
  btScalar solveSingleIteration(int iteration,
                                btCollisionObject** bodies,
                                int num_bodies,
                                btPersistentManifold** manifolds,
                                int num_manifolds,
                                btTypedConstraint** constraints,
                                int num_constraints,
                                const btContactSolverInfo& info,
                                btIDebugDraw* drawer) override;

 private:
  // Takes from rows of friction whose point doesn't push what they have.
  void LetGo(btConstraintArray& rows);
};

// Bodies that close in slowly rest: their touch is held before they overlap and has no restitution,
// so that nothing that stands is dropped for a step and caught again. Faster ones strike: Bullet
// deals with them once they overlap.
class ContactWorld : public btDiscreteDynamicsWorld {
 public:
  using btDiscreteDynamicsWorld::btDiscreteDynamicsWorld;

  void SetSlowSpeed(double speed_mps);
  // Looks for touches where the bodies are now; the next step then doesn't look again.
  void LookForTouches();
  // Bodies were moved since the last look.
  void ForgetTouches() { looked_ = false; }
  // After a look: whether bodies overlap that close in fast. Their blow is still to come.
  bool Strikes() const;
  // After a step of `step_s` and a look: the share of it after which the first strike happened; 1
  // when none did or none is deeper than what is left to the solver.
  double ShareUntilStrike(double step_s) const;

  // Part of each step.
  void performDiscreteCollisionDetection() override;

 private:
  void Prepare(btPersistentManifold& touch) const;

  double slow_mps_ = 0.0;
  bool looked_ = false;
  double last_step_s_ = 0.0;
};

}  // namespace plumb
