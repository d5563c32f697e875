// SPDX-License-Identifier: Apache-2.0
// The search for NaN and infinity in stored numbers.
#pragma once

#include <cstdint>
#include <optional>
#include <span>

#include "core/tensor.h"

namespace plumb {

// Index of the first element that is NaN or infinite: its exponent has all bits set (IEEE 754; for
// BF16 the upper half of F32). Nothing when all are finite or the type has no such values. `bytes`
// are whole elements at any address, little-endian; reads at the speed of memory.
std::optional<int64_t> FirstNotFinite(DType dtype, std::span<const uint8_t> bytes);

}  // namespace plumb
