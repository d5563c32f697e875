// SPDX-License-Identifier: Apache-2.0
// Short labels on pictures, in a small built-in font.
#pragma once

#include <string_view>

#include "core/video.h"

namespace plumb {

inline constexpr int kTextHeight_px = 7;
inline constexpr int kTextAdvance_px = 6;  // from one letter to the next

// Draws one line in black with its upper left corner at (left, top), each dot `scale` pixels wide;
// what lies outside of the picture is cut off. Characters beyond printable ASCII become '?'.
void DrawText(std::string_view text, int left, int top, int scale, Image& image);

// Pixels that DrawText takes up from left to right.
int TextWidth(std::string_view text, int scale);

}  // namespace plumb
