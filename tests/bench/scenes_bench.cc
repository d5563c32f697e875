// SPDX-License-Identifier: Apache-2.0
// Frames per second of simulation and rendering with all passes, 256 x 256, one thread.
#include <string>

#include <benchmark/benchmark.h>

#include "scenes/catalogue.h"
#include "scenes/render.h"
#include "scenes/simulate.h"

namespace plumb {
namespace {

void BenchTruth(benchmark::State& state, const std::string& scenario) {
  const Scene scene = MakeScene(scenario, 1, 1);
  RenderOptions options;
  options.frames = static_cast<int>(state.range(0));
  for (auto _ : state) benchmark::DoNotOptimize(MakeTruth(scene, options));
  state.counters["fps"] = benchmark::Counter(
      static_cast<double>(options.frames * state.iterations()), benchmark::Counter::kIsRate);
}
BENCHMARK_CAPTURE(BenchTruth, drop, "drop")->Arg(48)->Unit(benchmark::kMillisecond);
BENCHMARK_CAPTURE(BenchTruth, bounce, "bounce")->Arg(48)->Unit(benchmark::kMillisecond);
BENCHMARK_CAPTURE(BenchTruth, collide, "collide")->Arg(48)->Unit(benchmark::kMillisecond);
BENCHMARK_CAPTURE(BenchTruth, incline_slide, "incline_slide")
    ->Arg(48)
    ->Unit(benchmark::kMillisecond);
BENCHMARK_CAPTURE(BenchTruth, occluder_pass, "occluder_pass")
    ->Arg(48)
    ->Unit(benchmark::kMillisecond);
BENCHMARK_CAPTURE(BenchTruth, orbit_room, "orbit_room")->Arg(48)->Unit(benchmark::kMillisecond);

void BenchSimulate(benchmark::State& state, const std::string& scenario) {
  const Scene scene = MakeScene(scenario, 1, 1);
  for (auto _ : state) benchmark::DoNotOptimize(Simulate(scene, {}));
}
BENCHMARK_CAPTURE(BenchSimulate, bounce, "bounce")->Unit(benchmark::kMillisecond);
BENCHMARK_CAPTURE(BenchSimulate, incline_slide, "incline_slide")->Unit(benchmark::kMillisecond);

}  // namespace
}  // namespace plumb
