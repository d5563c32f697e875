// SPDX-License-Identifier: Apache-2.0
#include "generator/native/denoising_loss.h"

#include "core/check.h"
#include "core/statistics.h"
#include "generator/native/internal_denoising_loss.h"

namespace plumb {

double DenoisingLosses::Mean() const { return plumb::Mean(losses); }

double LossAt(const LossInput& input,
              const ObjectiveLevel& level,
              const at::Tensor& noise,
              const Denoiser& denoiser) {
  const at::Tensor known = input.known.expand_as(input.clean);
  const auto counted = known.logical_not().sum().item<int64_t>();
  PLUMB_CHECK(counted > 0, "everything is known");
  const at::Tensor noisy =
      at::where(known, input.clean, input.objective.Noisy(input.clean, noise, level));
  const at::Tensor told = denoiser(noisy, level.timestep, /*conditional=*/true);
  const at::Tensor error = told - input.objective.Wanted(input.clean, noise, level);
  const at::Tensor squares = at::where(known, 0.0, error.to(torch::kFloat64).square());
  return squares.sum().item<double>() / static_cast<double>(counted);
}

}  // namespace plumb
