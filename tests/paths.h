// SPDX-License-Identifier: Apache-2.0
// Where tests find the checkout, what was built, and real clips. Known to one source only, so that
// the objects of all other tests are the same in every build folder.
#pragma once

#include <filesystem>

namespace plumb {

std::filesystem::path SourceFolder();  // the checkout
std::filesystem::path BinaryFolder();  // the build folder, in which plumb lies
std::filesystem::path
DataFolder();  // $PLUMB_DATA, else shared/data beside the checkout; may be absent

}  // namespace plumb
