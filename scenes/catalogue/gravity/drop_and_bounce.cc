// SPDX-License-Identifier: Apache-2.0
// Scenarios in which something is let go above a floor: drop and bounce.
#include <numbers>

#include "scenes/catalogue/internal_look.h"
#include "scenes/catalogue/internal_placing.h"
#include "scenes/catalogue/internal_scenarios.h"

namespace plumb {
namespace {

// The object hangs free for longer than half a second: at 1.35 m the fall takes 0.52 s.
StageLayout FallStage(Random& random) {
  StageLayout stage;
  stage.wall_y_m = random.Uniform(1.6, 2.6);
  stage.eye_m = {0, -5.1, 1.5};
  stage.target_m = {0, 0, 1.08};
  stage.fov_rad = 0.6;
  return stage;
}

Eigen::Quaterniond TiltedPose(Random& random, double largest_tilt_rad) {
  const double heading = random.Uniform(-std::numbers::pi, std::numbers::pi);
  const double lean = random.Uniform(-std::numbers::pi, std::numbers::pi);
  const Eigen::Vector3d axis(std::cos(lean), std::sin(lean), 0);
  return Eigen::AngleAxisd(random.Uniform(0.0, largest_tilt_rad), axis) *
         Eigen::Quaterniond(Eigen::AngleAxisd(heading, Eigen::Vector3d::UnitZ()));
}

std::string FallCaption(const Scene& scene, const Body& object, const std::string& colour) {
  return "At first " + Describe(object, colour) + " hangs in the air above " +
         DescribeStage(scene) + "; then it is let go. The camera does not move.";
}

}  // namespace

Scene MakeDrop(Random& random) {
  Scene scene = MakeStage(random, FallStage(random));
  const NamedColour colour = PickColours(random, 1).front();
  // A box leans a little, so that it lands on a corner; a ball may lie any way.
  const bool is_ball = random.Uniform() < 0.4;
  const double size_m = random.Uniform(0.38, 0.5);
  Eigen::Vector3d size = Eigen::Vector3d::Constant(size_m);
  if (!is_ball)
    size = size.cwiseProduct(
        Eigen::Vector3d{random.Uniform(0.8, 1.2), 1.0, random.Uniform(0.75, 1.1)});
  Body object = MakeObject(random, {is_ball ? ShapeKind::kSphere : ShapeKind::kBox, size, colour});
  object.world_from_body.rotation = TiltedPose(random, is_ball ? 1.0 : 0.25);
  object.material.restitution = random.Uniform(0.05, 0.3);
  const double height_m = random.Uniform(1.35, 1.6);
  HangAt(object, height_m, random.Uniform(-0.5, 0.5));
  scene.caption = FallCaption(scene, object, colour.name);
  scene.bodies.push_back(object);
  return scene;
}

Scene MakeBounce(Random& random) {
  Scene scene = MakeStage(random, FallStage(random));
  const NamedColour colour = PickColours(random, 1).front();
  const double diameter_m = random.Uniform(0.36, 0.46);
  Body ball =
      MakeObject(random, {ShapeKind::kSphere, Eigen::Vector3d::Constant(diameter_m), colour});
  ball.world_from_body.rotation = TiltedPose(random, 1.0);
  ball.material.restitution = random.Uniform(0.62, 0.86);
  // A slow sideways drift keeps the ball in view and draws its arcs apart.
  const double side = random.Uniform() < 0.5 ? -1 : 1;
  const double drift_mps = side * random.Uniform(0.1, 0.4);
  ball.velocity_mps = {drift_mps, 0, 0};
  const double height_m = random.Uniform(1.0, 1.35);
  HangAt(ball, height_m, -drift_mps + random.Uniform(-0.2, 0.2));
  scene.caption = FallCaption(scene, ball, colour.name);
  scene.bodies.push_back(ball);
  return scene;
}

}  // namespace plumb
