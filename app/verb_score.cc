// SPDX-License-Identifier: Apache-2.0
#include "app/verbs.h"

namespace plumb {

void AddScoreVerb(CLI::App&, Command&) {}

}  // namespace plumb
