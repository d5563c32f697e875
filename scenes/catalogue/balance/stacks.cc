// SPDX-License-Identifier: Apache-2.0
// Blocks on top of each other: they stand as long as the centre of mass of all that is above a
// joint lies over the two faces that meet there.
#include <algorithm>
#include <cmath>
#include <numbers>

#include "core/check.h"
#include "scenes/catalogue/balance/internal_balance.h"
#include "scenes/catalogue/internal_caption.h"
#include "scenes/catalogue/internal_look.h"
#include "scenes/catalogue/internal_observing.h"
#include "scenes/catalogue/internal_placing.h"
#include "scenes/checks/internal_checks.h"

namespace plumb {
namespace {

constexpr int kAttempts = 20000;
constexpr double kClearMargin_m = 0.04;
constexpr double kLeastOutside_m = 0.025;
constexpr double kMostOutside_m = 0.09;
constexpr double kFallen_rad = 0.2;
constexpr double kStandsFor_s = 5.0;

// How far inside a block's horizontal outline a point lies.
double Inset_m(const Body& block, const Eigen::Vector3d& x_in_world) {
  const Eigen::Vector3d x = Inverse(block.world_from_body) * x_in_world;
  const Eigen::Vector3d half = block.shape.size_m / 2;
  return std::min(half.x() - std::abs(x.x()), half.y() - std::abs(x.y()));
}

std::vector<Body> DrawBlocks(Random& random, const std::vector<NamedColour>& colours) {
  std::vector<Body> blocks;
  for (const NamedColour& colour : colours) {
    const double width_m = random.Uniform(0.36, 0.54);
    const double depth_m = random.Uniform(0.34, 0.46);
    const double height_m = random.Uniform(0.2, 0.32);
    Body block = MakeObject(random, {ShapeKind::kBox, {width_m, depth_m, height_m}, colour});
    block.material.restitution = 0.0;
    blocks.push_back(block);
  }
  return blocks;
}

// Puts the blocks onto each other, each a random step to the side of the one below. `loose` is the
// index of a block that may stick out far, or -1.
void Arrange(Random& random, std::vector<Body>& blocks, int loose) {
  Eigen::Vector2d place(random.Uniform(-0.25, 0.25), random.Uniform(-0.1, 0.1));
  const double turn_rad = 0.0;
  double top_m = 0;
  for (size_t k = 0; k < blocks.size(); ++k) {
    if (k > 0) {
      const double reach = 0.5 * blocks[k - 1].shape.size_m.x();
      const bool sticks_out = static_cast<int>(k) == loose;
      const double step = random.Uniform(sticks_out ? 0.7 : 0.05, sticks_out ? 1.4 : 0.6) * reach;
      const double heading = random.Uniform(-0.4, 0.4) + (random.Index(2) * std::numbers::pi);
      place += step * Eigen::Vector2d(std::cos(heading), std::sin(heading));
    }
    StandOnFloor(blocks[k], place, turn_rad);
    blocks[k].world_from_body.translation.z() += top_m;
    top_m += blocks[k].shape.size_m.z() - kSeat_m;
  }
}

bool IsWanted(const std::vector<double>& margins, int loose) {
  for (size_t k = 0; k < margins.size(); ++k) {
    const bool is_loose = static_cast<int>(k) + 1 == loose;
    if (is_loose && (margins[k] > -kLeastOutside_m || margins[k] < -kMostOutside_m)) return false;
    if (!is_loose && margins[k] < kClearMargin_m) return false;
  }
  return true;
}

void Caption(Scene& scene, const std::vector<Body>& blocks, int loose) {
  std::vector<std::string> upwards;
  std::string pile, downwards;
  for (size_t k = 0; k < blocks.size(); ++k) {
    upwards.push_back(Describe(blocks[k]));
    const bool last = k + 1 == blocks.size();
    pile += (k == 0 ? "at the bottom " : last ? " and at the top " : ", on it ") + upwards[k];
    downwards = upwards[k] + (k == 0 ? "" : " above ") + downwards;
  }
  SceneWords words;
  words.stage = DescribeStage(scene);
  words.tellings = {NumberWord(static_cast<int>(blocks.size())) + " blocks are stacked: " + pile,
                    Enumerate(upwards) + " are piled up in this order from the bottom to the top",
                    "a tower has been built, " + downwards};
  words.outcome = loose < 0 ? "the stack is in balance, and nothing moves"
                            : DescribeThe(blocks[loose]) + " tips over the edge of " +
                                  DescribeThe(blocks[loose - 1]) +
                                  " and falls with all that stands on it";
  Tell(scene, words);
}

Scene MakeStack(Random& random, bool falls) {
  StageLayout stage;
  stage.wall_y_m = random.Uniform(1.5, 2.4);
  stage.eye_m = {0, -4.9, 1.5};
  stage.target_m = {0, 0, 0.72};
  Scene scene = MakeStage(random, stage);
  const int count = 3 + random.Index(3);
  const std::vector<NamedColour> colours = PickColours(random, count);
  std::vector<Body> blocks = DrawBlocks(random, colours);
  const int loose = falls ? 1 + random.Index(count - 1) : -1;
  bool found = false;
  for (int attempt = 0; attempt < kAttempts && !found; ++attempt) {
    if (attempt % 100 == 99) blocks = DrawBlocks(random, colours);
    Arrange(random, blocks, loose);
    found = IsWanted(StackMargins_m(blocks), loose);
  }
  PLUMB_CHECK(found, "no arrangement of {} blocks", count);
  Caption(scene, blocks, loose);
  scene.bodies.insert(scene.bodies.end(), blocks.begin(), blocks.end());
  return scene;
}

std::vector<Body> BlocksOf(const Scene& scene) {
  std::vector<Body> blocks;
  for (const int i : BodiesWithRole(scene, Role::kObject)) blocks.push_back(scene.bodies[i]);
  return blocks;
}

}  // namespace

std::vector<double> StackMargins_m(const std::vector<Body>& stack) {
  std::vector<double> margins;
  for (size_t k = 1; k < stack.size(); ++k) {
    double mass_kg = 0;
    Eigen::Vector3d moment = Eigen::Vector3d::Zero();
    for (size_t i = k; i < stack.size(); ++i) {
      mass_kg += stack[i].mass_kg;
      moment += stack[i].mass_kg * stack[i].world_from_body.translation;
    }
    // The faces meet in the common part of two convex outlines, so both must hold the point.
    const Eigen::Vector3d centre = moment / mass_kg;
    margins.push_back(std::min(Inset_m(stack[k - 1], centre), Inset_m(stack[k], centre)));
  }
  return margins;
}

Scene MakeStableStack(Random& random) {
  Scene scene = MakeStack(random, false);
  scene.duration_s = kStandsFor_s;
  return scene;
}

Scene MakeUnstableStack(Random& random) { return MakeStack(random, true); }

std::vector<LawCheck> CheckStack(const Scene& scene, const Motion& motion) {
  const std::vector<double> margins = StackMargins_m(BlocksOf(scene));
  const bool falls = *std::min_element(margins.begin(), margins.end()) < 0;
  Drift largest;
  for (const int body : BodiesWithRole(scene, Role::kObject)) {
    const Drift drift = LargestDrift(motion, body);
    largest.moved_m = std::max(largest.moved_m, drift.moved_m);
    largest.turned_rad = std::max(largest.turned_rad, drift.turned_rad);
  }
  std::vector<LawCheck> checks = {
      Compare("falls when a centre of mass is outside its support",
              "count",
              {falls ? 1.0 : 0.0, largest.turned_rad > kFallen_rad ? 1.0 : 0.0, 0.0}),
      Compare("rise of the total energy", "J", {0, LargestEnergyRise_j(scene, motion), 0.02})};
  if (!falls) {
    checks.push_back(Compare("drift of the stack", "m", {0, largest.moved_m, 0.001}));
    checks.push_back(Compare("turn of any block", "rad", {0, largest.turned_rad, 0.002}));
  }
  return checks;
}

}  // namespace plumb
