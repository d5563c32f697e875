// SPDX-License-Identifier: Apache-2.0
// One side of compare_dit.py: passes and whole sampling loops of DiT on request, so that they can
// be interleaved with those of another program.
//
// usage: bench_dit CHECKPOINT float32|bfloat16
//
// CHECKPOINT holds transformer/, for loops vae/ and scheduler/ too, and inputs.safetensors
// (hidden_states, timestep, class_labels). Reads lines from standard input: "forward" runs one pass
// on one thread, "loop N" goes from hidden_states in N steps to pictures, guided as Diffusers does;
// both answer with the seconds of processor time it took. "write FILE" stores the last output as
// tensor "sample".
#include <optional>
#include <string>

#include <fmt/format.h>

#include "generator/dit/internal_dit_pipeline.h"
#include "generator/dit/internal_lineage_files.h"
#include "generator/weights/internal_weights.h"
#include "tests/bench/bench_turns.h"

namespace plumb {
namespace {

class DitServer {
 public:
  DitServer(const std::filesystem::path& checkpoint, at::ScalarType type)
      : checkpoint_(checkpoint), type_(type), dit_(ReadDitTransformer(checkpoint, type)) {
    const Safetensors inputs = ReadSafetensors(checkpoint / "inputs.safetensors");
    const auto input = [&](const char* name) { return ToTorch(inputs.tensors.at(name)); };
    latents_ = input("hidden_states");
    timesteps_ = input("timestep");
    labels_ = input("class_labels");
  }

  at::Tensor Forward() { return dit_->forward(latents_, timesteps_, labels_); }

  at::Tensor Loop(int steps) {
    if (!vae_) vae_ = ReadAutoencoderKl(checkpoint_, type_);
    DitSampling sampling;
    sampling.kind = DitGuidance::kDiffusers;
    sampling.steps = steps;
    for (int64_t i = 0; i < labels_.numel(); ++i) {
      sampling.labels.push_back(labels_[i].item<int64_t>());
    }
    const at::Tensor latents =
        SampleDit(dit_,
                  ReadSchedulerOptions(checkpoint_ / "scheduler/scheduler_config.json"),
                  sampling,
                  latents_,
                  {});
    return ((*vae_)->Decode(latents / (*vae_)->config().scaling_factor) / 2 + 0.5).clamp(0.0, 1.0);
  }

 private:
  std::filesystem::path checkpoint_;
  at::ScalarType type_;
  DitTransformer dit_;
  std::optional<AutoencoderKl> vae_;
  at::Tensor latents_, timesteps_, labels_;
};

}  // namespace
}  // namespace plumb

int main(int argc, char** argv) {
  const at::ScalarType type = plumb::TypeNamed(argc == 3 ? argv[2] : "");
  if (type == at::ScalarType::Undefined) {
    fmt::print(stderr, "usage: bench_dit CHECKPOINT float32|bfloat16\n");
    return 2;
  }
  at::set_num_threads(1);
  const c10::InferenceMode inference;
  plumb::DitServer server(argv[1], type);
  plumb::ServeTurns([&](const std::string& line) {
    return line == "forward" ? server.Forward() : server.Loop(std::stoi(line.substr(5)));
  });
}
