// SPDX-License-Identifier: Apache-2.0
#include <algorithm>

#include "core/check.h"
#include "generator/kernels/internal_adaln_pass.h"
#include "generator/kernels/internal_head_attention.h"
#include "generator/kernels/internal_keep_memory.h"
#include "generator/kernels/internal_norm_rotate.h"
#include "generator/kernels/internal_take_linear.h"
#include "generator/native/internal_sampling_transformer.h"
#include "generator/native/internal_transformer_parts.h"

namespace plumb {
namespace {

constexpr size_t kFewestRows = 16;  // of a product that lays out weights for larger ones too

// The modulations of a block: of the self-attention, then of the feed-forward.
constexpr int64_t kShift1 = 0, kScale1 = 1, kGate1 = 2, kShift2 = 3, kScale2 = 4, kGate2 = 5;

// Takes the weights of layers that read the same tokens.
PackedLinear Take(std::initializer_list<torch::nn::Linear> layers, at::ScalarType type) {
  std::vector<torch::nn::LinearImpl*> pointers;
  for (const torch::nn::Linear& layer : layers) pointers.push_back(layer.ptr().get());
  return TakeLinear(pointers, type);
}

// Attention of each clip's queries [N, width] to its own context [M, heads, head_dim].
at::Tensor AttendWithin(const at::Tensor& queries,
                        const CrossStates& context,
                        const std::vector<TokenSpan>& query_clips,
                        const std::vector<TokenSpan>& context_clips) {
  const at::Tensor keys = context.keys.flatten(1), values = context.values.flatten(1);
  std::vector<at::Tensor> mixed;
  for (size_t clip = 0; clip < query_clips.size(); ++clip) {
    const auto [first, count] = context_clips[clip];
    mixed.push_back(
        HeadAttention(queries.narrow(0, query_clips[clip].first, query_clips[clip].count),
                      keys.narrow(0, first, count),
                      values.narrow(0, first, count),
                      /*batch=*/1,
                      context.keys.size(1)));
  }
  return mixed.size() == 1 ? mixed[0] : at::cat(mixed);
}

bool EachIsOnePiece(const PackedText& text) {
  return std::all_of(
      text.clips.begin(), text.clips.end(), [](TokenSpan clip) { return clip.count == 1; });
}

bool SameSpans(const std::vector<TokenSpan>& a, const std::vector<TokenSpan>& b) {
  return std::equal(a.begin(), a.end(), b.begin(), b.end(), [](TokenSpan x, TokenSpan y) {
    return x.first == y.first && x.count == y.count;
  });
}

}  // namespace

struct SamplingTransformer::Stream {
  const TransformerInput& input;
  at::ScalarType type;
  at::Tensor x;             // F32 [N, width]
  at::Tensor gate, branch;  // undefined: nothing waits
  std::string sum;          // the layer that gives out x once the branch is added; or none

  // Adds what waits, and gives the tokens as the next layer reads them. Rows [R, width], or one
  // that is everybody's.
  at::Tensor Normed(const at::Tensor& scale, const at::Tensor& shift) {
    const int64_t rows = 2 * input.timesteps.size(0);
    at::Tensor normed = ApplyAdaLn(x,
                                   {.scale = scale.expand({rows, -1}),
                                    .shift = shift.expand({rows, -1}),
                                    .gate = gate.defined() ? gate.expand({rows, -1}) : gate,
                                    .branch = branch,
                                    .row_of_token = input.layout.row_of_token},
                                   type);
    if (!sum.empty()) TellLayer(input, sum, x);
    sum.clear();
    return normed;
  }
};

SamplingTransformer::SamplingTransformer(const SpacetimeTransformer& network, at::ScalarType type)
    : network_(network),
      type_(type),
      width_(network->config.Width()),
      heads_(network->config.num_attention_heads) {
  const torch::NoGradGuard no_grad;
  KeepFreedMemory();
  patch_embedding_ = Take({network_->patch_embedding}, type);
  for (const auto& block : *network_->blocks) {
    blocks_.push_back(TakeBlock(*block->as<TransformerBlockImpl>()));
  }
  proj_out_ = Take({network_->proj_out}, type);
  output_table_ = network_->scale_shift_table.detach().reshape({1, -1});
}

SamplingTransformer::Block SamplingTransformer::TakeBlock(TransformerBlockImpl& block) const {
  const Attention& self = block.attn1;
  const Attention& cross = block.attn2;
  const auto row = [](const at::Tensor& values) { return values.detach().reshape({1, -1}); };
  return {.name = block.layer_name,
          .table = row(block.scale_shift_table),
          .to_qkv = Take({self->to_q, self->to_k, self->to_v}, type_),
          .to_out = Take({self->to_out}, type_),
          .norm_q = self->norm_q->weight,
          .norm_k = self->norm_k->weight,
          .norm2_scale = row(block.norm2->weight) - 1.0,
          .norm2_shift = row(block.norm2->bias),
          .cross_q = Take({cross->to_q}, type_),
          .cross_out = Take({cross->to_out}, type_),
          .cross_norm_q = cross->norm_q->weight,
          .ffn_in = Take({block.ffn_in}, type_),
          .ffn_out = Take({block.ffn_out}, type_)};
}

std::vector<CrossStates> SamplingTransformer::ReadText(const PackedText& text) {
  const torch::NoGradGuard no_grad;
  std::vector<CrossStates> cross = network_->ReadText(text);
  for (CrossStates& states : cross) {
    states.keys = states.keys.to(type_).contiguous();
    states.values = states.values.to(type_).contiguous();
  }
  return cross;
}

const SamplingTransformer::Levels& SamplingTransformer::LevelsOf(const at::Tensor& timesteps) {
  if (levels_.timesteps.defined() && at::equal(levels_.timesteps, timesteps)) return levels_;
  const NoiseLevels shared = ReadLevels(*network_, timesteps);
  levels_ = {.timesteps = timesteps.clone(), .blocks = {}, .output = {}};
  for (const Block& block : blocks_) {
    levels_.blocks.push_back(shared.modulation.flatten(1) + block.table);
  }
  levels_.output = shared.time.repeat({1, 2}) + output_table_;
  return levels_;
}

at::Tensor SamplingTransformer::SelfAttention(Block& block,
                                              const at::Tensor& normed,
                                              const TokenLayout& layout) const {
  const at::Tensor qkv = block.to_qkv(normed);
  const auto part = [&](int64_t index) { return qkv.narrow(1, index * width_, width_); };
  NormRotateInPlace(part(0), heads_, {block.norm_q, layout.turns});
  NormRotateInPlace(part(1), heads_, {block.norm_k, layout.turns});
  std::vector<at::Tensor> mixed;
  for (const TokenSpan& clip : layout.clips) {
    const auto own = [&](int64_t index) { return part(index).narrow(0, clip.first, clip.count); };
    mixed.push_back(HeadAttention(own(0), own(1), own(2), /*batch=*/1, heads_));
  }
  return block.to_out(mixed.size() == 1 ? mixed[0] : at::cat(mixed));
}

at::Tensor SamplingTransformer::CrossAttention(Block& block,
                                               const at::Tensor& normed,
                                               const TransformerInput& input,
                                               const CrossStates& cross) const {
  const at::Tensor queries = block.cross_q(normed);
  NormRotateInPlace(queries, heads_, {block.cross_norm_q, {}});
  return block.cross_out(AttendWithin(queries, cross, input.layout.clips, input.text.clips));
}

at::Tensor SamplingTransformer::ReadByAll(Block& block,
                                          const TransformerInput& input,
                                          const CrossStates& cross) const {
  std::vector<at::Tensor> values;
  for (const TokenSpan& piece : input.text.clips) values.push_back(cross.values[piece.first]);
  // Not fewer rows than the weights have a good layout for: the first call decides on it.
  while (values.size() < kFewestRows) values.push_back(values.front());
  const auto clips = static_cast<int64_t>(input.text.clips.size());
  return block.cross_out(at::stack(values).flatten(1)).narrow(0, 0, clips).to(at::kFloat);
}

void SamplingTransformer::AttendToItself(Block& block,
                                         const at::Tensor& rows,
                                         Stream& stream) const {
  const at::Tensor normed = stream.Normed(rows.narrow(1, kScale1 * width_, width_),
                                          rows.narrow(1, kShift1 * width_, width_));
  stream.branch = SelfAttention(block, normed, stream.input.layout);
}

void SamplingTransformer::ReadAndThink(Block& block,
                                       const at::Tensor& rows,
                                       const CrossStates& cross,
                                       Stream& stream) {
  const auto part = [&](int64_t index) { return rows.narrow(1, index * width_, width_); };
  TellLayer(stream.input, block.name + kSelfAttentionLayer, stream.branch);
  stream.gate = part(kGate1);
  if (EachIsOnePiece(stream.input.text)) {
    const at::Tensor told = ReadByAll(block, stream.input, cross);
    for (size_t clip = 0; clip < stream.input.layout.clips.size(); ++clip) {
      const auto [first, count] = stream.input.layout.clips[clip];
      stream.x.narrow(0, first, count).add_(told[static_cast<int64_t>(clip)]);
    }
    TellLayer(stream.input,
              block.name + kCrossAttentionLayer,
              told.index_select(0, stream.input.layout.row_of_token.div(2, "floor")));
  } else {
    const at::Tensor read = stream.Normed(block.norm2_scale, block.norm2_shift);
    stream.branch = CrossAttention(block, read, stream.input, cross);
    stream.gate = at::ones({1, width_});
    TellLayer(stream.input, block.name + kCrossAttentionLayer, stream.branch);
  }
  const at::Tensor normed = stream.Normed(part(kScale2), part(kShift2));
  stream.branch = block.ffn_out(block.ffn_in(normed, LinearActivation::kGeluTanh));
  stream.gate = part(kGate2);
  TellLayer(stream.input, block.name + kFeedForwardLayer, stream.branch);
  stream.sum = block.name;
}

const SamplingTransformer::Opening& SamplingTransformer::OpeningOf(const TransformerInput& input,
                                                                   const Levels& levels) {
  const auto same = [](const at::Tensor& a, const at::Tensor& b) {
    return a.defined() && at::equal(a, b);
  };
  const TokenLayout& layout = opening_.layout;
  if (same(opening_.tokens, input.tokens) && same(opening_.timesteps, input.timesteps) &&
      same(layout.features, input.layout.features) && same(layout.turns, input.layout.turns) &&
      same(layout.row_of_token, input.layout.row_of_token) &&
      SameSpans(layout.clips, input.layout.clips)) {
    return opening_;
  }
  const at::Tensor seen = at::cat({input.tokens, input.layout.features}, 1).to(type_);
  Stream stream = {.input = input, .type = type_, .x = patch_embedding_(seen).to(at::kFloat)};
  AttendToItself(blocks_.front(), levels.blocks.front(), stream);
  opening_ = {input.tokens, input.timesteps, input.layout, stream.x, stream.branch};
  return opening_;
}

at::Tensor SamplingTransformer::Forward(const TransformerInput& input) {
  const torch::NoGradGuard no_grad;
  CheckInput(input, blocks_.size());
  const Levels& levels = LevelsOf(input.timesteps);
  const Opening& opening = OpeningOf(input, levels);
  TellLayer(input, kFirstLayer, opening.embedded);
  Stream stream = {.input = input,
                   .type = type_,
                   .x = opening.embedded.clone(),
                   .gate = {},
                   .branch = opening.attended};
  for (size_t i = 0; i < blocks_.size(); ++i) {
    if (i > 0) AttendToItself(blocks_[i], levels.blocks[i], stream);
    ReadAndThink(blocks_[i], levels.blocks[i], input.cross[i], stream);
  }
  const at::Tensor normed =
      stream.Normed(levels.output.narrow(1, width_, width_), levels.output.narrow(1, 0, width_));
  const at::Tensor out = proj_out_(normed).to(at::kFloat);
  TellLayer(input, kLastLayer, out);
  return out;
}

}  // namespace plumb
