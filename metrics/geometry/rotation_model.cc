// SPDX-License-Identifier: Apache-2.0
#include "metrics/geometry/rotation_model.h"

#include <memory>
#include <optional>

#include <Eigen/Geometry>
#include <ceres/ceres.h>
#include <ceres/rotation.h>

namespace plumb {
namespace {

struct RotationResidual {
  Eigen::Vector2d seen_from_centre_px;

  template <typename T>
  bool operator()(const T* focal, const T* angle_axis, const T* direction, T* residual) const {
    T x[3];
    ceres::AngleAxisRotatePoint(angle_axis, direction, x);
    if (x[2] < T(1e-3)) return false;
    residual[0] = focal[0] * x[0] / x[2] - T(seen_from_centre_px.x());
    residual[1] = focal[0] * x[1] / x[2] - T(seen_from_centre_px.y());
    return true;
  }
};

// First rotations, frame by frame, from the tracks whose direction is known by then.
class RotationChain {
 public:
  RotationChain(const TrackSet& set, const std::vector<int>& tracks, RotationModel& model)
      : directions(tracks.size()), set_(set), tracks_(tracks), model_(model) {}

  void Pose(int frame, const Eigen::Matrix3d& guess) {
    std::vector<Eigen::Vector3d> rays;
    std::vector<Eigen::Vector2d> seen;
    for (size_t i = 0; i < tracks_.size(); ++i) {
      const Track& track = set_.tracks[tracks_[i]];
      if (!directions[i] || !track.Sees(frame)) continue;
      rays.push_back(*directions[i]);
      seen.push_back(track.At(frame));
    }
    const bool enough = rays.size() >= 8;
    model_.camera_from_world[frame] =
        enough ? AlignRays(rays, seen, model_.pinhole, set_.UnitPx()) : guess;
    model_.posed[frame] = enough;
  }

  void StartTracks(int frame) {
    for (size_t i = 0; i < tracks_.size(); ++i) {
      const Track& track = set_.tracks[tracks_[i]];
      if (directions[i] || !track.Sees(frame)) continue;
      directions[i] =
          model_.camera_from_world[frame].transpose() * model_.pinhole.Ray(track.At(frame));
    }
  }

  std::vector<std::optional<Eigen::Vector3d>> directions;  // in the world, of each track

 private:
  const TrackSet& set_;
  const std::vector<int>& tracks_;
  RotationModel& model_;
};

// Refines focal length, rotations and directions together.
class Refinement {
 public:
  Refinement(RotationChain& chain, RotationModel& model)
      : chain_(chain), model_(model), angle_axes_(model.posed.size()) {
    for (size_t i = 0; i < angle_axes_.size(); ++i) {
      const Eigen::AngleAxisd rotation(model.camera_from_world[i]);
      angle_axes_[i] = rotation.angle() * rotation.axis();
    }
  }

  // Says whether there was anything to refine.
  bool AddTracks(const TrackSet& set, const std::vector<int>& tracks) {
    ceres::Manifold* sphere = nullptr;  // one for all; the problem owns it
    for (size_t i = 0; i < tracks.size(); ++i) {
      if (!chain_.directions[i]) continue;
      double* direction = chain_.directions[i]->data();
      if (!AddSightings(set, set.tracks[tracks[i]], *chain_.directions[i])) continue;
      if (sphere == nullptr) sphere = new ceres::SphereManifold<3>();
      problem_.SetManifold(direction, sphere);
      ordering_->AddElementToGroup(direction, 0);
    }
    return gauge_ >= 0;
  }

  void Solve(const TrackSet& set) {
    double* focal = &model_.pinhole.focal_px;
    problem_.SetParameterBlockConstant(angle_axes_[gauge_].data());
    problem_.SetParameterLowerBound(focal, 0, 0.1 * set.width);
    problem_.SetParameterUpperBound(focal, 0, 20.0 * set.width);
    ordering_->AddElementToGroup(focal, 1);
    for (Eigen::Vector3d& angle_axis : angle_axes_) {
      if (problem_.HasParameterBlock(angle_axis.data())) {
        ordering_->AddElementToGroup(angle_axis.data(), 1);
      }
    }
    ceres::Solver::Options options;
    options.linear_solver_type = ceres::DENSE_SCHUR;
    options.dense_linear_algebra_library_type = ceres::EIGEN;
    options.linear_solver_ordering = ordering_;
    options.max_num_iterations = 15;
    options.function_tolerance = 1e-5;
    options.num_threads = 1;
    options.logging_type = ceres::SILENT;
    ceres::Solver::Summary summary;
    ceres::Solve(options, &problem_, &summary);
    model_.converged = summary.IsSolutionUsable();
  }

  void ReadRotations() {
    for (size_t i = 0; i < angle_axes_.size(); ++i) {
      const double angle = angle_axes_[i].norm();
      model_.camera_from_world[i] =
          angle < 1e-12 ? Eigen::Matrix3d(Eigen::Matrix3d::Identity())
                        : Eigen::AngleAxisd(angle, angle_axes_[i] / angle).toRotationMatrix();
    }
  }

 private:
  bool AddSightings(const TrackSet& set, const Track& track, Eigen::Vector3d& direction) {
    bool used = false;
    for (int frame = track.first_frame; frame <= track.last_frame(); ++frame) {
      if (frame >= static_cast<int>(model_.posed.size()) || !model_.posed[frame]) continue;
      if ((model_.camera_from_world[frame] * direction).z() < 0.05) continue;
      const Eigen::Vector2d centred = track.At(frame) - model_.pinhole.centre_px;
      problem_.AddResidualBlock(new ceres::AutoDiffCostFunction<RotationResidual, 2, 1, 3, 3>(
                                    new RotationResidual{centred}),
                                new ceres::CauchyLoss(set.UnitPx()),
                                &model_.pinhole.focal_px,
                                angle_axes_[frame].data(),
                                direction.data());
      if (gauge_ < 0 || frame < gauge_) gauge_ = frame;
      used = true;
    }
    return used;
  }

  RotationChain& chain_;
  RotationModel& model_;
  std::vector<Eigen::Vector3d> angle_axes_;  // per frame
  ceres::Problem problem_;
  std::shared_ptr<ceres::ParameterBlockOrdering> ordering_ =
      std::make_shared<ceres::ParameterBlockOrdering>();
  int gauge_ = -1;  // the first frame that sees anything defines the world
};

}  // namespace

RotationModel FitRotationModel(const TrackSet& set,
                               const std::vector<int>& fit_tracks,
                               const RotationOptions& options) {
  RotationModel model;
  model.pinhole = PinholeOf(set, options.focal_px);
  model.camera_from_world.assign(set.num_frames(), Eigen::Matrix3d::Identity());
  model.posed.assign(set.num_frames(), false);
  RotationChain chain(set, fit_tracks, model);
  model.posed[options.first_frame] = true;
  chain.StartTracks(options.first_frame);
  for (int frame = options.first_frame + 1; frame <= options.last_frame; ++frame) {
    chain.Pose(frame, model.camera_from_world[frame - 1]);
    chain.StartTracks(frame);
  }
  Refinement refinement(chain, model);
  if (refinement.AddTracks(set, fit_tracks)) {
    refinement.Solve(set);
    refinement.ReadRotations();
  }
  return model;
}

}  // namespace plumb
