// SPDX-License-Identifier: Apache-2.0
// How a prompt, which asks for any size, rate and length, becomes a clip that a checkpoint makes.
#pragma once

#include "generator/native/native_model.h"

namespace plumb {

// Which clips a checkpoint makes.
struct ClipLimits {
  TrainedClip trained;
  int size_step = 1;   // sides are multiples of it
  int frame_step = 1;  // frames are a multiple of it plus one
};

// As NativeModel::PlanClip says.
ClipShape PlanClipFor(const Prompt& prompt, const ClipLimits& limits);

// The request for that clip. Throws UsageError when a conditioning frame is smaller than the clip.
VideoRequest RequestFor(const Prompt& prompt, const ClipShape& shape);

// Throws UsageError, with the nearest possible size or length, unless the request's clip is one
// that the checkpoint can make.
void CheckClip(const VideoRequest& request, const ClipLimits& limits);

}  // namespace plumb
