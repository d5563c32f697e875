// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <vector>

#include "generator/parity/internal_registry.h"

namespace plumb {

// DiTTransformer2DModel forward, AutoencoderKL encode and decode, DiTPipeline sample.
std::vector<ParityEntry> LineageParity();

}  // namespace plumb
