// SPDX-License-Identifier: Apache-2.0
// A reconstructed world in the files that COLMAP 3.8 reads (https://colmap.github.io/format.html)
// and in Stanford's PLY.
#pragma once

#include <string>

#include "metrics/geometry/reconstruction.h"

namespace plumb {

// "frame_00012.png": what frame 12 of a video is called in a model.
std::string FrameFileName(int frame);

// cameras.bin, images.bin and points3D.bin, little endian: one PINHOLE camera, an image per frame
// (ids from 1, in order) with its sightings, points (ids from 1) with colour, mean error in pixels
// and the images that see them. COLMAP's pixel origin, the corner, is ours.
struct ColmapModel {
  std::string cameras;
  std::string images;
  std::string points;
};
ColmapModel ColmapModelOf(const ReconstructedWorld& world);

// Points with their colours, and the places of the cameras with their frame numbers. Text, in the
// world's own frame and scale.
std::string PointsPly(const ReconstructedWorld& world);
std::string CamerasPly(const ReconstructedWorld& world);

}  // namespace plumb
