// SPDX-License-Identifier: Apache-2.0
// Reference rows that must score badly, each in its own way. All keep the conditioning frames, size
// and time stamps.
#pragma once

#include <cstdint>

#include "core/video.h"

namespace plumb {

// The last conditioning frame (the first frame when there is none) for the rest of the clip.
Video FrozenVideo(const Video& truth, int conditioning_frames);

// Independent uniform noise in every byte after the conditioning frames.
Video NoiseVideo(const Video& truth, int conditioning_frames, uint64_t seed);

// The frames after the conditioning frames in reverse order.
Video ReversedVideo(const Video& truth, int conditioning_frames);

// The frames after the conditioning frames in a random order without a frame in its own place (if
// there are two).
Video ShuffledVideo(const Video& truth, int conditioning_frames, uint64_t seed);

}  // namespace plumb
