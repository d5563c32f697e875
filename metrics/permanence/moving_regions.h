// SPDX-License-Identifier: Apache-2.0
// Where the moving objects of a clip stand in its first frame, when nothing but the pictures is
// known. Masks hold one byte a pixel, 1 = inside.
#pragma once

#include <cstdint>
#include <vector>

#include "core/video.h"
#include "metrics/permanence/look.h"

namespace plumb {

// Pixels of which a channel differs by more than 25 levels.
std::vector<uint8_t> ChangedPixels(const Image& first, const Image& other);

// The colours of a region without its border; of a thin region all of them.
std::vector<Rgb> InnerColours(const Image& image, const std::vector<uint8_t>& region);

// Regions of the first frame that the last, the middle or the median frame no longer shows, each
// completed by what touches it and looks the same; the largest first, at most twelve, of at least
// 25 px and 0.03 % of the picture. Empty when nothing moves.
std::vector<std::vector<uint8_t>> MovingRegions(const std::vector<Image>& frames);

}  // namespace plumb
