// SPDX-License-Identifier: Apache-2.0
// Balls that roll behind a screen: one that a post keeps there, two that cross, one in a tunnel.
#include <cmath>
#include <numbers>

#include "scenes/catalogue/internal_caption.h"
#include "scenes/catalogue/internal_placing.h"
#include "scenes/catalogue/permanence/internal_makers.h"
#include "scenes/catalogue/permanence/internal_permanence.h"
#include "scenes/checks/internal_checks.h"

namespace plumb {
namespace {

// A cylinder on its side that rolls along x.
Body LaneCylinder(Random& random, const NamedColour& colour, const Lane& lane) {
  const double length_m = lane.diameter_m * random.Uniform(0.8, 0.95);
  Body cylinder = MakeObject(
      random, {ShapeKind::kCylinder, {lane.diameter_m, lane.diameter_m, length_m}, colour});
  cylinder.world_from_body.rotation =
      Eigen::Quaterniond(Eigen::AngleAxisd(std::numbers::pi / 2, Eigen::Vector3d::UnitX()));
  cylinder.world_from_body.translation = {
      lane.from_x_m, lane.lane_y_m, lane.diameter_m / 2 - kSeat_m};
  Roll(cylinder, lane.from_x_m < 0 ? lane.speed_mps : -lane.speed_mps);
  cylinder.material.restitution = 0;
  return cylinder;
}

// A post in the ball's lane with its face where the ball ends up in the middle of the screen's
// shadow. It gives nothing back and does not grip, so the ball stays at it.
Body PostFor(Random& random, const Body& ball, double rest_x_m) {
  const double ahead = ball.velocity_mps.x() > 0 ? 1 : -1;
  const double thick_m = 0.14;
  const double height_m = random.Uniform(1.1, 1.25);
  const double centre_x_m = rest_x_m + ahead * (ball.shape.size_m.x() / 2 + thick_m / 2);
  Body post =
      FixedBox("post", {centre_x_m, 0, height_m / 2}, {thick_m, 0.3, height_m}, PickWall(random));
  post.material.pattern_size_m *= 0.5;
  post.material.friction = 0;
  post.material.restitution = 0;
  return post;
}

// Front, back and roof, open at both ends.
std::vector<Body> TunnelParts(Random& random, double length_m) {
  const double thick_m = 0.08, height_m = random.Uniform(0.6, 0.68), half_y_m = 0.34;
  Material material = PickWall(random);
  material.pattern_size_m *= 0.6;
  std::vector<Body> parts = {
      FixedBox(
          "tunnel front", {0, -half_y_m, height_m / 2}, {length_m, thick_m, height_m}, material),
      FixedBox("tunnel back", {0, half_y_m, height_m / 2}, {length_m, thick_m, height_m}, material),
      FixedBox("tunnel roof",
               {0, 0, height_m + thick_m / 2},
               {length_m, 2 * half_y_m + thick_m, thick_m},
               material)};
  for (Body& part : parts) part.role = Role::kOccluder;
  return parts;
}

}  // namespace

Scene MakeOccluderStop(Random& random) {
  Scene scene = PermanenceStage(random);
  const NamedColour colour = PickColours(random, 1).front();
  const double side = PickSide(random);
  Lane lane;
  lane.from_x_m = side * random.Uniform(1.2, 1.28);
  lane.speed_mps = random.Uniform(1.25, 1.4);
  lane.diameter_m = random.Uniform(0.36, 0.41);
  const Body ball = LaneBall(random, colour, lane);
  Panel panel;
  panel.place_m.x() = random.Uniform(-0.1, 0.1);
  panel.size_m.x() = random.Uniform(0.82, 0.92);
  const Body screen = MakeScreen(random, panel);
  const Body post = PostFor(random, ball, panel.place_m.x() + random.Uniform(-0.03, 0.03));
  for (const Body& body : {ball, post, screen}) scene.bodies.push_back(body);
  const std::string the_screen = WithArticle(screen.material.name) + " screen";
  const std::string the_post = WithArticle(post.material.name) + " post";
  SceneWords words;
  words.stage = DescribeStage(scene);
  words.tellings = {Describe(ball) + " rolls from the " + LaneSide(side) + " towards the back of " +
                        the_screen + ", behind which " + the_post + " stands in its way",
                    "behind " + the_screen + " stands " + the_post + ", and " + Describe(ball) +
                        " comes rolling towards it from the " + LaneSide(side),
                    the_post + " behind " + the_screen + ", and " + Describe(ball) +
                        " on its way there from the " + LaneSide(side)};
  words.outcome = DescribeThe(ball) +
                  " goes out of sight behind the screen, meets the post and stays there unseen";
  Tell(scene, words);
  return scene;
}

std::vector<LawCheck> CheckOccluderStop(const Scene& scene, const Motion& motion) {
  std::vector<LawCheck> checks = CheckLanes(scene, motion);
  const int post = FindBody(scene, "post");
  for (size_t b = 0; b < scene.bodies.size(); ++b) {
    const Body& ball = scene.bodies[b];
    if (ball.fixed) continue;
    const double ahead = ball.velocity_mps.x() > 0 ? 1 : -1;
    const double face_x_m = scene.bodies[post].world_from_body.translation.x() -
                            ahead * scene.bodies[post].shape.size_m.x() / 2;
    const double rest_x_m = face_x_m - ahead * ball.shape.size_m.x() / 2;
    const double meets_s =
        (rest_x_m - ball.world_from_body.translation.x()) / ball.velocity_mps.x();
    double first_s = 0;
    for (const ContactEvent& contact : motion.contacts) {
      if (first_s == 0 && (contact.body_a == post || contact.body_b == post)) {
        first_s = contact.time_s;
      }
    }
    const BodyState& end = motion.states.back()[b];
    checks.push_back(Compare("time of meeting the post", "s", {meets_s, first_s, 0.005}));
    checks.push_back(
        Compare("place at the end", "m", {rest_x_m, end.world_from_body.translation.x(), 0.005}));
    checks.push_back(Compare("speed at the end", "m/s", {0, end.velocity_mps.norm(), 0.02}));
  }
  return checks;
}

Scene MakeOccluderTwo(Random& random) {
  Scene scene = PermanenceStage(random);
  const std::vector<NamedColour> colours = PickColours(random, 2);
  const double side = PickSide(random);
  Lane near_lane{side * random.Uniform(1.2, 1.28), 0.0, random.Uniform(1.3, 1.4), 0.36};
  near_lane.diameter_m = random.Uniform(0.36, 0.41);
  Lane far_lane{-side * random.Uniform(1.3, 1.38), 0.62, random.Uniform(1.35, 1.5), 0.36};
  far_lane.diameter_m = random.Uniform(0.36, 0.4);
  const Body ball = LaneBall(random, colours[0], near_lane);
  const Body cylinder = LaneCylinder(random, colours[1], far_lane);
  Panel panel;
  panel.place_m.x() = random.Uniform(-0.1, 0.1);
  panel.size_m.x() = random.Uniform(0.84, 0.94);
  panel.size_m.z() = 1.15;
  const Body screen = MakeScreen(random, panel);
  for (const Body& body : {ball, cylinder, screen}) scene.bodies.push_back(body);
  const std::string the_screen = WithArticle(screen.material.name) + " screen";
  const std::string from = " rolls from the " + LaneSide(side);
  const std::string against = " rolls from the " + LaneSide(-side);
  SceneWords words;
  words.stage = DescribeStage(scene);
  words.tellings = {Describe(ball) + from + " and, further back, " + Describe(cylinder) + against +
                        ", both towards " + the_screen + " in the middle",
                    "in the middle stands " + the_screen + "; " + Describe(ball) + from +
                        " and, in a lane behind it, " + Describe(cylinder) + against,
                    Describe(ball) + " and " + Describe(cylinder) +
                        " roll towards each other in two lanes, with " + the_screen +
                        " in front of where they meet"};
  words.outcome = DescribeThe(ball) + " and " + DescribeThe(cylinder) +
                  " pass each other out of sight and come out on opposite sides, each as it was";
  Tell(scene, words);
  return scene;
}

Scene MakeTunnel(Random& random) {
  Scene scene = PermanenceStage(random);
  const NamedColour colour = PickColours(random, 1).front();
  const double side = PickSide(random);
  Lane lane;
  lane.from_x_m = side * random.Uniform(1.22, 1.3);
  lane.speed_mps = random.Uniform(1.3, 1.4);
  lane.diameter_m = random.Uniform(0.36, 0.41);
  const Body ball = LaneBall(random, colour, lane);
  scene.bodies.push_back(ball);
  for (const Body& part : TunnelParts(random, random.Uniform(0.95, 1.1))) {
    scene.bodies.push_back(part);
  }
  const std::string tunnel = WithArticle(scene.bodies.back().material.name) + " tunnel";
  SceneWords words;
  words.stage = DescribeStage(scene);
  words.tellings = {
      Describe(ball) + " rolls from the " + LaneSide(side) + " into " + tunnel + " in the middle",
      "in the middle stands " + tunnel + ", and " + Describe(ball) + " rolls into it from the " +
          LaneSide(side),
      Describe(ball) + " on its way from the " + LaneSide(side) + " into " + tunnel};
  words.outcome =
      DescribeThe(ball) +
      " is out of sight inside the tunnel and comes out at the other end at the same speed";
  Tell(scene, words);
  return scene;
}

}  // namespace plumb
