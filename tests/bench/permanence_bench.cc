// SPDX-License-Identifier: Apache-2.0
// Seconds of permanence.* per clip of 120 frames at 256², one thread. The target is 2 s.
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

void MeasurePermanenceOf(benchmark::State& state, const char* scenario) {
  const Truth truth = Clip(scenario);
  MetricInput input;
  input.sample = &truth.video;
  input.truth = &truth;
  input.conditioning_frames = 5;
  for (auto _ : state) benchmark::DoNotOptimize(MeasurePermanence(input, {}));
}
BENCHMARK_CAPTURE(MeasurePermanenceOf, one_ball, "bounce")->Unit(benchmark::kSecond);
BENCHMARK_CAPTURE(MeasurePermanenceOf, behind_a_screen, "occluder_pass")->Unit(benchmark::kSecond);
BENCHMARK_CAPTURE(MeasurePermanenceOf, moving_camera, "orbit_room")->Unit(benchmark::kSecond);

}  // namespace
}  // namespace plumb
