// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>

#include <torch/torch.h>

#include "generator/native/video_request.h"

namespace plumb {

// Standard normal numbers in float32, drawn on the CPU from the request's seed and name: the same
// whatever computes the rest. Each purpose ("initial noise") has its own.
at::Tensor DrawNoise(const VideoRequest& request,
                     at::IntArrayRef shape,
                     const std::string& purpose);

}  // namespace plumb
