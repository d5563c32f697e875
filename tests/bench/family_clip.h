// SPDX-License-Identifier: Apache-2.0
// The clip on which the families that follow objects are timed: the truth as its own sample.
#pragma once

#include <benchmark/benchmark.h>

#include "metrics/metrics.h"
#include "scenes/catalogue.h"
#include "scenes/render.h"

namespace plumb {

// Seconds of one family on 120 frames at 256², one thread.
inline void TimeFamily(benchmark::State& state,
                       const char* scenario,
                       FamilyReport (*measure)(const MetricInput&, const Progress&)) {
  RenderOptions options;
  options.frames = 120;
  options.depth = options.normals = options.flow = options.amodal = false;
  const Truth truth = MakeTruth(MakeScene(scenario, 7, 1), options);
  MetricInput input;
  input.sample = &truth.video;
  input.truth = &truth;
  input.conditioning_frames = 5;
  for (auto _ : state) benchmark::DoNotOptimize(measure(input, {}));
}

}  // namespace plumb
