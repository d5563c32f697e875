// SPDX-License-Identifier: Apache-2.0
#include "app/verbs.h"

namespace plumb {

void AddImportVerb(CLI::App&, Command&) {}

}  // namespace plumb
