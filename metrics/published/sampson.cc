// SPDX-License-Identifier: Apache-2.0
#include "metrics/published/sampson.h"

#include <algorithm>
#include <cmath>
#include <numbers>
#include <string>

#include <Eigen/SVD>
#include <fmt/format.h>

#include "core/statistics.h"
#include "metrics/published/frame_matches.h"

namespace plumb {
namespace {

double ErrorPx(const Eigen::Matrix3d& fundamental, const PointMatch& match, double eps) {
  const Eigen::Vector3d first = match.first_px.homogeneous();
  const Eigen::Vector3d second = match.second_px.homogeneous();
  const Eigen::Vector3d line_in_second = fundamental * first;
  const Eigen::Vector3d line_in_first = fundamental.transpose() * second;
  const double algebraic = second.dot(line_in_second);
  const double gradient =
      line_in_second.head<2>().squaredNorm() + line_in_first.head<2>().squaredNorm();
  return std::sqrt(algebraic * algebraic / gradient + eps);
}

// Moves the points' mean to the origin and their mean distance from it to √2. Empty when they all
// coincide.
std::optional<Eigen::Matrix3d> Normalisation(const std::vector<Eigen::Vector2d>& points) {
  const auto count = static_cast<double>(points.size());
  Eigen::Vector2d sum = Eigen::Vector2d::Zero();
  for (const Eigen::Vector2d& point : points) sum += point;
  const Eigen::Vector2d mean = sum / count;
  double distance = 0.0;
  for (const Eigen::Vector2d& point : points) distance += (point - mean).norm() / count;
  if (!(distance > 0)) return std::nullopt;
  const double scale = std::numbers::sqrt2 / distance;
  Eigen::Matrix3d normalised;
  normalised << scale, 0, -scale * mean.x(), 0, scale, -scale * mean.y(), 0, 0, 1;
  return normalised;
}

Eigen::Matrix3d OfRankTwo(const Eigen::Matrix3d& matrix) {
  const Eigen::JacobiSVD<Eigen::Matrix3d> svd(matrix, Eigen::ComputeFullU | Eigen::ComputeFullV);
  Eigen::Vector3d singular = svd.singularValues();
  singular[2] = 0;
  return svd.matrixU() * singular.asDiagonal() * svd.matrixV().transpose();
}

void AddErrors(const std::string& name,
               const std::vector<double>& errors,
               const SampsonSettings& settings,
               NamedValues& to) {
  const auto inliers = std::count_if(
      errors.begin(), errors.end(), [&](double error) { return error <= settings.inlier_px; });
  to.Add(name + "/mean_error", Mean(errors));
  to.Add(name + "/inlier_rate_5px",
         static_cast<double>(inliers) / static_cast<double>(errors.size()));
}

std::vector<double> Errors(const Eigen::Matrix3d& fundamental,
                           const std::vector<PointMatch>& matches,
                           double eps) {
  std::vector<double> errors;
  for (const PointMatch& match : matches) errors.push_back(ErrorPx(fundamental, match, eps));
  return errors;
}

constexpr const char* kOfGiven[] = {"mean_error", "inlier_rate_5px", "median", "max"};
constexpr const char* kOfEightPoint[] = {"mean_error", "inlier_rate_5px"};

template <size_t kCount>
void AddUndefined(const std::string& name,
                  const char* const (&values)[kCount],
                  const std::string& reason,
                  NamedValues& to) {
  for (const char* value : values) to.AddUndefined(name + "/" + value, reason);
}

void AddGiven(const std::vector<double>& errors, const SampsonSettings& settings, NamedValues& to) {
  if (!std::all_of(errors.begin(), errors.end(), [](double e) { return std::isfinite(e); })) {
    return AddUndefined("given_F", kOfGiven, "a point is an epipole of the given matrix", to);
  }
  AddErrors("given_F", errors, settings, to);
  to.Add("given_F/median", Median(errors));
  to.Add("given_F/max", *std::max_element(errors.begin(), errors.end()));
}

}  // namespace

std::optional<Eigen::Matrix3d> EightPointMatrix(const std::vector<PointMatch>& matches) {
  if (matches.size() < 8) return std::nullopt;
  std::vector<Eigen::Vector2d> first, second;
  for (const PointMatch& match : matches) {
    first.push_back(match.first_px);
    second.push_back(match.second_px);
  }
  const auto normal_first = Normalisation(first);
  const auto normal_second = Normalisation(second);
  if (!normal_first || !normal_second) return std::nullopt;
  Eigen::MatrixXd equations(matches.size(), 9);
  for (size_t i = 0; i < matches.size(); ++i) {
    const Eigen::Vector3d a = *normal_first * first[i].homogeneous();
    const Eigen::Vector3d b = *normal_second * second[i].homogeneous();
    equations.row(static_cast<Eigen::Index>(i)) << b.x() * a.transpose(), b.y() * a.transpose(),
        a.transpose();
  }
  const Eigen::BDCSVD<Eigen::MatrixXd> svd(equations, Eigen::ComputeFullV);
  const Eigen::Matrix<double, 9, 1> null = svd.matrixV().col(8);
  const Eigen::Matrix3d normalised =
      OfRankTwo(Eigen::Map<const Eigen::Matrix<double, 3, 3, Eigen::RowMajor>>(null.data()));
  return normal_second->transpose() * normalised * *normal_first;
}

NamedValues Sampson(const std::vector<PointMatch>& matches,
                    const std::optional<Eigen::Matrix3d>& fundamental,
                    const SampsonSettings& settings) {
  NamedValues values;
  if (matches.size() < static_cast<size_t>(std::max(1, settings.min_matches))) {
    const std::string reason =
        fmt::format("{} matches, {} are needed", matches.size(), settings.min_matches);
    if (fundamental) AddUndefined("given_F", kOfGiven, reason, values);
    AddUndefined("eight_point", kOfEightPoint, reason, values);
    return values;
  }
  if (fundamental) AddGiven(Errors(*fundamental, matches, settings.eps), settings, values);
  const auto fitted = EightPointMatrix(matches);
  if (fitted) {
    AddErrors("eight_point", Errors(*fitted, matches, settings.eps), settings, values);
  } else {
    AddUndefined("eight_point",
                 kOfEightPoint,
                 "fewer than eight matches, or points that all coincide",
                 values);
  }
  return values;
}

NamedValues SampsonOfVideo(const Video& video,
                           const SampsonSettings& settings,
                           const Progress& progress) {
  constexpr int kStep = 15;
  NamedValues values;
  std::vector<double> errors, rates;
  int pairs = 0;
  for (int frame = 0; frame + kStep < video.num_frames(); frame += kStep, ++pairs) {
    progress.ThrowIfCancelled();
    progress.Report("matching", frame, video.num_frames());
    const NamedValues found =
        Sampson(MatchFrames(video.frame(frame), video.frame(frame + kStep), {.ratio = 0.75}),
                std::nullopt,
                settings);
    for (const char* name : {"mean_error", "inlier_rate_5px"}) {
      NamedValue value = *found.Find(std::string("eight_point/") + name);
      value.name = fmt::format("pair{}/{}", pairs, name);
      values.Append(value);
    }
    const NamedValue& error = values.values().end()[-2];
    if (error.value) errors.push_back(*error.value);
    if (error.value) rates.push_back(*values.values().back().value);
  }
  values.Add("pairs", pairs);
  values.Add("valid_pairs", static_cast<double>(errors.size()));
  const std::string reason =
      fmt::format("none of the {} pairs of frames has {} matches", pairs, settings.min_matches);
  if (errors.empty()) {
    values.AddUndefined("video/mean_error", reason);
    values.AddUndefined("video/inlier_rate_5px", reason);
  } else {
    values.Add("video/mean_error", Mean(errors));
    values.Add("video/inlier_rate_5px", Mean(rates));
  }
  return values;
}

}  // namespace plumb
