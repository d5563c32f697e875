// SPDX-License-Identifier: Apache-2.0
// Screens that move and uncover what is behind them: one that topples, one that turns.
#include <algorithm>
#include <cmath>
#include <numbers>

#include "core/check.h"
#include "scenes/catalogue/internal_caption.h"
#include "scenes/catalogue/permanence/internal_makers.h"
#include "scenes/catalogue/permanence/internal_permanence.h"
#include "scenes/checks/internal_checks.h"

namespace plumb {
namespace {

// A panel that topples about its front lower edge without slipping: a rigid body with one degree of
// freedom, whose energy gives its angular speed at every angle.
struct Toppling {
  double thick_m = 0.1;
  double height_m = 1.1;
  double push_radps = 1.3;  // angular speed at the start
  double gravity_mps2 = 9.81;

  // Height of the centre of mass over the floor.
  double CentreHeight(double angle_rad) const {
    return height_m / 2 * std::cos(angle_rad) + thick_m / 2 * std::sin(angle_rad);
  }
  // About the edge, for one kilogram.
  double Inertia() const { return (height_m * height_m + thick_m * thick_m) / 3; }
  double Speed(double angle_rad) const {
    const double fallen_m = height_m / 2 - CentreHeight(angle_rad);
    return std::sqrt(push_radps * push_radps + 2 * gravity_mps2 * fallen_m / Inertia());
  }
  // ∫ dθ / ω by Simpson's rule.
  double TimeTo(double angle_rad) const {
    constexpr int kHalves = 200;
    const double step = angle_rad / (2 * kHalves);
    double sum = 0;
    for (int i = 0; i <= 2 * kHalves; ++i) {
      const double weight = i == 0 || i == 2 * kHalves ? 1 : (i % 2 == 1 ? 4 : 2);
      sum += weight / Speed(i * step);
    }
    return sum * step / 3;
  }
};

// The panel's pose when it has turned by an angle about its front lower edge.
Rigid3 ToppledPose(const Body& panel, double angle_rad) {
  const Eigen::Vector3d half = panel.shape.size_m / 2;
  const Eigen::Vector3d& stood = panel.world_from_body.translation;
  const Eigen::Vector3d edge(stood.x(), stood.y() - half.y(), 0);
  const Eigen::Quaterniond turn(Eigen::AngleAxisd(angle_rad, Eigen::Vector3d::UnitX()));
  return {turn, edge + turn * Eigen::Vector3d(0, half.y(), half.z())};
}

// Integrates angular acceleration (the energy's derivative), with a key every 1/120 s.
std::vector<PoseKey> TopplingPath(const Body& panel, const Toppling& law, double start_s) {
  constexpr double kStep_s = 1.0 / 9600;
  std::vector<PoseKey> path = {{0.0, panel.world_from_body}};
  double angle = 0, speed = law.push_radps;
  const auto acceleration = [&](double at) {
    return law.gravity_mps2 * (law.height_m / 2 * std::sin(at) - law.thick_m / 2 * std::cos(at)) /
           law.Inertia();
  };
  for (int step = 0; angle < std::numbers::pi / 2; ++step) {
    if (step % 80 == 0) path.push_back({start_s + step * kStep_s, ToppledPose(panel, angle)});
    const double half_speed = speed + acceleration(angle) * kStep_s / 2;
    angle += half_speed * kStep_s;
    speed = half_speed + acceleration(angle) * kStep_s / 2;
  }
  const double flat_s = start_s + law.TimeTo(std::numbers::pi / 2);
  if (flat_s - path.back().time_s < 1e-4) path.pop_back();
  path.push_back({flat_s, ToppledPose(panel, std::numbers::pi / 2)});
  return path;
}

double LeanOf(const Rigid3& pose) {
  const Eigen::Vector3d up = pose.rotation * Eigen::Vector3d::UnitZ();
  return std::atan2(-up.y(), up.z());
}

Toppling LawOf(const Scene& scene, const Body& panel) {
  return {panel.shape.size_m.y(), panel.shape.size_m.z(), 1.3, scene.gravity_mps2.norm()};
}

const Body& ScreenOf(const Scene& scene) {
  const int screen = FindBody(scene, "screen");
  PLUMB_CHECK(screen >= 0, "scene '{}' has no screen", scene.id);
  return scene.bodies[screen];
}

// Heading of the panel's wide side about the vertical.
double HeadingOf(const Rigid3& pose) {
  const Eigen::Vector3d wide = pose.rotation * Eigen::Vector3d::UnitX();
  return std::atan2(wide.y(), wide.x());
}

}  // namespace

Scene MakeScreenFalls(Random& random) {
  Scene scene = PermanenceStage(random);
  const NamedColour colour = PickColours(random, 1).front();
  const double side = PickSide(random);
  Lane lane;
  lane.from_x_m = side * random.Uniform(1.18, 1.24);
  lane.speed_mps = random.Uniform(0.98, 1.06);
  lane.diameter_m = random.Uniform(0.36, 0.41);
  const Body ball = LaneBall(random, colour, lane);
  Panel place;
  place.place_m.x() = random.Uniform(-0.08, 0.08);
  place.size_m = {random.Uniform(1.0, 1.08), 0.1, random.Uniform(1.0, 1.1)};
  Body screen = MakeScreen(random, place);
  screen.path = TopplingPath(screen, LawOf(scene, screen), random.Uniform(0.9, 1.0));
  for (const Body& body : {ball, screen}) scene.bodies.push_back(body);
  const std::string the_screen = WithArticle(screen.material.name) + " screen";
  const std::string rolls = " rolls from the " + LaneSide(side);
  SceneWords words;
  words.stage = DescribeStage(scene);
  words.tellings = {
      Describe(ball) + rolls + " towards the back of " + the_screen +
          " that is pushed over towards the viewer a second later",
      the_screen + " stands in the middle and is pushed over to the front after a second, while " +
          Describe(ball) + rolls + " behind it",
      Describe(ball) + " on its way from the " + LaneSide(side) + " to the back of " + the_screen +
          ", which is pushed over to the front"};
  words.outcome =
      DescribeThe(ball) +
      " goes out of sight behind the screen and is seen rolling on when the screen lies";
  Tell(scene, words);
  return scene;
}

std::vector<LawCheck> CheckScreenFalls(const Scene& scene, const Motion& motion) {
  std::vector<LawCheck> checks = CheckLanes(scene, motion);
  const Body& screen = ScreenOf(scene);
  const int index = FindBody(scene, "screen");
  const Toppling law = LawOf(scene, screen);
  const double start_s = screen.path[1].time_s;
  const auto lean = [&](size_t step) { return LeanOf(motion.states[step][index].world_from_body); };
  // At the last step that a third, two thirds and all of the way need.
  for (const double share : {1.0 / 3, 2.0 / 3, 1.0}) {
    const double angle = share * std::numbers::pi / 2;
    size_t step = 0;
    while (step + 1 < motion.states.size() && lean(step) < angle - 1e-6) ++step;
    checks.push_back(
        Compare("time to " + std::to_string(static_cast<int>(std::lround(90 * share))) + " degrees",
                "s",
                {start_s + law.TimeTo(angle), step / motion.rate_hz, 2 / motion.rate_hz}));
    if (share == 1.0) continue;
    const auto wide = static_cast<size_t>(std::lround(motion.rate_hz / 120));
    const double speed = (lean(step + wide) - lean(step - wide)) * motion.rate_hz / (2 * wide);
    checks.push_back(Compare("angular speed there, from the energy",
                             "rad/s",
                             {law.Speed(lean(step)), speed, 0.01 * law.Speed(angle)}));
  }
  return checks;
}

Scene MakeRotatingScreen(Random& random) {
  Scene scene = PermanenceStage(random);
  const std::vector<NamedColour> colours = PickColours(random, 2);
  const double side = PickSide(random);
  const Body middle = MakeStander(
      random,
      colours[0],
      {{random.Uniform(-0.05, 0.05), random.Uniform(0.75, 0.95)}, random.Uniform(0.4, 0.46)});
  const Body aside = MakeStander(
      random,
      colours[1],
      {{side * random.Uniform(1.0, 1.1), random.Uniform(0.6, 1.1)}, random.Uniform(0.38, 0.44)});
  Panel place;
  place.size_m = {random.Uniform(1.15, 1.25), 0.1, random.Uniform(1.1, 1.2)};
  Body screen = MakeScreen(random, place);
  const double from_s = random.Uniform(0.2, 0.3), to_s = random.Uniform(1.7, 1.85);
  const double way = PickSide(random);
  constexpr int kKeys = 5;
  for (int k = 0; k < kKeys; ++k) {
    const double share = k / (kKeys - 1.0);
    const double heading = way * (share - 0.5) * std::numbers::pi;
    const Eigen::Quaterniond turn(Eigen::AngleAxisd(heading, Eigen::Vector3d::UnitZ()));
    screen.path.push_back(
        {from_s + share * (to_s - from_s), {turn, screen.world_from_body.translation}});
  }
  screen.world_from_body = screen.path.front().world_from_body;
  for (const Body& body : {middle, aside, screen}) scene.bodies.push_back(body);
  const std::string the_screen = WithArticle(screen.material.name) + " screen";
  const std::string stands = " stands on the " + LaneSide(side);
  SceneWords words;
  words.stage = DescribeStage(scene);
  words.tellings = {the_screen + " turns half round about its upright axis in front of " +
                        Describe(middle) + ", and " + Describe(aside) + stands,
                    Describe(middle) + " stands behind " + the_screen +
                        " that makes half a turn like a revolving door; " + Describe(aside) +
                        stands,
                    "half a turn of " + the_screen + ", with " + Describe(middle) +
                        " behind it and " + Describe(aside) + " on the " + LaneSide(side)};
  words.outcome = DescribeThe(middle) +
                  " is out of sight while the screen faces the viewer and stands there as before "
                  "when it has turned on";
  Tell(scene, words);
  return scene;
}

std::vector<LawCheck> CheckRotatingScreen(const Scene& scene, const Motion& motion) {
  std::vector<LawCheck> checks = CheckLanes(scene, motion);
  const Body& screen = ScreenOf(scene);
  const int index = FindBody(scene, "screen");
  const PoseKey& first = screen.path.front();
  const PoseKey& last = screen.path.back();
  const double start = HeadingOf(first.world_from_body);
  const double whole = start < 0 ? std::numbers::pi : -std::numbers::pi;
  double largest = 0, off_m = 0;
  for (size_t step = 0; step < motion.states.size(); ++step) {
    const double share =
        std::clamp((step / motion.rate_hz - first.time_s) / (last.time_s - first.time_s), 0.0, 1.0);
    const Rigid3& pose = motion.states[step][index].world_from_body;
    const double error = HeadingOf(pose) - start - share * whole;
    largest = std::max(largest, std::abs(std::remainder(error, 2 * std::numbers::pi)));
    off_m = std::max(off_m, (pose.translation - first.world_from_body.translation).norm());
  }
  checks.push_back(Compare("largest error of the panel's even turn", "rad", {0, largest, 1e-6}));
  checks.push_back(Compare("movement of the panel's axis", "m", {0, off_m, 1e-9}));
  return checks;
}

}  // namespace plumb
