// SPDX-License-Identifier: Apache-2.0
// A row of upright slabs; the first one leans past its balance and is let go.
#include <algorithm>
#include <cmath>

#include "core/check.h"
#include "scenes/catalogue/balance/internal_balance.h"
#include "scenes/catalogue/internal_caption.h"
#include "scenes/catalogue/internal_look.h"
#include "scenes/catalogue/internal_observing.h"
#include "scenes/catalogue/internal_placing.h"
#include "scenes/catalogue/internal_swing.h"
#include "scenes/checks/internal_checks.h"

namespace plumb {
namespace {

constexpr double kFallen_rad = 0.7;

// Sizes and places of a row along x; `side` +1: it falls to the right.
struct Row {
  int count = 8;
  Eigen::Vector3d size_m;
  double gap_m = 0.15;  // from face to face
  double side = 1.0;
  double Pitch() const { return gap_m + size_m.x(); }
  // Along x, the last one fallen over included.
  double Length_m() const { return (count - 1) * Pitch() + size_m.z(); }
};

Row DrawRow(Random& random) {
  Row row;
  row.count = 6 + random.Index(3);
  row.size_m = {random.Uniform(0.055, 0.07), random.Uniform(0.2, 0.26), random.Uniform(0.42, 0.5)};
  row.gap_m = random.Uniform(0.17, 0.21);
  row.side = random.Uniform() < 0.5 ? -1 : 1;
  return row;
}

// Leans the first slab about its lower edge towards the next one, `extra_rad` past its balance.
void Lean(Body& slab, const Row& row, double extra_rad) {
  const Eigen::Vector3d half = row.size_m / 2;
  const double lean_rad = std::atan2(half.x(), half.z()) + extra_rad;
  const Eigen::Quaterniond turn(Eigen::AngleAxisd(row.side * lean_rad, Eigen::Vector3d::UnitY()));
  const Eigen::Vector3d edge_in_slab(row.side * half.x(), 0, -half.z());
  const Eigen::Vector3d edge = slab.world_from_body.translation + edge_in_slab;
  slab.world_from_body = Rigid3(turn, edge - turn * edge_in_slab);
}

}  // namespace

Scene MakeDominoes(Random& random) {
  StageLayout stage;
  stage.wall_y_m = random.Uniform(1.3, 2.0);
  stage.eye_m = {0, -4.3, 1.7};
  stage.target_m = {0, 0, 0.35};
  Scene scene = MakeStage(random, stage);
  const Row row = DrawRow(random);
  // As near as the whole row, fallen over, is in the picture.
  scene.camera.target_m = {row.side * (0.5 * row.size_m.z() - 0.1), 0, 0.25};
  scene.camera.eye_m *= (0.9 + 1.55 * row.Length_m()) / scene.camera.eye_m.norm();
  const std::vector<NamedColour> colours = PickColours(random, row.count);
  std::vector<std::string> names;
  for (int k = 0; k < row.count; ++k) {
    Body slab = MakeObject(random, {ShapeKind::kBox, row.size_m, colours[k]});
    slab.name = colours[k].name + " domino";
    slab.material.restitution = 0.1;
    slab.material.friction = 0.6;  // the foot must not slip
    slab.material.pattern_size_m = 0.12;
    const double x_m = row.side * (k - 0.5 * (row.count - 1)) * row.Pitch() - 0.1 * row.side;
    StandOnFloor(slab, {x_m, 0}, 0);
    if (k == 0) Lean(slab, row, random.Uniform(0.03, 0.06));
    names.push_back(Describe(slab));
    scene.bodies.push_back(slab);
  }
  const std::string way = row.side > 0 ? "left to right" : "right to left";
  const std::string first = "the first one, on the " +
                            std::string(row.side > 0 ? "left" : "right") +
                            ", leans towards the next";
  SceneWords words;
  words.stage = DescribeStage(scene);
  words.tellings = {NumberWord(row.count) + " dominoes stand in a row, from " + way + " " +
                        Enumerate(names) + "; " + first + " and is let go",
                    "a row of dominoes from " + way + " is made up of " + Enumerate(names) +
                        ", and " + first + " without support",
                    Enumerate(names) + " stand one behind the other from " + way + "; " + first};
  words.outcome =
      "one domino after the other is knocked over, up to the last, the " + scene.bodies.back().name;
  Tell(scene, words);
  scene.duration_s = 3.0;
  return scene;
}

namespace {

// How a slab falls about its lower edge until its upper edge meets the next slab.
struct FirstFall {
  TurnLaw law;  // of the lean of the line from edge to centre: (g r / k²) sin θ with k² = 4 r² / 3
  double start_rad = 0.0;
  double end_rad = 0.0;
};

FirstFall FallOf(const Scene& scene, const Body& first, const Body& second) {
  const Eigen::Vector3d& size = first.shape.size_m;
  const double rate = 0.75 * scene.gravity_mps2.norm() / (std::hypot(size.x(), size.z()) / 2);
  const double balance_rad = std::atan2(size.x(), size.z());
  const double second_x_m = second.world_from_body.translation.x();
  const double side = second_x_m > first.world_from_body.translation.x() ? 1 : -1;
  const Eigen::Vector3d edge =
      first.world_from_body * Eigen::Vector3d(side * size.x() / 2, 0, -size.z() / 2);
  const double gap_m = std::abs(second_x_m - edge.x()) - size.x() / 2;
  FirstFall fall;
  fall.law = [rate](double lean_rad) { return rate * std::sin(lean_rad); };
  fall.start_rad =
      first.world_from_body.rotation.angularDistance(Eigen::Quaterniond::Identity()) - balance_rad;
  fall.end_rad = std::asin(gap_m / size.z()) - balance_rad;
  return fall;
}

}  // namespace

std::vector<LawCheck> CheckDominoes(const Scene& scene, const Motion& motion) {
  const std::vector<int> row = BodiesWithRole(scene, Role::kObject);
  const FirstFall fall = FallOf(scene, scene.bodies[row[0]], scene.bodies[row[1]]);
  std::vector<double> contact_s(row.size(), -1.0);
  for (const ContactEvent& contact : motion.contacts) {
    for (size_t k = 1; k < row.size(); ++k) {
      const bool pair = contact.body_a == row[k - 1] && contact.body_b == row[k];
      if (pair && contact_s[k] < 0) contact_s[k] = contact.time_s;
    }
  }
  int met = 0;
  bool in_order = true;
  for (size_t k = 1; k < row.size(); ++k) {
    met += contact_s[k] >= 0;
    if (k > 1 && contact_s[k] >= 0) in_order &= contact_s[k] > contact_s[k - 1];
  }
  std::vector<LawCheck> checks = {
      Compare("time until the first meets the second",
              "s",
              {TimeToTurn_s(fall.law, fall.start_rad, fall.end_rad), contact_s[1], 0.001}),
      Compare("meetings in the order of the row", "count", {1.0, in_order ? 1.0 : 0.0, 0.0}),
      Compare("rise of the total energy", "J", {0, LargestEnergyRise_j(scene, motion), 0.02})};
  // A clip that ends early shows the beginning only.
  if (LastTime_s(motion) < scene.duration_s - 1e-6) return checks;
  int fallen = 0;
  for (const int body : row) fallen += LargestDrift(motion, body).turned_rad > kFallen_rad;
  checks.push_back(Compare("neighbours that meet", "count", {row.size() - 1.0, met * 1.0, 0.0}));
  checks.push_back(Compare("dominoes that fall", "count", {row.size() * 1.0, fallen * 1.0, 0.0}));
  return checks;
}

}  // namespace plumb
