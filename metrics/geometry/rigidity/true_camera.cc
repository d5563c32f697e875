// SPDX-License-Identifier: Apache-2.0
#include "metrics/geometry/rigidity/true_camera.h"

#include <algorithm>

#include <Eigen/SVD>

#include "core/statistics.h"
#include "metrics/published/camera_path.h"
#include "metrics/published/similarity.h"

namespace plumb {
namespace {

constexpr size_t kMinPoses = 3;
constexpr double kLeastExtent_m = 1e-3;

double MedianInterval(const Trajectory& path) {
  std::vector<double> intervals;
  for (size_t i = 1; i < path.size(); ++i) {
    intervals.push_back(path[i].time_s - path[i - 1].time_s);
  }
  return intervals.empty() ? 0.0 : Median(std::move(intervals));
}

std::vector<Rigid3> FromTheFirst(const std::vector<Rigid3>& poses) {
  std::vector<Rigid3> moved;
  for (const Rigid3& pose : poses) moved.push_back(Inverse(poses.front()) * pose);
  return moved;
}

Eigen::Vector3d MeanPlace(const std::vector<Rigid3>& poses) {
  Eigen::Vector3d sum = Eigen::Vector3d::Zero();
  for (const Rigid3& pose : poses) sum += pose.translation;
  return sum / static_cast<double>(poses.size());
}

std::vector<Eigen::Vector3d> PlacesOf(const std::vector<Rigid3>& poses) {
  std::vector<Eigen::Vector3d> places;
  for (const Rigid3& pose : poses) places.push_back(pose.translation);
  return places;
}

// The rotation nearest to all that bring a found pose to its true one; scale and shift follow.
Similarity AlignByRotations(const PosePairs& paths) {
  Eigen::Matrix3d sum = Eigen::Matrix3d::Zero();
  for (size_t i = 0; i < paths.truth.size(); ++i) {
    sum += (paths.truth[i].rotation * paths.estimate[i].rotation.conjugate()).toRotationMatrix();
  }
  const Eigen::JacobiSVD<Eigen::Matrix3d> svd(sum, Eigen::ComputeFullU | Eigen::ComputeFullV);
  Eigen::Matrix3d sign = Eigen::Matrix3d::Identity();
  sign(2, 2) = (svd.matrixU() * svd.matrixV().transpose()).determinant() < 0.0 ? -1.0 : 1.0;
  Similarity best;
  best.rotation = svd.matrixU() * sign * svd.matrixV().transpose();
  const Eigen::Vector3d true_mean = MeanPlace(paths.truth), mean = MeanPlace(paths.estimate);
  double along = 0.0, squares = 0.0;
  for (size_t i = 0; i < paths.truth.size(); ++i) {
    const Eigen::Vector3d way = best.rotation * (paths.estimate[i].translation - mean);
    along += way.dot(paths.truth[i].translation - true_mean);
    squares += way.squaredNorm();
  }
  best.scale = squares > 0.0 ? std::max(0.0, along / squares) : 0.0;
  best.translation = true_mean - best.scale * (best.rotation * mean);
  return best;
}

void AddAligned(const PosePairs& paths, CameraErrors& to) {
  const Similarity align = AlignPoints(PlacesOf(paths.estimate), PlacesOf(paths.truth), true)
                               .value_or(AlignByRotations(paths));
  const Eigen::Quaterniond turn = Eigen::Quaterniond(align.rotation).normalized();
  std::vector<Rigid3> aligned;
  for (const Rigid3& pose : paths.estimate) {
    aligned.emplace_back((turn * pose.rotation).normalized(), align * pose.translation);
  }
  for (size_t i = 0; i < aligned.size(); ++i) {
    to.absolute_m.push_back((aligned[i].translation - paths.truth[i].translation).norm());
    if (i == 0) continue;
    const Rigid3 true_step = Inverse(paths.truth[i - 1]) * paths.truth[i];
    const Rigid3 step = Inverse(aligned[i - 1]) * aligned[i];
    to.step_m.push_back((Inverse(true_step) * step).translation.norm());
  }
}

void AddFromTheFirst(const PosePairs& met, double extent_m, CameraErrors& to) {
  const PosePairs paths = {FromTheFirst(met.truth), FromTheFirst(met.estimate)};
  // The sum of distances is convex in the scale: without a mirrored world its least is at nought.
  const double scale = std::max(0.0, ScaleOfLeastDistance(paths));
  for (size_t i = 0; i < paths.truth.size(); ++i) {
    const Eigen::Quaterniond beyond =
        paths.truth[i].rotation.conjugate() * paths.estimate[i].rotation;
    to.rotation_deg.push_back(RotationDegrees(beyond));
    if (extent_m < kLeastExtent_m) continue;
    const Eigen::Vector3d off = scale * paths.estimate[i].translation - paths.truth[i].translation;
    to.translation.push_back(off.norm() / extent_m);
  }
}

double ExtentOf(const Trajectory& path) {
  double extent = 0.0;
  for (const StampedPose& pose : path) {
    const Eigen::Vector3d way =
        pose.world_from_body.translation - path.front().world_from_body.translation;
    extent = std::max(extent, way.norm());
  }
  return extent;
}

Json FormsOf(const Trajectory& truth, const Trajectory& found, double max_s) {
  Json forms = Json::object();
  const NamedValues values = CameraPathError(truth, found, {.max_time_difference_s = max_s});
  for (const NamedValue& value : values.values()) {
    if (value.value) forms[value.name] = *value.value;
  }
  return forms;
}

}  // namespace

Trajectory FoundPath(const Video& sample, const TrackSet& set, const RigidWorld& world) {
  Trajectory path;
  for (int frame = world.stretch.first; frame <= world.stretch.last; ++frame) {
    if (!world.clip.posed[frame]) continue;
    path.push_back(
        {sample.times_s()[set.frames[frame]], Inverse(world.clip.camera_from_world[frame])});
  }
  return path;
}

Trajectory StillPath(const Video& sample, const TrackSet& set) {
  Trajectory path;
  for (const int frame : set.frames) path.push_back({sample.times_s()[frame], Rigid3()});
  return path;
}

Trajectory TruePath(const Truth& truth) {
  Trajectory path;
  for (size_t i = 0; i < truth.cameras.size(); ++i) {
    path.push_back({truth.video.times_s()[i], Inverse(truth.cameras[i].camera_from_world)});
  }
  return path;
}

CameraErrors CompareCameras(const std::vector<Trajectory>& found, const Trajectory& truth) {
  CameraErrors errors;
  const double extent_m = ExtentOf(truth);
  size_t longest = 0;
  for (const Trajectory& path : found) {
    const double max_s = 0.5 * std::max(MedianInterval(path), MedianInterval(truth)) + 1e-9;
    const PosePairs met = AssociatePoses(truth, path, max_s);
    if (met.truth.size() < kMinPoses) continue;
    AddFromTheFirst(met, extent_m, errors);
    if (extent_m >= kLeastExtent_m) AddAligned(met, errors);
    if (met.truth.size() <= longest) continue;
    longest = met.truth.size();
    errors.forms = FormsOf(truth, path, max_s);
  }
  return errors;
}

}  // namespace plumb
