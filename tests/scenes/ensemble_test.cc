// SPDX-License-Identifier: Apache-2.0
#include "scenes/ensemble.h"

#include <algorithm>
#include <atomic>
#include <chrono>
#include <cmath>
#include <numbers>
#include <string>
#include <utility>

#include <gmock/gmock.h>

#include "core/errors.h"
#include "scenes/catalogue.h"
#include "scenes/truth_events.h"
#include "tests/scenes/internal_test_scenes.h"

namespace plumb {
namespace {

TEST(EnsembleTest, FreeFlightSpreadsByTheErrorOfVelocityTimesTime) {
  Perturbation by;
  by.position_m = 0;
  by.velocity_mps = 0.1;
  const Ensemble ensemble = SimulateEnsemble(BallAboveFloor(50, 0.5), by, 200, {.duration_s = 1});
  const auto spread = SpreadOf(ensemble);
  EXPECT_NEAR(spread.back()[1], 0.1 * std::sqrt(3.0), 0.02);
  EXPECT_NEAR(spread.back()[0], 0, 1e-12);
}

TEST(EnsembleTest, TheHorizonIsWhereTheSpreadPassesAQuarterOfTheSize) {
  Perturbation by;
  by.position_m = 0;
  by.velocity_mps = 0.1;
  const Scene scene = BallAboveFloor(50, 0.5);
  const Ensemble ensemble = SimulateEnsemble(scene, by, 100, {.duration_s = 2});
  const std::vector<double> horizons_s = PredictableHorizons(scene, ensemble);
  EXPECT_NEAR(horizons_s[1], 0.3 / 4 / (0.1 * std::sqrt(3.0)), 0.1);
  EXPECT_NEAR(horizons_s[0], 2, 1e-9);
}

TEST(EnsembleTest, WithoutPerturbationAllRolloutsAreTheSame) {
  const Perturbation none{.position_m = 0,
                          .angle_rad = 0,
                          .velocity_mps = 0,
                          .angular_velocity_radps = 0,
                          .friction_share = 0,
                          .restitution_share = 0};
  const Scene scene = PileOfBoxes(5);
  const Ensemble ensemble = SimulateEnsemble(scene, none, 3, {.duration_s = 1});
  EXPECT_EQ(ensemble.places_m[0], ensemble.places_m[1]);
  EXPECT_EQ(ensemble.places_m[0], ensemble.places_m[2]);
  for (const auto& frame : SpreadOf(ensemble)) {
    EXPECT_LT(*std::max_element(frame.begin(), frame.end()), 1e-12);
  }
  for (const double horizon_s : PredictableHorizons(scene, ensemble)) EXPECT_EQ(horizon_s, 1);
}

// A ball that falls among rows of pegs: each blow multiplies what was uncertain before it.
Scene BallAmongPegs() {
  Scene scene = BallAboveFloor(2.2, 0.8);
  Body ball = scene.bodies[1];
  ball.shape.size_m.setConstant(0.1);
  ball.world_from_body.translation.x() = 0.02;
  scene.bodies.resize(1);
  for (int i = 0; i < 20; ++i) {
    const int row = i / 4, column = i % 4;
    Body peg = PlainBody("peg " + std::to_string(i), ShapeKind::kCylinder, {0.1, 0.1, 1});
    peg.fixed = true;
    peg.material.restitution = 0.9;
    peg.world_from_body = Rigid3(
        Eigen::Quaterniond(Eigen::AngleAxisd(std::numbers::pi / 2, Eigen::Vector3d::UnitX())),
        {0.3 * (column - 1.5) + 0.15 * ((row + 1) % 2), 0, 2 - 0.3 * row});
    scene.bodies.push_back(peg);
  }
  scene.bodies.push_back(ball);
  return scene;
}

TEST(EnsembleTest, TheHorizonIsShortAmongPegsAndLongInFreeFall) {
  const Scene pegs = BallAmongPegs();
  const auto among = PredictableHorizons(pegs, SimulateEnsemble(pegs, {}, 16, {.duration_s = 2}));
  EXPECT_GT(among.back(), 0.2);  // the first blow comes after 0.2 s
  EXPECT_LT(among.back(), 0.9);
  const Scene fall = BallAboveFloor(50, 0.5);
  const auto free = PredictableHorizons(fall, SimulateEnsemble(fall, {}, 16, {.duration_s = 2}));
  EXPECT_EQ(free.back(), 2);
}

TEST(EnsembleTest, ItsOwnRateGivesTheHorizonsOfTheTruths) {
  const Scene pegs = BallAmongPegs(), pile = PileOfBoxes(18);
  const auto mean_s = [](const Scene& scene, EnsembleOptions options) {
    options.duration_s = 1;
    const auto horizons_s = PredictableHorizons(scene, SimulateEnsemble(scene, {}, 16, options));
    double sum = 0;
    int count = 0;
    for (size_t i = 0; i < scene.bodies.size(); ++i) {
      if (scene.bodies[i].fixed) continue;
      sum += horizons_s[i];
      ++count;
    }
    return sum / count;
  };
  for (const Scene& scene : {pegs, pile}) {
    const double full_s = mean_s(scene, {.minimum_rate_hz = 960, .exact = true});
    EXPECT_LT(full_s, 0.9);
    EXPECT_NEAR(mean_s(scene, {}), full_s, std::max(0.1 * full_s, 1 / 24.0)) << scene.id;
  }
}

TEST(EnsembleTest, ATruthWithHorizonsTellsThemForEveryBody) {
  RenderOptions options = RenderOptions::PicturesOnly(SmallOptions(48));
  options.width = options.height = 16;
  const Scene scene = MakeScene("drop_into_cluster", 3, 1);
  const Truth truth = MakeTruthWithHorizons(scene, options);
  ASSERT_EQ(truth.predictable_horizons_s.size(), scene.bodies.size());
  const double length_s = (truth.motion.states.size() - 1) / truth.motion.rate_hz;
  double shortest_s = length_s;
  for (size_t i = 0; i < scene.bodies.size(); ++i) {
    const double horizon_s = truth.predictable_horizons_s[i];
    if (scene.bodies[i].fixed) {
      EXPECT_NEAR(horizon_s, length_s, 1 / 24.0);
    }
    shortest_s = std::min(shortest_s, horizon_s);
  }
  EXPECT_LT(shortest_s, length_s - 0.3);
  const auto contact = MotionEvents(scene, truth.motion).front();
  EXPECT_GT(shortest_s, contact.time_s);
  options.threads = 2;
  EXPECT_EQ(MakeTruthWithHorizons(scene, options).predictable_horizons_s,
            truth.predictable_horizons_s);
}

TEST(EnsembleTest, ThreadsAndRunsGiveTheSameBytesAndSeedsOthers) {
  const Scene scene = BallAboveFloor(0.5, 0.5);
  const Ensemble one = SimulateEnsemble(scene, {}, 5, {.duration_s = 1});
  for (const int threads : {2, 3}) {
    const EnsembleOptions options{.duration_s = 1, .threads = threads};
    EXPECT_EQ(one.places_m, SimulateEnsemble(scene, {}, 5, options).places_m);
  }
  Perturbation other;
  other.seed = 2;
  EXPECT_NE(one.places_m, SimulateEnsemble(scene, other, 5, {.duration_s = 1}).places_m);
}

TEST(EnsembleTest, RolloutsAreReportedAndStopWhenAsked) {
  std::atomic<bool> reported = false;
  Progress progress;
  progress.report = [&](const std::string& what, int done, int total) {
    EXPECT_EQ(what, "rollouts");
    EXPECT_EQ(total, 3);
    if (done > 0) reported = true;
  };
  const Scene scene = BallAboveFloor(0.5, 0.5);
  SimulateEnsemble(scene, {}, 3, {.duration_s = 300, .progress = progress});
  EXPECT_TRUE(reported);
  // Each of these rollouts would take minutes.
  bool asked = false;
  progress.cancelled = [&] { return std::exchange(asked, true); };
  const auto start = std::chrono::steady_clock::now();
  EXPECT_THROW(SimulateEnsemble(scene, {}, 3, {.duration_s = 1e5, .progress = progress}),
               CancelledError);
  EXPECT_LT(std::chrono::steady_clock::now() - start, std::chrono::seconds(10));
}

TEST(EnsembleTest, ATruthsRolloutsStopWhenAsked) {
  RenderOptions options = RenderOptions::PicturesOnly(SmallOptions(2));
  options.width = options.height = 16;
  bool at_rollouts = false;
  Progress progress;
  progress.report = [&](const std::string& what, int, int) { at_rollouts = what == "rollouts"; };
  progress.cancelled = [&] { return at_rollouts; };
  EXPECT_THROW(MakeTruthWithHorizons(BallAboveFloor(0.5, 0.5), options, progress), CancelledError);
  EXPECT_TRUE(at_rollouts);
}

TEST(EnsembleTest, RefusesWhatMakesNoSense) {
  const Scene scene = BallAboveFloor(0.5, 0.5);
  EXPECT_THROW(SimulateEnsemble(scene, {}, 1), UsageError);
  EXPECT_THROW(SimulateEnsemble(scene, {.position_m = -1}, 4), UsageError);
  EXPECT_THROW(SimulateEnsemble(scene, {.friction_share = 1.5}, 4), UsageError);
  EXPECT_THROW(SimulateEnsemble(scene, {}, 4, {.threads = 0}), UsageError);
}

}  // namespace
}  // namespace plumb
