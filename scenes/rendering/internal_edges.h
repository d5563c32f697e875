// SPDX-License-Identifier: Apache-2.0
// Pixels whose picture one sample cannot show, and how they are looked at again. Internal to the
// scenes room.
#pragma once

#include <array>
#include <vector>

#include "scenes/rendering/internal_light.h"
#include "scenes/rendering/internal_surface.h"

namespace plumb {

// Where an edge pixel is looked at again, in eighths of a pixel from its centre (four rooks).
constexpr std::array<std::array<int, 2>, 4> kEdgePoints = {{{1, -3}, {3, 1}, {-1, 3}, {-3, -1}}};

// The pixels (rising indices y * width + x) that show another body, or the same body turned another
// way, than a neighbour to the left, right, above or below.
std::vector<int> EdgePixels(const std::vector<SurfaceSample>& samples, int width);

// The pixel centres of a picture and how open they are.
struct OpenPicture {
  const std::vector<SurfaceSample>& samples;
  const std::vector<Openness>& open;
  int width;
};
// How open a point inside of pixel (x, y) is: as the centre within one pixel that shows the same
// body turned most alike; the pixel itself wins among equals and stands in where there is none.
Openness OpennessNear(const SurfaceSample& sample, const OpenPicture& picture, int x, int y);

}  // namespace plumb
