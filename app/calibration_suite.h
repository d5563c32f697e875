// SPDX-License-Identifier: Apache-2.0
// What a calibration measures, as a suite.
#pragma once

#include <string>

#include "core/suite.h"

namespace plumb {

struct CalibrationOptions {
  int size = 0;    // width and height of the clips, pixels; 0: the suite's
  int frames = 0;  // of a clip; 0: the suite's
  int scenes = 0;  // so many: the first seed of every scenario, then the second …; 0: all

  // Throws UsageError naming the option that makes no sense.
  void Validate() const;
};

// The built-in suite of that family under these options. Throws UsageError when the family has
// none.
Suite CalibrationSuite(const std::string& family, const CalibrationOptions& options);

}  // namespace plumb
