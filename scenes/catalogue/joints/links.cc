// SPDX-License-Identifier: Apache-2.0
// What hangs in several links: a double pendulum and a chain of rings.
#include <array>
#include <cmath>
#include <numbers>

#include "scenes/catalogue/internal_caption.h"
#include "scenes/catalogue/internal_look.h"
#include "scenes/catalogue/internal_matter.h"
#include "scenes/catalogue/joints/internal_frame.h"
#include "scenes/catalogue/joints/internal_joints.h"
#include "scenes/catalogue/joints/internal_linkage.h"
#include "scenes/catalogue/joints/internal_on_rod.h"

namespace plumb {
namespace {

// Motion that depends sensitively on its start is compared with the equations for so long.
constexpr double kEarly_s = 1.5;

constexpr double kRod_m = 0.035;
constexpr double kDisc_m = 0.07;  // thickness
constexpr double kTube_m = 0.05;

// Turned about -y by an angle, what hung straight down points towards +x.
Eigen::Quaterniond Aside(double angle_rad) {
  return Eigen::Quaterniond(Eigen::AngleAxisd(-angle_rad, Eigen::Vector3d::UnitY()));
}

Joint LinkTo(const std::string& body, const std::string& holder, const Eigen::Vector3d& anchor_m) {
  Joint joint;
  joint.name = "joint of the " + body;
  joint.kind = JointKind::kHinge;
  joint.body_a = body;
  joint.body_b = holder;
  joint.anchor_m = anchor_m;
  return joint;
}

// A disc that is seen from its flat side, at the origin of the body, and a rod up to its joint.
Body MakeDisc(Random& random, const NamedColour& colour, double length_m) {
  const double diameter_m = random.Uniform(0.32, 0.38);
  Body body = MakeObject(random, {ShapeKind::kCylinder, {diameter_m, diameter_m, kDisc_m}, colour});
  body.name = colour.name + " disc";
  const Eigen::AngleAxisd upright(std::numbers::pi / 2, Eigen::Vector3d::UnitX());
  return OnRod(body, Rigid3(Eigen::Quaterniond(upright), {0, 0, 0}), {kRod_m, length_m});
}

void TellDoublePendulum(Scene& scene, const std::vector<std::string>& discs, double side) {
  const std::string where = side > 0 ? "right" : "left";
  SceneWords words;
  words.stage = DescribeStage(scene);
  words.tellings = {
      "a double pendulum hangs from a wooden frame: " + discs[0] + " on a rod and below it " +
          discs[1] + " on another, held out to the " + where + " and let go",
      discs[0] + " on a rod carries a second rod with " + discs[1] +
          "; both are drawn aside to the " + where + " under a wooden beam and released",
      "two rods are hinged one to the other under a wooden frame, the upper with " + discs[0] +
          ", the lower with " + discs[1] + ", starting from the " + where};
  words.outcome = "the two discs swing to and fro without a fixed rhythm";
  Tell(scene, words);
}

void TellChain(Scene& scene, const std::vector<std::string>& rings, double side) {
  const std::string where = side > 0 ? "right" : "left";
  const std::string all = Enumerate(rings);
  SceneWords words;
  words.stage = DescribeStage(scene);
  words.tellings = {"a chain of " + NumberWord(static_cast<int>(rings.size())) +
                        " rings hangs from a wooden frame, held out to the " + where +
                        " and let go: from top to bottom " + all,
                    all + " are linked to a chain, which is drawn aside to the " + where +
                        " under a wooden beam and released",
                    "from a peg on a wooden frame hang " + all +
                        ", each in the one before, starting straight from the " + where};
  words.outcome = "the chain swings to and fro and bends like a rope";
  Tell(scene, words);
}

}  // namespace

Scene MakeDoublePendulum(Random& random) {
  StageLayout stage;
  stage.wall_y_m = random.Uniform(1.5, 2.4);
  stage.eye_m = {0, -4.7, 1.4};
  stage.target_m = {0, 0, 1.15};
  Scene scene = MakeStage(random, stage);
  const std::vector<NamedColour> colours = PickColours(random, 2);
  Eigen::Vector3d joint_m(random.Uniform(-0.1, 0.1), 0, random.Uniform(1.65, 1.75));
  AddFrame(scene, joint_m);
  AddBracket(scene, joint_m);
  const double side = random.Uniform() < 0.5 ? -1 : 1;
  std::string holder;
  std::vector<std::string> discs;
  for (int i = 0; i < 2; ++i) {
    const double length_m = random.Uniform(0.42, 0.52);
    Body body = MakeDisc(random, colours[i], length_m);
    const double angle_rad = side * (i == 0 ? random.Uniform(0.7, 1.2) : random.Uniform(0.9, 1.6));
    const Eigen::Quaterniond turn = Aside(angle_rad);
    body.world_from_body = Rigid3(turn, joint_m - turn * Eigen::Vector3d(0, 0, length_m));
    scene.joints.push_back(LinkTo(body.name, holder, joint_m));
    discs.push_back(Describe(body));
    holder = body.name;
    // The second one swings in front of the first.
    joint_m = body.world_from_body.translation - Eigen::Vector3d(0, kDisc_m + 0.01, 0);
    scene.bodies.push_back(body);
  }
  TellDoublePendulum(scene, discs, side);
  scene.duration_s = 4.0;
  return scene;
}

Scene MakeLinkedChain(Random& random) {
  StageLayout stage;
  stage.wall_y_m = random.Uniform(1.5, 2.4);
  stage.eye_m = {0, -3.9, 1.4};
  stage.target_m = {0, 0, 1.05};
  Scene scene = MakeStage(random, stage);
  const int count = 5 + random.Index(2);
  const std::vector<NamedColour> colours = PickColours(random, count);
  const double side = random.Uniform() < 0.5 ? -1 : 1;
  Eigen::Vector3d joint_m(random.Uniform(-0.1, 0.1), 0, random.Uniform(1.6, 1.7));
  // The frame stands nearer than a pendulum's, for the first ring hangs over its peg.
  const Eigen::Vector3d peg_m = joint_m - Eigen::Vector3d(0, 0, 0.015);
  AddFrame(scene, peg_m - Eigen::Vector3d(0, 0.05, 0));
  Body peg = FixedBox("peg", peg_m, {0.03, 0.03, 0.3}, BareWood());
  peg.shape.kind = ShapeKind::kCylinder;
  peg.world_from_body.rotation = Eigen::AngleAxisd(std::numbers::pi / 2, Eigen::Vector3d::UnitX());
  peg.world_from_body.translation.y() += 0.08;
  scene.bodies.push_back(peg);
  std::string holder = peg.name;
  std::vector<std::string> rings;
  const Eigen::Quaterniond turn = Aside(side * random.Uniform(0.4, 0.6));
  for (int i = 0; i < count; ++i) {
    const double diameter_m = random.Uniform(0.27, 0.3);
    Body ring =
        MakeObject(random, {ShapeKind::kTorus, {diameter_m, diameter_m, kTube_m}, colours[i]});
    // Rings lie across each other, the first one across the peg.
    const Eigen::Vector3d about = i % 2 == 0 ? Eigen::Vector3d::UnitX() : Eigen::Vector3d::UnitY();
    const Eigen::Vector3d to_next = turn * Eigen::Vector3d(0, 0, 2 * kTube_m - diameter_m);
    ring.world_from_body =
        Rigid3(turn * Eigen::Quaterniond(Eigen::AngleAxisd(std::numbers::pi / 2, about)),
               joint_m + to_next / 2);
    scene.joints.push_back(LinkTo(ring.name, holder, joint_m));
    rings.push_back(Describe(ring));
    holder = ring.name;
    joint_m += to_next;
    scene.bodies.push_back(ring);
  }
  TellChain(scene, rings, side);
  scene.duration_s = 4.0;
  return scene;
}

std::vector<LawCheck> CheckLinks(const Scene& scene, const Motion& motion) {
  return CheckLinkage(scene, motion, kEarly_s);
}

}  // namespace plumb
