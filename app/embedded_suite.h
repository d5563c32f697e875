// SPDX-License-Identifier: Apache-2.0
// The suite that is compiled in, so that `plumb run` works without any file.
#pragma once

#include <string_view>

namespace plumb {

// scenes/suites/quick.yaml as it was when the program was built.
std::string_view QuickSuiteYaml();

}  // namespace plumb
