// SPDX-License-Identifier: Apache-2.0
// A clip at a glance: evenly spaced frames side by side in one picture.
#pragma once

#include "core/video.h"

namespace plumb {

struct ContactSheetOptions {
  int cells = 12;           // frames shown, first and last included; fewer when the clip is shorter
  int columns = 4;          // of the grid
  int cell_width_px = 256;  // frames wider than this are reduced, never enlarged
  int gap_px = 4;           // white between the frames

  // Throws UsageError naming the field that makes no sense.
  void Validate() const;
};

Image ContactSheet(const Video& video, const ContactSheetOptions& options = {});

}  // namespace plumb
