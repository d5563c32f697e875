// SPDX-License-Identifier: Apache-2.0
// Attention without a mask for inference on the CPU, over tokens whose heads lie side by side: no
// change of layout before or after.
#pragma once

#include <torch/torch.h>

namespace plumb {

// softmax(q·kᵀ / √D)·v of each head. q [B·N, H·D], k and v [B·M, H·D] of one type, whose rows may
// be strided; gives [B·N, H·D]. Float32 and bfloat16 on a processor with oneDNN's block products,
// up to kMostKeys keys, run here: a block of scores stays in the cache and is exponentiated in
// place. Products accumulate in float32, scores and sums are float32. Anything else goes to
// LibTorch's scaled_dot_product_attention.
at::Tensor HeadAttention(
    const at::Tensor& q, const at::Tensor& k, const at::Tensor& v, int64_t batch, int64_t heads);

inline constexpr int64_t kMostKeys = 8192;

// The same by LibTorch alone.
at::Tensor LibraryAttention(
    const at::Tensor& q, const at::Tensor& k, const at::Tensor& v, int64_t batch, int64_t heads);

}  // namespace plumb
