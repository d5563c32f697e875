// SPDX-License-Identifier: Apache-2.0
// Seconds of dynamics.* per clip of 120 frames at 256², one thread. The target is 2 s.
#include <benchmark/benchmark.h>

#include "metrics/metrics.h"
#include "scenes/catalogue.h"
#include "scenes/render.h"

namespace plumb {
namespace {

Truth Clip(const char* scenario) {
  RenderOptions options;
  options.frames = 120;
  options.depth = options.normals = options.flow = options.amodal = false;
  return MakeTruth(MakeScene(scenario, 7, 1), options);
}

void MeasureDynamicsOf(benchmark::State& state, const char* scenario) {
  const Truth truth = Clip(scenario);
  MetricInput input;
  input.sample = &truth.video;
  input.truth = &truth;
  input.conditioning_frames = 5;
  for (auto _ : state) benchmark::DoNotOptimize(MeasureDynamics(input, {}));
}
BENCHMARK_CAPTURE(MeasureDynamicsOf, one_ball, "bounce")->Unit(benchmark::kSecond);
BENCHMARK_CAPTURE(MeasureDynamicsOf, two_balls, "collide")->Unit(benchmark::kSecond);
BENCHMARK_CAPTURE(MeasureDynamicsOf, free_fall, "drop")->Unit(benchmark::kSecond);

}  // namespace
}  // namespace plumb
