// SPDX-License-Identifier: Apache-2.0
// Activations for time: a block keeps its inputs alone and is run again when its gradients are
// asked for (Chen et al. 2016, arXiv 1604.06174).
#pragma once

#include <functional>
#include <vector>

#include <torch/torch.h>

namespace plumb {

using RecomputedBlock = std::function<at::Tensor(const std::vector<at::Tensor>& inputs)>;

// block(inputs) with the gradients it would have anyway, of the inputs and of every parameter the
// block uses; what the block computes on the way is not kept. The same bits, but where an input is
// used by several blocks: then the sum of its gradients is formed in another order. The block must
// be a function of defined inputs and of parameters alone (no random draws, no caches), and must
// stay callable until backward has run. It runs again under the autocast of the first call. Without
// gradients it is called plainly.
at::Tensor Recomputed(const RecomputedBlock& block, const std::vector<at::Tensor>& inputs);

}  // namespace plumb
