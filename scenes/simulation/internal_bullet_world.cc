// SPDX-License-Identifier: Apache-2.0
#include "scenes/simulation/internal_bullet_world.h"

#include <algorithm>
#include <cmath>
#include <map>

#include <btBulletDynamicsCommon.h>

#include "core/check.h"

namespace plumb {
namespace {

static_assert(sizeof(btScalar) == sizeof(double), "Bullet must be the double-precision build");

// A touch that pauses for less than this is still the same touch (contacts flicker while a body
// settles).
constexpr double kTouchGap_s = 0.02;
// Velocity changes up to this multiple of gravity's are smooth; above it the step held an impact.
constexpr double kSmoothFactor = 1.5;
constexpr int kSolverIterations = 50;
// Convex shapes collide through a skin of this thickness inside the body, never above a tenth of
// its size.
constexpr double kMargin_m = 0.01;

btVector3 ToBullet(const Eigen::Vector3d& v) { return {v.x(), v.y(), v.z()}; }
Eigen::Vector3d ToEigen(const btVector3& v) { return {v.x(), v.y(), v.z()}; }

btTransform ToBullet(const Rigid3& pose) {
  const Eigen::Quaterniond& q = pose.rotation;
  return btTransform(btQuaternion(q.x(), q.y(), q.z(), q.w()), ToBullet(pose.translation));
}

Rigid3 ToRigid3(const btTransform& transform) {
  const btQuaternion q = transform.getRotation();
  Rigid3 pose;
  pose.rotation = Eigen::Quaterniond(q.w(), q.x(), q.y(), q.z()).normalized();
  pose.translation = ToEigen(transform.getOrigin());
  return pose;
}

std::unique_ptr<btCollisionShape> MakeShape(const Shape& shape) {
  const Eigen::Vector3d half = shape.size_m / 2;
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
    case ShapeKind::kBox:
      result = std::make_unique<btBoxShape>(ToBullet(half));
      break;
    case ShapeKind::kCylinder:
      result = std::make_unique<btCylinderShapeZ>(ToBullet(half));
      break;
  }
  PLUMB_CHECK(result != nullptr);
  result->setMargin(std::min(kMargin_m, 0.2 * half.minCoeff()));
  return result;
}

std::unique_ptr<btRigidBody> MakeBody(const Body& body, btCollisionShape* shape) {
  const double mass_kg = body.fixed ? 0.0 : body.mass_kg;
  btVector3 inertia(0, 0, 0);
  if (!body.fixed) shape->calculateLocalInertia(mass_kg, inertia);
  btRigidBody::btRigidBodyConstructionInfo info(mass_kg, nullptr, shape, inertia);
  info.m_startWorldTransform = ToBullet(body.world_from_body);
  info.m_friction = body.material.friction;
  info.m_rollingFriction = body.material.rolling_friction_m;
  info.m_restitution = body.material.restitution;
  auto result = std::make_unique<btRigidBody>(info);
  result->setContactProcessingThreshold(0);
  result->setActivationState(DISABLE_DEACTIVATION);
  if (!body.fixed) {
    result->setLinearVelocity(ToBullet(body.velocity_mps));
    result->setAngularVelocity(ToBullet(body.angular_velocity_radps));
  }
  return result;
}

void Configure(btDiscreteDynamicsWorld& world, const Eigen::Vector3d& gravity_mps2) {
  world.setGravity(ToBullet(gravity_mps2));
  btContactSolverInfo& info = world.getSolverInfo();
  info.m_numIterations = kSolverIterations;
  info.m_warmstartingFactor = 0;
  info.m_splitImpulse = true;
  info.m_splitImpulsePenetrationThreshold = 0;
  info.m_restitutionVelocityThreshold = 0;
  info.m_linearSlop = 0;
  world.getDispatchInfo().m_deterministicOverlappingPairs = true;
}

}  // namespace

struct BulletWorld::Parts {
  // Declared in the order in which Bullet needs them alive.
  btDefaultCollisionConfiguration configuration;
  btCollisionDispatcher dispatcher{&configuration};
  btDbvtBroadphase broadphase;
  btSequentialImpulseConstraintSolver solver;
  std::vector<std::unique_ptr<btCollisionShape>> shapes;
  std::vector<std::unique_ptr<btRigidBody>> bodies;
  btDiscreteDynamicsWorld world{&dispatcher, &broadphase, &solver, &configuration};

  Eigen::Vector3d scene_gravity_mps2;
  std::vector<double> scene_restitution;
  double step_s = 0;
  std::map<std::pair<int, int>, double> last_touch_s;

  void AlignPositions(const std::vector<btVector3>& velocities_before);
  std::vector<ContactEvent> NewTouches(int step, const std::vector<BodyState>& before);
};

BulletWorld::BulletWorld(const Scene& scene, double rate_hz) : parts_(std::make_unique<Parts>()) {
  Parts& p = *parts_;
  p.step_s = 1 / rate_hz;
  p.scene_gravity_mps2 = scene.gravity_mps2;
  Configure(p.world, scene.gravity_mps2);
  for (size_t i = 0; i < scene.bodies.size(); ++i) {
    const Body& body = scene.bodies[i];
    p.shapes.push_back(MakeShape(body.shape));
    p.bodies.push_back(MakeBody(body, p.shapes.back().get()));
    p.bodies.back()->setUserIndex(static_cast<int>(i));
    p.scene_restitution.push_back(body.material.restitution);
    p.world.addRigidBody(p.bodies.back().get());
  }
}

BulletWorld::~BulletWorld() {
  for (const auto& body : parts_->bodies) {
    if (body->isInWorld()) parts_->world.removeRigidBody(body.get());
  }
}

void BulletWorld::Apply(const Intervention& change) {
  Parts& p = *parts_;
  p.world.setGravity(ToBullet(change.gravity_factor * p.scene_gravity_mps2));
  // The restitution of a pair is the product, so each side takes the root of the factor.
  const double factor = std::sqrt(change.restitution_factor);
  for (size_t i = 0; i < p.bodies.size(); ++i) {
    p.bodies[i]->setRestitution(factor * p.scene_restitution[i]);
  }
  if (change.body < 0) return;
  PLUMB_CHECK(change.body < static_cast<int>(p.bodies.size()), "body {}", change.body);
  btRigidBody* body = p.bodies[change.body].get();
  btTransform pose = body->getWorldTransform();
  pose.setOrigin(pose.getOrigin() + ToBullet(change.jump_m));
  body->setCenterOfMassTransform(pose);
  if (change.take_out) p.world.removeRigidBody(body);
}

// Bullet moves by the velocity at the end of a step. Where the velocity changed smoothly the mean
// of both ends is exact for constant acceleration, so half of the change is taken back; impacts are
// left to the solver.
void BulletWorld::Parts::AlignPositions(const std::vector<btVector3>& velocities_before) {
  const double smooth_mps = kSmoothFactor * world.getGravity().length() * step_s;
  for (size_t i = 0; i < bodies.size(); ++i) {
    if (bodies[i]->isStaticObject()) continue;
    const btVector3 change = bodies[i]->getLinearVelocity() - velocities_before[i];
    if (change.length() > smooth_mps) continue;
    btTransform pose = bodies[i]->getWorldTransform();
    pose.setOrigin(pose.getOrigin() - change * (0.5 * step_s));
    bodies[i]->setCenterOfMassTransform(pose);
  }
}

std::vector<BodyState> BulletWorld::States() const {
  std::vector<BodyState> states;
  states.reserve(parts_->bodies.size());
  for (const auto& body : parts_->bodies) {
    states.push_back({ToRigid3(body->getWorldTransform()),
                      ToEigen(body->getLinearVelocity()),
                      ToEigen(body->getAngularVelocity())});
  }
  return states;
}

namespace {

Eigen::Vector3d VelocityAt(const BodyState& state, const Eigen::Vector3d& point_m) {
  return state.velocity_mps +
         state.angular_velocity_radps.cross(point_m - state.world_from_body.translation);
}

// What one manifold says about its touch: the point with the largest impulse, and the sum of all
// impulses.
ContactEvent EventOf(const btPersistentManifold& manifold, const std::vector<BodyState>& before) {
  ContactEvent event;
  const int first = manifold.getBody0()->getUserIndex();
  const int second = manifold.getBody1()->getUserIndex();
  event.body_a = std::min(first, second);
  event.body_b = std::max(first, second);
  double largest = 0;
  for (int k = 0; k < manifold.getNumContacts(); ++k) {
    const btManifoldPoint& point = manifold.getContactPoint(k);
    event.impulse_ns += point.m_appliedImpulse;
    if (point.m_appliedImpulse <= largest) continue;
    largest = point.m_appliedImpulse;
    // Bullet's normal points from the second body to the first.
    event.normal = (first == event.body_a ? 1.0 : -1.0) * ToEigen(point.m_normalWorldOnB);
    event.point_m = ToEigen(point.getPositionWorldOnB());
    event.time_s = point.getDistance();  // for now the distance; made a time by the caller
  }
  if (largest > 0) {
    const Eigen::Vector3d closing = VelocityAt(before[event.body_b], event.point_m) -
                                    VelocityAt(before[event.body_a], event.point_m);
    event.approach_mps = closing.dot(event.normal);
  }
  return event;
}

}  // namespace

std::vector<ContactEvent> BulletWorld::Parts::NewTouches(int step,
                                                         const std::vector<BodyState>& before) {
  std::vector<ContactEvent> events;
  const double now_s = step * step_s;
  for (int i = 0; i < dispatcher.getNumManifolds(); ++i) {
    ContactEvent event = EventOf(*dispatcher.getManifoldByIndexInternal(i), before);
    if (event.impulse_ns <= 0) continue;
    // The bodies met within the step before, as long ago as their overlap took to build up.
    const double overlap_m = std::max(0.0, -event.time_s);
    const double ago_s = event.approach_mps > 0 ? overlap_m / event.approach_mps : 0.0;
    event.time_s = std::max(0.0, now_s - std::min(ago_s, step_s));
    const auto [last, is_new] = last_touch_s.try_emplace({event.body_a, event.body_b}, now_s);
    if (is_new || now_s - last->second > kTouchGap_s) events.push_back(event);
    last->second = now_s;
  }
  std::sort(events.begin(), events.end(), [](const ContactEvent& a, const ContactEvent& b) {
    return std::pair(a.body_a, a.body_b) < std::pair(b.body_a, b.body_b);
  });
  return events;
}

std::vector<ContactEvent> BulletWorld::Step(int step) {
  Parts& p = *parts_;
  const std::vector<BodyState> before = States();
  std::vector<btVector3> velocities;
  for (const auto& body : p.bodies) velocities.push_back(body->getLinearVelocity());
  p.world.stepSimulation(p.step_s, 0);
  p.AlignPositions(velocities);
  return p.NewTouches(step, before);
}

}  // namespace plumb
