// SPDX-License-Identifier: Apache-2.0
#include "metrics/geometry/rotation_model.h"

#include <cmath>

#include <Eigen/SVD>
#include <ceres/ceres.h>
#include <ceres/rotation.h>

namespace plumb {
namespace {

constexpr double kBehindPx = 1e6;

CentredPinhole PinholeOf(const TrackSet& set, double focal_px) {
  return {focal_px, {0.5 * set.width, 0.5 * set.height}};
}

// Weighted Kabsch: the rotation that maps rays a onto rays b.
Eigen::Matrix3d AlignRays(const std::vector<Eigen::Vector3d>& a,
                          const std::vector<Eigen::Vector3d>& b,
                          const std::vector<double>& weights) {
  Eigen::Matrix3d covariance = Eigen::Matrix3d::Zero();
  for (size_t i = 0; i < a.size(); ++i) covariance += weights[i] * b[i] * a[i].transpose();
  const Eigen::JacobiSVD<Eigen::Matrix3d> svd(covariance,
                                              Eigen::ComputeFullU | Eigen::ComputeFullV);
  Eigen::Vector3d signs(1.0, 1.0, (svd.matrixU() * svd.matrixV().transpose()).determinant());
  return svd.matrixU() * signs.asDiagonal() * svd.matrixV().transpose();
}

double ResidualPx(const CentredPinhole& pinhole,
                  const Eigen::Vector3d& x_in_camera,
                  const Eigen::Vector2d& seen_px) {
  const std::optional<Eigen::Vector2d> projected = pinhole.Project(x_in_camera);
  return projected ? (*projected - seen_px).norm() : kBehindPx;
}

double CauchyWeight(double residual_px, double scale_px) {
  const double ratio = residual_px / scale_px;
  return 1.0 / (1.0 + ratio * ratio);
}

// Aligned rays with weights from the residuals, a few rounds.
Eigen::Matrix3d AlignRobustly(const std::vector<Eigen::Vector3d>& rays,
                              const std::vector<Eigen::Vector2d>& seen_px,
                              const CentredPinhole& pinhole,
                              double scale_px) {
  std::vector<Eigen::Vector3d> seen_rays;
  for (const Eigen::Vector2d& point : seen_px) seen_rays.push_back(pinhole.Ray(point));
  std::vector<double> weights(rays.size(), 1.0);
  Eigen::Matrix3d rotation = AlignRays(rays, seen_rays, weights);
  // The scale shrinks towards its final value, so that a bad start does not decide which points
  // count.
  for (const double factor : {8.0, 4.0, 2.0, 1.0, 1.0}) {
    for (size_t i = 0; i < rays.size(); ++i) {
      weights[i] =
          CauchyWeight(ResidualPx(pinhole, rotation * rays[i], seen_px[i]), factor * scale_px);
    }
    rotation = AlignRays(rays, seen_rays, weights);
  }
  return rotation;
}

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
      : set_(set), tracks_(tracks), model_(model), directions(tracks.size()) {}

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
        enough ? AlignRobustly(rays, seen, model_.pinhole, set_.UnitPx()) : guess;
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

 private:
  const TrackSet& set_;
  const std::vector<int>& tracks_;
  RotationModel& model_;

 public:
  std::vector<std::optional<Eigen::Vector3d>> directions;
};

// Refines focal length, rotations and directions together.
void Refine(const TrackSet& set,
            const std::vector<int>& tracks,
            RotationChain& chain,
            RotationModel& model) {
  std::vector<Eigen::Vector3d> angle_axes(model.posed.size());
  for (size_t i = 0; i < angle_axes.size(); ++i) {
    const Eigen::AngleAxisd rotation(model.camera_from_world[i]);
    angle_axes[i] = rotation.angle() * rotation.axis();
  }
  ceres::Problem problem;
  ceres::Manifold* sphere = new ceres::SphereManifold<3>();
  auto ordering = std::make_shared<ceres::ParameterBlockOrdering>();
  int gauge = -1;  // the first posed frame defines the world
  for (size_t i = 0; i < tracks.size(); ++i) {
    if (!chain.directions[i]) continue;
    const Track& track = set.tracks[tracks[i]];
    double* direction = chain.directions[i]->data();
    bool used = false;
    for (int frame = track.first_frame; frame <= track.last_frame(); ++frame) {
      if (frame >= static_cast<int>(model.posed.size()) || !model.posed[frame]) continue;
      const Eigen::Vector2d centred = track.At(frame) - model.pinhole.centre_px;
      if ((model.camera_from_world[frame] * *chain.directions[i]).z() < 0.05) continue;
      problem.AddResidualBlock(new ceres::AutoDiffCostFunction<RotationResidual, 2, 1, 3, 3>(
                                   new RotationResidual{centred}),
                               new ceres::CauchyLoss(set.UnitPx()),
                               &model.pinhole.focal_px,
                               angle_axes[frame].data(),
                               direction);
      if (gauge < 0 || frame < gauge) gauge = frame;
      used = true;
    }
    if (!used) continue;
    problem.SetManifold(direction, sphere);
    ordering->AddElementToGroup(direction, 0);
  }
  if (gauge < 0) {
    delete sphere;
    return;
  }
  problem.SetParameterBlockConstant(angle_axes[gauge].data());
  problem.SetParameterLowerBound(&model.pinhole.focal_px, 0, 0.1 * set.width);
  problem.SetParameterUpperBound(&model.pinhole.focal_px, 0, 20.0 * set.width);
  ordering->AddElementToGroup(&model.pinhole.focal_px, 1);
  for (size_t frame = 0; frame < angle_axes.size(); ++frame) {
    if (problem.HasParameterBlock(angle_axes[frame].data())) {
      ordering->AddElementToGroup(angle_axes[frame].data(), 1);
    }
  }
  ceres::Solver::Options options;
  options.linear_solver_type = ceres::DENSE_SCHUR;
  options.dense_linear_algebra_library_type = ceres::EIGEN;
  options.linear_solver_ordering = ordering;
  options.max_num_iterations = 15;
  options.function_tolerance = 1e-5;
  options.num_threads = 1;
  options.logging_type = ceres::SILENT;
  ceres::Solver::Summary summary;
  ceres::Solve(options, &problem, &summary);
  model.converged = summary.IsSolutionUsable();
  for (size_t i = 0; i < angle_axes.size(); ++i) {
    const double angle = angle_axes[i].norm();
    model.camera_from_world[i] =
        angle < 1e-12 ? Eigen::Matrix3d(Eigen::Matrix3d::Identity())
                      : Eigen::AngleAxisd(angle, angle_axes[i] / angle).toRotationMatrix();
  }
}

}  // namespace

PointPairs PairsBetween(const TrackSet& set, int frame_a, int frame_b) {
  PointPairs pairs;
  for (const int index : CommonTracks(set, frame_a, frame_b)) {
    pairs.a_px.push_back(set.tracks[index].At(frame_a));
    pairs.b_px.push_back(set.tracks[index].At(frame_b));
  }
  return pairs;
}

Eigen::Vector3d CentredPinhole::Ray(const Eigen::Vector2d& point_px) const {
  const Eigen::Vector2d centred = point_px - centre_px;
  return Eigen::Vector3d(centred.x(), centred.y(), focal_px).normalized();
}

std::optional<Eigen::Vector2d> CentredPinhole::Project(const Eigen::Vector3d& x_in_camera) const {
  if (x_in_camera.z() <= 1e-9) return std::nullopt;
  return Eigen::Vector2d(centre_px + focal_px / x_in_camera.z() * x_in_camera.head<2>());
}

PairRotation FitPairRotation(const PointPairs& pairs,
                             const CentredPinhole& pinhole,
                             double scale_px) {
  PairRotation fit;
  std::vector<Eigen::Vector3d> rays;
  for (const Eigen::Vector2d& point : pairs.a_px) rays.push_back(pinhole.Ray(point));
  fit.b_from_a = AlignRobustly(rays, pairs.b_px, pinhole, scale_px);
  for (size_t i = 0; i < rays.size(); ++i) {
    fit.residuals_px.push_back(ResidualPx(pinhole, fit.b_from_a * rays[i], pairs.b_px[i]));
  }
  return fit;
}

double BestRotationFocal(const TrackSet& set, const std::vector<std::pair<int, int>>& frame_pairs) {
  constexpr int kSteps = 40;
  std::vector<PointPairs> pairs;
  for (const auto& [a, b] : frame_pairs) pairs.push_back(PairsBetween(set, a, b));
  double best_focal = set.width;
  double best_cost = std::numeric_limits<double>::infinity();
  for (int step = 0; step < kSteps; ++step) {
    const double focal = set.width * 0.3 * std::pow(8.0 / 0.3, step / (kSteps - 1.0));
    const CentredPinhole pinhole = PinholeOf(set, focal);
    double cost = 0.0;
    for (const PointPairs& pair : pairs) {
      for (const double residual : FitPairRotation(pair, pinhole, set.UnitPx()).residuals_px) {
        cost += 1.0 - CauchyWeight(residual, set.UnitPx());
      }
    }
    if (cost < best_cost) {
      best_cost = cost;
      best_focal = focal;
    }
  }
  return best_focal;
}

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
  Refine(set, fit_tracks, chain, model);
  return model;
}

}  // namespace plumb
