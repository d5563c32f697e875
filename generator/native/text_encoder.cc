// SPDX-License-Identifier: Apache-2.0
#include <algorithm>

#include "generator/native/internal_text_encoder.h"

namespace plumb {

TokenBatch EncodeCaptions(const Tokenizer& tokenizer,
                          const std::vector<std::string>& captions,
                          int64_t max_tokens) {
  std::vector<std::vector<int64_t>> rows;
  size_t longest = 1;
  for (const std::string& caption : captions) {
    rows.push_back(tokenizer.Encode(caption, max_tokens));
    longest = std::max(longest, rows.back().size());
  }
  const int64_t count = static_cast<int64_t>(rows.size());
  TokenBatch batch{
      at::full({count, static_cast<int64_t>(longest)}, tokenizer.pad_id(), torch::kInt64), {}};
  for (int64_t i = 0; i < count; ++i) {
    batch.ids[i].narrow(0, 0, static_cast<int64_t>(rows[i].size())).copy_(torch::tensor(rows[i]));
  }
  batch.mask = batch.ids != tokenizer.pad_id();
  return batch;
}

TextLayerImpl::TextLayerImpl(const TextEncoderConfig& config) : num_heads(config.num_heads) {
  const int64_t width = config.hidden_size;
  norm1 = register_module("norm1", torch::nn::LayerNorm(torch::nn::LayerNormOptions({width})));
  to_qkv = register_module("to_qkv", torch::nn::Linear(width, 3 * width));
  to_out = register_module("to_out", torch::nn::Linear(width, width));
  norm2 = register_module("norm2", torch::nn::LayerNorm(torch::nn::LayerNormOptions({width})));
  ffn_in = register_module("ffn_in", torch::nn::Linear(width, 4 * width));
  ffn_out = register_module("ffn_out", torch::nn::Linear(4 * width, width));
}

at::Tensor TextLayerImpl::forward(const at::Tensor& input, const at::Tensor& mask) {
  const at::Tensor qkv = to_qkv->forward(norm1->forward(input))
                             .unflatten(-1, {3, num_heads, -1})
                             .permute({2, 0, 3, 1, 4});
  const at::Tensor mixed = at::scaled_dot_product_attention(qkv[0], qkv[1], qkv[2], mask);
  const at::Tensor x = input + to_out->forward(mixed.transpose(1, 2).flatten(2));
  return x + ffn_out->forward(at::gelu(ffn_in->forward(norm2->forward(x)), "tanh"));
}

TextEncoderImpl::TextEncoderImpl(const TextEncoderConfig& given) : config(given) {
  token_embedding = register_module("token_embedding",
                                    torch::nn::Embedding(config.vocab_size, config.hidden_size));
  position_embedding = register_module("position_embedding",
                                       torch::nn::Embedding(config.max_tokens, config.hidden_size));
  torch::nn::init::normal_(token_embedding->weight, 0.0, 0.5);
  torch::nn::init::normal_(position_embedding->weight, 0.0, 0.1);
  for (int64_t i = 0; i < config.num_layers; ++i) layers->push_back(TextLayer(config));
  register_module("layers", layers);
  norm_out = register_module(
      "norm_out", torch::nn::LayerNorm(torch::nn::LayerNormOptions({config.hidden_size})));
}

at::Tensor TextEncoderImpl::forward(const TokenBatch& tokens) {
  const at::Tensor places = at::arange(tokens.ids.size(1), tokens.ids.options());
  at::Tensor x = token_embedding->forward(tokens.ids) + position_embedding->forward(places);
  const at::Tensor mask = tokens.mask.unsqueeze(1).unsqueeze(1);
  for (const auto& layer : *layers) x = layer->as<TextLayerImpl>()->forward(x, mask);
  return norm_out->forward(x);
}

PackedText ReadCaptions(TextEncoder& encoder,
                        const Tokenizer& tokenizer,
                        const std::vector<std::string>& captions) {
  const at::Device device = encoder->token_embedding->weight.device();
  TokenBatch tokens = EncodeCaptions(tokenizer, captions, encoder->config.max_tokens);
  tokens.ids = tokens.ids.to(device);
  const at::Tensor states = encoder->forward({tokens.ids, tokens.mask.to(device)});
  PackedText text;
  int64_t count = 0;
  for (const at::Tensor& row : tokens.mask.unbind(0)) {
    const int64_t pieces = row.sum().item<int64_t>();
    text.clips.push_back({count, pieces});
    count += pieces;
  }
  const at::Tensor places = tokens.mask.flatten().nonzero().squeeze(1).to(device);
  text.states = states.flatten(0, 1).index_select(0, places);
  return text;
}

}  // namespace plumb
