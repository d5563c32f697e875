// SPDX-License-Identifier: Apache-2.0
// Things that roll: a race down a ramp, a ball that leaves a ramp through the air.
#include <algorithm>
#include <array>
#include <cmath>
#include <numbers>

#include "core/mass_properties.h"
#include "scenes/catalogue/internal_caption.h"
#include "scenes/catalogue/internal_matter.h"
#include "scenes/catalogue/internal_ramp.h"
#include "scenes/catalogue/planes/internal_planes.h"
#include "scenes/checks/internal_motion_laws.h"

namespace plumb {
namespace {

constexpr double kStartLine_m = 0.4;  // from the ramp's upper edge

// A round thing at the start line whose axis lies across the slope.
Body Racer(Random& random, const Ramp& ramp, const ThingSpec& spec, double y_m) {
  Body racer = MakeThing(random, spec);
  racer.world_from_body = ramp.Place(kStartLine_m, y_m, spec.shape.size_m.x() / 2);
  const Eigen::Quaterniond lying(Eigen::AngleAxisd(std::numbers::pi / 2, Eigen::Vector3d::UnitX()));
  racer.world_from_body.rotation = racer.world_from_body.rotation * lying;
  racer.material.restitution = 0;
  return racer;
}

Scene MakeInclineRoll(Random& random) {
  StageLayout stage;
  stage.wall_y_m = random.Uniform(1.6, 2.2);
  stage.eye_m = {0, -4.2, 4.0};
  stage.target_m = {0, 0, 0.4};
  stage.fov_rad = 0.64;
  Scene scene = MakeStage(random, stage);
  const std::vector<NamedColour> colours = PickColours(random, 3);
  Ramp ramp;
  ramp.angle_rad = random.Uniform(0.2, 0.3);
  ramp.side = random.Uniform() < 0.5 ? -1.0 : 1.0;
  ramp.width_m = 2.0;
  static constexpr std::array kMatters = {"rubber", "wooden", "plastic"};
  const std::string matter = kMatters[random.Index(3)];
  const double d = random.Uniform(0.34, 0.4);
  const double wide_m = random.Uniform(0.2, 0.28);
  Shape hoop{ShapeKind::kHoop, {d, d, wide_m}};
  hoop.wall_m = 0.1 * d;
  std::array<ThingSpec, 3> specs = {
      {{matter, "ball", {ShapeKind::kSphere, {d, d, d}}, colours[0]},
       {matter, "cylinder", {ShapeKind::kCylinder, {d, d, wide_m}}, colours[1]},
       {matter, "hoop", hoop, colours[2]}}};
  for (int i = 0; i < 2; ++i) std::swap(specs[i], specs[i + random.Index(3 - i)]);
  for (const Body& post : ramp.Posts()) scene.bodies.push_back(post);
  scene.bodies.push_back(ramp.Slab());
  std::vector<std::string> names;
  for (int i = 0; i < 3; ++i) {
    const Body racer = Racer(random, ramp, specs[i], 0.64 * (i - 1));
    names.push_back(Describe(racer));
    scene.bodies.push_back(racer);
  }
  const auto name = [&](const std::string& noun) {
    for (const ThingSpec& spec : specs) {
      if (spec.noun == noun) return spec.colour.name + " " + noun;
    }
    return noun;
  };
  Tell(scene,
       {DescribeStage(scene),
        {Enumerate(names) + " of the same diameter stand side by side at the top of a wide wooden "
                            "ramp and are let go at the same time",
         "at the top of a wide wooden ramp somebody lets go at once of " + Enumerate(names) +
             ", all of the same diameter"},
        "all three roll down; the " + name("ball") + " is fastest, then the " + name("cylinder") +
            ", and the " + name("hoop") + " is slowest",
        {}});
  return scene;
}

// I / (m r²) about the axis on which it rolls: z, or any for a ball.
double RollingShare(const Body& body) {
  const double radius_m = body.shape.size_m.x() / 2;
  return MassPropertiesOf(body.shape).inertia_m2(2, 2) / (radius_m * radius_m);
}

double RollingAcceleration(const Scene& scene, const Body& body, double slope_rad) {
  return scene.gravity_mps2.norm() * std::sin(slope_rad) / (1 + RollingShare(body));
}

double SlopeOf(const Scene& scene) {
  const Body& slab = scene.bodies[BodyNamed(scene, "ramp")];
  const Eigen::Vector3d up = slab.world_from_body.rotation * Eigen::Vector3d::UnitZ();
  return std::acos(std::clamp(up.z(), -1.0, 1.0));
}

std::vector<LawCheck> CheckInclineRoll(const Scene& scene, const Motion& motion) {
  const double slope_rad = SlopeOf(scene);
  const Body& slab = scene.bodies[BodyNamed(scene, "ramp")];
  const double way_m = slab.shape.size_m.x() - 2 * kStartLine_m;
  std::vector<LawCheck> checks;
  for (size_t b = FirstMover(scene); b < scene.bodies.size(); ++b) {
    const Body& racer = scene.bodies[b];
    const double expected = RollingAcceleration(scene, racer, slope_rad);
    const double end_s = std::min(LastTime_s(motion), std::sqrt(2 * way_m / expected));
    const std::string noun = racer.name.substr(racer.name.find(' ') + 1);
    checks.push_back(AccelerationCheck("acceleration of the " + noun,
                                       expected,
                                       motion,
                                       {static_cast<int>(b), 0.1 * end_s, 0.95 * end_s}));
    const BodyState& late = StateAt(motion, 0.95 * end_s, static_cast<int>(b));
    const double slip_mps =
        late.velocity_mps.norm() - late.angular_velocity_radps.norm() * racer.shape.size_m.x() / 2;
    checks.push_back(Compare("slip of the " + noun, "m/s", {0.0, slip_mps, 0.01}));
  }
  return checks;
}

// The posts under the ramp's lower end, which hangs in the air.
std::vector<Body> LowPosts(const Ramp& ramp) {
  std::vector<Body> posts = ramp.Posts();
  const double along_m = 0.36 * ramp.length_m;
  const double height_m =
      ramp.Slab().world_from_body.translation.z() - along_m * std::sin(ramp.angle_rad);
  for (Body& post : posts) {
    post.name = "low " + post.name;
    post.shape.size_m.z() = height_m;
    post.world_from_body.translation.x() =
        ramp.x_m + ramp.side * along_m * std::cos(ramp.angle_rad);
    post.world_from_body.translation.z() = height_m / 2;
  }
  return posts;
}

Scene MakeRampLaunch(Random& random) {
  StageLayout stage;
  stage.wall_y_m = random.Uniform(1.4, 2.0);
  stage.eye_m = {0, -5.0, 1.8};
  stage.target_m = {0, 0, 0.7};
  stage.fov_rad = 0.62;
  Scene scene = MakeStage(random, stage);
  const NamedColour colour = PickColours(random, 1).front();
  Ramp ramp;
  ramp.angle_rad = random.Uniform(0.32, 0.42);
  ramp.side = random.Uniform() < 0.5 ? -1.0 : 1.0;
  ramp.length_m = 1.5;
  ramp.width_m = 0.7;
  ramp.thick_m = 0.1;
  ramp.x_m = -0.75 * ramp.side;
  ramp.lift_m = random.Uniform(0.45, 0.7);
  static constexpr std::array kMatters = {"rubber", "wooden", "plastic"};
  const double d = random.Uniform(0.37, 0.42);
  Body ball = MakeThing(
      random, {kMatters[random.Index(3)], "ball", {ShapeKind::kSphere, {d, d, d}}, colour});
  ball.material.restitution *= 0.8;
  ball.world_from_body = ramp.Place(random.Uniform(0.2, 0.3), 0, d / 2);
  for (const Body& post : ramp.Posts()) scene.bodies.push_back(post);
  for (const Body& post : LowPosts(ramp)) scene.bodies.push_back(post);
  scene.bodies.push_back(ramp.Slab());
  scene.bodies.push_back(ball);
  Tell(
      scene,
      {DescribeStage(scene),
       {"there is a short wooden ramp on posts whose lower end is high above the ground, and " +
            Describe(ball) + " is let go at its top",
        Describe(ball) + " is let go at the top of a short wooden ramp on posts whose lower end is "
                         "high above the ground"},
       "the " + ball.name + " rolls off the ramp, flies on in an arc and bounces on the floor",
       {}});
  return scene;
}

std::vector<LawCheck> CheckRampLaunch(const Scene& scene, const Motion& motion) {
  const int body = FirstMover(scene);
  const Body& ball = scene.bodies[body];
  const Body& slab = scene.bodies[BodyNamed(scene, "ramp")];
  const double g = scene.gravity_mps2.norm();
  const double slope_rad = SlopeOf(scene);
  const double radius_m = ball.shape.size_m.x() / 2;
  // Where the ball is along the slab, from its middle, and how far it has to roll.
  const Eigen::Vector3d in_slab = Inverse(slab.world_from_body) * ball.world_from_body.translation;
  const double way_m = slab.shape.size_m.x() / 2 + std::abs(in_slab.x());
  const double expected = RollingAcceleration(scene, ball, slope_rad);
  const double leave_s = std::sqrt(2 * way_m / expected);
  const double speed_mps = expected * leave_s;
  const double leave_z_m =
      ball.world_from_body.translation.z() - way_m * std::sin(slope_rad) - radius_m;
  const double down_mps = speed_mps * std::sin(slope_rad);
  const double flight_s = (std::sqrt(down_mps * down_mps + 2 * g * leave_z_m) - down_mps) / g;
  const auto landing = FirstContact(motion, body, BodyNamed(scene, "floor"));
  const double landed_s = landing ? landing->time_s : 0.0;
  // While it flies nothing pushes it sideways. Boxes' edges are round by a millimetre against
  // balls, so it leaves that much early.
  const double vx_mps = StateAt(motion, leave_s + 0.8 * flight_s, body).velocity_mps.x();
  return {
      AccelerationCheck(
          "acceleration on the ramp", expected, motion, {body, 0.1 * leave_s, 0.95 * leave_s}),
      Compare("horizontal speed in the air",
              "m/s",
              {speed_mps * std::cos(slope_rad), std::abs(vx_mps), kAccelerationShare * speed_mps}),
      Compare("time of landing", "s", {leave_s + flight_s, landed_s, kFallTime_s})};
}

}  // namespace

ScenarioEntry InclineRollScenario() {
  return {{"incline_roll",
           "planes",
           "A ball, a cylinder and a hoop race down a ramp; the camera stands still.",
           "a = g sin t / (1 + I / m r^2) for each, rolling without slipping"},
          MakeInclineRoll,
          CheckInclineRoll};
}

ScenarioEntry RampLaunchScenario() {
  return {{"ramp_launch",
           "planes",
           "A ball rolls down a ramp that ends in the air; the camera stands still.",
           "a = 5/7 g sin t on the ramp, then a parabola to the floor"},
          MakeRampLaunch,
          CheckRampLaunch};
}

}  // namespace plumb
