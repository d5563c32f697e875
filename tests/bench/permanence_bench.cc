// SPDX-License-Identifier: Apache-2.0
// Seconds of permanence.* per clip. The target is 2 s.
#include "tests/bench/family_clip.h"

namespace plumb {
namespace {

BENCHMARK_CAPTURE(TimeFamily, one_ball, "bounce", MeasurePermanence)->Unit(benchmark::kSecond);
BENCHMARK_CAPTURE(TimeFamily, behind_a_screen, "occluder_pass", MeasurePermanence)
    ->Unit(benchmark::kSecond);
BENCHMARK_CAPTURE(TimeFamily, moving_camera, "orbit_room", MeasurePermanence)
    ->Unit(benchmark::kSecond);

}  // namespace
}  // namespace plumb
