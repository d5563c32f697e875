// SPDX-License-Identifier: Apache-2.0
// Numbers on what the modes of a native checkpoint leave in a video. Smaller is better in all.
#pragma once

#include <array>
#include <cstdint>
#include <vector>

#include "core/video.h"

namespace plumb {

// Mean absolute difference of two pictures of one size, in levels of 0 to 255.
double MeanDifference(const Image& a, const Image& b);

// The change from frame `frame` - 1 to `frame` over the mean change between all other neighbours
// (at least a tenth of a level): 1 is a seam that nobody sees.
double SeamError(const Video& video, int frame);
// The same for the step from the last frame to the first.
double LoopSeamError(const Video& video);

// The change between neighbouring pixels of a row on both sides of the mask's edge, over that of
// `original` in the same places (at least half a level).
double EdgeError(const Video& video, const Video& original, const std::vector<uint8_t>& mask);

// Half the L1 distance of the two pictures' histograms of 4x4x4 colours: 0 to 1.
double PaletteDistance(const Image& a, const Image& b);

// What is strongly coloured (its channels differ by 90 levels or more): in Plumb's scenes the
// objects, never floor, walls or sky.
struct ColouredObject {
  std::array<double, 24> hues = {};  // shares of its pixels by hue, in 24 equal bins
  double share = 0.0;                // of the video's pixels; 0: there is none
  // Its outline, whichever way it is turned: how far from their middle the pixels of each frame's
  // largest connected piece lie, over the radius of a disc of that area; shares of 8 steps of a
  // quarter, the last open. A disc ends at 1, a square at 1.25, a rod beyond.
  std::array<double, 8> distances = {};
};
ColouredObject LookOf(const Video& video);
// Half the L1 distance of the hues; 1 when one has no object.
double HueDistance(const ColouredObject& a, const ColouredObject& b);
// |ln| of the ratio of the shares, at most 3; 3 when one has no object.
double SizeDistance(const ColouredObject& a, const ColouredObject& b);
// Half the L1 distance of the outlines; 1 when one has no object.
double ShapeDistance(const ColouredObject& a, const ColouredObject& b);

}  // namespace plumb
