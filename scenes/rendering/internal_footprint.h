// SPDX-License-Identifier: Apache-2.0
// Where in the picture a body can be: the pixels worth a ray. Internal to the scenes room.
#pragma once

#include <vector>

#include "core/camera.h"
#include "core/scene.h"

namespace plumb {

// Radius of a ball around the body's origin that holds the shape.
double BoundingRadius(const Shape& shape);

// Pixels from `left` to `right` and `top` to `bottom`, both ends included; empty when an end lies
// before its start.
struct PixelBox {
  int left = 0;
  int top = 0;
  int right = -1;
  int bottom = -1;

  // Row by row, as indices y * width + x.
  std::vector<int> Pixels(int width) const;
};

// The picture point in the middle of a pixel.
Eigen::Vector2d PixelCentre(int index, int width);

// All pixels of the picture.
PixelBox WholePicture(const Intrinsics& intrinsics);

// A box that holds every pixel whose centre can show the body: around the ball that holds it, with
// a pixel to spare. Empty when that ball is behind the camera or beside the picture, the whole
// picture when it reaches to the camera.
PixelBox FootprintOf(const Camera& camera, const Shape& shape, const Rigid3& world_from_body);

}  // namespace plumb
