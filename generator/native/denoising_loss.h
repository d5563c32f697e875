// SPDX-License-Identifier: Apache-2.0
// How well a checkpoint's denoiser knows a video: the loss that it was trained with, on this video,
// at chosen levels of noise. The mean over evenly spread levels stands for the negative log
// likelihood (a bound on it, Ho et al. 2020, arXiv 2006.11239, section 3); of two videos under the
// same noise the one of lower loss is the likelier to the model (LikePhys: Yuan et al., ICLR 2026,
// arXiv 2510.11512).
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "core/camera.h"

namespace plumb {

// What the denoiser is told of the video beside its noisy frames.
struct LossCondition {
  std::string caption;  // empty: the null condition
  // First frames that it sees clean and is not asked about: 0, or a multiple of
  // NativeModel::FrameStep plus one, fewer than all.
  int known_frames = 0;
  std::vector<Camera> cameras;  // one per frame, or none: not stated
};

struct LossLevels {
  std::vector<double> timesteps;  // 0 (clean) … the checkpoint's highest; see EvenTimesteps
  // The noise of a timestep depends on this seed, the timestep and the video's shape alone: videos
  // of one shape that are compared see the same noise.
  uint64_t noise_seed = 0;
};

// losses[i]: mean squared error, over all that is not known, of what the denoiser says at
// timesteps[i] (of rectified flow the velocity noise − clip, else the noise or v). A denoiser that
// says nothing has a loss near 2 for a flow and near 1 else.
struct DenoisingLosses {
  std::vector<double> timesteps;
  std::vector<double> losses;

  double Mean() const;  // throws CheckFailure when there are none
};

}  // namespace plumb
