// SPDX-License-Identifier: Apache-2.0
// Processor seconds of 64 rollouts of 2 s of a pile of 30 boxes on two threads, at the truth's
// rate, which is the ensemble's own, at lower ones, and as exactly as the truth. The target is 10 s
// on two processors: 20 here. And how far rollouts are from exact ones on several piles.
#include <numeric>
#include <vector>

#include <benchmark/benchmark.h>

#include "core/seed.h"
#include "scenes/ensemble.h"
#include "tests/scenes/internal_test_scenes.h"

namespace plumb {
namespace {

void BenchPile(benchmark::State& state) {
  const Scene scene = PileOfBoxes(30);
  EnsembleOptions options{.duration_s = 2, .threads = 2};
  options.minimum_rate_hz = static_cast<double>(state.range(0));
  options.exact = state.range(1) != 0;
  double sum_s = 0;
  for (auto _ : state) {
    for (const double horizon_s :
         PredictableHorizons(scene, SimulateEnsemble(scene, {}, 64, options))) {
      sum_s += horizon_s;
    }
  }
  state.counters["mean_horizon_s"] =
      sum_s / static_cast<double>(scene.bodies.size() * state.iterations());
}
BENCHMARK(BenchPile)
    ->Args({600, 0})
    ->Args({480, 0})
    ->Args({960, 0})
    ->Args({960, 1})
    ->ArgNames({"rate_hz", "exact"})
    ->Unit(benchmark::kSecond)
    ->Iterations(1)
    ->MeasureProcessCPUTime();

// The pile with every box turned otherwise.
Scene PileTurned(int count, uint64_t seed) {
  Scene scene = PileOfBoxes(count);
  Random random(seed);
  for (size_t i = 1; i < scene.bodies.size(); ++i) {
    const double x = random.Normal(), y = random.Normal(), z = random.Normal();
    scene.bodies[i].world_from_body.rotation =
        Eigen::AngleAxisd(random.Uniform(0, 3), Eigen::Vector3d(x, y, z).normalized());
  }
  return scene;
}

// Mean horizon of the boxes, the floor left out.
double MeanHorizon_s(const Scene& scene, const Perturbation& by, const EnsembleOptions& options) {
  const std::vector<double> horizons_s =
      PredictableHorizons(scene, SimulateEnsemble(scene, by, 16, options));
  return std::accumulate(horizons_s.begin() + 1, horizons_s.end(), 0.0) /
         static_cast<double>(horizons_s.size() - 1);
}

// 16 rollouts of 1.5 s of piles of 18 boxes that start otherwise, perturbed by other numbers: the
// mean horizon beside what the same rollouts give when they are as exact as the truth.
void BenchFidelity(benchmark::State& state) {
  const Scene scene = PileTurned(18, state.range(0));
  Perturbation by;
  by.seed = state.range(1);
  for (auto _ : state) {
    EnsembleOptions options{.duration_s = 1.5};
    const double own_s = MeanHorizon_s(scene, by, options);
    options.exact = true;
    const double exact_s = MeanHorizon_s(scene, by, options);
    state.counters["horizon_s"] = own_s;
    state.counters["exact_horizon_s"] = exact_s;
    state.counters["share"] = own_s / exact_s;
  }
}
BENCHMARK(BenchFidelity)
    ->ArgsProduct({{1, 2, 3}, {1, 2}})
    ->ArgNames({"pile", "perturbation"})
    ->Unit(benchmark::kSecond)
    ->Iterations(1)
    ->MeasureProcessCPUTime();

}  // namespace
}  // namespace plumb
