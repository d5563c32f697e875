// SPDX-License-Identifier: Apache-2.0
#include "core/scenario_traits.h"

#include <algorithm>
#include <array>

namespace plumb {
namespace {

constexpr Traits kOne = kObjects | kWalls;
constexpr Traits kMany = kObjects | kTwoObjects | kWalls;
constexpr Traits kStillRoom = kObjects | kTwoObjects | kWalls;
constexpr Traits kRoom = kStillRoom | kCameraMoves | kParallax;

constexpr std::array<ScenarioTraits, 50> kRows = {{
    {"drop", kOne | kMoves | kFlies | kRests},
    {"free_fall_pair", kMany | kMoves | kFlies | kRests},
    {"bounce", kOne | kMoves | kFlies | kBounces | kRests},
    {"projectile", kOne | kMoves | kFlies},
    {"drop_into_cluster", kMany | kMoves | kFlies | kBounces | kMeets | kRests},
    {"weight_on_stack", kMany | kMoves | kFlies | kRests},
    {"incline_slide", kOne | kMoves | kRubs | kRests},
    {"incline_hold", kOne | kRubs | kRests},
    {"incline_roll", kMany | kMoves | kSpeedsUpRolling | kRests},
    {"u_slope", kOne | kMoves | kSpeedsUpRolling | kRests},
    {"slide_stop", kOne | kMoves | kRubs | kRests},
    {"ramp_launch", kOne | kMoves | kFlies | kSpeedsUpRolling | kRests},
    {"collide", kMany | kMoves | kBounces | kMeets | kRests},
    {"elastic_collision", kMany | kMoves | kBounces | kMeets | kRests},
    {"ball_chain", kMany | kMoves | kBounces | kMeets},
    {"ramp_collision", kMany | kMoves | kBounces | kMeets | kSpeedsUpRolling | kRests},
    {"roll_into_blocks", kMany | kMoves | kMeets | kRests},
    {"uniform_motion", kOne | kMoves | kRests},
    {"stable_stack", kMany | kRests},
    {"unstable_stack", kMany | kMoves | kRests},
    {"dominoes", kMany | kMoves | kMeets | kRubs | kRests},
    {"seesaw", kMany | kMoves | kRests},
    {"overhang", kMany | kMoves | kRests},
    {"support_removed", kMany | kMoves | kFlies | kRests},
    {"pendulum", kOne | kMoves},
    {"double_pendulum", kMany | kMoves},
    {"linked_chain", kMany | kMoves},
    {"gyroscope", kOne | kMoves},
    {"spinning_box", kOne | kMoves | kFlies},
    {"contain", kMany | kMoves | kFlies | kRests},
    {"carry_in_box", kMany | kMoves | kRests},
    {"cup_and_ball", kOne | kMoves | kHides | kRests},
    {"occluder_pass", kMany | kMoves | kHides | kRests},
    {"occluder_stop", kMany | kMoves | kHides | kRests},
    {"occluder_two", kMany | kMoves | kHides | kRests},
    {"tunnel", kOne | kMoves | kHides | kRests},
    {"screen_falls", kOne | kHides | kRests},
    {"look_away", kMany | kCameraMoves | kRests},
    {"crowd_count", kMany | kMoves | kHides | kRests},
    {"rotating_screen", kOne | kHides | kRests},
    {"orbit_room", kRoom},
    {"dolly_room", kRoom},
    {"loop_room", kRoom},
    {"yaw_room", kStillRoom | kCameraMoves},
    {"static_room", kStillRoom},
    {"handheld_room", kRoom},
    {"planar_wall", kWalls | kCameraMoves | kParallax},
    {"low_texture_room", kRoom},
    {"dynamic_room", kRoom | kMoves},
    {"corridor", kRoom},
}};

bool CameraTravels(const CameraPath& path) {
  return path.motion == CameraMotion::kArc || path.motion == CameraMotion::kDolly ||
         path.motion == CameraMotion::kKeys || path.sway_m > 0;
}

}  // namespace

std::span<const ScenarioTraits> AllScenarioTraits() { return kRows; }

Traits TraitsOf(std::string_view scenario) {
  const auto row = std::find_if(
      kRows.begin(), kRows.end(), [&](const ScenarioTraits& r) { return r.scenario == scenario; });
  return row == kRows.end() ? 0 : row->traits;
}

Traits TraitsOf(const Scene& scene) {
  if (const Traits known = TraitsOf(scene.scenario); known != 0) return known;
  Traits traits = 0;
  int objects = 0;
  int free_objects = 0;
  bool has_support = false;
  for (const Body& body : scene.bodies) {
    objects += body.role == Role::kObject;
    free_objects += body.role == Role::kObject && !body.fixed;
    has_support |= body.fixed;
    if (body.role == Role::kOccluder) traits |= kHides;
    if (body.fixed && body.shape.kind == ShapeKind::kBox) traits |= kWalls;
  }
  if (objects > 0) traits |= kObjects;
  if (objects > 1) traits |= kTwoObjects;
  if (free_objects > 0) traits |= kMoves | kFlies;
  if (free_objects > 0 && has_support) traits |= kBounces | kRubs | kSpeedsUpRolling | kRests;
  if (free_objects > 1) traits |= kMeets | kBounces;
  if (CameraTravels(scene.camera)) traits |= kParallax;
  const bool turns = scene.camera.motion == CameraMotion::kYaw || scene.camera.sway_rad > 0;
  if (turns || (traits & kParallax) != 0) traits |= kCameraMoves;
  return traits;
}

}  // namespace plumb
