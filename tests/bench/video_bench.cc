// SPDX-License-Identifier: Apache-2.0
// One side of compare_video.py: the sampling of text to video with a native checkpoint, on request.
//
// usage: bench_video CHECKPOINT float32|bfloat16 FRAMES PROMPT
//
// FRAMES of the checkpoint's own size and rate, at its default steps, sampler and guidance, on one
// thread. Lines: "noise" starts the clip, whose output is the initial noise; "tokens" and "no
// tokens" give the ids of the pieces of the prompt and of no prompt; "loop" goes from text and
// noise to latents; "video" does the same and decodes, its output is the frames' bytes.
#include <memory>
#include <string>

#include <fmt/format.h>

#include "generator/native/inspectable_model.h"
#include "generator/native/internal_checkpoint.h"
#include "tests/bench/bench_turns.h"

namespace plumb {
namespace {

class VideoServer {
 public:
  VideoServer(const std::filesystem::path& checkpoint, at::ScalarType type, VideoRequest request)
      : checkpoint_(checkpoint),
        model_(LoadInspectableModel(checkpoint, {.bf16 = type == at::kBFloat16})),
        request_(std::move(request)) {
    const TrainedClip trained = model_->Trained();
    request_.width = trained.width;
    request_.height = trained.height;
    request_.fps = trained.fps;
  }

  at::Tensor Answer(const std::string& line) {
    if (line == "noise") return Latents(*model_->Begin(request_));
    if (line == "tokens") return Tokens(request_.caption);
    if (line == "no tokens") return Tokens("");
    const std::unique_ptr<Trajectory> trajectory = model_->Begin(request_);
    while (!trajectory->Done()) trajectory->Next();
    return line == "loop" ? Latents(*trajectory) : Pixels(trajectory->Decoded());
  }

 private:
  static at::Tensor Latents(const Trajectory& trajectory) {
    return ToTorch(trajectory.State().tensors.at("latents"));
  }
  static at::Tensor Pixels(const Video& video) {
    std::vector<at::Tensor> frames;
    for (const Image& frame : video.frames()) {
      frames.push_back(torch::tensor(frame.rgb, at::kByte).view({frame.height, frame.width, 3}));
    }
    return at::stack(frames);
  }
  at::Tensor Tokens(const std::string& caption) const {
    return torch::tensor(
        ReadTokenizer(checkpoint_ / kTokenizerModel)
            .Encode(caption, ReadCheckpointConfig(checkpoint_).text_encoder.max_tokens),
        at::kLong);
  }

  std::filesystem::path checkpoint_;
  std::unique_ptr<InspectableModel> model_;
  VideoRequest request_;
};

}  // namespace
}  // namespace plumb

int main(int argc, char** argv) {
  const at::ScalarType type = plumb::TypeNamed(argc == 5 ? argv[2] : "");
  if (type == at::ScalarType::Undefined) {
    fmt::print(stderr, "usage: bench_video CHECKPOINT float32|bfloat16 FRAMES PROMPT\n");
    return 2;
  }
  plumb::VideoServer server(
      argv[1], type, {.seed = 0, .caption = argv[4], .frames = std::stoi(argv[3])});
  plumb::ServeTurns([&](const std::string& line) { return server.Answer(line); });
}
