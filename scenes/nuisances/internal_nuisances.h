// SPDX-License-Identifier: Apache-2.0
// Nuisances of single pictures. Internal to the scenes room.
#pragma once

#include "core/seed.h"
#include "core/video.h"

namespace plumb {

Image Blurred(const Image& image, double sigma_px);
Image WithNoise(const Image& image, double sigma_levels, Random& random);
// The same shift of all three channels, correlated over neighbouring pixels.
Image WithGrain(const Image& image, double sigma_levels, Random& random);
Image Brightened(const Image& image, double factor);
// Throws UsageError when less than eight pixels are left.
Image WithoutBorder(const Image& image, int border_px);
// Luma and chroma by JFIF, both at full size; 8×8 discrete cosine transforms quantised with the
// tables of Annex K of ITU-T T.81, scaled by quality as the Independent JPEG Group's library does.
Image Requantised(const Image& image, int quality);

}  // namespace plumb
