// SPDX-License-Identifier: Apache-2.0
#include "scenes/cameras.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <numbers>
#include <string>
#include <vector>

#include "core/document.h"
#include "core/errors.h"
#include "scenes/catalogue/internal_caption.h"
#include "scenes/catalogue/internal_lines_of_sight.h"

namespace plumb {
namespace {

constexpr double kMargin = 0.9;      // of the half picture that the objects may fill
constexpr double kFov_rad = 0.62;    // where there is room
constexpr double kWidest_rad = 2.3;  // where there is none
constexpr double kFarthest_m = 12.0;
constexpr double kSweep_rad = 0.6;

struct ViewChoice {
  std::string_view name;
  double azimuth_rad;    // from the −y side, counter-clockwise seen from above
  double elevation_rad;  // above the horizon
  double sweep_rad;
  const char* looks;
};
constexpr std::array<ViewChoice, 4> kViews = {
    {{"front", 0.0, 0.22, 0.0, "looks from the front and "},
     {"oblique", std::numbers::pi / 4, 0.6, 0.0, "looks down at an angle from the side and "},
     {"top", 0.0, 1.4, 0.0, "looks down from above and "},
     {"moving", -kSweep_rad / 2, 0.25, kSweep_rad, "looks from the front and "}}};

const ViewChoice& ChoiceOf(std::string_view view) {
  for (const ViewChoice& choice : kViews) {
    if (choice.name == view) return choice;
  }
  std::vector<std::string> names;
  for (const ViewChoice& choice : kViews) names.emplace_back(choice.name);
  const std::string nearest = NearestName(view, names);
  throw UsageError("unknown camera '" + std::string(view) + "'" +
                   (nearest.empty() ? ", expected front, oblique, top or moving"
                                    : "; did you mean '" + nearest + "'?"));
}

// Balls that must lie in the picture: each object where it is, on the floor below, and some way
// along its velocity.
struct Ball {
  Eigen::Vector3d centre_m;
  double radius_m;
};
std::vector<Ball> BallsOf(const Scene& scene) {
  constexpr double kAhead_s = 0.6, kAhead_m = 1.2;
  std::vector<Ball> balls;
  for (const Body& body : scene.bodies) {
    if (body.role != Role::kObject) continue;
    const double radius = body.shape.size_m.norm() / 2;
    const Eigen::Vector3d& place = body.world_from_body.translation;
    balls.push_back({place, radius});
    if (body.fixed) continue;
    Eigen::Vector3d ahead = kAhead_s * body.velocity_mps;
    if (ahead.norm() > kAhead_m) ahead *= kAhead_m / ahead.norm();
    balls.push_back({place + ahead, radius});
    if (place.z() > radius) balls.push_back({{place.x(), place.y(), radius}, radius});
  }
  return balls;
}

Eigen::Vector3d MiddleOf(const std::vector<Ball>& balls) {
  Eigen::Vector3d low = balls.front().centre_m, high = low;
  for (const Ball& ball : balls) {
    low = low.cwiseMin(ball.centre_m);
    high = high.cwiseMax(ball.centre_m);
  }
  return (low + high) / 2;
}

Eigen::Vector3d DirectionOf(const ViewChoice& choice, double share) {
  const double azimuth = choice.azimuth_rad + share * choice.sweep_rad;
  return {std::cos(choice.elevation_rad) * std::sin(azimuth),
          -std::cos(choice.elevation_rad) * std::cos(azimuth),
          std::sin(choice.elevation_rad)};
}

// How far the eye may stand from the middle before it meets something that stands still.
double RoomAlong(const Scene& scene, const Eigen::Vector3d& middle, const ViewChoice& choice) {
  double room_m = kFarthest_m / 0.92;
  for (const double share : {0.0, 0.25, 0.5, 0.75, 1.0}) {
    const SightLine line{middle, DirectionOf(choice, share)};
    for (const Body& body : scene.bodies) {
      if (body.role != Role::kStructure || !IsStill(body) || !HasClosedForm(body.shape)) continue;
      const auto entry = EntryDistance(body, body.world_from_body, line);
      // What lies within a metre is furniture, not a wall.
      if (entry && *entry > 1.0) room_m = std::min(room_m, *entry);
    }
  }
  return 0.92 * room_m;
}

bool AllInView(const CameraPath& camera, const std::vector<Ball>& balls) {
  for (const double share : {0.0, 0.5, 1.0}) {
    const Rigid3 camera_from_world = Inverse(WorldFromCamera(camera, share));
    for (const Ball& ball : balls) {
      const Eigen::Vector3d x = camera_from_world * ball.centre_m;
      if (x.z() < 1.2 * ball.radius_m) return false;
      // The ball's outline from the tangent cone, in each direction of the picture.
      for (const double along : {x.x(), x.y()}) {
        const double angle = std::abs(std::atan2(along, x.z())) +
                             std::asin(std::min(1.0, ball.radius_m / std::hypot(along, x.z())));
        if (angle > std::atan(kMargin * std::tan(camera.fov_rad / 2))) return false;
      }
    }
  }
  return true;
}

CameraPath Fitted(const Scene& scene, const ViewChoice& choice) {
  const std::vector<Ball> balls = BallsOf(scene);
  CameraPath camera;
  camera.target_m = balls.empty() ? Eigen::Vector3d(0, 0, 0.5) : MiddleOf(balls);
  camera.motion = choice.sweep_rad == 0 ? CameraMotion::kStatic : CameraMotion::kArc;
  camera.sweep_rad = choice.sweep_rad;
  camera.fov_rad = kFov_rad;
  const double room_m = RoomAlong(scene, camera.target_m, choice);
  const auto stand_at = [&](double distance_m) {
    camera.eye_m = camera.target_m + distance_m * DirectionOf(choice, 0);
    return AllInView(camera, balls);
  };
  for (double distance_m = std::min(1.5, room_m); distance_m < room_m; distance_m += 0.05) {
    if (stand_at(distance_m)) return camera;
  }
  while (!stand_at(room_m) && camera.fov_rad < kWidest_rad) camera.fov_rad += 0.02;
  return camera;
}

// Where the clause about the camera begins ("The camera …" or "the camera …" after a full stop, a
// semicolon or nothing), or npos.
size_t CameraClause(const std::string& text) {
  size_t found = std::string::npos;
  for (size_t at = text.find("he camera "); at != std::string::npos;
       at = text.find("he camera ", at + 1)) {
    const bool starts =
        at == 1 || (at >= 3 && text[at - 2] == ' ' && (text[at - 3] == '.' || text[at - 3] == ';'));
    if (starts) found = at + std::string("he camera ").size();
  }
  return found;
}

std::string Retold(const std::string& text, const std::string& does) {
  const size_t begin = CameraClause(text);
  if (begin == std::string::npos) return text + " The camera " + does + ".";
  const size_t end =
      std::min({text.find(" and shows ", begin), text.find_first_of(".;", begin), text.size()});
  return text.substr(0, begin) + does + text.substr(end);
}

}  // namespace

std::span<const std::string_view> ListCameraViews() {
  static constexpr std::array<std::string_view, 4> names = {
      kViews[0].name, kViews[1].name, kViews[2].name, kViews[3].name};
  return names;
}

Scene WithCamera(Scene scene, std::string_view view) {
  const ViewChoice& choice = ChoiceOf(view);
  scene.camera = Fitted(scene, choice);
  const CameraWords words = DescribeCamera(scene.camera);
  scene.caption = Retold(scene.caption, choice.looks + words.does);
  for (size_t i = 0; i < scene.paraphrases.size(); ++i) {
    scene.paraphrases[i] =
        Retold(scene.paraphrases[i], choice.looks + (i % 2 == 0 ? words.also_does : words.does));
  }
  Validate(scene, scene.id);
  return scene;
}

}  // namespace plumb
