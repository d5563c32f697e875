// SPDX-License-Identifier: Apache-2.0
// Lattice noise and hashes for textures. Internal to the scenes room.
#pragma once

#include <cstdint>

#include <Eigen/Core>

namespace plumb {

// Bits that look random for every pair of cells.
uint32_t HashCell(int32_t x, int32_t y, uint32_t salt);
// HashCell as a number in [0, 1).
float CellValue(int32_t x, int32_t y, uint32_t salt);

// Smooth value noise in 0–1 with one lattice point per unit (period 256 along each axis).
float ValueNoise(const Eigen::Vector3f& x);

// Four octaves of ValueNoise, each of half the size and half the weight of the one before, mean
// 0.5. Octaves finer than `footprint` (size of a pixel in the units of x) fade to their mean.
float FractalNoise(const Eigen::Vector3f& x, float footprint);

}  // namespace plumb
