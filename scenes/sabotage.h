// SPDX-License-Identifier: Apache-2.0
// The truth with exactly one law broken by a stated amount: simulated or rendered again, so that
// the picture stays clean and nothing else gives it away.
#pragma once

#include "core/laws.h"
#include "core/progress.h"
#include "core/truth.h"
#include "core/video.h"

namespace plumb {

// Amounts, by law (neutral value first; the neutral value gives the truth's own bytes):
//   gravity      factor (1) on gravity from the onset on.
//   restitution  factor (1) on every restitution from the onset on; the product may exceed 1.
//   vanish       share (0) of the frames from the natural moment to the end in which the object is
//   gone, counted from
//                the end; 1: gone from that moment on. It is taken out of the simulation too.
//   swap         share (0) by which two objects exchange their looks from the natural moment on; 1:
//   each looks as the
//                other did.
//   teleport     metres (0) the object jumps sideways at the onset, along the surface it touches,
//   to the side where it
//                stays in view; away from the camera where both sides are hidden.
//   warp_px      pixels (0): amplitude of a smooth image-wide displacement that changes with time
//   and that no rigid
//                world explains; grows from the onset to its full size within 12 frames.
//   drift_px     pixels per frame (0) by which the texture of each fixed box slides along its
//   surfaces, every box in
//                its own direction, from the onset on (pixels at the distance of the camera's
//                target).
// The natural moment is the first frame after the conditioning frames; for vanish and swap in
// scenes with an occluder it is the first frame after them in which the object is fully hidden. An
// onset inside the conditioning frames is moved behind them. Conditioning frames are always the
// truth's own. Throws UsageError for an unknown law or body, a law that needs what the scene lacks,
// or an amount out of range.
Video MakeSabotaged(const Truth& truth,
                    const Sabotage& sabotage,
                    int conditioning_frames,
                    const Progress& progress = {});

}  // namespace plumb
