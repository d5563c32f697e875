// SPDX-License-Identifier: Apache-2.0
#include <cmath>

#include <fmt/format.h>

#include "core/check.h"
#include "generator/dit/internal_dit_transformer.h"
#include "generator/kernels/internal_adaln_pass.h"
#include "generator/kernels/internal_head_attention.h"
#include "generator/kernels/internal_keep_memory.h"
#include "generator/kernels/internal_take_linear.h"
#include "generator/weights/internal_register.h"

namespace plumb {
namespace {

constexpr int64_t kSinusoid = 256;
constexpr double kNormEps = 1e-6;  // of the norms before the attention and the output

torch::nn::Linear MakeLinear(int64_t in, int64_t out, bool bias = true) {
  return torch::nn::Linear(torch::nn::LinearOptions(in, out).bias(bias));
}

// [M, D/2]: sines, then cosines of the positions.
at::Tensor PositionHalf(const at::Tensor& positions, int64_t width) {
  const at::Tensor exponents =
      at::arange(width / 2, at::kDouble) / (static_cast<double>(width) / 2);
  const at::Tensor angles = positions.unsqueeze(1) * at::exp(-std::log(10000.0) * exponents);
  return at::cat({angles.sin(), angles.cos()}, 1);
}

// [B, C, H, W] -> [B·N, C·p·p]: rows of patches, left to right.
at::Tensor PatchRows(const at::Tensor& x, int64_t p) {
  const int64_t b = x.size(0), c = x.size(1), h = x.size(2) / p, w = x.size(3) / p;
  return x.reshape({b, c, h, p, w, p}).permute({0, 2, 4, 1, 3, 5}).reshape({b * h * w, c * p * p});
}

// [B·N, p·p·C] -> [B, C, H, W]; within a patch the channel is the innermost.
at::Tensor FromPatchRows(const at::Tensor& rows, const at::Tensor& like, int64_t p) {
  const int64_t b = like.size(0), h = like.size(2) / p, w = like.size(3) / p;
  const int64_t c = rows.size(1) / (p * p);
  return rows.reshape({b, h, w, p, p, c}).permute({0, 5, 1, 3, 2, 4}).reshape({b, c, h * p, w * p});
}

// The part of a row of modulations that belongs to one purpose: [M, D].
at::Tensor Part(const at::Tensor& rows, int64_t index, int64_t width) {
  return rows.narrow(1, index * width, width);
}

// TakeLinear of registered layers.
PackedLinear Take(torch::nn::Module& root,
                  const std::vector<std::string>& paths,
                  at::ScalarType type) {
  std::vector<torch::nn::LinearImpl*> layers;
  for (const std::string& path : paths) {
    layers.push_back(ModuleAt(root, path).as<torch::nn::LinearImpl>());
    PLUMB_CHECK(layers.back() != nullptr, "{}", path);
  }
  return TakeLinear(layers, type);
}

}  // namespace

DitConditions DitConditions::Rows(int64_t first, int64_t count) const {
  DitConditions part;
  for (const at::Tensor& block : blocks) part.blocks.push_back(block.narrow(0, first, count));
  part.output = output.narrow(0, first, count);
  return part;
}

DitTransformerImpl::DitTransformerImpl(const DitConfig& config) : config_(config) {
  const int64_t width = config.Width();
  const int64_t p = config.patch_size;
  RegisterAt(*this,
             "pos_embed.proj",
             torch::nn::Conv2d(
                 torch::nn::Conv2dOptions(config.in_channels, width, {p, p}).stride({p, p})));
  for (int64_t i = 0; i < config.num_layers; ++i) RegisterBlock(i);
  output_modulation_ = RegisterAt(*this, "proj_out_1", MakeLinear(width, 2 * width));
  RegisterAt(*this, "proj_out_2", MakeLinear(width, p * p * config.out_channels));
}

void DitTransformerImpl::RegisterBlock(int64_t index) {
  const int64_t width = config_.Width();
  const std::string block = fmt::format("transformer_blocks.{}.", index);
  const std::string embedding = block + "norm1.emb.";
  Embedder embedder;
  embedder.time_in =
      RegisterAt(*this, embedding + "timestep_embedder.linear_1", MakeLinear(kSinusoid, width));
  embedder.time_out =
      RegisterAt(*this, embedding + "timestep_embedder.linear_2", MakeLinear(width, width));
  embedder.labels = RegisterAt(*this,
                               embedding + "class_embedder.embedding_table",
                               torch::nn::Embedding(config_.num_classes + 1, width));
  embedder.modulation = RegisterAt(*this, block + "norm1.linear", MakeLinear(width, 6 * width));
  embedders_.push_back(embedder);
  for (const char* name : {"attn1.to_q", "attn1.to_k", "attn1.to_v"}) {
    RegisterAt(*this, block + name, MakeLinear(width, width, config_.attention_bias));
  }
  RegisterAt(*this, block + "attn1.to_out.0", MakeLinear(width, width));
  RegisterAt(*this, block + "ff.net.0.proj", MakeLinear(width, 4 * width));
  RegisterAt(*this, block + "ff.net.2", MakeLinear(4 * width, width));
}

DitTransformerImpl::Block DitTransformerImpl::TakeBlock(int64_t index, at::ScalarType type) {
  const std::string block = fmt::format("transformer_blocks.{}.", index);
  const auto take = [&](const char* name) { return Take(*this, {block + name}, type); };
  return {.to_qkv =
              Take(*this, {block + "attn1.to_q", block + "attn1.to_k", block + "attn1.to_v"}, type),
          .to_out = take("attn1.to_out.0"),
          .ffn_in = take("ff.net.0.proj"),
          .ffn_out = take("ff.net.2")};
}

void DitTransformerImpl::TakeWeights(at::ScalarType type) {
  const torch::NoGradGuard no_grad;
  KeepFreedMemory();
  type_ = type;
  // A patch is a row of the convolution's input, so that the convolution is a linear layer.
  auto* patch = ModuleAt(*this, "pos_embed.proj").as<torch::nn::Conv2dImpl>();
  patch_embedding_ =
      PackedLinear(patch->weight.detach().flatten(1).to(type), patch->bias.detach().to(type));
  for (int64_t i = 0; i < config_.num_layers; ++i) blocks_.push_back(TakeBlock(i, type));
  proj_out_ = Take(*this, {"proj_out_2"}, type);
  for (Embedder& embedder : embedders_) {
    embedder.time_in->to(type);
    embedder.time_out->to(type);
    embedder.labels->to(type);
    embedder.modulation->to(type);
  }
  output_modulation_->to(type);
}

// silu(timestep + label) of every pair.
at::Tensor DitTransformerImpl::Pair(const Embedder& embedder,
                                    const at::Tensor& sinusoid,
                                    const at::Tensor& labels) const {
  auto time_in = embedder.time_in;
  auto time_out = embedder.time_out;
  auto table = embedder.labels;
  const at::Tensor time = time_out->forward(at::silu(time_in->forward(sinusoid)));
  return at::silu(time + table->forward(labels));
}

DitConditions DitTransformerImpl::Condition(const at::Tensor& timesteps,
                                            const at::Tensor& labels) const {
  const torch::NoGradGuard no_grad;
  const at::Tensor sinusoid = DitTimestepSinusoid(timesteps).to(type_);
  const at::ScalarType wide = type_ == at::kDouble ? at::kDouble : at::kFloat;
  DitConditions conditions;
  for (const Embedder& embedder : embedders_) {
    auto modulation = embedder.modulation;
    conditions.blocks.push_back(modulation->forward(Pair(embedder, sinusoid, labels)).to(wide));
  }
  // The output takes its pair from the first block's embedder.
  auto output = output_modulation_;
  conditions.output = output->forward(Pair(embedders_.front(), sinusoid, labels)).to(wide);
  return conditions;
}

at::Tensor DitTransformerImpl::Tokens(const at::Tensor& latents) {
  const int64_t p = config_.patch_size;
  const int64_t rows = latents.size(2) / p;
  const int64_t columns = latents.size(3) / p;
  PLUMB_CHECK(rows * p == latents.size(2) && columns * p == latents.size(3),
              "{}x{} latents, patches of {}",
              latents.size(3),
              latents.size(2),
              p);
  const at::ScalarType wide = type_ == at::kDouble ? at::kDouble : at::kFloat;
  if (!positions_.defined() || positions_grid_ != std::pair(rows, columns)) {
    positions_ = DitPositions(rows, columns, config_.Width(), config_.sample_size / p).to(wide);
    positions_grid_ = {rows, columns};
  }
  at::Tensor tokens = patch_embedding_(PatchRows(latents, p).to(type_)).to(wide);
  tokens.view({latents.size(0), rows * columns, -1}).add_(positions_);
  return tokens;
}

at::Tensor DitTransformerImpl::Attention(Block& block, const at::Tensor& normed, int64_t batch) {
  const at::Tensor qkv = block.to_qkv(normed);
  const int64_t width = config_.Width();
  const at::Tensor mixed = HeadAttention(Part(qkv, 0, width),
                                         Part(qkv, 1, width),
                                         Part(qkv, 2, width),
                                         batch,
                                         config_.num_attention_heads);
  return block.to_out(mixed);
}

at::Tensor DitTransformerImpl::Predict(const at::Tensor& latents, const DitConditions& conditions) {
  const torch::NoGradGuard no_grad;
  const int64_t width = config_.Width();
  const int64_t batch = latents.size(0);
  const auto gelu = config_.gelu_tanh ? LinearActivation::kGeluTanh : LinearActivation::kGelu;
  PLUMB_CHECK(!blocks_.empty() && conditions.output.size(0) == batch);
  at::Tensor x = Tokens(latents);
  at::Tensor gate;  // of the branch that is still to be added
  at::Tensor branch;
  const auto next = [&](const at::Tensor& rows, int64_t shift, double eps) {
    return ApplyAdaLn(x,
                      {.scale = Part(rows, shift + 1, width),
                       .shift = Part(rows, shift, width),
                       .gate = gate,
                       .branch = branch,
                       .eps = eps},
                      type_);
  };
  for (size_t i = 0; i < blocks_.size(); ++i) {
    const at::Tensor& rows = conditions.blocks[i];
    branch = Attention(blocks_[i], next(rows, 0, kNormEps), batch);
    gate = Part(rows, 2, width);
    const at::Tensor hidden = blocks_[i].ffn_in(next(rows, 3, config_.feed_forward_eps), gelu);
    branch = blocks_[i].ffn_out(hidden);
    gate = Part(rows, 5, width);
  }
  const at::Tensor out = proj_out_(next(conditions.output, 0, kNormEps)).to(x.scalar_type());
  return FromPatchRows(out, latents, config_.patch_size);
}

at::Tensor DitTransformerImpl::forward(const at::Tensor& latents,
                                       const at::Tensor& timesteps,
                                       const at::Tensor& labels) {
  return Predict(latents, Condition(timesteps, labels));
}

at::Tensor DitPositions(int64_t rows, int64_t columns, int64_t width, int64_t base) {
  const auto places = [&](int64_t count) {
    return at::arange(count, at::kDouble) /
           (static_cast<double>(count) / static_cast<double>(base));
  };
  const std::vector<at::Tensor> grid = at::meshgrid({places(rows), places(columns)}, "ij");
  return at::cat(
      {PositionHalf(grid[1].flatten(), width / 2), PositionHalf(grid[0].flatten(), width / 2)}, 1);
}

at::Tensor DitTimestepSinusoid(const at::Tensor& timesteps) {
  constexpr int64_t half = kSinusoid / 2;
  const at::Tensor exponents = at::arange(half, at::kDouble) / static_cast<double>(half - 1);
  const at::Tensor angles =
      timesteps.to(at::kDouble).unsqueeze(1) * at::exp(-std::log(10000.0) * exponents);
  return at::cat({angles.cos(), angles.sin()}, 1);
}

double DitBlockFlops(const DitConfig& config, int64_t batch, int64_t tokens) {
  const double n = static_cast<double>(tokens);
  const double d = static_cast<double>(config.Width());
  return static_cast<double>(batch * config.num_layers) * (24.0 * n * d * d + 4.0 * n * n * d);
}

}  // namespace plumb
