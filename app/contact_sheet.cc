// SPDX-License-Identifier: Apache-2.0
#include "app/contact_sheet.h"

#include <algorithm>
#include <vector>

#include <fmt/format.h>

#include "core/errors.h"

namespace plumb {
namespace {

void Require(const char* name, int value, int smallest) {
  if (value < smallest) {
    throw UsageError(fmt::format("{} {}: expected {} or more", name, value, smallest));
  }
}

void Paste(const Image& image, int left, int top, Image& sheet) {
  for (int y = 0; y < image.height; ++y) {
    std::copy_n(image.Pixel(0, y), 3 * image.width, sheet.Pixel(left, top + y));
  }
}

}  // namespace

void ContactSheetOptions::Validate() const {
  Require("cells", cells, 1);
  Require("columns", columns, 1);
  Require("cell_width_px", cell_width_px, 8);
  Require("gap_px", gap_px, 0);
}

Image ContactSheet(const Video& video, const ContactSheetOptions& options) {
  options.Validate();
  const int cells = std::min(options.cells, video.num_frames());
  const int columns = std::min(options.columns, cells);
  const int rows = (cells + columns - 1) / columns;
  const int width = std::min(options.cell_width_px, video.width());
  const int height = std::max(1, video.height() * width / video.width());
  Image sheet(columns * width + (columns - 1) * options.gap_px,
              rows * height + (rows - 1) * options.gap_px);
  std::fill(sheet.rgb.begin(), sheet.rgb.end(), uint8_t{255});
  for (int i = 0; i < cells; ++i) {
    // Frames are spread evenly from the first to the last.
    const int frame = cells == 1 ? 0 : i * (video.num_frames() - 1) / (cells - 1);
    Paste(AreaResized(video.frame(frame), width, height),
          i % columns * (width + options.gap_px),
          i / columns * (height + options.gap_px),
          sheet);
  }
  return sheet;
}

}  // namespace plumb
