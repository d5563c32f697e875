// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <cmath>
#include <vector>

#include <ATen/native/CPUBlas.h>

#include "core/check.h"
#include "generator/kernels/internal_head_attention.h"
#include "generator/kernels/internal_lanes.h"
#include "generator/kernels/internal_packed_linear.h"

namespace plumb {
namespace {

constexpr int64_t kQueriesAtOnce = 64;
constexpr int64_t kKeysAtOnce = 256;  // columns of one block product

// Rows that lie together in the second factor of a product: bfloat16 goes in pairs.
template <typename T>
constexpr int64_t kPair = sizeof(float) / sizeof(T);

int64_t RoundedUp(int64_t value, int64_t multiple) {
  return (value + multiple - 1) / multiple * multiple;
}

// One head of a [rows, H·D] matrix.
template <typename T>
struct HeadView {
  const T* data;
  int64_t stride;  // from token to token
};

// kᵀ in panels of kKeysAtOnce columns, pairs of rows side by side: what the block product wants as
// its second factor. Columns beyond the last key are never read.
template <typename T>
void PackKeys(HeadView<T> k, int64_t keys, int64_t dim, std::vector<T>& packed) {
  constexpr int64_t pair = kPair<T>;
  for (int64_t first = 0; first < keys; first += kKeysAtOnce) {
    const int64_t columns = std::min(kKeysAtOnce, keys - first);
    T* panel = packed.data() + first * dim;
    for (int64_t column = 0; column < columns; ++column) {
      const T* row = k.data + (first + column) * k.stride;
      for (int64_t d = 0; d < dim; ++d) {
        panel[(d / pair) * columns * pair + column * pair + d % pair] = row[d];
      }
    }
  }
}

// v with pairs of rows side by side; a row of zeros is added to an odd number of them.
template <typename T>
void PackValues(HeadView<T> v, int64_t keys, int64_t dim, std::vector<T>& packed) {
  constexpr int64_t pair = kPair<T>;
  for (int64_t row = 0; row < RoundedUp(keys, pair); ++row) {
    T* to = packed.data() + (row / pair) * dim * pair + row % pair;
    for (int64_t d = 0; d < dim; ++d) {
      to[d * pair] = row < keys ? v.data[row * v.stride + d] : T(0.0F);
    }
  }
}

float Largest(const float* __restrict scores, int64_t keys) {
  float lanes[kLanes];
  std::fill(std::begin(lanes), std::end(lanes), scores[0]);
  int64_t i = 0;
  for (; i + kLanes <= keys; i += kLanes) {
    for (int64_t k = 0; k < kLanes; ++k)
      lanes[k] = scores[i + k] > lanes[k] ? scores[i + k] : lanes[k];
  }
  for (int64_t k = 0; i < keys; ++i, ++k) lanes[k] = std::max(lanes[k], scores[i]);
  return *std::max_element(std::begin(lanes), std::end(lanes));
}

// The scores of a row become e^(scale·(score − largest)), whose sum in sixteen lanes is returned.
// Two loops: in one, the compiler would make the bound a branch and forgo vectors.
float Exponentiate(float* scores, int64_t keys, float scale) {
  const float largest = Largest(scores, keys);
  for (int64_t i = 0; i < keys; ++i) {
    const float x = (scores[i] - largest) * scale;
    scores[i] = x < -87.0F ? -87.0F : x;
  }
  for (int64_t i = 0; i < keys; ++i) scores[i] = ExpOfNegative(scores[i]);
  return SumInLanes(keys, [scores](int64_t i) { return scores[i]; });
}

template <typename T>
void Round(const float* __restrict from, int64_t count, T* __restrict to) {
  for (int64_t i = 0; i < count; ++i) FromFloat(from[i], to[i]);
}

// Memory of one head's pass, used again for every head.
template <typename T>
struct Workspace {
  Workspace(int64_t keys, int64_t dim)
      : packed_keys(keys * dim),
        packed_values(RoundedUp(keys, kPair<T>) * dim),
        scores(kQueriesAtOnce * keys),
        weights(kPair<T> > 1 ? kQueriesAtOnce * RoundedUp(keys, kPair<T>) : 0, T(0.0F)),
        mixed(kQueriesAtOnce * dim) {}
  std::vector<T> packed_keys, packed_values;
  std::vector<float> scores;
  std::vector<T> weights;  // of bfloat16; those of float32 take the scores' place
  std::vector<float> mixed;
  float sums[kQueriesAtOnce];

  const T* Weights() const {
    if constexpr (kPair < T >> 1)
      return weights.data();
    else
      return scores.data();
  }
};

struct HeadShape {
  int64_t queries, keys, dim, width;  // width: of all heads
  float scale;
};

// scores[rows, keys] = q·kᵀ for a block of queries.
template <typename T>
void Score(HeadView<T> q, int64_t rows, const HeadShape& shape, Workspace<T>& work) {
  for (int64_t first = 0; first < shape.keys; first += kKeysAtOnce) {
    const int64_t columns = std::min(kKeysAtOnce, shape.keys - first);
    at::native::cpublas::brgemm(rows,
                                columns,
                                shape.dim,
                                q.stride,
                                columns,
                                shape.keys,
                                /*add_C=*/false,
                                q.data,
                                work.packed_keys.data() + first * shape.dim,
                                work.scores.data() + first,
                                /*is_vnni=*/kPair<T> > 1);
  }
}

template <typename T>
void AttendBlock(HeadView<T> q, int64_t rows, const HeadShape& shape, Workspace<T>& work, T* out) {
  Score(q, rows, shape, work);
  const int64_t padded = RoundedUp(shape.keys, kPair<T>);
  for (int64_t row = 0; row < rows; ++row) {
    float* scores = work.scores.data() + row * shape.keys;
    work.sums[row] = Exponentiate(scores, shape.keys, shape.scale);
    if constexpr (kPair < T >> 1) Round(scores, shape.keys, work.weights.data() + row * padded);
  }
  at::native::cpublas::brgemm(rows,
                              shape.dim,
                              padded,
                              padded,
                              shape.dim,
                              shape.dim,
                              /*add_C=*/false,
                              work.Weights(),
                              work.packed_values.data(),
                              work.mixed.data(),
                              /*is_vnni=*/kPair<T> > 1);
  for (int64_t row = 0; row < rows; ++row) {
    const float inverse = 1.0F / work.sums[row];
    for (int64_t d = 0; d < shape.dim; ++d) {
      FromFloat(work.mixed[row * shape.dim + d] * inverse, out[row * shape.width + d]);
    }
  }
}

template <typename T>
at::Tensor Attend(
    const at::Tensor& q, const at::Tensor& k, const at::Tensor& v, int64_t batch, int64_t heads) {
  const int64_t width = q.size(1);
  const HeadShape shape = {q.size(0) / batch,
                           k.size(0) / batch,
                           width / heads,
                           width,
                           1.0F / std::sqrt(static_cast<float>(width / heads))};
  at::Tensor out = at::empty({q.size(0), width}, q.options());
  Workspace<T> work(shape.keys, shape.dim);
  for (int64_t b = 0; b < batch; ++b) {
    for (int64_t h = 0; h < heads; ++h) {
      const auto view = [&](const at::Tensor& from, int64_t tokens) {
        const int64_t stride = from.stride(0);
        return HeadView<T>{from.const_data_ptr<T>() + b * tokens * stride + h * shape.dim, stride};
      };
      PackKeys(view(k, shape.keys), shape.keys, shape.dim, work.packed_keys);
      PackValues(view(v, shape.keys), shape.keys, shape.dim, work.packed_values);
      const HeadView<T> queries = view(q, shape.queries);
      T* results = out.data_ptr<T>() + b * shape.queries * width + h * shape.dim;
      for (int64_t first = 0; first < shape.queries; first += kQueriesAtOnce) {
        const int64_t rows = std::min(kQueriesAtOnce, shape.queries - first);
        AttendBlock({queries.data + first * queries.stride, queries.stride},
                    rows,
                    shape,
                    work,
                    results + first * width);
      }
    }
  }
  at::native::cpublas::brgemm_release();
  return out;
}

}  // namespace

at::Tensor LibraryAttention(
    const at::Tensor& q, const at::Tensor& k, const at::Tensor& v, int64_t batch, int64_t heads) {
  const auto by_head = [&](const at::Tensor& x) {
    return x.reshape({batch, -1, heads, x.size(1) / heads}).transpose(1, 2);
  };
  const at::Tensor mixed = at::scaled_dot_product_attention(by_head(q), by_head(k), by_head(v));
  return mixed.transpose(1, 2).reshape({q.size(0), q.size(1)});
}

at::Tensor HeadAttention(
    const at::Tensor& q, const at::Tensor& k, const at::Tensor& v, int64_t batch, int64_t heads) {
  const at::ScalarType type = q.scalar_type();
  PLUMB_CHECK(q.stride(1) == 1 && k.stride(1) == 1 && v.stride(1) == 1 && q.size(1) % heads == 0 &&
              q.size(0) % batch == 0 && k.sizes() == v.sizes());
  const bool pairs = type != at::kBFloat16 || q.size(1) / heads % 2 == 0;
  if (q.is_cpu() && HasPackedLinear(type) && pairs && k.size(0) / batch <= kMostKeys) {
    return type == at::kFloat ? Attend<float>(q, k, v, batch, heads)
                              : Attend<at::BFloat16>(q, k, v, batch, heads);
  }
  return LibraryAttention(q, k, v, batch, heads);
}

}  // namespace plumb
