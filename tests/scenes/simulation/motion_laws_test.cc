// SPDX-License-Identifier: Apache-2.0
// The simulator against closed forms and conserved quantities, over many scenes.
#include <cmath>
#include <numbers>

#include <gmock/gmock.h>

#include "core/seed.h"
#include "scenes/catalogue.h"
#include "scenes/rendering/internal_mesh.h"
#include "scenes/simulate.h"
#include "tests/scenes/internal_test_scenes.h"

namespace plumb {
namespace {

constexpr double kGravity_mps2 = 9.81;

// The scene's only body that can move.
int Mover(const Scene& scene) {
  for (size_t i = 0; i < scene.bodies.size(); ++i) {
    if (!scene.bodies[i].fixed) return static_cast<int>(i);
  }
  return -1;
}

double KineticEnergy(const Body& body, const BodyState& state) {
  // Moments of inertia of a ball and of a box about their own axes.
  const Eigen::Vector3d square = body.shape.size_m.cwiseProduct(body.shape.size_m);
  const Eigen::Vector3d moments =
      body.shape.kind == ShapeKind::kSphere
          ? Eigen::Vector3d(0.1 * square)
          : Eigen::Vector3d(Eigen::Vector3d::Constant(square.sum()) - square) / 12;
  const Eigen::Vector3d spin =
      state.world_from_body.rotation.conjugate() * state.angular_velocity_radps;
  return body.mass_kg / 2 *
         (state.velocity_mps.squaredNorm() + moments.dot(spin.cwiseProduct(spin)));
}

double Energy(const Scene& scene, const std::vector<BodyState>& states) {
  double sum = 0;
  for (size_t i = 0; i < states.size(); ++i) {
    const Body& body = scene.bodies[i];
    if (body.fixed) continue;
    sum += KineticEnergy(body, states[i]) -
           body.mass_kg * scene.gravity_mps2.dot(states[i].world_from_body.translation);
  }
  return sum;
}

Eigen::Vector3d AngularMomentumPerMass(const Body& body, const BodyState& state) {
  const Eigen::Vector3d square = body.shape.size_m.cwiseProduct(body.shape.size_m);
  const Eigen::Vector3d moments = (Eigen::Vector3d::Constant(square.sum()) - square) / 12;
  const Eigen::Quaterniond& q = state.world_from_body.rotation;
  return q * moments.cwiseProduct(q.conjugate() * state.angular_velocity_radps);
}

// Two balls in empty space without friction; the first flies at the second along x.
struct Pair {
  double mass_ratio = 1;   // of the second to the first
  double restitution = 1;  // of the pair
  double speed_mps = 1.5;
};
Scene TwoBalls(const Pair& pair) {
  Scene scene = BallAboveFloor(0, std::sqrt(pair.restitution));
  scene.gravity_mps2.setZero();
  Body first = scene.bodies[1];
  first.name = "first";
  first.material.friction = 0;
  first.world_from_body.translation = {-0.5, 0, 3};
  Body second = first;
  second.name = "second";
  second.mass_kg = pair.mass_ratio * first.mass_kg;
  second.world_from_body.translation = {0, 0, 3};
  first.velocity_mps = {pair.speed_mps, 0, 0};
  scene.bodies = {first, second};
  return scene;
}

TEST(MotionLawsTest, EveryDropMeetsTheFloorAfterTheRootOfTwiceTheHeightOverG) {
  for (int seed = 0; seed < 20; ++seed) {
    const Scene scene = MakeScene("drop", 3, seed);
    const Body& body = scene.bodies[Mover(scene)];
    const double height_m = body.world_from_body.translation.z() - ReachBelow(body);
    const Motion motion = Simulate(scene, {});
    ASSERT_FALSE(motion.contacts.empty());
    EXPECT_NEAR(
        motion.contacts[0].time_s, std::sqrt(2 * height_m / kGravity_mps2), 1 / motion.rate_hz)
        << scene.id;
  }
}

TEST(MotionLawsTest, BouncesReachTheSquareOfTheRestitutionAgainAndAgain) {
  for (const double restitution : {0.6, 0.75, 0.9}) {
    const Motion motion = Simulate(BallAboveFloor(1.0, restitution), {.duration_s = 3});
    double expected_m = 1.0;
    ASSERT_GE(motion.contacts.size(), 3u) << restitution;
    for (size_t n = 0; n + 1 < std::min<size_t>(motion.contacts.size(), 4); ++n) {
      expected_m *= restitution * restitution;
      double top_m = 0;
      const auto first = std::llround(motion.contacts[n].time_s * motion.rate_hz);
      const auto last = std::llround(motion.contacts[n + 1].time_s * motion.rate_hz);
      for (auto k = first; k < last; ++k) {
        top_m = std::max(top_m, motion.states[k][1].world_from_body.translation.z() - 0.15);
      }
      // Each impact is right within 0.002 of the restitution.
      EXPECT_NEAR(top_m / expected_m, 1, 2 * 0.002 / restitution * (n + 1) + 0.01)
          << restitution << " bounce " << n + 1;
    }
  }
}

TEST(MotionLawsTest, FlightsShortenByTheRestitution) {
  for (int seed = 0; seed < 10; ++seed) {
    const Scene scene = MakeScene("bounce", 3, seed);
    const double restitution = scene.bodies[Mover(scene)].material.restitution;
    const Motion motion = Simulate(scene, {.duration_s = 4});
    ASSERT_GE(motion.contacts.size(), 3u) << scene.id;
    const double first_s = motion.contacts[1].time_s - motion.contacts[0].time_s;
    const double second_s = motion.contacts[2].time_s - motion.contacts[1].time_s;
    EXPECT_NEAR(second_s / first_s, restitution, 0.01) << scene.id;
  }
}

TEST(MotionLawsTest, ABlockOnARampFollowsTheLawOfFriction) {
  for (const double angle_rad : {0.3, 0.45, 0.6}) {
    for (const double friction : {0.0, 0.1, 0.25}) {
      Scene scene = BallAboveFloor(0, 0);
      const Eigen::Quaterniond tilt(Eigen::AngleAxisd(angle_rad, Eigen::Vector3d::UnitY()));
      scene.bodies[0].world_from_body = Rigid3(tilt, tilt * Eigen::Vector3d(0, 0, -0.25));
      scene.bodies[1].world_from_body = Rigid3(tilt, tilt * Eigen::Vector3d(-2, 0, 0.15 - 1e-6));
      scene.bodies[1].shape = {ShapeKind::kBox, {0.5, 0.4, 0.3}};
      scene.bodies[1].material.friction = friction;
      const Motion motion = Simulate(scene, {.duration_s = 1});
      const double expected =
          kGravity_mps2 * (std::sin(angle_rad) - friction * std::cos(angle_rad));
      const Eigen::Vector3d downhill = tilt * Eigen::Vector3d::UnitX();
      EXPECT_NEAR(motion.states.back()[1].velocity_mps.dot(downhill), expected, 0.01 * expected)
          << angle_rad << " " << friction;
    }
  }
}

TEST(MotionLawsTest, EveryCatalogueRampGivesTheAccelerationOfItsFriction) {
  for (int seed = 0; seed < 10; ++seed) {
    const Scene scene = MakeScene("incline_slide", 3, seed);
    const int block = Mover(scene);
    const double friction = scene.bodies[block].material.friction;
    const Eigen::Vector3d up =
        scene.bodies[block].world_from_body.rotation * Eigen::Vector3d::UnitZ();
    const double expected = kGravity_mps2 * (std::sqrt(1 - up.z() * up.z()) - friction * up.z());
    EXPECT_GT(expected, 0.69) << scene.id;
    EXPECT_LT(expected, 1.06) << scene.id;
    const Motion motion = Simulate(scene, {.duration_s = 1.2});
    EXPECT_NEAR(motion.states.back()[block].velocity_mps.norm() / 1.2, expected, 0.02) << scene.id;
  }
}

TEST(MotionLawsTest, SlidingStopsAfterTheSquareOfTheSpeedOverTwiceFrictionTimesG) {
  for (const double speed_mps : {1.0, 2.0, 3.0}) {
    for (const double friction : {0.3, 0.5}) {
      Scene scene = BallAboveFloor(-1e-6, 0);
      scene.bodies[1].shape = {ShapeKind::kBox, {0.6, 0.6, 0.3}};
      scene.bodies[1].material.friction = friction;
      scene.bodies[1].velocity_mps = {0, speed_mps, 0};
      const Motion motion = Simulate(scene, {});
      const double stop_m = speed_mps * speed_mps / (2 * friction * kGravity_mps2);
      EXPECT_NEAR(motion.states.back()[1].world_from_body.translation.y(), stop_m, 0.01 * stop_m)
          << speed_mps << " " << friction;
      EXPECT_NEAR(motion.states.back()[1].velocity_mps.norm(), 0, 1e-6);
    }
  }
}

TEST(MotionLawsTest, ABallThatSlidesEndsUpRollingAtFiveSeventhsOfItsSpeed) {
  // Friction turns sliding into rolling; the angular momentum about the floor is kept.
  for (const double friction : {0.2, 0.6}) {
    Scene scene = BallAboveFloor(-1e-6, 0);
    scene.bodies[1].material.friction = friction;
    scene.bodies[1].velocity_mps = {1.4, 0, 0};
    const BodyState end = Simulate(scene, {}).states.back()[1];
    EXPECT_NEAR(end.velocity_mps.x(), 1.0, 0.005) << friction;
    EXPECT_NEAR(end.angular_velocity_radps.y() * 0.15, 1.0, 0.005) << friction;
  }
}

TEST(MotionLawsTest, HeadOnCollisionsFollowTheFormulaForEveryMassAndRestitution) {
  for (const double ratio : {0.25, 1.0, 4.0}) {
    for (const double restitution : {0.2, 0.6, 1.0}) {
      const Scene scene = TwoBalls({ratio, restitution, 1.5});
      const auto end = Simulate(scene, {}).states.back();
      const double together = 1.5 / (1 + ratio);
      EXPECT_NEAR(end[0].velocity_mps.x(), together * (1 - ratio * restitution), 0.005)
          << ratio << " " << restitution;
      EXPECT_NEAR(end[1].velocity_mps.x(), together * (1 + restitution), 0.005)
          << ratio << " " << restitution;
    }
  }
}

TEST(MotionLawsTest, ObliqueCollisionsKeepMomentumAndTheTangentialVelocity) {
  Random random(7);
  for (int trial = 0; trial < 12; ++trial) {
    Scene scene = TwoBalls({random.Uniform(0.3, 3), random.Uniform(0.3, 1), 2});
    scene.bodies[1].world_from_body.translation.y() = random.Uniform(-0.2, 0.2);
    const Motion motion = Simulate(scene, {});
    ASSERT_EQ(motion.contacts.size(), 1u);
    const auto& start = motion.states.front();
    const auto& end = motion.states.back();
    Eigen::Vector3d gained = Eigen::Vector3d::Zero();
    for (int b = 0; b < 2; ++b) {
      const Eigen::Vector3d change = end[b].velocity_mps - start[b].velocity_mps;
      gained += scene.bodies[b].mass_kg * change;
      // Without friction only the velocity along the normal changes.
      EXPECT_LT(change.cross(motion.contacts[0].normal).norm(), 1e-9);
    }
    EXPECT_LT(gained.norm(), 1e-9);
  }
}

// Something that is led along a path does work on what it touches.
bool IsWorkDone(const Scene& scene, const Motion& motion) {
  for (const StepContact& contact : motion.step_contacts) {
    if (!scene.bodies[contact.body_a].path.empty()) return true;
    if (!scene.bodies[contact.body_b].path.empty()) return true;
  }
  return false;
}

TEST(MotionLawsTest, NoSceneGainsEnergy) {
  const auto total_j = [](const std::vector<BodyEnergy>& energies) {
    double sum_j = 0;
    for (const BodyEnergy& energy : energies) sum_j += energy.kinetic_j + energy.potential_j;
    return sum_j;
  };
  for (const ScenarioInfo& info : ListScenarios()) {
    const Scene scene = MakeScene(info.id, 3, 2);
    const Motion motion = Simulate(scene, {});
    if (IsWorkDone(scene, motion)) continue;
    const double start_j = total_j(motion.energies.front());
    // Steps may borrow a little while a contact is resolved; nothing may be kept.
    double highest_j = start_j;
    for (const auto& energies : motion.energies) {
      highest_j = std::max(highest_j, total_j(energies));
    }
    EXPECT_LE(highest_j, start_j + 1e-3 * std::abs(start_j) + 1e-9) << scene.id;
    EXPECT_LE(total_j(motion.energies.back()), start_j + 1e-9 + 1e-5 * std::abs(start_j))
        << scene.id;
  }
}

TEST(MotionLawsTest, FlightWithoutContactKeepsEnergyAndAngularMomentum) {
  Random random(11);
  for (int trial = 0; trial < 8; ++trial) {
    Scene scene = BallAboveFloor(60, 0.5);
    Body& box = scene.bodies[1];
    box.shape = {ShapeKind::kBox, {0.3, 0.5, 0.8}};
    for (int c = 0; c < 3; ++c) {
      box.velocity_mps[c] = random.Uniform(-2, 2);
      box.angular_velocity_radps[c] = random.Uniform(-3, 3);
    }
    const Motion motion = Simulate(scene, {});
    const Eigen::Vector3d before = AngularMomentumPerMass(box, motion.states.front()[1]);
    const Eigen::Vector3d after = AngularMomentumPerMass(box, motion.states.back()[1]);
    EXPECT_LT((after - before).norm(), 0.02 * before.norm()) << trial;
    EXPECT_NEAR(
        Energy(scene, motion.states.back()) / Energy(scene, motion.states.front()), 1, 1e-3);
    EXPECT_TRUE(motion.contacts.empty());
  }
}

TEST(MotionLawsTest, ASpinAboutAMainAxisNeverChanges) {
  Scene scene = BallAboveFloor(60, 0.5);
  scene.bodies[1].shape = {ShapeKind::kBox, {0.3, 0.5, 0.8}};
  scene.bodies[1].angular_velocity_radps = {0, 0, 2};
  const Motion motion = Simulate(scene, {});
  const BodyState& end = motion.states.back()[1];
  EXPECT_LT((end.angular_velocity_radps - Eigen::Vector3d(0, 0, 2)).norm(), 1e-9);
  // Four radians after two seconds.
  const Eigen::Quaterniond expected(Eigen::AngleAxisd(4, Eigen::Vector3d::UnitZ()));
  EXPECT_LT(end.world_from_body.rotation.angularDistance(expected), 1e-3);
}

TEST(MotionLawsTest, MassDoesNotMatterForFallingAndSliding) {
  for (const char* scenario : {"drop", "incline_slide"}) {
    Scene scene = MakeScene(scenario, 3, 1);
    const int body = Mover(scene);
    const Motion light = Simulate(scene, {.duration_s = 0.5});
    scene.bodies[body].mass_kg *= 50;
    const Motion heavy = Simulate(scene, {.duration_s = 0.5});
    const Eigen::Vector3d apart = light.states.back()[body].world_from_body.translation -
                                  heavy.states.back()[body].world_from_body.translation;
    EXPECT_LT(apart.norm(), 1e-6) << scenario;
  }
}

TEST(MotionLawsTest, GravityPointsWhereTheSceneSays) {
  Scene scene = BallAboveFloor(5, 0.5);
  scene.gravity_mps2 = {1, -2, 3};
  const BodyState end = Simulate(scene, {.duration_s = 1}).states.back()[1];
  EXPECT_LT((end.velocity_mps - Eigen::Vector3d(1, -2, 3)).norm(), 1e-9);
  EXPECT_LT((end.world_from_body.translation - Eigen::Vector3d(0.5, -1, 5.15 + 1.5)).norm(), 1e-9);
}

TEST(MotionLawsTest, TheWorldLooksTheSameFromEveryHeading) {
  // A throw turned about the vertical is the same throw turned.
  const auto landing = [](double heading_rad) {
    Scene scene = BallAboveFloor(0.8, 0.6);
    scene.bodies[1].velocity_mps = {std::cos(heading_rad), std::sin(heading_rad), 0.5};
    const BodyState end = Simulate(scene, {}).states.back()[1];
    return Eigen::Vector3d(Eigen::AngleAxisd(-heading_rad, Eigen::Vector3d::UnitZ()) *
                           end.world_from_body.translation);
  };
  const Eigen::Vector3d straight = landing(0);
  for (const double heading_rad : {0.5, 1.7, 3.0, -2.0}) {
    EXPECT_LT((landing(heading_rad) - straight).norm(), 0.01) << heading_rad;
  }
}

}  // namespace
}  // namespace plumb
