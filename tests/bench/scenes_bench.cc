// SPDX-License-Identifier: Apache-2.0
// Frames per second of rendering with every pass, 256 x 256, two threads, for each scenario of the
// catalogue; of simulation; and of larger pictures.
#include <string>
#include <sys/resource.h>

#include <benchmark/benchmark.h>

#include "scenes/catalogue.h"
#include "scenes/render.h"
#include "scenes/simulate.h"

namespace plumb {
namespace {

RenderOptions EveryPassAt(int side_px, int threads) {
  RenderOptions options;
  options.frames = 48;
  options.width = options.height = side_px;
  options.threads = threads;
  return RenderOptions::EveryPass(options);
}

double MostMemory_mb() {
  rusage usage{};
  getrusage(RUSAGE_SELF, &usage);
  return usage.ru_maxrss / 1024.0;
}

void CountFrames(benchmark::State& state, const RenderOptions& options) {
  state.counters["fps"] = benchmark::Counter(
      static_cast<double>(options.frames * state.iterations()), benchmark::Counter::kIsRate);
  state.counters["memory_mb"] = MostMemory_mb();
}

void BenchRender(benchmark::State& state, const std::string& scenario) {
  const Scene scene = MakeScene(scenario, 1, 1);
  const RenderOptions options = EveryPassAt(256, 2);
  SimulateOptions simulate;
  simulate.fps = options.fps;
  simulate.duration_s = std::max(scene.duration_s, options.frames / options.fps);
  const Motion motion = Simulate(scene, simulate);
  for (auto _ : state) benchmark::DoNotOptimize(Render(scene, motion, options));
  CountFrames(state, options);
}

// Cost against pixels: the same scene in three sizes.
void BenchSize(benchmark::State& state) {
  const Scene scene = MakeScene("orbit_room", 1, 1);
  const RenderOptions options = EveryPassAt(static_cast<int>(state.range(0)), 2);
  for (auto _ : state) benchmark::DoNotOptimize(MakeTruth(scene, options));
  CountFrames(state, options);
}
BENCHMARK(BenchSize)->Arg(128)->Arg(256)->Arg(512)->Unit(benchmark::kMillisecond)->UseRealTime();

void BenchSimulate(benchmark::State& state, const std::string& scenario) {
  const Scene scene = MakeScene(scenario, 1, 1);
  for (auto _ : state) benchmark::DoNotOptimize(Simulate(scene, {}));
}
BENCHMARK_CAPTURE(BenchSimulate, bounce, "bounce")->Unit(benchmark::kMillisecond);
BENCHMARK_CAPTURE(BenchSimulate, incline_slide, "incline_slide")->Unit(benchmark::kMillisecond);

const bool kRegistered = [] {
  for (const ScenarioInfo& info : ListScenarios()) {
    const std::string id(info.id);
    benchmark::RegisterBenchmark(("BenchRender/" + id).c_str(), BenchRender, id)
        ->Unit(benchmark::kMillisecond)
        ->UseRealTime();
  }
  return true;
}();

}  // namespace
}  // namespace plumb
