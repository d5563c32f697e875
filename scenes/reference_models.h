// SPDX-License-Identifier: Apache-2.0
// Reference rows that must score badly, each in its own way. All keep the conditioning frames, size
// and time stamps.
#pragma once

#include <cstdint>

#include "core/progress.h"
#include "core/truth.h"
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

// Every frame after the conditioning frames is the first of another orbit_room: pictures of the
// same size and rate that have nothing in common. Throws CancelledError.
Video UnrelatedVideo(const Truth& truth,
                     int conditioning_frames,
                     uint64_t seed,
                     const Progress& progress = {});

// Every body from the last conditioning frame on with the linear and angular velocity that the last
// two conditioning frames show: one state per frame, at the rate of the video. The centre of mass
// goes straight, the body turns evenly about it, the shorter way (half a turn from frame to frame
// is the most that two poses can tell). No gravity, no contact, no joint, no event: what falls,
// meets or is led otherwise in the truth does not here. One conditioning frame shows no velocity,
// and without any the first frame stands for it: every body then stays where it is.
Motion ConstantVelocityMotion(const Truth& truth, int conditioning_frames);

// That motion, rendered under the truth's light and camera. What is removed from the scene after
// the conditioning frames stays. Throws CancelledError.
Video ConstantVelocityVideo(const Truth& truth,
                            int conditioning_frames,
                            const Progress& progress = {});

}  // namespace plumb
