// SPDX-License-Identifier: Apache-2.0
// The suites that are compiled in, so that `plumb run` and `plumb calibrate` work without any file.
#pragma once

#include <string_view>

namespace plumb {

// scenes/suites/quick.yaml as it was when the program was built.
std::string_view QuickSuiteYaml();

// scenes/suites/calibrate_geometry.yaml, likewise.
std::string_view GeometryCalibrationSuiteYaml();

}  // namespace plumb
