// SPDX-License-Identifier: Apache-2.0
#include <cmath>

#include <ATen/autocast_mode.h>

#include "core/check.h"
#include "generator/kernels/internal_modulation.h"
#include "generator/kernels/internal_rotary.h"
#include "generator/native/internal_recompute.h"
#include "generator/native/internal_transformer_parts.h"

namespace plumb {
namespace {

// The type that matrix products run in: what the kernels hand over needs no further pass.
at::ScalarType ProductType() {
  return at::autocast::is_autocast_enabled(at::kCPU) ? at::autocast::get_autocast_dtype(at::kCPU)
                                                     : torch::kFloat32;
}

std::string BlockName(int64_t index) { return "blocks." + std::to_string(index); }

// Attention within each clip: query tokens of segment i see the context tokens of segment i.
// [N, heads, head_dim] -> [N, heads·head_dim].
at::Tensor AttendWithin(const at::Tensor& queries,
                        const CrossStates& context,
                        const std::vector<TokenSpan>& query_clips,
                        const std::vector<TokenSpan>& context_clips) {
  const auto heads_first = [](const at::Tensor& x, const TokenSpan& segment) {
    return x.narrow(0, segment.first, segment.count).transpose(0, 1).unsqueeze(0);
  };
  std::vector<at::Tensor> mixed;
  for (size_t clip = 0; clip < query_clips.size(); ++clip) {
    mixed.push_back(
        at::scaled_dot_product_attention(heads_first(queries, query_clips[clip]),
                                         heads_first(context.keys, context_clips[clip]),
                                         heads_first(context.values, context_clips[clip]))
            .squeeze(0)
            .transpose(0, 1)
            .flatten(1));
  }
  return mixed.size() == 1 ? mixed[0] : at::cat(mixed);
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
  const at::Tensor exponents =
      at::arange(half, timesteps.options().dtype(torch::kFloat64)) / static_cast<double>(half);
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

at::Tensor AttentionImpl::Queries(const at::Tensor& x, const at::Tensor& turns) {
  return NormedRotated({to_q->forward(x).unflatten(-1, {num_heads, -1}), norm_q->weight, turns});
}

CrossStates AttentionImpl::KeysAndValues(const at::Tensor& context, const at::Tensor& turns) {
  const std::vector<int64_t> heads = {num_heads, -1};
  return {NormedRotated({to_k->forward(context).unflatten(-1, heads), norm_k->weight, turns}),
          to_v->forward(context).unflatten(-1, heads)};
}

TransformerBlockImpl::TransformerBlockImpl(const TransformerConfig& config, std::string given)
    : layer_name(std::move(given)) {
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
                                         const CrossStates& cross) {
  const TokenLayout& layout = input.layout;
  const at::Tensor rows = modulation + scale_shift_table;
  const at::Tensor& row = layout.row_of_token;
  const auto part = [&](int64_t index) { return rows.select(1, index); };
  // Self-attention over the whole clip.
  at::Tensor x = ModulatedNorm({tokens, part(1), part(0), row}, ProductType());
  const at::Tensor self = AttendWithin(attn1->Queries(x, layout.turns),
                                       attn1->KeysAndValues(x, layout.turns),
                                       layout.clips,
                                       layout.clips);
  const at::Tensor attended = attn1->to_out->forward(self);
  TellLayer(input, layer_name + kSelfAttentionLayer, attended);
  at::Tensor sum = PlusGated({tokens, attended, part(2), row});
  // Cross-attention to the caption.
  const at::Tensor read =
      AttendWithin(attn2->Queries(norm2->forward(sum), {}), cross, layout.clips, input.text.clips);
  const at::Tensor told = attn2->to_out->forward(read);
  TellLayer(input, layer_name + kCrossAttentionLayer, told);
  sum = sum + told;
  // Feed-forward.
  x = ModulatedNorm({sum, part(4), part(3), row}, ProductType());
  const at::Tensor thought = ffn_out->forward(at::gelu(ffn_in->forward(x), "tanh"));
  TellLayer(input, layer_name + kFeedForwardLayer, thought);
  const at::Tensor out = PlusGated({sum, thought, part(5), row});
  TellLayer(input, layer_name, out);
  return out;
}

namespace {

// A block of which backward finds the inputs alone. It is run again when the batch's input is gone,
// so what it reads of it is kept.
at::Tensor RecomputedForward(TransformerBlockImpl& block,
                             std::vector<at::Tensor> inputs,
                             const CrossStates& cross,
                             const TransformerInput& input) {
  inputs.insert(inputs.end(), {cross.keys, cross.values});
  const auto run =
      [&block, layout = input.layout, text = input.text](const std::vector<at::Tensor>& in) {
        return block.forward(
            in[0],
            in[1],
            {.tokens = {}, .timesteps = {}, .layout = layout, .text = text, .cross = {}},
            {in[2], in[3]});
      };
  return Recomputed(run, inputs);
}

}  // namespace

SpacetimeTransformerImpl::SpacetimeTransformerImpl(const TransformerConfig& given) : config(given) {
  const int64_t width = config.Width();
  patch_embedding = register_module(
      "patch_embedding", torch::nn::Linear(config.PatchNumbers() + FeatureCount(config), width));
  time_in = register_module("time_in", torch::nn::Linear(config.freq_dim, width));
  time_out = register_module("time_out", torch::nn::Linear(width, width));
  time_projection = register_module("time_projection", torch::nn::Linear(width, 6 * width));
  for (int64_t i = 0; i < config.num_layers; ++i) {
    blocks->push_back(TransformerBlock(config, BlockName(i)));
  }
  register_module("blocks", blocks);
  scale_shift_table = register_parameter("scale_shift_table", torch::zeros({2, width}));
  proj_out = register_module("proj_out", torch::nn::Linear(width, config.PatchNumbers()));

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

std::vector<CrossStates> SpacetimeTransformerImpl::ReadText(const PackedText& text) {
  std::vector<CrossStates> cross;
  for (const auto& block : *blocks) {
    cross.push_back(block->as<TransformerBlockImpl>()->attn2->KeysAndValues(text.states, {}));
  }
  return cross;
}

NoiseLevels ReadLevels(SpacetimeTransformerImpl& network, const at::Tensor& timesteps) {
  const at::Tensor levels = at::stack({at::zeros_like(timesteps), timesteps}, 1);
  const at::Tensor sinusoid = TimestepSinusoid(levels.flatten(), network.config.freq_dim);
  const at::Tensor time =
      network.time_out->forward(at::silu(network.time_in->forward(sinusoid))).to(torch::kFloat32);
  const at::Tensor modulation = network.time_projection->forward(at::silu(time));
  return {time, modulation.to(torch::kFloat32).unflatten(-1, {6, -1})};
}

at::Tensor SpacetimeTransformerImpl::forward(const TransformerInput& input) {
  const TokenLayout& layout = input.layout;
  CheckInput(input, blocks->size());
  at::Tensor tokens =
      patch_embedding->forward(at::cat({input.tokens, layout.features}, 1)).to(torch::kFloat32);
  TellLayer(input, kFirstLayer, tokens);
  const auto [time, modulation] = ReadLevels(*this, input.timesteps);
  for (size_t i = 0; i < blocks->size(); ++i) {
    auto* block = blocks[i]->as<TransformerBlockImpl>();
    tokens = recomputes_blocks
                 ? RecomputedForward(*block, {tokens, modulation}, input.cross[i], input)
                 : block->forward(tokens, modulation, input, input.cross[i]);
  }
  const at::Tensor normed = ModulatedNorm(
      {tokens, time + scale_shift_table[1], time + scale_shift_table[0], layout.row_of_token},
      ProductType());
  const at::Tensor out = proj_out->forward(normed).to(torch::kFloat32);
  TellLayer(input, kLastLayer, out);
  return out;
}

void TellLayer(const TransformerInput& input, const std::string& layer, const at::Tensor& output) {
  if (input.watch != nullptr) (*input.watch)(layer, output);
}

void CheckInput(const TransformerInput& input, size_t num_blocks) {
  const TokenLayout& layout = input.layout;
  const int64_t clips = static_cast<int64_t>(layout.clips.size());
  PLUMB_CHECK(input.tokens.size(0) == layout.features.size(0) && input.timesteps.size(0) == clips &&
                  input.text.clips.size() == layout.clips.size() &&
                  input.cross.size() == num_blocks,
              "{} tokens, {} timesteps and {} captions for a layout of {} tokens in {} clips",
              input.tokens.size(0),
              input.timesteps.size(0),
              input.text.clips.size(),
              layout.features.size(0),
              clips);
}

std::vector<std::string> LayerNames(const TransformerConfig& config) {
  std::vector<std::string> names = {kFirstLayer};
  for (int64_t i = 0; i < config.num_layers; ++i) {
    for (const char* part : {kSelfAttentionLayer, kCrossAttentionLayer, kFeedForwardLayer, ""}) {
      names.push_back(BlockName(i) + part);
    }
  }
  names.emplace_back(kLastLayer);
  return names;
}

double ForwardFlops(const TransformerConfig& config, int64_t tokens, int64_t text_tokens) {
  const double n = static_cast<double>(tokens);
  const double d = static_cast<double>(config.Width());
  const double f = static_cast<double>(config.ffn_dim);
  const double m = static_cast<double>(text_tokens);
  const double e = static_cast<double>(config.text_dim);
  const double block =
      n * (8 * d * d + 4 * d * d + 4 * d * f) + 4 * n * n * d + 4 * n * m * d + 4 * m * e * d;
  const double ends =
      2 * n * d * static_cast<double>(2 * config.PatchNumbers() + FeatureCount(config));
  return static_cast<double>(config.num_layers) * block + ends;
}

}  // namespace plumb
