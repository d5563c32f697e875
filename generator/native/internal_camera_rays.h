// SPDX-License-Identifier: Apache-2.0
// A camera path as the transformer is told it.
#pragma once

#include <vector>

#include <torch/torch.h>

#include "core/camera.h"

namespace plumb {

// Of every token its ray: direction (unit length) and origin (metres), both in the frame of the
// first camera, so that only the movement is told. `cameras`: one per latent frame, T of them; F32
// [T, rows, columns, 6]. The ray goes through the middle of the token's part of the picture.
at::Tensor CameraRays(const std::vector<Camera>& cameras, int64_t rows, int64_t columns);

// The cameras of the latent frames of a clip: of every group of frames the last one's. `stride`:
// frames a latent frame stands for; the first stands for one.
std::vector<Camera> LatentCameras(const std::vector<Camera>& cameras, int64_t stride);

}  // namespace plumb
