// SPDX-License-Identifier: Apache-2.0
#include "metrics/published/sparse_model.h"

#include <algorithm>
#include <cmath>
#include <filesystem>
#include <numbers>
#include <optional>
#include <set>

#include <Eigen/SVD>

#include "core/statistics.h"

namespace plumb {
namespace {

using Axes = Eigen::Matrix<double, 3, 2>;

std::string Normalised(const std::string& name) {
  std::string path = std::filesystem::path(name).lexically_normal().generic_string();
  std::replace(path.begin(), path.end(), '\\', '/');
  return path;
}

std::vector<Eigen::Vector3d> CameraCentres(const SparseModel& model) {
  std::vector<Eigen::Vector3d> centres;
  for (const SparseModel::Picture& picture : model.pictures) {
    centres.push_back(Inverse(picture.camera_from_world).translation);
  }
  return centres;
}

Eigen::Vector3d MedianPoint(const std::vector<Eigen::Vector3d>& points) {
  Eigen::Vector3d median;
  for (int axis = 0; axis < 3; ++axis) {
    std::vector<double> values;
    for (const Eigen::Vector3d& point : points) values.push_back(point[axis]);
    median[axis] = Median(std::move(values));
  }
  return median;
}

// The two main axes of the points; empty with fewer than three or on a line.
std::optional<Axes> MainAxes(const std::vector<Eigen::Vector3d>& points) {
  if (points.size() < 3) return std::nullopt;
  Eigen::MatrixXd rows(points.size(), 3);
  for (size_t i = 0; i < points.size(); ++i) {
    rows.row(static_cast<Eigen::Index>(i)) = points[i].transpose();
  }
  rows.rowwise() -= rows.colwise().mean().eval();
  const Eigen::JacobiSVD<Eigen::MatrixXd> svd(rows, Eigen::ComputeThinU | Eigen::ComputeThinV);
  if (svd.singularValues()[1] < 1e-6) return std::nullopt;
  return Axes(svd.matrixV().leftCols<2>());
}

// 360 degrees less the largest gap between the directions.
double Covered(const std::vector<Eigen::Vector2d>& directions) {
  std::vector<double> azimuths;
  for (const Eigen::Vector2d& direction : directions) {
    const double angle = std::atan2(direction.x(), direction.y()) * 180 / std::numbers::pi;
    azimuths.push_back(angle < 0 ? angle + 360 : angle);
  }
  std::sort(azimuths.begin(), azimuths.end());
  double gap = 360 - azimuths.back() + azimuths.front();
  for (size_t i = 1; i < azimuths.size(); ++i) gap = std::max(gap, azimuths[i] - azimuths[i - 1]);
  return 360 - gap;
}

double Coverage(const SparseModel& model, bool by_main_axes) {
  const std::vector<Eigen::Vector3d> centres = CameraCentres(model);
  if (model.points.empty() || centres.size() < 2) return 0;
  Axes axes;
  axes << 1, 0, 0, 0, 0, 1;
  if (by_main_axes) axes = MainAxes(centres).value_or(axes);
  const Eigen::Vector3d middle = MedianPoint(model.points);
  std::vector<Eigen::Vector2d> directions;
  for (const Eigen::Vector3d& centre : centres) {
    directions.push_back(axes.transpose() * (centre - middle));
  }
  return Covered(directions);
}

}  // namespace

NamedValues SparseModelValues(const SparseModel& model, const std::vector<std::string>& attempted) {
  std::set<std::string> names, placed;
  for (const std::string& name : attempted) names.insert(Normalised(name));
  for (const SparseModel::Picture& picture : model.pictures) {
    placed.insert(Normalised(picture.name));
  }
  const auto registered = static_cast<double>(std::count_if(
      names.begin(), names.end(), [&](const std::string& name) { return placed.contains(name); }));
  const auto all = static_cast<double>(names.size());
  NamedValues values;
  values.Add("coverage/pca", Coverage(model, true));
  values.Add("coverage/xz", Coverage(model, false));
  values.Add("registration_rate", names.empty() ? 0.0 : registered / all);
  values.Add("attempted_images", all);
  values.Add("registered_images", registered);
  values.Add("points", static_cast<double>(model.points.size()));
  return values;
}

}  // namespace plumb
