// SPDX-License-Identifier: Apache-2.0
#include "scenes/catalogue/internal_placing.h"

#include "scenes/rendering/internal_mesh.h"

namespace plumb {

void StandOnFloor(Body& body, const Eigen::Vector2d& place_m, double heading_rad) {
  body.world_from_body.rotation =
      Eigen::Quaterniond(Eigen::AngleAxisd(heading_rad, Eigen::Vector3d::UnitZ()));
  body.world_from_body.translation = {
      place_m.x(), place_m.y(), body.shape.size_m.z() / 2 - kSeat_m};
}

void HangAt(Body& body, double height_m, double x_m) {
  body.world_from_body.translation = {x_m, 0, height_m + ReachBelow(body)};
}

void Roll(Body& ball, double speed_mps) {
  ball.velocity_mps = {speed_mps, 0, 0};
  ball.angular_velocity_radps = {0, speed_mps / (ball.shape.size_m.x() / 2), 0};
}

}  // namespace plumb
