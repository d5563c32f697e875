// SPDX-License-Identifier: Apache-2.0
#include "scenes/ensemble.h"

#include <cmath>

#include <gmock/gmock.h>

#include "core/errors.h"
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

TEST(EnsembleTest, ThreadsAndRunsGiveTheSameBytesAndSeedsOthers) {
  const Scene scene = BallAboveFloor(0.5, 0.5);
  const Ensemble one = SimulateEnsemble(scene, {}, 5, {.duration_s = 1});
  EXPECT_EQ(one.places_m, SimulateEnsemble(scene, {}, 5, {.duration_s = 1, .threads = 3}).places_m);
  Perturbation other;
  other.seed = 2;
  EXPECT_NE(one.places_m, SimulateEnsemble(scene, other, 5, {.duration_s = 1}).places_m);
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
