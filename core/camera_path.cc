// SPDX-License-Identifier: Apache-2.0
#include "core/camera_path.h"

#include <algorithm>
#include <cmath>
#include <numbers>

#include "core/check.h"
#include "core/internal_vertical.h"
#include "core/seed.h"

namespace plumb {
namespace {

// Catmull–Rom through the keys (Catmull & Rom 1974) on their own shares; the ends are at rest.
CameraKey KeyAt(const std::vector<CameraKey>& keys, double share) {
  PLUMB_CHECK(keys.size() >= 2, "{} keys", keys.size());
  size_t i = 0;
  while (i + 2 < keys.size() && keys[i + 1].share <= share) ++i;
  const auto slope = [&](size_t k, auto member) -> Eigen::Vector3d {
    if (k == 0 || k + 1 == keys.size()) return Eigen::Vector3d::Zero();
    return (keys[k + 1].*member - keys[k - 1].*member) / (keys[k + 1].share - keys[k - 1].share);
  };
  const double width = keys[i + 1].share - keys[i].share;
  const double t = std::clamp((share - keys[i].share) / width, 0.0, 1.0);
  const auto between = [&](auto member) -> Eigen::Vector3d {
    const double t2 = t * t, t3 = t2 * t;
    return (2 * t3 - 3 * t2 + 1) * (keys[i].*member) +
           (t3 - 2 * t2 + t) * width * slope(i, member) +
           (3 * t2 - 2 * t3) * (keys[i + 1].*member) + (t3 - t2) * width * slope(i + 1, member);
  };
  return {share, between(&CameraKey::eye_m), between(&CameraKey::target_m)};
}

// One smooth signal of unit standard deviation: three sines between 0.3 and 3 Hz.
double SwayAt(uint64_t seed, std::string_view channel, double time_s) {
  Random random(DeriveSeed(seed, channel, "camera sway"));
  constexpr double kShares[] = {0.8, 0.5, 0.33};  // squares sum to 1
  double sum = 0;
  for (int k = 0; k < 3; ++k) {
    const double frequency_hz = 0.3 * std::pow(10.0, (k + random.Uniform()) / 3);
    const double phase = random.Uniform(0, 2 * std::numbers::pi);
    sum += kShares[k] * std::numbers::sqrt2 *
           std::sin(2 * std::numbers::pi * frequency_hz * time_s + phase);
  }
  return sum;
}

Rigid3 Swayed(const CameraPath& path, const Rigid3& world_from_camera, double share) {
  if (path.sway_m == 0 && path.sway_rad == 0) return world_from_camera;
  const double time_s = share * path.sway_s;
  const auto at = [&](std::string_view channel) { return SwayAt(path.sway_seed, channel, time_s); };
  const Eigen::Vector3d shift = path.sway_m * Eigen::Vector3d(at("x"), at("y"), at("z"));
  const Eigen::Quaterniond turn =
      Eigen::AngleAxisd(path.sway_rad * at("yaw"), Eigen::Vector3d::UnitY()) *
      Eigen::AngleAxisd(path.sway_rad * at("pitch"), Eigen::Vector3d::UnitX()) *
      Eigen::AngleAxisd(0.5 * path.sway_rad * at("roll"), Eigen::Vector3d::UnitZ());
  return world_from_camera * Rigid3(turn, shift);
}

Rigid3 SteadyWorldFromCamera(const CameraPath& path, double share) {
  const Eigen::AngleAxisd turn(path.sweep_rad * share, Eigen::Vector3d::UnitZ());
  const bool turns = path.motion == CameraMotion::kArc || path.motion == CameraMotion::kYaw;
  if (turns && IsVertical(path.target_m - path.eye_m)) {
    return {turn * WorldFromCameraLookingAt(path.eye_m, path.target_m).rotation, path.eye_m};
  }
  switch (path.motion) {
    case CameraMotion::kStatic:
      return WorldFromCameraLookingAt(path.eye_m, path.target_m);
    case CameraMotion::kArc:
      return WorldFromCameraLookingAt(path.target_m + turn * (path.eye_m - path.target_m),
                                      path.target_m);
    case CameraMotion::kDolly:
      return WorldFromCameraLookingAt(path.eye_m + share * path.travel_m,
                                      path.target_m + share * path.travel_m);
    case CameraMotion::kYaw:
      return WorldFromCameraLookingAt(path.eye_m, path.eye_m + turn * (path.target_m - path.eye_m));
    case CameraMotion::kKeys: {
      const CameraKey key = KeyAt(path.keys, share);
      return WorldFromCameraLookingAt(key.eye_m, key.target_m);
    }
  }
  throw CheckFailure("unknown camera motion");
}

}  // namespace

Rigid3 WorldFromCamera(const CameraPath& path, double share) {
  // There and back: a cosine that is 0 at both ends and 1 in the middle.
  const double way = path.there_and_back ? (1 - std::cos(2 * std::numbers::pi * share)) / 2 : share;
  return Swayed(path, SteadyWorldFromCamera(path, way), share);
}

}  // namespace plumb
