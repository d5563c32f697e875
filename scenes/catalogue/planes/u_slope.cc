// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <array>
#include <cmath>
#include <numbers>

#include "scenes/catalogue/internal_caption.h"
#include "scenes/catalogue/internal_matter.h"
#include "scenes/catalogue/internal_placing.h"
#include "scenes/catalogue/planes/internal_planes.h"
#include "scenes/checks/internal_motion_laws.h"

namespace plumb {
namespace {

// The trough: planks that touch a circle from outside, side by side from -kReach to +kReach.
constexpr int kPlanks = 81;
constexpr double kReach_rad = 1.0;
constexpr double kBend_rad = 2 * kReach_rad / kPlanks;
constexpr double kPlank_m = 0.05;  // thickness
constexpr double kWidth_m = 0.7;
constexpr double kLift_m = 0.08;  // of the lowest plank's surface

// Bound on times, speeds and heights as shares: what acceleration on a slope may be off changes
// times and speeds by half of it.
constexpr double kRideShare = kAccelerationShare / 2;

double PlankAngle(int plank) { return (plank - (kPlanks - 1) / 2) * kBend_rad; }

// World-from-frame at the middle of a plank's surface; z is the surface's normal.
Rigid3 PlankSurface(int plank, double radius_m) {
  const double at_rad = PlankAngle(plank);
  const Eigen::Quaterniond turn(Eigen::AngleAxisd(-at_rad, Eigen::Vector3d::UnitY()));
  return Rigid3(turn,
                {radius_m * std::sin(at_rad), 0, kLift_m + radius_m * (1 - std::cos(at_rad))});
}

Material TroughWood(Random& random) {
  const NamedColour brown{"brown", {0.66, 0.50, 0.34}};
  Material wood = MaterialOf(random, MatterNamed("wooden"), {brown, 0.9});
  wood.friction = 1;
  wood.restitution = 1;
  return wood;
}

std::vector<Body> MakeTrough(Random& random, double radius_m) {
  const Material wood = TroughWood(random);
  std::vector<Body> bodies;
  const double length_m = 2 * (radius_m + kPlank_m) * std::tan(kBend_rad / 2);
  for (int plank = 0; plank < kPlanks; ++plank) {
    Body body = FixedBox("plank " + std::to_string(plank + 1),
                         Eigen::Vector3d::Zero(),
                         {length_m, kWidth_m, kPlank_m},
                         wood);
    body.world_from_body = PlankSurface(plank, radius_m) *
                           Rigid3(Eigen::Quaterniond::Identity(), {0, 0, -kPlank_m / 2});
    bodies.push_back(body);
  }
  for (const int plank : {8, kPlanks - 9}) {
    const Eigen::Vector3d top = PlankSurface(plank, radius_m).translation;
    for (const double y : {-0.27, 0.27}) {
      const double height_m = top.z() - 1.7 * kPlank_m;
      bodies.push_back(FixedBox(
          std::string(y < 0 ? "front " : "rear ") + (plank == 8 ? "left post" : "right post"),
          {top.x(), y, height_m / 2},
          {0.08, 0.08, height_m},
          wood));
    }
  }
  return bodies;
}

Scene MakeUSlope(Random& random) {
  StageLayout stage;
  stage.wall_y_m = random.Uniform(1.4, 2.0);
  stage.eye_m = {0, -5.0, 2.0};
  stage.target_m = {0, 0, 0.55};
  stage.fov_rad = 0.6;
  Scene scene = MakeStage(random, stage);
  scene.duration_s = 3.0;
  const NamedColour colour = PickColours(random, 1).front();
  static constexpr std::array kMatters = {"rubber", "plastic", "wooden"};
  const double d = random.Uniform(0.38, 0.44);
  Body ball = MakeThing(
      random, {kMatters[random.Index(3)], "ball", {ShapeKind::kSphere, {d, d, d}}, colour});
  ball.material.restitution = 0;
  const double radius_m = random.Uniform(1.35, 1.6);
  const int from_end = 4 + random.Index(7);
  const bool from_left = random.Uniform() < 0.5;
  const Rigid3 surface = PlankSurface(from_left ? from_end : kPlanks - 1 - from_end, radius_m);
  ball.world_from_body = surface * Rigid3(Eigen::Quaterniond::Identity(), {0, 0, d / 2 - kSeat_m});
  for (const Body& body : MakeTrough(random, radius_m)) scene.bodies.push_back(body);
  scene.bodies.push_back(ball);
  const std::string side = from_left ? "left" : "right";
  Tell(scene,
       {DescribeStage(scene),
        {"there is a U-shaped wooden track, and " + Describe(ball) + " is let go high up on its " +
             side + " side",
         Describe(ball) + " is released high on the " + side + " side of a U-shaped wooden track"},
        "the " + ball.name + " rolls down and up the other side, almost as high, and back again",
        {}});
  return scene;
}

// A ball that rolls through the trough: even acceleration 5/7 g sin a on each plank; at each bend
// the grip keeps the spin about the new contact, so that v becomes v (2/5 + cos b) / (7/5).
struct Ride {
  double bottom_s = 0.0;    // when it passes the lowest point for the first time
  double bottom_mps = 0.0;  // its speed there
  double regained = 0.0;    // height on the far side, as a share of the start's
};

Ride RideThrough(double path_radius_m, double g, int planks_to_bottom) {
  constexpr double kShare = 0.4;
  const double half_m = path_radius_m * std::tan(kBend_rad / 2);
  const double keeps = (kShare + std::cos(kBend_rad)) / (1 + kShare);
  Ride ride;
  double speed2 = 0;
  double time_s = 0;
  double height_m = 0;
  double fallen_m = 0;
  const auto roll = [&](double slope_rad, double way_m) {
    const double a = g * std::sin(slope_rad) / (1 + kShare);
    const double before = std::sqrt(speed2);
    speed2 = speed2 + 2 * a * way_m;
    if (speed2 > 0) time_s += 2 * way_m / (before + std::sqrt(speed2));
  };
  for (int plank = planks_to_bottom; plank >= 0; --plank) {
    const double slope_rad = plank * kBend_rad;
    // From the middle of the first plank, to the middle of the lowest.
    const double way_m = plank == planks_to_bottom || plank == 0 ? half_m : 2 * half_m;
    if (plank != planks_to_bottom) speed2 *= keeps * keeps;
    roll(slope_rad, way_m);
    fallen_m += way_m * std::sin(slope_rad);
  }
  ride.bottom_s = time_s;
  ride.bottom_mps = std::sqrt(speed2);
  for (int plank = 1; speed2 > 0; ++plank) {
    speed2 *= keeps * keeps;
    const double slope_rad = plank * kBend_rad;
    const double rise_m = (1 + kShare) * speed2 / (2 * g);
    const double plank_rise_m = 2 * half_m * std::sin(slope_rad);
    height_m += std::min(rise_m, plank_rise_m);
    speed2 = (rise_m - plank_rise_m) * 2 * g / (1 + kShare);
  }
  ride.regained = height_m / fallen_m;
  return ride;
}

std::vector<LawCheck> CheckUSlope(const Scene& scene, const Motion& motion) {
  const int body = FirstMover(scene);
  const Body& ball = scene.bodies[body];
  const Body& lowest = scene.bodies[BodyNamed(scene, "plank " + std::to_string(kPlanks / 2 + 1))];
  const Body& next = scene.bodies[BodyNamed(scene, "plank " + std::to_string(kPlanks / 2 + 2))];
  const double g = scene.gravity_mps2.norm();
  const double r = ball.shape.size_m.x() / 2;
  // The planks' middles lie on the circle of radius R + half a plank.
  const double outer_m = next.world_from_body.translation.x() / std::sin(kBend_rad) - kPlank_m / 2;
  const Eigen::Vector3d& start = ball.world_from_body.translation;
  const double bottom_z_m = lowest.world_from_body.translation.z() + kPlank_m / 2 + r;
  const double started_rad = std::atan2(std::abs(start.x()), outer_m + kLift_m - start.z());
  const Ride ride =
      RideThrough(outer_m - r, g, static_cast<int>(std::lround(started_rad / kBend_rad)));
  const auto x_at = [&](int k) { return motion.states[k][body].world_from_body.translation.x(); };
  const Crossing lowest_point = FirstCrossing(motion, 0, x_at);
  const int passes = std::max(0, lowest_point.step);
  double far_z_m = 0;
  for (int k = passes; k < static_cast<int>(motion.states.size()) && x_at(k) * start.x() <= 0;
       ++k) {
    far_z_m = std::max(far_z_m, motion.states[k][body].world_from_body.translation.z());
  }
  const double fall_j = ball.mass_kg * g * (start.z() - bottom_z_m);
  return {Compare("time to the lowest point",
                  "s",
                  {ride.bottom_s, lowest_point.time_s, kRideShare * ride.bottom_s}),
          Compare("speed at the lowest point",
                  "m/s",
                  {ride.bottom_mps,
                   motion.states[passes][body].velocity_mps.norm(),
                   kRideShare * ride.bottom_mps}),
          Compare("height regained",
                  "share",
                  {ride.regained, (far_z_m - bottom_z_m) / (start.z() - bottom_z_m), kRideShare}),
          EnergyNeverRises(scene, motion, fall_j, 0.001)};
}

}  // namespace

ScenarioEntry USlopeScenario() {
  return {{"u_slope",
           "planes",
           "A ball rolls to and fro in a U-shaped track; the camera stands still.",
           "time and speed at the lowest point, height regained, energy never rises"},
          MakeUSlope,
          CheckUSlope};
}

}  // namespace plumb
