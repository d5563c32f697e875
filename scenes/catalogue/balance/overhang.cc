// SPDX-License-Identifier: Apache-2.0
// A plank over the edge of a table, with or without a block on its rear end.
#include <algorithm>
#include <cmath>

#include "core/check.h"
#include "core/mass_properties.h"
#include "scenes/catalogue/balance/internal_balance.h"
#include "scenes/catalogue/internal_caption.h"
#include "scenes/catalogue/internal_look.h"
#include "scenes/catalogue/internal_observing.h"
#include "scenes/catalogue/internal_placing.h"
#include "scenes/catalogue/internal_swing.h"
#include "scenes/checks/internal_checks.h"

namespace plumb {
namespace {

constexpr double kTipped_rad = 0.1;
constexpr int kAttempts = 20000;

// How the centre of mass of all that lies on the table stands to its edge; along `side`.
struct Overhang {
  double side = 1.0;
  double mass_kg = 0.0;
  double beyond_m = 0.0;      // of the centre of mass beyond the edge
  double above_m = 0.0;       // of the centre of mass above the table's top
  double inertia_kgm2 = 0.0;  // about the edge
};

// The table's edge over which the plank reaches, and all that lies on the table.
Overhang MeasureOverhang(const Body& table, const std::vector<Body>& load) {
  Overhang result;
  const Eigen::Vector3d& centre = table.world_from_body.translation;
  result.side = load.front().world_from_body.translation.x() > centre.x() ? 1 : -1;
  const double edge_x_m = centre.x() + result.side * table.shape.size_m.x() / 2;
  const double top_m = centre.z() + table.shape.size_m.z() / 2;
  for (const Body& body : load) {
    const Eigen::Vector3d x = body.world_from_body.translation;
    const double beyond_m = result.side * (x.x() - edge_x_m);
    const double above_m = x.z() - top_m;
    const double own_m2 = MassPropertiesOf(body.shape).inertia_m2(1, 1);
    result.mass_kg += body.mass_kg;
    result.beyond_m += body.mass_kg * beyond_m;
    result.above_m += body.mass_kg * above_m;
    result.inertia_kgm2 += body.mass_kg * (own_m2 + beyond_m * beyond_m + above_m * above_m);
  }
  result.beyond_m /= result.mass_kg;
  result.above_m /= result.mass_kg;
  return result;
}

Body MakeTableBlock(Random& random) {
  Material material = PickWall(random);
  material.name = "wooden";
  material.pattern = Pattern::kWood;
  material.colour = {0.66, 0.52, 0.38};
  material.second_colour = {0.44, 0.33, 0.24};
  material.pattern_size_m = 0.22;
  const Eigen::Vector3d size{random.Uniform(0.9, 1.1), 0.7, random.Uniform(0.55, 0.7)};
  Body table = FixedBox("table", {0, 0, size.z() / 2}, size, material);
  return table;
}

// Plank and, for half of the seeds, a block on the end that lies on the table.
std::vector<Body> DrawLoad(Random& random, const std::vector<NamedColour>& colours) {
  const Eigen::Vector3d size{
      random.Uniform(1.0, 1.3), random.Uniform(0.24, 0.34), random.Uniform(0.07, 0.1)};
  Body plank = MakeObject(random, {ShapeKind::kBox, size, colours[0]});
  plank.name = colours[0].name + " plank";
  std::vector<Body> load = {plank};
  if (random.Uniform() < 0.5) {
    const double block_m = random.Uniform(0.17, 0.24);
    load.push_back(
        MakeObject(random, {ShapeKind::kBox, Eigen::Vector3d::Constant(block_m), colours[1]}));
  }
  for (Body& body : load) {
    body.material.restitution = 0.1;
    body.material.friction = 0.8;  // the pivot must not slip at first
  }
  return load;
}

void Place(const Body& table, std::vector<Body>& load, double side, double reach_m) {
  const double edge_x_m = table.world_from_body.translation.x() + side * table.shape.size_m.x() / 2;
  const double half_m = load[0].shape.size_m.x() / 2;
  double top_m = table.shape.size_m.z();
  for (size_t k = 0; k < load.size(); ++k) {
    const double end_x_m = edge_x_m + side * (reach_m - 2 * half_m);
    const double x_m = k == 0 ? edge_x_m + side * (reach_m - half_m)
                              : end_x_m + side * (0.5 * load[k].shape.size_m.x() + 0.02);
    StandOnFloor(load[k], {x_m, 0}, 0);
    load[k].world_from_body.translation.z() += top_m;
    top_m += load[k].shape.size_m.z() - kSeat_m;
  }
}

void Caption(Scene& scene, const std::vector<Body>& load, const Overhang& overhang) {
  const std::string side = overhang.side > 0 ? "right" : "left";
  const std::string plank = Describe(load[0]);
  const bool has_block = load.size() > 1;
  const std::string block = has_block ? Describe(load[1]) : "";
  SceneWords words;
  words.stage = DescribeStage(scene);
  words.tellings = {plank + " lies on a wooden table and reaches out over its " + side + " edge" +
                        (has_block ? "; " + block + " stands on the other end of it" : ""),
                    "a wooden table carries " + plank + " that sticks out to the " + side +
                        (has_block ? ", with " + block + " on its inner end" : ""),
                    "part of " + plank + " juts out over the " + side + " edge of a wooden table" +
                        (has_block ? " while " + block + " weighs on the rest" : "")};
  words.outcome = overhang.beyond_m > 0
                      ? DescribeThe(load[0]) + " tips over the edge of the table and falls"
                      : DescribeThe(load[0]) + " stays on the table, in balance";
  Tell(scene, words);
}

}  // namespace

Scene MakeOverhang(Random& random) {
  StageLayout stage;
  stage.wall_y_m = random.Uniform(1.4, 2.2);
  stage.eye_m = {0, -4.6, 1.6};
  stage.target_m = {0, 0, 0.62};
  Scene scene = MakeStage(random, stage);
  const Body bare_table = MakeTableBlock(random);
  const std::vector<NamedColour> colours = PickColours(random, 2);
  std::vector<Body> load = DrawLoad(random, colours);
  const double side = random.Uniform() < 0.5 ? -1 : 1;
  const bool tips = random.Uniform() < 0.5;
  Body table = bare_table;
  table.world_from_body.translation.x() = -side * random.Uniform(0.35, 0.5);
  bool found = false;
  for (int attempt = 0; attempt < kAttempts && !found; ++attempt) {
    Place(table, load, side, random.Uniform(0.3, 0.95) * load[0].shape.size_m.x());
    const double beyond_m = MeasureOverhang(table, load).beyond_m;
    found = tips ? beyond_m > 0.02 && beyond_m < 0.1 : beyond_m < -0.015 && beyond_m > -0.08;
  }
  PLUMB_CHECK(found, "no place for the plank");
  scene.bodies.push_back(table);
  scene.bodies.insert(scene.bodies.end(), load.begin(), load.end());
  Caption(scene, load, MeasureOverhang(table, load));
  return scene;
}

std::vector<LawCheck> CheckOverhang(const Scene& scene, const Motion& motion) {
  const std::vector<int> bodies = BodiesWithRole(scene, Role::kObject);
  const int table = FindBody(scene, "table");
  PLUMB_CHECK(table >= 0 && !bodies.empty());
  std::vector<Body> load;
  for (const int i : bodies) load.push_back(scene.bodies[i]);
  const Overhang overhang = MeasureOverhang(scene.bodies[table], load);
  const bool tips = overhang.beyond_m > 0;
  const Drift drift = LargestDrift(motion, bodies[0]);
  std::vector<LawCheck> checks = {
      Compare("tips when the centre of mass is beyond the edge",
              "count",
              {tips ? 1.0 : 0.0, drift.turned_rad > kTipped_rad ? 1.0 : 0.0, 0.0}),
      Compare("rise of the total energy", "J", {0, LargestEnergyRise_j(scene, motion), 0.02})};
  if (!tips) {
    checks.push_back(Compare("drift of the plank", "m", {0, drift.moved_m, 0.001}));
    return checks;
  }
  const double weight_n = overhang.mass_kg * scene.gravity_mps2.norm();
  const TurnLaw law = [&](double angle_rad) {
    return weight_n *
           (overhang.beyond_m * std::cos(angle_rad) + overhang.above_m * std::sin(angle_rad)) /
           overhang.inertia_kgm2;
  };
  const Crossing tipped = FirstCrossing(motion, 0, [&](int k) {
    return motion.states[k][bodies[0]].world_from_body.rotation.angularDistance(
               load[0].world_from_body.rotation) -
           kTipped_rad;
  });
  const double expected_s = TimeToTurn_s(law, 0.0, kTipped_rad);
  checks.push_back(Compare(
      "time until it has tipped by 0.1 rad", "s", {expected_s, tipped.time_s, 0.02 * expected_s}));
  return checks;
}

}  // namespace plumb
