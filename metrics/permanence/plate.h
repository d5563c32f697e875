// SPDX-License-Identifier: Apache-2.0
// The picture behind the objects ("clean plate"), against which objects stand out.
#pragma once

#include <cstdint>
#include <vector>

#include "core/video.h"

namespace plumb {

struct Plate {
  Image picture;
  std::vector<uint8_t> known;  // per pixel 1 where the background was ever seen
  // Range of factors on the background's brightness that light and shadow explain.
  float darkest = 0.9f;
  float brightest = 1.1f;
};

// Per pixel the median over the frames in which the pixel is free of objects, for a camera that
// stands still. `object_masks` holds one mask a frame (1 = object). At most `max_frames` evenly
// chosen frames are used; pixels free in none of those are taken from the first frame in which they
// are free. The brightness range is measured on the free pixels (shadows that move), with a margin
// of 5 %.
Plate MedianPlate(const std::vector<Image>& frames,
                  const std::vector<std::vector<uint8_t>>& object_masks,
                  int max_frames = 15);

// The frame itself where it is free of objects: for a camera that moves.
Plate FramePlate(const Image& frame, const std::vector<uint8_t>& object_mask);

// The mask grown by `radius_px` in both axes (a square).
std::vector<uint8_t> Dilated(const std::vector<uint8_t>& mask, int width, int radius_px);

// Per channel factors that bring the frame's background to the plate's level: medians of the ratios
// over known pixels that are not clipped, within 0.7–1.4. Ones when hardly anything is known.
struct Gain {
  float red = 1.0f;
  float green = 1.0f;
  float blue = 1.0f;
};
Gain GainToPlate(const Image& frame, const Plate& plate);

// Opponent-space distance (levels) of a colour from the background colour under any light within
// the plate's range.
float Unexplained(const float* rgb, const uint8_t* background, const Plate& plate);

// Share of the known pixels at which the frame shows the background (Unexplained ≤ 20 levels) after
// GainToPlate.
double BackgroundAgreement(const Image& frame, const Plate& plate);

}  // namespace plumb
