// SPDX-License-Identifier: Apache-2.0
#include "metrics/published/camera_path.h"

#include <algorithm>
#include <cmath>
#include <limits>
#include <numbers>

#include <fmt/format.h>

#include "core/statistics.h"

namespace plumb {
namespace {

using Poses = std::vector<Rigid3>;

Poses FromTheIdentity(const Poses& poses) {
  const Rigid3 first_from_world = Inverse(poses.front());
  Poses moved;
  for (const Rigid3& pose : poses) moved.push_back(first_from_world * pose);
  return moved;
}

double AngleBetween(const Rigid3& a, const Rigid3& b) {
  return RotationDegrees(a.rotation.conjugate() * b.rotation);
}

std::vector<double> RotationErrors(const PosePairs& paths) {
  std::vector<double> errors;
  for (size_t i = 0; i < paths.truth.size(); ++i) {
    errors.push_back(AngleBetween(paths.truth[i], paths.estimate[i]));
  }
  return errors;
}

double MeanDistance(const PosePairs& paths, double scale) {
  double sum = 0.0;
  for (size_t i = 0; i < paths.truth.size(); ++i) {
    sum += (paths.truth[i].translation - scale * paths.estimate[i].translation).norm();
  }
  return sum / static_cast<double>(paths.truth.size());
}

// The derivative of the sum of distances by the scale; 0 counts for poses that are met exactly.
double SlopeOfDistance(const PosePairs& paths, double scale) {
  double slope = 0.0;
  for (size_t i = 0; i < paths.truth.size(); ++i) {
    const Eigen::Vector3d& way = paths.estimate[i].translation;
    const Eigen::Vector3d beyond = scale * way - paths.truth[i].translation;
    if (beyond.norm() > 0.0) slope += way.dot(beyond) / beyond.norm();
  }
  return slope;
}

void AddWorldScore(const PosePairs& paths, NamedValues& to) {
  const double rotation_deg = Mean(RotationErrors(paths));
  const double translation = MeanDistance(paths, ScaleOfLeastDistance(paths));
  to.Add("worldscore/rotation_deg", rotation_deg);
  to.Add("worldscore/translation", translation);
  to.Add("worldscore/camera_control",
         std::sqrt(std::clamp(1.0 - rotation_deg / 15.0, 0.0, 1.0) *
                   std::clamp(1.0 - translation / 0.5, 0.0, 1.0)));
}

void AddMemoBench(const PosePairs& paths, NamedValues& to) {
  double squares = 0.0;
  for (const double error : RotationErrors(paths)) squares += error * error;
  const double rmse = std::sqrt(squares / static_cast<double>(paths.truth.size()));
  const double total = AngleBetween(paths.truth.front(), paths.truth.back());
  std::vector<double> steps;
  for (size_t i = 0; i + 1 < paths.truth.size(); ++i) {
    steps.push_back(AngleBetween(Inverse(paths.truth[i]) * paths.truth[i + 1],
                                 Inverse(paths.estimate[i]) * paths.estimate[i + 1]));
  }
  to.Add("memobench/camera_controllability", std::max(0.0, 1.0 - rmse / std::max(total, 10.0)));
  to.Add("memobench/ate_rot_deg", rmse);
  to.Add("memobench/total_gt_rotation_deg", total);
  to.Add("memobench/mean_rot_error_deg", Mean(steps));
}

// --- WRBench ---

double RootMeanSquareWay(const Poses& poses) {
  double sum = 0.0;
  for (const Rigid3& pose : poses) sum += pose.translation.squaredNorm();
  return std::sqrt(sum / static_cast<double>(poses.size()));
}

double ShapeError(const PosePairs& paths) {
  double along = 0.0, squares = 0.0;
  for (size_t i = 0; i < paths.truth.size(); ++i) {
    along += paths.truth[i].translation.dot(paths.estimate[i].translation);
    squares += paths.estimate[i].translation.squaredNorm();
  }
  const double scale = squares > 1e-12 ? std::max(along / squares, 0.0) : 1.0;
  Poses beyond = paths.truth;
  for (size_t i = 0; i < beyond.size(); ++i) {
    beyond[i].translation -= scale * paths.estimate[i].translation;
  }
  return RootMeanSquareWay(beyond) / (RootMeanSquareWay(paths.truth) + 1e-8);
}

double YawDegrees(const Rigid3& pose) {
  const Eigen::Matrix3d rotation = pose.rotation.toRotationMatrix();
  return std::atan2(rotation(0, 2), rotation(0, 0)) * 180.0 / std::numbers::pi;
}

// The value that is farthest from 0, the first of equals.
template <typename Of>
double Peak(const Poses& poses, const Of& of) {
  double peak = 0.0;
  for (const Rigid3& pose : poses) {
    if (std::abs(of(pose)) > std::abs(peak)) peak = of(pose);
  }
  return peak;
}

template <typename Of>
bool SameWay(const PosePairs& paths, double least, const Of& of) {
  const double asked = Peak(paths.truth, of);
  const double found = Peak(paths.estimate, of);
  return std::abs(asked) > least && std::abs(found) > least && (asked > 0.0) == (found > 0.0);
}

struct CameraControl {
  CameraKind kind = CameraKind::kAny;
  Eigen::Quaterniond world_from_first;  // of the true path
};

bool StandsStill(const Poses& poses) {
  return std::all_of(poses.begin(), poses.end(), [](const Rigid3& pose) {
    return RotationDegrees(pose.rotation) <= 2.0 && pose.translation.norm() <= 0.05;
  });
}

double Accuracy(const PosePairs& paths, double reward, const CameraControl& control) {
  // Along the x axis of the world that the true path is told in.
  const auto sideways_of = [&](const Rigid3& pose) {
    return (control.world_from_first * pose.translation).x();
  };
  switch (control.kind) {
    case CameraKind::kStatic:
      return StandsStill(paths.estimate) ? 1.0 : 0.0;
    case CameraKind::kYaw:
      return SameWay(paths, 2.0, YawDegrees) ? reward : 0.0;
    case CameraKind::kPan:
      return SameWay(paths, 1e-4, sideways_of) ? reward : 0.0;
    case CameraKind::kAny:
      break;
  }
  return reward;
}

void AddWrBench(const PosePairs& paths, const CameraControl& control, NamedValues& to) {
  const double rotation_deg = Mean(RotationErrors(paths));
  const double shape = ShapeError(paths);
  const double reward = std::exp(-(rotation_deg / 45.0 + shape));
  to.Add("wrbench/camera_accuracy", Accuracy(paths, reward, control));
  to.Add("wrbench/pose_reward", reward);
  to.Add("wrbench/rot_error_deg", rotation_deg);
  to.Add("wrbench/trans_error", shape);
}

}  // namespace

// The sum of distances is convex and each of them least at the projection of its own pose: the
// factor lies between the least and the greatest of those.
double ScaleOfLeastDistance(const PosePairs& paths) {
  double low = std::numeric_limits<double>::infinity(), high = -low;
  for (size_t i = 0; i < paths.truth.size(); ++i) {
    const Eigen::Vector3d& way = paths.estimate[i].translation;
    if (way.squaredNorm() <= 0.0) continue;
    const double own = way.dot(paths.truth[i].translation) / way.squaredNorm();
    low = std::min(low, own);
    high = std::max(high, own);
  }
  if (low > high) return 1.0;
  for (int halving = 0; halving < 200 && low < high; ++halving) {
    const double middle = low + 0.5 * (high - low);
    (SlopeOfDistance(paths, middle) < 0.0 ? low : high) = middle;
  }
  return low + 0.5 * (high - low);
}

NamedValues CameraPathError(const Trajectory& truth,
                            const Trajectory& estimate,
                            const CameraPathSettings& settings) {
  const PosePairs met = AssociatePoses(truth, estimate, settings.max_time_difference_s);
  NamedValues values;
  values.Add("associated_pairs", static_cast<double>(met.truth.size()));
  if (met.truth.size() < 2) {
    const std::string reason = fmt::format("{} poses are within {} s of each other, two are needed",
                                           met.truth.size(),
                                           settings.max_time_difference_s);
    for (const char* name : {"worldscore/rotation_deg",
                             "worldscore/translation",
                             "worldscore/camera_control",
                             "memobench/camera_controllability",
                             "memobench/ate_rot_deg",
                             "memobench/total_gt_rotation_deg",
                             "memobench/mean_rot_error_deg",
                             "wrbench/camera_accuracy",
                             "wrbench/pose_reward",
                             "wrbench/rot_error_deg",
                             "wrbench/trans_error"}) {
      values.AddUndefined(name, reason);
    }
    return values;
  }
  const PosePairs paths = {FromTheIdentity(met.truth), FromTheIdentity(met.estimate)};
  AddWorldScore(paths, values);
  AddMemoBench(paths, values);
  AddWrBench(paths, {settings.kind, met.truth.front().rotation}, values);
  return values;
}

}  // namespace plumb
