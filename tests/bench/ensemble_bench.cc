// SPDX-License-Identifier: Apache-2.0
// Processor seconds of 64 rollouts of 2 s of a pile of 30 boxes on two threads, at the truth's
// rate, which is the ensemble's own, at lower ones, and as exactly as the truth. The target is 10 s
// on two processors: 20 here.
#include <benchmark/benchmark.h>

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

}  // namespace
}  // namespace plumb
