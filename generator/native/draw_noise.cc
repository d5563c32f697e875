// SPDX-License-Identifier: Apache-2.0
#include "core/seed.h"
#include "generator/native/internal_draw_noise.h"

namespace plumb {

at::Tensor DrawNoise(const VideoRequest& request,
                     at::IntArrayRef shape,
                     const std::string& purpose) {
  Random random(DeriveSeed(request.seed, request.name, purpose));
  at::Tensor noise = at::empty(shape, torch::kFloat32);
  float* values = noise.data_ptr<float>();
  for (int64_t i = 0; i < noise.numel(); ++i) values[i] = static_cast<float>(random.Normal());
  return noise;
}

}  // namespace plumb
