// SPDX-License-Identifier: Apache-2.0
// The furnished room of the scenarios about views. Internal to the
// scenes room.
#pragma once

#include <string>
#include <vector>

#include "core/seed.h"
#include "scenes/catalogue/internal_caption.h"
#include "scenes/catalogue/internal_look.h"

namespace plumb {

// Half of the room's side: walls stand at x, y = ±kRoomHalf_m.
constexpr double kRoomHalf_m = 3.4;
constexpr double kRoomHeight_m = 2.9;

// Floor, four walls, a light below the middle of the ceiling that is not there.
Scene EmptyRoom(Random& random);

// Flat boxes with patterns of their own on back, left and right wall, so that every part of a wall
// looks different.
void HangPictures(Random& random, Scene& scene);
// What one of them looks like.
Material PickPictureMaterial(Random& random);

// Fixed objects at random places on the floor that stay in the picture at the stated shares of the
// camera's way; a colour that finds no place is left out.
struct Furniture {
  std::vector<NamedColour> colours;
  Eigen::Vector2d low_m = {-1.9, -1.9};
  Eigen::Vector2d high_m = {1.9, 1.8};
  std::vector<double> shares = {0.0, 0.5, 1.0};
  bool textured = true;   // false: no pattern on any object
  bool familiar = false;  // half of them are tables, mugs, toy cars, lamps, ducks
  // Objects keep this share of their reaches apart in the first picture, so that none hides
  // another.
  double apart_in_view = 0.0;
};
// The descriptions of what found a place, in the order of the bodies.
std::vector<std::string> Furnish(Random& random, Scene& scene, const Furniture& furniture);

// Caption, paraphrases and outcome of a room in which nothing moves but the camera.
// `camera` where the path alone does not tell it.
void TellRoom(Scene& scene,
              const std::vector<std::string>& objects,
              const std::string& outcome,
              const CameraWords& camera = {});

}  // namespace plumb
