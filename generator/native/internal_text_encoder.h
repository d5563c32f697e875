// SPDX-License-Identifier: Apache-2.0
// A small bidirectional transformer over caption pieces, trained together with the video
// transformer.
#pragma once

#include "generator/native/configs.h"
#include "generator/native/internal_layers.h"
#include "generator/native/internal_transformer.h"
#include "generator/native/tokenizer.h"

namespace plumb {

// Pieces of B captions, padded to the longest.
struct TokenBatch {
  at::Tensor ids;   // I64 [B, L]
  at::Tensor mask;  // bool [B, L], true where there is a piece
};
TokenBatch EncodeCaptions(const Tokenizer& tokenizer,
                          const std::vector<std::string>& captions,
                          int64_t max_tokens);

struct TextLayerImpl : torch::nn::Module {
  explicit TextLayerImpl(const TextEncoderConfig& config);
  at::Tensor forward(const at::Tensor& x, const at::Tensor& mask);
  int64_t num_heads;
  torch::nn::LayerNorm norm1{nullptr}, norm2{nullptr};
  torch::nn::Linear to_qkv{nullptr}, to_out{nullptr}, ffn_in{nullptr}, ffn_out{nullptr};
};
TORCH_MODULE(TextLayer);

struct TextEncoderImpl : torch::nn::Module {
  explicit TextEncoderImpl(const TextEncoderConfig& config);
  // [B, L, hidden_size]; what stands at padded places must not be used.
  at::Tensor forward(const TokenBatch& tokens);
  TextEncoderConfig config;
  torch::nn::Embedding token_embedding{nullptr}, position_embedding{nullptr};
  torch::nn::ModuleList layers;
  torch::nn::LayerNorm norm_out{nullptr};
};
TORCH_MODULE(TextEncoder);

// Captions as the transformer reads them, one a clip; an empty one is the null condition.
PackedText ReadCaptions(TextEncoder& encoder,
                        const Tokenizer& tokenizer,
                        const std::vector<std::string>& captions);

}  // namespace plumb
