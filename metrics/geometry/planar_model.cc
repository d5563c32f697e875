// SPDX-License-Identifier: Apache-2.0
#include "metrics/geometry/planar_model.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <limits>
#include <map>
#include <memory>
#include <numbers>

#include <Eigen/Geometry>
#include <Eigen/LU>
#include <Eigen/SVD>
#include <ceres/ceres.h>
#include <ceres/rotation.h>

#include "metrics/geometry/epipolar.h"

namespace plumb {
namespace {

constexpr size_t kMinTracks = 12;  // that place a keyframe

// Columns: two axes of the plane with that normal, and its point nearest to the camera.
Eigen::Matrix3d PlaneFrame(const Eigen::Vector3d& normal) {
  const Eigen::Vector3d helper = std::abs(normal.x()) < 0.9
                                     ? Eigen::Vector3d(Eigen::Vector3d::UnitX())
                                     : Eigen::Vector3d(Eigen::Vector3d::UnitY());
  Eigen::Matrix3d frame;
  frame.col(0) = (helper - helper.dot(normal) * normal).normalized();
  frame.col(1) = normal.cross(frame.col(0));
  frame.col(2) = normal;
  return frame;
}

Eigen::Matrix3d ToRays(const Homography& homography, double focal) {
  const Eigen::Vector3d k(focal, focal, 1.0);
  return k.cwiseInverse().asDiagonal() * homography * k.asDiagonal();
}

// How far the plane's axes are from orthogonal and equally long, 0 to 1.
double AxesError(const Eigen::Matrix3d& rays, const Eigen::Matrix3d& plane) {
  const Eigen::Vector3d u = rays * plane.col(0), v = rays * plane.col(1);
  const double uu = u.squaredNorm(), vv = v.squaredNorm();
  const double apart = (uu - vv) / (uu + vv), along = 2.0 * u.dot(v) / (uu + vv);
  return apart * apart + along * along;
}

// Head-on first, then rings of growing tilt.
std::vector<Eigen::Vector3d> Normals() {
  std::vector<Eigen::Vector3d> normals = {Eigen::Vector3d::UnitZ()};
  for (int ring = 1; ring <= 12; ++ring) {
    const double tilt = ring * std::numbers::pi / 30.0;  // up to 72 degrees
    for (int k = 0; k < 24; ++k) {
      const double turn = k * std::numbers::pi / 12.0;
      normals.emplace_back(
          std::sin(tilt) * std::cos(turn), std::sin(tilt) * std::sin(turn), std::cos(tilt));
    }
  }
  return normals;
}

// The camera that sees the plane like this; none when the plane would lie behind it.
std::optional<Rigid3> PoseOf(const Eigen::Matrix3d& rays, const Eigen::Matrix3d& plane) {
  Eigen::Matrix3d seen = rays * plane;
  seen *= 2.0 / (seen.col(0).norm() + seen.col(1).norm());
  if (seen(2, 2) < 0.0) seen = -seen;
  Eigen::Matrix3d axes = seen;
  axes.col(2) = seen.col(0).cross(seen.col(1));
  const Eigen::JacobiSVD<Eigen::Matrix3d> svd(axes, Eigen::ComputeFullU | Eigen::ComputeFullV);
  const Eigen::Matrix3d rotation = svd.matrixU() * svd.matrixV().transpose();
  if (!rotation.allFinite() || rotation.determinant() < 0.0 || seen(2, 2) < 1e-6) {
    return std::nullopt;
  }
  return Rigid3(Eigen::Quaterniond(rotation).normalized(), seen.col(2));
}

// Homographies of the keyframes from the first of them, track by track as they come into view.
class HomographyChain {
 public:
  HomographyChain(const TrackSet& set, const std::vector<int>& tracks, const CentredPinhole& centre)
      : set_(set), tracks_(tracks), centre_(centre) {}

  // Says whether the frame could be placed.
  bool Add(int frame) {
    if (!frames.empty()) {
      PointPairs pairs;
      for (const int track : tracks_) {
        const auto known = in_reference_.find(track);
        if (known == in_reference_.end() || !set_.tracks[track].Sees(frame)) continue;
        pairs.a_px.push_back(known->second);
        pairs.b_px.push_back(Centred(track, frame));
      }
      if (pairs.a_px.size() < kMinTracks) return false;
      const std::optional<Homography> found = FitHomography(pairs);
      if (!found || std::abs(found->determinant()) < 1e-9) return false;
      homographies.push_back(*found);
    } else {
      homographies.push_back(Homography::Identity());
    }
    frames.push_back(frame);
    StartTracks(frame, homographies.back().inverse());
    return true;
  }

  std::vector<int> frames;
  std::vector<Homography> homographies;  // of pixels counted from the centre
  const std::map<int, Eigen::Vector2d>& in_reference() const { return in_reference_; }

 private:
  Eigen::Vector2d Centred(int track, int frame) const {
    return set_.tracks[track].At(frame) - centre_.centre_px;
  }

  void StartTracks(int frame, const Homography& reference_from_frame) {
    for (const int track : tracks_) {
      if (in_reference_.contains(track) || !set_.tracks[track].Sees(frame)) continue;
      const Eigen::Vector3d x = reference_from_frame * Centred(track, frame).homogeneous();
      if (std::abs(x.z()) > 1e-9) in_reference_[track] = x.hnormalized();
    }
  }

  const TrackSet& set_;
  const std::vector<int>& tracks_;
  const CentredPinhole& centre_;
  std::map<int, Eigen::Vector2d> in_reference_;
};

struct PlaneResidual {
  Eigen::Vector2d seen_from_centre_px;

  template <typename T>
  bool operator()(const T* focal, const T* pose, const T* point, T* residual) const {
    const T on_plane[3] = {point[0], point[1], T(0.0)};
    T x[3];
    ceres::AngleAxisRotatePoint(pose, on_plane, x);
    for (int k = 0; k < 3; ++k) x[k] += pose[3 + k];
    if (x[2] < T(1e-4)) return false;
    residual[0] = focal[0] * x[0] / x[2] - T(seen_from_centre_px.x());
    residual[1] = focal[0] * x[1] / x[2] - T(seen_from_centre_px.y());
    return true;
  }
};

// Refines focal length, poses and points together. Place, turn and scale of the world within the
// plane are held by the first camera's distance and one part of its turn.
class PlaneBundle {
 public:
  using Pose = std::array<double, 6>;  // angle-axis, translation

  PlaneBundle(const TrackSet& set, double focal_px) : set_(set), focal_px_(focal_px) {}

  void AddFrame(int frame, const Rigid3& pose) {
    const Eigen::AngleAxisd turn(pose.rotation);
    const Eigen::Vector3d axis = turn.angle() * turn.axis();
    poses_[frame] = {axis.x(),
                     axis.y(),
                     axis.z(),
                     pose.translation.x(),
                     pose.translation.y(),
                     pose.translation.z()};
  }

  // Only in front of the cameras.
  void AddTrack(int track, const Eigen::Vector2d& point) {
    points_[track] = point;
    for (auto& [frame, pose] : poses_) {
      if (!set_.tracks[track].Sees(frame)) continue;
      const Eigen::Vector2d seen =
          set_.tracks[track].At(frame) - 0.5 * Eigen::Vector2d(set_.width, set_.height);
      if ((PoseAt(frame) * Eigen::Vector3d(point.x(), point.y(), 0.0)).z() < 0.05) continue;
      problem_.AddResidualBlock(
          new ceres::AutoDiffCostFunction<PlaneResidual, 2, 1, 6, 2>(new PlaneResidual{seen}),
          new ceres::CauchyLoss(set_.UnitPx()),
          &focal_px_,
          pose.data(),
          points_[track].data());
    }
  }

  void Solve() {
    if (problem_.NumResidualBlocks() == 0) return;
    problem_.SetParameterLowerBound(&focal_px_, 0, 0.2 * set_.width);
    problem_.SetParameterUpperBound(&focal_px_, 0, 20.0 * set_.width);
    auto ordering = std::make_shared<ceres::ParameterBlockOrdering>();
    for (auto& [track, point] : points_) {
      if (problem_.HasParameterBlock(point.data())) ordering->AddElementToGroup(point.data(), 0);
    }
    ordering->AddElementToGroup(&focal_px_, 1);
    for (auto& [frame, pose] : poses_) {
      if (problem_.HasParameterBlock(pose.data())) ordering->AddElementToGroup(pose.data(), 1);
    }
    double* first = poses_.begin()->second.data();
    if (problem_.HasParameterBlock(first)) {
      problem_.SetManifold(first, new ceres::SubsetManifold(6, {2, 3, 4, 5}));
    }
    ceres::Solver::Options options;
    options.linear_solver_type = ceres::DENSE_SCHUR;
    options.dense_linear_algebra_library_type = ceres::EIGEN;
    options.linear_solver_ordering = ordering;
    options.max_num_iterations = 100;
    options.function_tolerance = 1e-9;  // a wall tells the focal length weakly
    options.num_threads = 1;
    options.logging_type = ceres::SILENT;
    ceres::Solver::Summary summary;
    ceres::Solve(options, &problem_, &summary);
  }

  Rigid3 PoseAt(int frame) const {
    const Pose& pose = poses_.at(frame);
    const Eigen::Vector3d axis(pose[0], pose[1], pose[2]);
    const double angle = axis.norm();
    const Eigen::Quaterniond rotation =
        angle < 1e-12 ? Eigen::Quaterniond::Identity()
                      : Eigen::Quaterniond(Eigen::AngleAxisd(angle, axis / angle));
    return Rigid3(rotation.normalized(), Eigen::Vector3d(pose[3], pose[4], pose[5]));
  }
  double focal_px() const { return focal_px_; }
  const std::map<int, Pose>& poses() const { return poses_; }
  const std::map<int, Eigen::Vector2d>& points() const { return points_; }

 private:
  const TrackSet& set_;
  double focal_px_;
  std::map<int, Pose> poses_;  // by frame; nodes stay where they are
  std::map<int, Eigen::Vector2d> points_;
  ceres::Problem problem_;
};

}  // namespace

PlaneCalibration CalibrateFromPlane(const std::vector<Homography>& frame_from_reference,
                                    double width_px) {
  PlaneCalibration best;
  double best_cost = std::numeric_limits<double>::infinity();
  const std::vector<Eigen::Vector3d> normals = Normals();
  for (const double widths :
       {1.0, 0.85, 1.2, 0.7, 1.45, 0.58, 1.75, 0.48, 2.1, 0.4, 3.0, 4.2, 6.0}) {
    std::vector<Eigen::Matrix3d> rays;
    for (const Homography& homography : frame_from_reference) {
      rays.push_back(ToRays(homography, widths * width_px));
    }
    for (const Eigen::Vector3d& normal : normals) {
      const Eigen::Matrix3d plane = PlaneFrame(normal);
      double cost = 0.0;
      for (const Eigen::Matrix3d& frame : rays) cost += AxesError(frame, plane);
      // A later candidate must be better by more than rounding.
      if (cost < 0.999 * best_cost - 1e-12) {
        best_cost = cost;
        best = {widths * width_px, plane};
      }
    }
  }
  return best;
}

PlanarModel FitPlanarModel(const TrackSet& set,
                           const std::vector<int>& fit_tracks,
                           const std::vector<int>& keyframes) {
  PlanarModel model;
  model.clip.pinhole = PinholeOf(set, set.width);
  model.clip.camera_from_world.assign(set.num_frames(), Rigid3());
  model.clip.posed.assign(set.num_frames(), false);
  HomographyChain chain(set, fit_tracks, model.clip.pinhole);
  for (const int frame : keyframes) chain.Add(frame);
  const PlaneCalibration calibration = CalibrateFromPlane(chain.homographies, set.width);

  PlaneBundle bundle(set, calibration.focal_px);
  for (size_t k = 0; k < chain.frames.size(); ++k) {
    const std::optional<Rigid3> pose = PoseOf(ToRays(chain.homographies[k], calibration.focal_px),
                                              calibration.reference_from_plane);
    if (pose) bundle.AddFrame(chain.frames[k], *pose);
  }
  const Eigen::Matrix3d plane_from_reference = calibration.reference_from_plane.inverse();
  for (const auto& [track, at] : chain.in_reference()) {
    const Eigen::Vector3d ray = (at / calibration.focal_px).homogeneous();
    const Eigen::Vector3d on_plane = plane_from_reference * ray;
    if (on_plane.z() > 1e-6) bundle.AddTrack(track, on_plane.hnormalized());
  }
  bundle.Solve();

  model.clip.pinhole.focal_px = bundle.focal_px();
  for (const auto& [frame, pose] : bundle.poses()) {
    model.clip.camera_from_world[frame] = bundle.PoseAt(frame);
    model.clip.posed[frame] = true;
    ++model.posed_keyframes;
  }
  if (!model.found()) {
    model.clip.posed.assign(set.num_frames(), false);
    return model;
  }
  for (const auto& [track, point] : bundle.points()) {
    model.points.push_back({track, {point.x(), point.y(), 0.0}});
  }
  return model;
}

}  // namespace plumb
