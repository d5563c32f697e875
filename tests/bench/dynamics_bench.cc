// SPDX-License-Identifier: Apache-2.0
// Seconds of dynamics.* per clip. The target is 2 s.
#include "tests/bench/family_clip.h"

namespace plumb {
namespace {

BENCHMARK_CAPTURE(TimeFamily, one_ball, "bounce", MeasureDynamics)->Unit(benchmark::kSecond);
BENCHMARK_CAPTURE(TimeFamily, two_balls, "collide", MeasureDynamics)->Unit(benchmark::kSecond);
BENCHMARK_CAPTURE(TimeFamily, free_fall, "drop", MeasureDynamics)->Unit(benchmark::kSecond);

}  // namespace
}  // namespace plumb
