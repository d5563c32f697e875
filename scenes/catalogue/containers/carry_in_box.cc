// SPDX-License-Identifier: Apache-2.0
// An open box is lifted and carried sideways with a ball and a block or a mug in it.
#include <algorithm>
#include <cmath>
#include <numbers>

#include "core/check.h"
#include "scenes/catalogue/containers/internal_containers.h"
#include "scenes/catalogue/containers/internal_vessels.h"
#include "scenes/catalogue/internal_caption.h"
#include "scenes/catalogue/internal_look.h"
#include "scenes/catalogue/internal_matter.h"
#include "scenes/catalogue/internal_observing.h"
#include "scenes/catalogue/internal_placing.h"
#include "scenes/catalogue/internal_things.h"
#include "scenes/checks/internal_checks.h"
#include "scenes/checks/internal_motion_laws.h"

namespace plumb {
namespace {

constexpr double kKeys_hz = 240.0;
constexpr double kRest_s = 0.15;  // before and after the way
constexpr double kCarry_s = 2.6;
const OpenBoxSpec kBox{{0.95, 0.62, 0.14}, 0.03};

struct Way {
  double from_x_m = -0.5;
  double lift_m = 0.3;

  Rigid3 Pose(double time_s) const {
    const double share = std::clamp((time_s - kRest_s) / kCarry_s, 0.0, 1.0);
    const double up = Ease(2 * share) - Ease(2 * share - 1);
    return {Eigen::Quaterniond::Identity(),
            {from_x_m * (1 - 2 * Ease(share)), 0, 0.002 + lift_m * up}};
  }
};

Body MakeBox(Random& random, const Way& way) {
  Body box;
  box.name = "carrying box";
  box.role = Role::kStructure;
  box.shape = OpenBoxShape(kBox);
  box.material = MaterialOf(random, MatterNamed("wooden"), {{"brown", {0.62, 0.46, 0.30}}, 0.8});
  box.material.friction = 1.0;
  box.material.restitution = 0.5;
  box.fixed = true;
  box.path =
      LeadAlong(kCarry_s + 2 * kRest_s, kKeys_hz, [&](double time_s) { return way.Pose(time_s); });
  box.world_from_body = box.path.front().world_from_body;
  return box;
}

// What keeps its place in the box: a block or a mug.
Body MakeStander(Random& random, const NamedColour& colour) {
  const double width_m = random.Uniform(0.2, 0.26);
  const double height_m = random.Uniform(0.16, 0.24);
  Body stander = random.Uniform() < 0.4
                     ? MakeFamiliar(random, {Familiar::kMug, colour, 1.2 * width_m})
                     : MakeObject(random, {ShapeKind::kBox, {width_m, width_m, height_m}, colour});
  stander.material.friction = 0.9;
  return stander;
}

// On the bottom of the box, at a place in it.
void PutInto(Body& body, const Body& box, const Eigen::Vector2d& place_m) {
  StandOnFloor(body, place_m, 0);
  body.world_from_body.translation +=
      box.world_from_body.translation + Eigen::Vector3d(0, 0, kBox.wall_m);
}

void TellCarrying(Scene& scene, const Body& ball, const Body& stander) {
  const bool to_right =
      scene.bodies[BodyNamed(scene, "carrying box")].path.back().world_from_body.translation.x() >
      0;
  const std::string from = to_right ? "left" : "right";
  const std::string to = to_right ? "right" : "left";
  SceneWords words;
  words.stage = DescribeStage(scene);
  words.tellings = {"an open wooden box with " + Describe(ball) + " and " + Describe(stander) +
                        " in it is lifted and carried from the " + from + " to the " + to,
                    "a wooden box without a lid is carried to the " + to + "; in it are " +
                        Describe(ball) + " and " + Describe(stander),
                    Describe(ball) + " and " + Describe(stander) +
                        " are in an open wooden box that is taken from the " + from + " to the " +
                        to + " through the air"};
  words.outcome = DescribeThe(stander) + " keeps its place in the box and " + DescribeThe(ball) +
                  " rolls in it, but both stay inside";
  Tell(scene, words);
}

Eigen::Vector3d PlaceIn(const std::vector<BodyState>& states, int box, int body) {
  return Inverse(states[box].world_from_body) * states[body].world_from_body.translation;
}

// A ball on a plate that moves level rolls 2/7 of the plate's way (I = 2/5 m r²): how far it is
// from there before it meets a wall.
double RollingError_m(const Scene& scene, const Motion& motion) {
  const int box = BodyNamed(scene, "carrying box");
  const int ball = BodiesWithRole(scene, Role::kObject).front();
  const double room_m = (kBox.inner_m.x() - scene.bodies[ball].shape.size_m.x()) / 2 - 1e-3;
  const auto& start = motion.states.front();
  double error_m = 0;
  for (const auto& states : motion.states) {
    if (std::abs(PlaceIn(states, box, ball).x()) > room_m) break;
    const auto way_m = [&](int body) {
      return states[body].world_from_body.translation.x() -
             start[body].world_from_body.translation.x();
    };
    error_m = std::max(error_m, std::abs(way_m(ball) - 2.0 / 7 * way_m(box)));
  }
  return error_m;
}

}  // namespace

Scene MakeCarryInBox(Random& random) {
  StageLayout stage;
  stage.wall_y_m = random.Uniform(1.4, 2.2);
  stage.eye_m = {0, -3.3, 2.0};
  stage.target_m = {0, 0, 0.4};
  Scene scene = MakeStage(random, stage);
  const std::vector<NamedColour> colours = PickColours(random, 2);
  const double side = random.Uniform() < 0.5 ? -1 : 1;
  const Way way{side * random.Uniform(0.4, 0.5), random.Uniform(0.25, 0.35)};
  const Body box = MakeBox(random, way);
  Body ball = MakeObject(
      random,
      {ShapeKind::kSphere, Eigen::Vector3d::Constant(random.Uniform(0.22, 0.26)), colours[0]});
  ball.material.restitution = 0.3;
  PutInto(ball, box, {random.Uniform(-0.1, 0.1), -0.15});
  Body stander = MakeStander(random, colours[1]);
  PutInto(stander, box, {random.Uniform(-0.25, 0.25), 0.15});
  for (const Body& body : {box, ball, stander}) scene.bodies.push_back(body);
  scene.duration_s = kCarry_s + 2 * kRest_s;
  TellCarrying(scene, ball, stander);
  return scene;
}

std::vector<LawCheck> CheckCarryInBox(const Scene& scene, const Motion& motion) {
  const int box = BodyNamed(scene, "carrying box");
  const std::vector<int> contents = BodiesWithRole(scene, Role::kObject);
  PLUMB_CHECK(contents.size() == 2, "{} contents", contents.size());
  const int ball = contents[0], stander = contents[1];
  const double radius_m = scene.bodies[ball].shape.size_m.x() / 2;
  const auto in_box = [&](size_t step, int body) {
    return PlaceIn(motion.states[step], box, body);
  };
  double overlap_m = 0, outside_m = 0, shifted_m = 0;
  for (size_t k = 0; k < motion.states.size(); ++k) {
    const auto& states = motion.states[k];
    const double wall_overlap_m = OverlapWithBoards_m(scene.bodies[box],
                                                      states[box].world_from_body,
                                                      states[ball].world_from_body.translation,
                                                      radius_m);
    overlap_m = std::max(overlap_m, wall_overlap_m);
    shifted_m = std::max(shifted_m, (in_box(k, stander) - in_box(0, stander)).norm());
    for (const int body : contents) {
      const Eigen::Vector3d out = in_box(k, body).cwiseAbs() - kBox.inner_m / 2;
      outside_m = std::max({outside_m, out.x(), out.y()});
    }
  }
  return {Compare("way of the rolling ball off 2/7 of the box's",
                  "m",
                  {0, RollingError_m(scene, motion), 0.002}),
          Compare("way of what stands in the box", "m", {0, shifted_m, 0.002}),
          Compare("contents beyond the walls", "m", {0, outside_m, 0}),
          Compare("overlap of ball and boards", "m", {0, overlap_m, kPenetration_m}),
          Compare("deepest recorded contact", "m", {0, DeepestContact_m(motion), kPenetration_m})};
}

}  // namespace plumb
