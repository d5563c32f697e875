// SPDX-License-Identifier: Apache-2.0
// The transformer's forward pass against LibTorch's own matrix product, and the VAE, on one thread.
#include <benchmark/benchmark.h>
#include <torch/torch.h>

#include "generator/training/internal_training.h"

namespace plumb {
namespace {

void ReportFlops(benchmark::State& state, double flops) {
  state.counters["GFLOP/s"] = benchmark::Counter(
      flops * 1e-9 * static_cast<double>(state.iterations()), benchmark::Counter::kIsRate);
}

// Square matrices of `range(0)`; range(1): 1 = bfloat16.
void BM_Gemm(benchmark::State& state) {
  at::set_num_threads(1);
  const int64_t n = state.range(0);
  const at::ScalarType type = state.range(1) == 1 ? at::kBFloat16 : at::kFloat;
  const at::Tensor a = at::randn({n, n}).to(type);
  const at::Tensor b = at::randn({n, n}).to(type);
  for (auto _ : state) benchmark::DoNotOptimize(at::mm(a, b));
  ReportFlops(state, 2.0 * static_cast<double>(n * n * n));
}
BENCHMARK(BM_Gemm)->ArgsProduct({{384, 768, 1152}, {0, 1}})->ArgNames({"size", "bf16"});

// Blocks of width `range(0)` on 256 tokens (4 latent frames of 16x16), 12 layers at 384, fewer
// above.
void BM_TransformerForward(benchmark::State& state) {
  at::set_num_threads(1);
  const c10::InferenceMode inference;
  TransformerConfig config;
  config.num_attention_heads = state.range(0) / 64;
  config.ffn_dim = 4 * state.range(0);
  config.num_layers = state.range(0) > 384 ? 4 : 12;
  SpacetimeTransformer transformer(config);
  const LatentGroup clip = {.clean = at::randn({config.in_channels, 4, 16, 16}),
                            .known = at::zeros({4, 8, 8}, torch::kBool),
                            .times_s = at::arange(4, torch::kFloat64) / 6.0};
  const TokenLayout layout = MakeTokenLayout(config, {2, LatentGroups(1, clip)});
  const PackedText text = {at::randn({64, config.text_dim}), {{0, 32}, {32, 32}}};
  const at::Tensor one = PatchTokens(clip.clean, config);
  const at::Tensor tokens = at::cat({one, one});
  for (auto _ : state) {
    const Autocast autocast(state.range(1) == 1);
    benchmark::DoNotOptimize(transformer->forward({.tokens = tokens,
                                                   .timesteps = at::full({2}, 500.0F),
                                                   .layout = layout,
                                                   .text = text,
                                                   .cross = transformer->ReadText(text)}));
  }
  ReportFlops(state, 2.0 * ForwardFlops(config, one.size(0), 32));
}
BENCHMARK(BM_TransformerForward)
    ->ArgsProduct({{384, 768}, {0, 1}})
    ->ArgNames({"width", "bf16"})
    ->Unit(benchmark::kMillisecond);

// 17 frames of 64x64 there and back.
void BM_VaeRoundTrip(benchmark::State& state) {
  at::set_num_threads(1);
  const c10::InferenceMode inference;
  CausalVae vae(PresetConfig("tiny").vae);
  const at::Tensor pixels = at::rand({1, 3, 17, 64, 64});
  for (auto _ : state) {
    const Autocast autocast(state.range(0) == 1);
    benchmark::DoNotOptimize(vae->DecodeStreaming(vae->EncodeStreaming(pixels).mean));
  }
  state.counters["frames/s"] = benchmark::Counter(17.0 * static_cast<double>(state.iterations()),
                                                  benchmark::Counter::kIsRate);
}
BENCHMARK(BM_VaeRoundTrip)->Arg(0)->Arg(1)->ArgName("bf16")->Unit(benchmark::kMillisecond);

}  // namespace
}  // namespace plumb
