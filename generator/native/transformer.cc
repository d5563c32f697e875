// SPDX-License-Identifier: Apache-2.0
#include <cmath>
#include <numbers>

#include "core/check.h"
#include "generator/native/internal_transformer.h"

namespace plumb {
namespace {

constexpr int64_t kPlaceFrequencies = 4;

// [B, C, T, H, W] -> [B, N, C·ph·pw], tokens in time, row, column order.
at::Tensor Patchify(const at::Tensor& x, int64_t ph, int64_t pw) {
  const int64_t b = x.size(0), c = x.size(1), t = x.size(2), h = x.size(3), w = x.size(4);
  return x.reshape({b, c, t, h / ph, ph, w / pw, pw})
      .permute({0, 2, 3, 5, 1, 4, 6})
      .reshape({b, t * (h / ph) * (w / pw), c * ph * pw});
}

at::Tensor Unpatchify(const at::Tensor& tokens, const at::Tensor& like, int64_t ph, int64_t pw) {
  const int64_t b = like.size(0), c = like.size(1), t = like.size(2), h = like.size(3),
                w = like.size(4);
  return tokens.reshape({b, t, h / ph, w / pw, c, ph, pw})
      .permute({0, 4, 1, 2, 5, 3, 6})
      .reshape({b, c, t, h, w});
}

// Positions [N, 3] for the rotation: time in its own unit, rows and columns counted in tokens from
// the middle.
at::Tensor TokenPositions(const at::Tensor& times_s,
                          int64_t rows,
                          int64_t columns,
                          double positions_per_second) {
  const at::Tensor t = times_s.to(torch::kFloat64) * positions_per_second;
  const at::Tensor y = at::arange(rows, torch::kFloat64) - 0.5 * static_cast<double>(rows - 1);
  const at::Tensor x =
      at::arange(columns, torch::kFloat64) - 0.5 * static_cast<double>(columns - 1);
  const std::vector<at::Tensor> grid = at::meshgrid({t, y, x}, "ij");
  return at::stack({grid[0].flatten(), grid[1].flatten(), grid[2].flatten()}, 1);
}

// Where in the picture a token stands, as sinusoids of its relative row and column (−1 … 1): [N,
// 4·kPlaceFrequencies]. The rotation tells distances only; floor and walls are a matter of place.
at::Tensor PlaceFeatures(int64_t frames, int64_t rows, int64_t columns) {
  const auto centres = [](int64_t count) {
    return (at::arange(count, torch::kFloat64) + 0.5) * (2.0 / static_cast<double>(count)) - 1.0;
  };
  const std::vector<at::Tensor> grid =
      at::meshgrid({at::zeros({frames}, torch::kFloat64), centres(rows), centres(columns)}, "ij");
  std::vector<at::Tensor> features;
  for (size_t axis : {1, 2}) {
    for (int64_t k = 0; k < kPlaceFrequencies; ++k) {
      const at::Tensor angle = grid[axis].flatten() * (std::numbers::pi / 2 * (1 << k));
      features.push_back(angle.sin());
      features.push_back(angle.cos());
    }
  }
  return at::stack(features, 1).to(torch::kFloat32);
}

at::Tensor PlainLayerNorm(const at::Tensor& x) {
  return at::layer_norm(x, {x.size(-1)}, {}, {}, 1e-6);
}

// Rows [B, K, width] handed out by level: [B, M, 1, width], to be spread over runs of tokens.
at::Tensor PerRun(const at::Tensor& rows, const at::Tensor& levels) {
  return rows.gather(1, levels.unsqueeze(-1).expand({-1, -1, rows.size(2)})).unsqueeze(2);
}

// Norm, scale and shift of tokens [B, N, width].
at::Tensor Modulated(const at::Tensor& tokens, const at::Tensor& scale, const at::Tensor& shift) {
  const at::Tensor runs = PlainLayerNorm(tokens).unflatten(1, {scale.size(1), -1});
  return at::addcmul(shift, runs, 1 + scale).flatten(1, 2);
}

at::Tensor PlusGated(const at::Tensor& tokens, const at::Tensor& gate, const at::Tensor& branch) {
  const std::vector<int64_t> runs = {gate.size(1), -1};
  return at::addcmul(tokens.unflatten(1, runs), gate, branch.to(torch::kFloat32).unflatten(1, runs))
      .flatten(1, 2);
}

void InitialiseLinear(torch::nn::Module& module) {
  if (auto* linear = module.as<torch::nn::LinearImpl>()) {
    torch::nn::init::xavier_uniform_(linear->weight);
    if (linear->bias.defined()) torch::nn::init::zeros_(linear->bias);
  }
}

void ZeroLinear(const torch::nn::Linear& linear) {
  torch::nn::init::zeros_(linear->weight);
  torch::nn::init::zeros_(linear->bias);
}

}  // namespace

at::Tensor TimestepSinusoid(const at::Tensor& timesteps, int64_t dim) {
  const int64_t half = dim / 2;
  const at::Tensor exponents = at::arange(half, torch::kFloat64) / static_cast<double>(half);
  const at::Tensor frequencies = at::exp(-std::log(10000.0) * exponents);
  const at::Tensor angles = timesteps.to(torch::kFloat64).unsqueeze(1) * frequencies;
  return at::cat({angles.cos(), angles.sin()}, 1).to(torch::kFloat32);
}

AttentionImpl::AttentionImpl(const TransformerConfig& config, int64_t context_dim)
    : num_heads(config.num_attention_heads) {
  const int64_t width = config.Width();
  to_q = register_module("to_q", torch::nn::Linear(width, width));
  to_k = register_module("to_k", torch::nn::Linear(context_dim, width));
  to_v = register_module("to_v", torch::nn::Linear(context_dim, width));
  to_out = register_module("to_out", torch::nn::Linear(width, width));
  norm_q = register_module("norm_q", RmsNorm(config.attention_head_dim));
  norm_k = register_module("norm_k", RmsNorm(config.attention_head_dim));
}

at::Tensor AttentionImpl::forward(const at::Tensor& x,
                                  const at::Tensor& context,
                                  const at::Tensor& rope,
                                  const at::Tensor& mask) {
  const std::vector<int64_t> heads = {num_heads, -1};
  at::Tensor q = norm_q->forward(to_q->forward(x).unflatten(-1, heads));
  at::Tensor k = norm_k->forward(to_k->forward(context).unflatten(-1, heads));
  const at::Tensor v = to_v->forward(context).unflatten(-1, heads).transpose(1, 2);
  if (rope.defined()) {
    q = ApplyRope(q, rope);
    k = ApplyRope(k, rope);
  }
  // The norm may run in float32 under autocast; the three must agree again.
  const at::Tensor mixed = at::scaled_dot_product_attention(
      q.transpose(1, 2).to(v.scalar_type()),
      k.transpose(1, 2).to(v.scalar_type()),
      v,
      mask.defined() ? std::optional<at::Tensor>(mask) : std::nullopt);
  return to_out->forward(mixed.transpose(1, 2).flatten(2));
}

TransformerBlockImpl::TransformerBlockImpl(const TransformerConfig& config) {
  const int64_t width = config.Width();
  scale_shift_table = register_parameter(
      "scale_shift_table", torch::randn({6, width}) / std::sqrt(static_cast<double>(width)));
  attn1 = register_module("attn1", Attention(config, width));
  norm2 = register_module("norm2",
                          torch::nn::LayerNorm(torch::nn::LayerNormOptions({width}).eps(1e-6)));
  attn2 = register_module("attn2", Attention(config, config.text_dim));
  ffn_in = register_module("ffn_in", torch::nn::Linear(width, config.ffn_dim));
  ffn_out = register_module("ffn_out", torch::nn::Linear(config.ffn_dim, width));
}

at::Tensor TransformerBlockImpl::forward(const at::Tensor& tokens,
                                         const at::Tensor& modulation,
                                         const TransformerInput& input,
                                         const at::Tensor& rope) {
  const at::Tensor rows = modulation + scale_shift_table;
  const auto part = [&](int64_t index) { return PerRun(rows.select(2, index), input.levels); };
  // Self-attention over the whole clip.
  at::Tensor x = Modulated(tokens, part(1), part(0));
  at::Tensor sum = PlusGated(tokens, part(2), attn1->forward(x, x, rope, {}));
  // Cross-attention to the caption.
  const at::Tensor mask = input.text_mask.unsqueeze(1).unsqueeze(1);
  sum = sum + attn2->forward(norm2->forward(sum), input.text, {}, mask);
  // Feed-forward.
  x = Modulated(sum, part(4), part(3));
  return PlusGated(sum, part(5), ffn_out->forward(at::gelu(ffn_in->forward(x), "tanh")));
}

SpacetimeTransformerImpl::SpacetimeTransformerImpl(const TransformerConfig& given) : config(given) {
  const int64_t width = config.Width();
  const int64_t area = config.patch_size[1] * config.patch_size[2];
  // A token is its patch, a flag that it is known, and its place.
  patch_embedding = register_module(
      "patch_embedding",
      torch::nn::Linear(config.in_channels * area + 1 + 4 * kPlaceFrequencies, width));
  time_in = register_module("time_in", torch::nn::Linear(config.freq_dim, width));
  time_out = register_module("time_out", torch::nn::Linear(width, width));
  time_projection = register_module("time_projection", torch::nn::Linear(width, 6 * width));
  for (int64_t i = 0; i < config.num_layers; ++i) blocks->push_back(TransformerBlock(config));
  register_module("blocks", blocks);
  scale_shift_table = register_parameter("scale_shift_table", torch::zeros({2, width}));
  proj_out = register_module("proj_out", torch::nn::Linear(width, config.in_channels * area));

  apply([](torch::nn::Module& module) { InitialiseLinear(module); });
  // adaLN-Zero: every block starts as the identity, and the network as zero.
  ZeroLinear(time_projection);
  ZeroLinear(proj_out);
  torch::NoGradGuard no_grad;
  for (const auto& block : *blocks) {
    auto* typed = block->as<TransformerBlockImpl>();
    ZeroLinear(typed->attn2->to_out);
    typed->scale_shift_table.select(0, 2).zero_();
    typed->scale_shift_table.select(0, 5).zero_();
  }
}

at::Tensor SpacetimeTransformerImpl::forward(const TransformerInput& input) {
  const at::Tensor& latents = input.latents;
  const int64_t ph = config.patch_size[1], pw = config.patch_size[2];
  const int64_t b = latents.size(0), t = latents.size(2), rows = latents.size(3) / ph,
                columns = latents.size(4) / pw, runs = input.levels.size(1);
  PLUMB_CHECK(latents.size(3) % ph == 0 && latents.size(4) % pw == 0 &&
                  t * rows * columns % runs == 0 && input.times_s.size(0) == t,
              "{} frames of {}x{} latents, {} levels",
              t,
              latents.size(4),
              latents.size(3),
              runs);
  // Tokens.
  const at::Tensor known = (input.timesteps.gather(1, input.levels) == 0)
                               .to(torch::kFloat32)
                               .repeat_interleave(t * rows * columns / runs, 1);
  const at::Tensor place = PlaceFeatures(t, rows, columns).unsqueeze(0).expand({b, -1, -1});
  at::Tensor tokens =
      patch_embedding->forward(at::cat({Patchify(latents, ph, pw), known.unsqueeze(-1), place}, 2))
          .to(torch::kFloat32);
  // Noise levels.
  const at::Tensor sinusoid = TimestepSinusoid(input.timesteps.flatten(), config.freq_dim);
  const at::Tensor time = time_out->forward(at::silu(time_in->forward(sinusoid)))
                              .to(torch::kFloat32)
                              .view({b, -1, config.Width()});
  const at::Tensor modulation =
      time_projection->forward(at::silu(time)).to(torch::kFloat32).unflatten(-1, {6, -1});
  // Blocks.
  const at::Tensor rope = MakeRopeTable(
      TokenPositions(input.times_s, rows, columns, config.rope_positions_per_second), config);
  for (const auto& block : *blocks) {
    tokens = block->as<TransformerBlockImpl>()->forward(tokens, modulation, input, rope);
  }
  // Output.
  const at::Tensor shift = PerRun(time + scale_shift_table[0], input.levels);
  const at::Tensor scale = PerRun(time + scale_shift_table[1], input.levels);
  const at::Tensor out = proj_out->forward(Modulated(tokens, scale, shift));
  return Unpatchify(out.to(torch::kFloat32), latents, ph, pw);
}

double ForwardFlops(const TransformerConfig& config,
                    const at::IntArrayRef& latents_shape,
                    int64_t text_tokens) {
  const double b = static_cast<double>(latents_shape[0]);
  const double n =
      static_cast<double>(latents_shape[2] * (latents_shape[3] / config.patch_size[1]) *
                          (latents_shape[4] / config.patch_size[2]));
  const double d = static_cast<double>(config.Width());
  const double f = static_cast<double>(config.ffn_dim);
  const double m = static_cast<double>(text_tokens);
  const double e = static_cast<double>(config.text_dim);
  const double block =
      n * (8 * d * d + 4 * d * d + 4 * d * f) + 4 * n * n * d + 4 * n * m * d + 4 * m * e * d;
  const double patch =
      static_cast<double>(config.in_channels * config.patch_size[1] * config.patch_size[2]);
  const double ends = 2 * n * d * (2 * patch + 1 + 4 * kPlaceFrequencies);
  return b * (static_cast<double>(config.num_layers) * block + ends);
}

}  // namespace plumb
