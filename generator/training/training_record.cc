// SPDX-License-Identifier: Apache-2.0
// What a finished training leaves in writing.
#include <cmath>

#include <torch/version.h>

#include "generator/training/internal_model_card.h"
#include "generator/training/internal_training.h"
#include "generator/weights/internal_weights.h"

namespace plumb {
namespace {

// "drop-17" counts as "drop".
Json ClipsByFamily(const TrainingRun& run) {
  Json families = Json::object();
  for (int64_t i = 0; i < run.clips.size(); ++i) {
    const std::string& source = run.clips.source(i);
    Json& counts = families[source.substr(0, source.rfind('-'))];
    if (counts.is_null()) counts = {{"trained", 0}, {"held_out", 0}};
    const char* part = i < run.options.clips ? "trained" : "held_out";
    counts[part] = counts[part].get<int>() + 1;
  }
  return families;
}

Json WeightDigests(const std::filesystem::path& checkpoint) {
  Json digests = Json::object();
  for (const char* file :
       {kVaeWeights, kTransformerWeights, kTextEncoderWeights, kTokenizerModel}) {
    digests[file] = FileDigest(checkpoint / file);
  }
  return digests;
}

}  // namespace

Json DecisiveOptions(const TrainOptions& options) {
  Json shapes = Json::array();
  for (const TrainingShape& shape : options.shapes) shapes.push_back(ToText(shape));
  Json decisive = {{"preset", options.preset},
                   {"width", options.width},
                   {"height", options.height},
                   {"frames", options.frames},
                   {"fps", options.fps},
                   {"shapes", shapes},
                   {"clips", options.clips},
                   {"validation_clips", options.validation_clips},
                   {"seed", options.seed},
                   {"vae_steps", options.vae_steps},
                   {"vae_batch", options.vae_batch},
                   {"vae_frames", options.vae_frames},
                   {"vae_learning_rate", options.vae_learning_rate},
                   {"kl_weight", options.kl_weight},
                   {"dit_steps", options.dit_steps},
                   {"dit_batch", options.dit_batch},
                   {"dit_learning_rate", options.dit_learning_rate},
                   {"caption_dropout", options.caption_dropout},
                   {"shift", options.shift},
                   {"text_encoder_steps", options.text_encoder_steps},
                   {"optimizer", options.optimizer},
                   {"warmup_steps", options.warmup_steps},
                   {"weight_decay", options.weight_decay},
                   {"gradient_clip", options.gradient_clip},
                   {"ema_decay", options.ema_decay},
                   {"device", options.device},
                   {"bf16", options.bf16},
                   {"threads", options.threads},
                   {"data", options.data}};
  // States of older versions, which knew the flow and an even loss alone, are gone on with.
  if (options.objective != "flow") decisive["objective"] = options.objective;
  if (options.change_share > 0.0) {
    decisive["change_share"] = options.change_share;
    decisive["change_from"] = options.change_from;
  }
  return decisive;
}

void WriteTrainingRecord(const TrainingRun& run) {
  const TrainOptions& options = run.options;
  const Networks& networks = run.networks;
  const Json record = {{"schema", 1},
                       {"command", options.command},
                       {"options", DecisiveOptions(options)},
                       {"clips_by_family", ClipsByFamily(run)},
                       {"parameters",
                        {{"vae", CountParameters(*networks.vae)},
                         {"text_encoder", CountParameters(*networks.text_encoder)},
                         {"transformer", CountParameters(*networks.transformer)}}},
                       {"results",
                        {{"vae_psnr_db", run.state.vae_psnr_db},
                         {"flow_loss", run.state.flow_loss},
                         {"untrained_flow_loss", run.state.untrained_flow_loss}}},
                       {"hardware", options.hardware},
                       {"seconds", options.clock_s ? Json(std::round(SecondsSoFar(run))) : Json()},
                       {"libtorch", TORCH_VERSION},
                       {"versions", options.versions},
                       {"weights_sha256", WeightDigests(options.output)}};
  WriteFileAtomically(options.output / "training_record.json", DumpJson(record));
  WriteFileAtomically(options.output / "training_log.csv", run.state.log);
  WriteFileAtomically(options.output / "README.md", ModelCard(record, networks.config));
}

}  // namespace plumb
