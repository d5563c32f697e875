// SPDX-License-Identifier: Apache-2.0
#include "metrics/geometry/bundle.h"

#include <algorithm>
#include <cmath>
#include <memory>
#include <utility>

#include <Eigen/Cholesky>

#include "core/check.h"
#include "core/statistics.h"
#include "metrics/geometry/internal_quiet.h"
#include "metrics/geometry/internal_sighting_cost.h"
#include "metrics/pairing.h"

namespace plumb {
namespace {

constexpr double kBehindPx = 1e6;  // residual of a point behind the camera

// Where the rays of a track come nearest to each other: least squares of the distances.
class RayMeeting {
 public:
  void Add(const Rigid3& world_from_camera, const Eigen::Vector3d& ray_in_camera) {
    const Eigen::Vector3d ray = world_from_camera.rotation * ray_in_camera;
    if (normal_.isZero()) first_ = ray;
    least_cosine_ = std::min(least_cosine_, ray.dot(first_));
    const Eigen::Matrix3d across = Eigen::Matrix3d::Identity() - ray * ray.transpose();
    normal_ += across;
    right_ += across * world_from_camera.translation;
  }
  Eigen::Vector3d Point() const { return normal_.ldlt().solve(right_); }
  double LeastCosine() const { return least_cosine_; }

 private:
  Eigen::Matrix3d normal_ = Eigen::Matrix3d::Zero();
  Eigen::Vector3d right_ = Eigen::Vector3d::Zero();
  Eigen::Vector3d first_ = Eigen::Vector3d::Zero();
  double least_cosine_ = 1.0;
};

double ResidualPx(const TrackSet& set, const PosedClip& clip, const ScenePoint& point, int frame) {
  return ReprojectionPx(clip.pinhole,
                        clip.camera_from_world[frame],
                        {point.x_in_world, set.tracks[point.track].At(frame)});
}

// One adjustment: what Ceres works on, and what it leaves.
class Adjustment {
 public:
  Adjustment(const TrackSet& set, Bundle start, const BundleOptions& options)
      : set_(set), options_(options), bundle_(std::move(start)) {
    std::vector<int> posed;
    for (int frame = 0; frame < set.num_frames(); ++frame) {
      if (bundle_.clip.posed[frame]) posed.push_back(frame);
    }
    for (const int i : EvenlyChosen(static_cast<int>(posed.size()), options.max_frames)) {
      const PoseNumbers pose = NumbersOf(bundle_.clip.camera_from_world[posed[i]]);
      frames_.push_back(posed[i]);
      cameras_.insert(cameras_.end(), pose.begin(), pose.end());
    }
    cameras_.push_back(bundle_.clip.pinhole.focal_px);
    loss_px_ = TypicalResidualPx();
  }

  Bundle Solve() {
    if (frames_.size() < 2) return bundle_;
    ceres::Problem::Options ownership;
    ownership.loss_function_ownership = ceres::DO_NOT_TAKE_OWNERSHIP;
    ownership.manifold_ownership = ceres::DO_NOT_TAKE_OWNERSHIP;
    ceres::Problem problem(ownership);
    ceres::CauchyLoss loss(loss_px_);
    PoseManifold manifold;
    ceres::Solver::Options solver = Settings();
    for (ScenePoint& point : bundle_.points) AddPoint(problem, solver, loss, point);
    if (problem.NumResidualBlocks() == 0) return bundle_;
    for (size_t i = 0; i < frames_.size(); ++i) {
      if (!problem.HasParameterBlock(Pose(i))) continue;
      problem.SetManifold(Pose(i), &manifold);
      if (i == 0) problem.SetParameterBlockConstant(Pose(i));
      solver.linear_solver_ordering->AddElementToGroup(Pose(i), 1);
    }
    problem.AddResidualBlock(
        new FocalCost(GuessedFocalPx(set_), options_.focal_weight * loss_px_), nullptr, Focal());
    solver.linear_solver_ordering->AddElementToGroup(Focal(), 1);
    ceres::Solver::Summary summary;
    ceres::Solve(solver, &problem, &summary);
    return Result();
  }

 private:
  // Ceres orders its unknowns by address, so they stand in one row.
  double* Pose(size_t i) { return &cameras_[i * kPoseSize]; }
  double* Focal() { return &cameras_.back(); }

  // Of the adjusted frames those that see the track: first and one behind the last.
  std::pair<size_t, size_t> Seeing(const Track& track) const {
    const auto first = std::lower_bound(frames_.begin(), frames_.end(), track.first_frame);
    const auto end = std::upper_bound(first, frames_.end(), track.last_frame());
    return {first - frames_.begin(), end - frames_.begin()};
  }

  // Sightings well beyond the typical residual belong to what moves by itself, or to the edge of
  // something near.
  double TypicalResidualPx() const {
    std::vector<double> residuals;
    for (const ScenePoint& point : bundle_.points) {
      const auto [first, end] = Seeing(set_.tracks[point.track]);
      for (size_t i = first; i < end; ++i) {
        residuals.push_back(ResidualPx(set_, bundle_.clip, point, frames_[i]));
      }
    }
    const double least_px = options_.loss_units * set_.UnitPx();
    return residuals.empty() ? least_px : std::max(least_px, Median(std::move(residuals)));
  }

  // A point that fewer than two of the adjusted frames see says nothing.
  void AddPoint(ceres::Problem& problem,
                ceres::Solver::Options& solver,
                ceres::LossFunction& loss,
                ScenePoint& point) {
    const Track& track = set_.tracks[point.track];
    const auto [first, end] = Seeing(track);
    if (end < first + 2) return;
    for (size_t i = first; i < end; ++i) {
      const Eigen::Vector2d seen_px = track.At(frames_[i]) - bundle_.clip.pinhole.centre_px;
      problem.AddResidualBlock(
          new SightingCost(seen_px), &loss, Pose(i), point.x_in_world.data(), Focal());
    }
    solver.linear_solver_ordering->AddElementToGroup(point.x_in_world.data(), 0);
  }

  ceres::Solver::Options Settings() const {
    ceres::Solver::Options solver;
    solver.linear_solver_type = ceres::DENSE_SCHUR;
    solver.dense_linear_algebra_library_type = ceres::EIGEN;
    solver.linear_solver_ordering = std::make_shared<ceres::ParameterBlockOrdering>();
    solver.max_num_iterations = options_.max_iterations;
    solver.function_tolerance = 1e-5;
    // The scale of the world is free; this much damping keeps the equations regular.
    solver.max_trust_region_radius = 1e6;
    solver.num_threads = 1;
    solver.logging_type = ceres::SILENT;
    return solver;
  }

  // The frames between the adjusted ones are posed against the new points.
  Bundle Result() {
    Bundle result = bundle_;
    result.clip.pinhole.focal_px = *Focal();
    std::vector<PoseProblem> others(set_.num_frames(), {result.clip.pinhole, {}, loss_px_});
    for (const ScenePoint& point : result.points) {
      const Track& track = set_.tracks[point.track];
      for (int frame = track.first_frame; frame <= track.last_frame(); ++frame) {
        others[frame].sightings.push_back({point.x_in_world, track.At(frame)});
      }
    }
    size_t i = 0;
    for (int frame = 0; frame < set_.num_frames(); ++frame) {
      if (!result.clip.posed[frame]) continue;
      Rigid3& pose = result.clip.camera_from_world[frame];
      const bool adjusted = i < frames_.size() && frames_[i] == frame;
      pose = adjusted ? PoseOf(Pose(i++)) : RefinedPose(others[frame], pose);
    }
    return result;
  }

  const TrackSet& set_;
  const BundleOptions& options_;
  Bundle bundle_;
  std::vector<int> frames_;      // that are adjusted
  std::vector<double> cameras_;  // the pose of each, then the focal length
  double loss_px_ = 0.0;
};

}  // namespace

void BundleOptions::Validate() const {
  PLUMB_CHECK(max_frames >= 2, "max_frames {}", max_frames);
  PLUMB_CHECK(max_iterations >= 1, "max_iterations {}", max_iterations);
  PLUMB_CHECK(
      loss_units > 0.0 && keep_units > 0.0, "loss_units {}, keep_units {}", loss_units, keep_units);
  PLUMB_CHECK(min_angle_deg >= 0.0, "min_angle_deg {}", min_angle_deg);
  PLUMB_CHECK(focal_weight >= 0.0, "focal_weight {}", focal_weight);
}

double GuessedFocalPx(const TrackSet& set) { return std::max(set.width, set.height); }

Bundle WithPoints(const TrackSet& set,
                  const std::vector<int>& tracks,
                  Bundle bundle,
                  const BundleOptions& options) {
  options.Validate();
  const PosedClip& clip = bundle.clip;
  std::vector<Rigid3> world_from_camera;
  for (const Rigid3& pose : clip.camera_from_world) world_from_camera.push_back(Inverse(pose));
  const double enough = std::cos(options.min_angle_deg * M_PI / 180.0);
  bundle.points.clear();
  for (const int index : tracks) {
    const Track& track = set.tracks[index];
    RayMeeting meeting;
    for (int frame = track.first_frame; frame <= track.last_frame(); ++frame) {
      if (!clip.posed[frame]) continue;
      meeting.Add(world_from_camera[frame], clip.pinhole.Ray(track.At(frame)));
    }
    if (meeting.LeastCosine() >= enough) continue;
    const ScenePoint point{index, meeting.Point()};
    std::vector<double> residuals;
    for (int frame = track.first_frame; frame <= track.last_frame(); ++frame) {
      if (clip.posed[frame]) residuals.push_back(ResidualPx(set, clip, point, frame));
    }
    const bool ahead = *std::max_element(residuals.begin(), residuals.end()) < kBehindPx;
    if (ahead && Median(std::move(residuals)) < options.keep_units * set.UnitPx()) {
      bundle.points.push_back(point);
    }
  }
  return bundle;
}

double MedianResidualPx(const TrackSet& set, const Bundle& bundle) {
  std::vector<double> residuals;
  for (const ScenePoint& point : bundle.points) {
    const Track& track = set.tracks[point.track];
    for (int frame = track.first_frame; frame <= track.last_frame(); ++frame) {
      if (!bundle.clip.posed[frame]) continue;
      residuals.push_back(ResidualPx(set, bundle.clip, point, frame));
    }
  }
  return residuals.empty() ? kBehindPx : Median(std::move(residuals));
}

Bundle Adjusted(const TrackSet& set, Bundle bundle, const BundleOptions& options) {
  options.Validate();
  const QuietLibraries quiet;
  return Adjustment(set, std::move(bundle), options).Solve();
}

Bundle Refined(const TrackSet& set,
               const std::vector<int>& tracks,
               Bundle bundle,
               const BundleOptions& options) {
  for (int round = 0; round < 2; ++round) {
    bundle = Adjusted(set, WithPoints(set, tracks, std::move(bundle), options), options);
  }
  return bundle;
}

}  // namespace plumb
