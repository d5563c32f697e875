// SPDX-License-Identifier: Apache-2.0
// What the truth says before the sample is looked at: the plate, the looks and where each object
// belongs.
#pragma once

#include "core/truth.h"
#include "metrics/pairing.h"
#include "metrics/permanence/follow.h"

namespace plumb {

// Whether the truth holds what KnownSceneFromTruth needs: instance masks, views and cameras for
// every frame.
bool HasMasks(const Truth& truth);

// All bodies whose role is object and which are seen (visible share at least 0.5) in some paired
// frame. Looks come from the truth's pictures under its instance masks, in up to eight frames
// spread over the clip, edges left out. Throws CheckFailure without masks.
KnownScene KnownSceneFromTruth(const Truth& truth, const PairedVideo& paired);

// Which pixels of each paired frame show an occluder (a body whose role is occluder).
std::vector<std::vector<uint8_t>> OccluderMasks(const Truth& truth, const PairedVideo& paired);

}  // namespace plumb
