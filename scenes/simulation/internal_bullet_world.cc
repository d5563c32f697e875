// SPDX-License-Identifier: Apache-2.0
#include "scenes/simulation/internal_bullet_world.h"

#include <algorithm>
#include <cmath>

#include <btBulletDynamicsCommon.h>

#include "core/check.h"
#include "scenes/simulation/internal_bullet_conversions.h"
#include "scenes/simulation/internal_contact_world.h"
#include "scenes/simulation/internal_free_motion.h"
#include "scenes/simulation/internal_joint.h"
#include "scenes/simulation/internal_rigid_body.h"
#include "scenes/simulation/internal_round_on_box.h"
#include "scenes/simulation/internal_touches.h"

namespace plumb {
namespace {

// What gravity gives in this many steps is no strike.
constexpr double kSlowSteps = 2.0;
// A step is divided where something strikes: up to there, the blow itself in no time worth the
// name (gravity has no part in it), and the rest. More parts than this are left to the solver.
constexpr int kMostParts = 24;
constexpr int kMostTries = 4;  // to find the moment of one strike
constexpr double kBlow_s = 1e-6;
// Bodies at rest overlap by this much: Bullet finds boxes' touches only where they do.
constexpr double kRestDepth_m = 1e-6;
// The solver goes on from the step before until nothing changes any more.
constexpr double kResidual = 1e-14;  // square of the last change of velocity
constexpr int kMostIterations = 400;
constexpr int kManyFreeBodies = 16;  // a pile, not a stack
constexpr int kPileIterations = 50;
// Scenes with joints: steps are divided, and the solver runs on until nothing changes.
constexpr int kJointSubSteps = 8;
constexpr int kJointIterations = 200;
constexpr double kJointResidual = 1e-16;  // square of the last change of velocity
constexpr int kRolloutIterations = 50;
constexpr int kRolloutPileIterations = 20;
constexpr double kRolloutResidual = 1e-10;  // likewise: a thousandth of what rollouts start with

void Configure(btDiscreteDynamicsWorld& world, const Scene& scene) {
  world.setGravity(ToBullet(scene.gravity_mps2));
  btContactSolverInfo& info = world.getSolverInfo();
  const auto free_bodies = std::count_if(
      scene.bodies.begin(), scene.bodies.end(), [](const Body& body) { return !body.fixed; });
  info.m_numIterations = free_bodies > kManyFreeBodies ? kPileIterations : kMostIterations;
  info.m_leastSquaresResidualThreshold = kResidual;
  if (!scene.joints.empty()) {
    info.m_numIterations = kJointIterations;
    info.m_leastSquaresResidualThreshold = kJointResidual;
  }
  info.m_warmstartingFactor = 1;
  info.m_solverMode = SOLVER_SIMD | SOLVER_USE_WARMSTARTING | SOLVER_USE_2_FRICTION_DIRECTIONS |
                      SOLVER_ENABLE_FRICTION_DIRECTION_CACHING;
  info.m_splitImpulse = true;
  info.m_splitImpulsePenetrationThreshold = 0;
  info.m_linearSlop = kRestDepth_m;
  world.getDispatchInfo().m_deterministicOverlappingPairs = true;
}

}  // namespace

struct BulletWorld::Parts {
  Parts(const Scene& scene, double rate_hz);
  ~Parts();

  // Declared in the order in which Bullet needs them alive.
  btDefaultCollisionConfiguration configuration;
  btCollisionDispatcher dispatcher{&configuration};
  RoundOnBoxMaker round_on_box;
  btDbvtBroadphase broadphase;
  ContactSolver solver;
  std::vector<std::unique_ptr<RigidBody>> bodies;
  btRigidBody ground{0, nullptr, nullptr};           // what joints to the world hold on to
  std::vector<std::unique_ptr<BulletJoint>> joints;  // as in the scene; null once broken
  ContactWorld world{&dispatcher, &broadphase, &solver, &configuration};

  Scene scene;
  bool divides_steps;
  int sub_steps;
  double sub_step_s;
  size_t next_event = 0;
  Touches touches;

  void AddJoint(const Joint& joint);
  void BreakJoint(size_t index);
  void TakeOut(int index);
  void Handle(const SceneEvent& event);
  std::vector<BodyState> States() const;

  void SubStep(double time_s);
  double AdvanceToStrike(double time_s, double most_s);
  double Blow(double time_s, double step_s);
  std::vector<Kinematics> Now() const;
  double Advance(double time_s, double step_s, const std::vector<Kinematics>& before);
};

BulletWorld::Parts::Parts(const Scene& given, double rate_hz)
    : scene(given),
      divides_steps(given.joints.empty()),
      sub_steps(given.joints.empty() ? 1 : kJointSubSteps),
      sub_step_s(1 / (rate_hz * sub_steps)) {
  Configure(world, scene);
  world.SetSlowSpeed(kSlowSteps * scene.gravity_mps2.norm() * sub_step_s);
  RegisterRoundOnBox(dispatcher, configuration, round_on_box);
  for (size_t i = 0; i < scene.bodies.size(); ++i) {
    bodies.push_back(std::make_unique<RigidBody>(scene.bodies[i], static_cast<int>(i)));
    world.addRigidBody(&bodies.back()->bullet());
    // Fixed ones too, who may be released.
    bodies.back()->bullet().setGravity(world.getGravity());
  }
  for (const Joint& joint : scene.joints) AddJoint(joint);
}

BulletWorld::Parts::~Parts() {
  for (size_t i = 0; i < joints.size(); ++i) BreakJoint(i);
  for (const auto& body : bodies) {
    if (body->bullet().isInWorld()) world.removeRigidBody(&body->bullet());
  }
}

void BulletWorld::Parts::AddJoint(const Joint& joint) {
  const int a = FindBody(scene, joint.body_a);
  const int b = FindBody(scene, joint.body_b);
  btRigidBody& second = b < 0 ? ground : bodies[b]->bullet();
  joints.push_back(std::make_unique<BulletJoint>(joint, bodies[a]->bullet(), second));
  world.addConstraint(joints.back().get(), !joint.bodies_collide);
  for (const int index : {a, b}) {
    if (index >= 0) bodies[index]->LeaveGyroscopicTorqueToCaller();
  }
}

void BulletWorld::Parts::BreakJoint(size_t index) {
  if (!joints[index]) return;
  world.removeConstraint(joints[index].get());
  joints[index].reset();
}

void BulletWorld::Parts::TakeOut(int index) {
  btRigidBody& body = bodies[index]->bullet();
  if (!body.isInWorld()) return;
  for (size_t i = 0; i < joints.size(); ++i) {
    const Joint& joint = scene.joints[i];
    const std::string& name = scene.bodies[index].name;
    if (joint.body_a == name || joint.body_b == name) BreakJoint(i);
  }
  world.removeRigidBody(&body);
}

void BulletWorld::Parts::Handle(const SceneEvent& event) {
  world.ForgetTouches();
  if (event.kind == SceneEventKind::kBreak) {
    for (size_t i = 0; i < joints.size(); ++i) {
      if (scene.joints[i].name == event.body) BreakJoint(i);
    }
    return;
  }
  const int index = FindBody(scene, event.body);
  PLUMB_CHECK(index >= 0, "body '{}'", event.body);
  RigidBody& body = *bodies[index];
  if (!body.bullet().isInWorld()) return;
  if (event.kind == SceneEventKind::kImpulse) body.Push(event.impulse_ns, event.point_m);
  if (event.kind == SceneEventKind::kRemove) TakeOut(index);
  if (event.kind == SceneEventKind::kRelease && !body.movable()) {
    // Back in the world it gets the world's gravity, but it may have its own.
    const btVector3 gravity = body.bullet().getGravity();
    world.removeRigidBody(&body.bullet());
    body.Release();
    world.addRigidBody(&body.bullet());
    body.bullet().setGravity(gravity);
  }
}

std::vector<BodyState> BulletWorld::Parts::States() const {
  std::vector<BodyState> states;
  states.reserve(bodies.size());
  for (const auto& body : bodies) states.push_back(body->State());
  return states;
}

// Advances by `step_s` from where bodies are `before`, and returns it.
double BulletWorld::Parts::Advance(double time_s,
                                   double step_s,
                                   const std::vector<Kinematics>& before) {
  for (const auto& body : bodies) {
    if (body->guided()) body->Guide(time_s, step_s);
  }
  const std::vector<BodyState> states = States();
  ApplyJointImpulses(joints, step_s);
  world.stepSimulation(step_s, 0);
  touches.Read(dispatcher, time_s, step_s, states);
  AlignPoses(bodies, before, step_s);
  TurnFreeBodies(bodies, before, touches, step_s);
  return step_s;
}

std::vector<Kinematics> BulletWorld::Parts::Now() const {
  std::vector<Kinematics> now;
  now.reserve(bodies.size());
  for (const auto& body : bodies) now.push_back(body->Now());
  return now;
}

// Advances until something strikes, `most_s` at most, and returns the time that took.
double BulletWorld::Parts::AdvanceToStrike(double time_s, double most_s) {
  const std::vector<Kinematics> before = Now();
  double step_s = most_s;
  for (int attempt = 0;; ++attempt) {
    Advance(time_s, step_s, before);
    for (const auto& body : bodies) {
      if (body->guided()) body->Guide(time_s + step_s, step_s);
    }
    world.LookForTouches();
    const double share = world.ShareUntilStrike(step_s);
    if (share == 1 || attempt == kMostTries) return step_s;
    step_s *= share;
    for (size_t i = 0; i < bodies.size(); ++i) bodies[i]->Reset(before[i]);
    world.ForgetTouches();
  }
}

// What has struck bounces off. In so short a step Bullet would take the depth of rest for a gap
// that is still to close, at a speed to be reckoned with.
double BulletWorld::Parts::Blow(double time_s, double step_s) {
  btContactSolverInfo& info = world.getSolverInfo();
  info.m_linearSlop = 0;
  Advance(time_s, step_s, Now());
  info.m_linearSlop = kRestDepth_m;
  touches.Keep();
  return step_s;
}

void BulletWorld::Parts::SubStep(double time_s) {
  if (!divides_steps) {
    Advance(time_s, sub_step_s, Now());
    touches.Keep();
    return;
  }
  double done_s = 0;
  // The step before may have ended at the very moment of a strike.
  if (world.Strikes()) done_s += Blow(time_s, kBlow_s);
  for (int part = 0; done_s < sub_step_s; ++part) {
    const double left_s = sub_step_s - done_s;
    const bool last = part == kMostParts;
    const double took_s =
        last ? Advance(time_s + done_s, left_s, Now()) : AdvanceToStrike(time_s + done_s, left_s);
    touches.Keep();
    if (took_s == left_s) return;
    done_s += took_s;
    done_s += Blow(time_s + done_s, std::min(kBlow_s, sub_step_s - done_s));
  }
}

BulletWorld::BulletWorld(const Scene& scene, double rate_hz, SolverEffort effort)
    : parts_(std::make_unique<Parts>(scene, rate_hz)) {
  if (effort == SolverEffort::kTruth) return;
  btContactSolverInfo& info = parts_->world.getSolverInfo();
  const bool pile = info.m_numIterations == kPileIterations;
  info.m_numIterations = pile ? kRolloutPileIterations : kRolloutIterations;
  info.m_leastSquaresResidualThreshold = kRolloutResidual;
  parts_->divides_steps = false;
}

BulletWorld::~BulletWorld() = default;

void BulletWorld::Apply(const Intervention& change) {
  Parts& p = *parts_;
  p.world.ForgetTouches();
  const bool is_of_all = change.body < 0;
  const btVector3 gravity = ToBullet(p.scene.gravity_mps2);
  p.world.setGravity(is_of_all ? change.gravity_factor * gravity : gravity);
  p.world.SetSlowSpeed(kSlowSteps * p.scene.gravity_mps2.norm() * p.sub_step_s *
                       std::max(1.0, std::abs(change.gravity_factor)));
  // The restitution of a pair is the product, so each side takes the root of the factor.
  const double factor = is_of_all ? std::sqrt(change.restitution_factor) : 1.0;
  for (size_t i = 0; i < p.bodies.size(); ++i) {
    p.bodies[i]->bullet().setGravity(p.world.getGravity());
    p.bodies[i]->bullet().setRestitution(factor * p.scene.bodies[i].material.restitution);
  }
  if (is_of_all) return;
  PLUMB_CHECK(change.body < static_cast<int>(p.bodies.size()), "body {}", change.body);
  btRigidBody& body = p.bodies[change.body]->bullet();
  body.setGravity(change.gravity_factor * gravity);
  body.setRestitution(change.restitution_factor * body.getRestitution());
  btTransform pose = body.getWorldTransform();
  pose.setOrigin(pose.getOrigin() + ToBullet(change.jump_m));
  body.setCenterOfMassTransform(pose);
  if (change.inertia_factor != 1.0) {
    body.setInvInertiaDiagLocal(body.getInvInertiaDiagLocal() / change.inertia_factor);
    body.updateInertiaTensor();
  }
  if (change.take_out) p.TakeOut(change.body);
}

std::vector<ContactEvent> BulletWorld::Step(int step) {
  Parts& p = *parts_;
  p.touches.StartStep();
  const double step_s = p.sub_step_s * p.sub_steps;
  const double time_s = step * step_s;
  while (p.next_event < p.scene.events.size() &&
         p.scene.events[p.next_event].time_s <= time_s + 1e-9) {
    p.Handle(p.scene.events[p.next_event++]);
  }
  for (int k = 0; k < p.sub_steps; ++k) p.SubStep(time_s + k * p.sub_step_s);
  for (const auto& body : p.bodies) {
    if (body->guided()) body->Guide(time_s + step_s, p.sub_step_s);
  }
  return p.touches.began();
}

std::vector<StepContact> BulletWorld::Contacts() const { return parts_->touches.Pairs(); }

std::vector<BodyState> BulletWorld::States() const { return parts_->States(); }

std::vector<BodyEnergy> BulletWorld::Energies() const {
  std::vector<BodyEnergy> energies;
  for (const auto& body : parts_->bodies) {
    const btRigidBody& bullet = body->bullet();
    energies.push_back(bullet.isInWorld() ? body->Energy(ToEigen(bullet.getGravity()))
                                          : BodyEnergy{});
  }
  return energies;
}

}  // namespace plumb
