// SPDX-License-Identifier: Apache-2.0
// Seconds per clip of the geometry family, 120 frames, one thread.
#include <benchmark/benchmark.h>

#include "metrics/metrics.h"
#include "scenes/catalogue.h"
#include "scenes/render.h"

namespace plumb {
namespace {

Video Clip(const char* scenario, int width, int height) {
  RenderOptions options;
  options.width = width;
  options.height = height;
  options.frames = 120;
  return MakeTruth(MakeScene(scenario, 1, 1), RenderOptions::PicturesOnly(options)).video;
}

void BenchGeometry(benchmark::State& state) {
  const Video video =
      Clip("orbit_room", static_cast<int>(state.range(0)), static_cast<int>(state.range(1)));
  MetricInput input;
  input.sample = &video;
  for (auto _ : state) {
    const FamilyReport report = MeasureGeometry(input, {});
    const Score& headline = report.scores.front();
    state.counters["consistency"] = headline.measured() ? headline.value() : -1.0;
  }
}
BENCHMARK(BenchGeometry)->Args({256, 256})->Args({640, 480})->Unit(benchmark::kSecond);

void BenchStillCamera(benchmark::State& state) {
  const Video video = Clip("drop", 256, 256);
  MetricInput input;
  input.sample = &video;
  for (auto _ : state) benchmark::DoNotOptimize(MeasureGeometry(input, {}));
}
BENCHMARK(BenchStillCamera)->Unit(benchmark::kSecond);

}  // namespace
}  // namespace plumb
