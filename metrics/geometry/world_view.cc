// SPDX-License-Identifier: Apache-2.0
#include "metrics/geometry/world_view.h"

#include <algorithm>
#include <cmath>

#include "core/statistics.h"
#include "metrics/pairing.h"

namespace plumb {
namespace {

constexpr int kMaxCameras = 120;
constexpr int kMaxPoints = 800;
constexpr double kRadiusShare = 0.9;
constexpr double kFarRadii = 5.0;

// What brings a world upright, to its middle and to radius 1.
struct Placing {
  Eigen::Matrix3d view_from_world = Eigen::Matrix3d::Identity();
  Eigen::Vector3d middle = Eigen::Vector3d::Zero();
  double radius = 1.0;

  Eigen::Vector3d operator()(const Eigen::Vector3d& x_in_world) const {
    return view_from_world * (x_in_world - middle) / radius;
  }
};

Eigen::Vector3d CentreOf(const ReconstructedFrame& frame) {
  return Inverse(frame.camera_from_world).translation;
}

// The cameras' mean "up" becomes +y.
Eigen::Matrix3d Upright(const ReconstructedWorld& world) {
  Eigen::Vector3d up = Eigen::Vector3d::Zero();
  for (const ReconstructedFrame& frame : world.frames) {
    up += frame.camera_from_world.rotation.conjugate() * -Eigen::Vector3d::UnitY();
  }
  if (up.norm() < 1e-6) return Eigen::Matrix3d::Identity();
  return Eigen::Quaterniond::FromTwoVectors(up, Eigen::Vector3d::UnitY()).toRotationMatrix();
}

Placing PlacingOf(const ReconstructedWorld& world) {
  Placing placing;
  placing.view_from_world = Upright(world);
  std::vector<Eigen::Vector3d> places;
  for (const ReconstructedPoint& point : world.points) places.push_back(point.x_in_world);
  for (const ReconstructedFrame& frame : world.frames) places.push_back(CentreOf(frame));
  for (int axis = 0; axis < 3; ++axis) {
    std::vector<double> along;
    for (const Eigen::Vector3d& place : places) along.push_back(place[axis]);
    placing.middle[axis] = Median(along);
  }
  std::vector<double> distances;
  for (const Eigen::Vector3d& place : places) distances.push_back((place - placing.middle).norm());
  std::sort(distances.begin(), distances.end());
  const double reach = distances[static_cast<size_t>(kRadiusShare * (distances.size() - 1))];
  if (reach > 1e-12) placing.radius = reach;
  return placing;
}

Json Thousandths(const Eigen::Vector3d& place) {
  Json json = Json::array();
  for (const double value : place) json.push_back(std::lround(1000.0 * value));
  return json;
}

Json CameraJson(const ReconstructedFrame& frame, const Placing& placing) {
  Json json = Thousandths(placing(CentreOf(frame)));
  json.insert(json.begin(), frame.frame);
  Eigen::Quaterniond turn(placing.view_from_world *
                          frame.camera_from_world.rotation.conjugate().toRotationMatrix());
  if (turn.w() < 0.0) turn.coeffs() = -turn.coeffs();
  for (const double value : {turn.w(), turn.x(), turn.y(), turn.z()}) {
    json.push_back(std::lround(1000.0 * value));
  }
  return json;
}

Json PointsJson(const ReconstructedWorld& world, const Placing& placing) {
  std::vector<const ReconstructedPoint*> near;
  for (const ReconstructedPoint& point : world.points) {
    if (placing(point.x_in_world).norm() <= kFarRadii) near.push_back(&point);
  }
  Json points = Json::array();
  for (const int i : EvenlyChosen(static_cast<int>(near.size()), kMaxPoints)) {
    Json json = Thousandths(placing(near[i]->x_in_world));
    const auto& [red, green, blue] = near[i]->rgb;
    json.push_back(65536 * red + 256 * green + blue);
    points.push_back(std::move(json));
  }
  return points;
}

}  // namespace

Json WorldViews(const Reconstruction& reconstruction) {
  Json views = Json::array();
  for (const ReconstructedWorld& world : reconstruction.worlds) {
    const Placing placing = PlacingOf(world);
    Json cameras = Json::array();
    for (const int i : EvenlyChosen(static_cast<int>(world.frames.size()), kMaxCameras)) {
      cameras.push_back(CameraJson(world.frames[i], placing));
    }
    const Intrinsics& k = world.intrinsics;
    const auto half = [](double side_px, double focal_px) {
      return std::round(500.0 * side_px / focal_px) / 1000.0;
    };
    views.push_back({{"turns_only", world.turns_only},
                     {"half_view", {half(k.width, k.fx_px), half(k.height, k.fy_px)}},
                     {"found", {world.frames.size(), world.points.size()}},
                     {"cameras", std::move(cameras)},
                     {"points", PointsJson(world, placing)}});
  }
  return views;
}

}  // namespace plumb
