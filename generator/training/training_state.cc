// SPDX-License-Identifier: Apache-2.0
// The state of a training on disk.
#include "core/errors.h"
#include "core/safetensors.h"
#include "generator/training/internal_training.h"

namespace plumb {
namespace {

// Whether a saved training may go on with these options. The transformer's own ones decide nothing
// before its first step, those of its loss nothing before the step from which on they count.
bool SameTraining(Json saved, Json wanted, const TrainingState& state) {
  const auto loss_is_even = [&](const Json& options) {
    return state.step <= options.value("change_from", state.step);
  };
  if (loss_is_even(saved) && loss_is_even(wanted)) {
    for (const char* key : {"change_share", "change_from"}) {
      saved.erase(key);
      wanted.erase(key);
    }
  }
  const bool transformer_begun = state.stage == "done" || (state.stage == "dit" && state.step > 0);
  if (!transformer_begun) {
    for (const char* key : {"dit_steps",
                            "dit_batch",
                            "dit_learning_rate",
                            "caption_dropout",
                            "shift",
                            "objective",
                            "text_encoder_steps",
                            "change_share",
                            "change_from"}) {
      saved.erase(key);
      wanted.erase(key);
    }
  }
  return saved == wanted;
}

TrainingState StateFrom(const Json& json) {
  TrainingState state = {.stage = json.at("stage"),
                         .step = json.at("step"),
                         .loss_sum = json.at("loss_sum"),
                         .loss_count = json.at("loss_count"),
                         .seconds = json.at("seconds"),
                         .log = json.at("log"),
                         .event_bytes = json.at("event_bytes"),
                         .vae_psnr_db = json.at("vae_psnr_db"),
                         .flow_loss = json.at("flow_loss"),
                         .untrained_flow_loss = json.at("untrained_flow_loss")};
  const bool is_stage = state.stage == "vae" || state.stage == "dit" || state.stage == "done";
  if (!is_stage || state.step < 0) {
    throw std::invalid_argument(fmt::format("step {} of stage '{}'", state.step, state.stage));
  }
  return state;
}

}  // namespace

std::filesystem::path StatePath(const TrainOptions& options) {
  return options.output / "training/state.safetensors";
}

std::optional<SavedTraining> ReadTrainingState(const TrainOptions& options) {
  const std::filesystem::path path = StatePath(options);
  if (!std::filesystem::exists(path)) return std::nullopt;
  Safetensors file = ReadSafetensors(path);
  SavedTraining saved;
  bool is_same = false;
  try {
    const Json json = Json::parse(file.metadata.at("state"));
    saved.state = StateFrom(json);
    is_same = SameTraining(json.at("options"), DecisiveOptions(options), saved.state);
  } catch (const std::exception& error) {
    throw InputError(path.string(),
                     fmt::format("metadata 'state' is no training's ({}); to begin anew, remove "
                                 "the folder it lies in",
                                 error.what()));
  }
  if (!is_same) {
    throw UsageError(fmt::format(
        "{} belongs to a training with other options; name another output folder", path.string()));
  }
  saved.optimizer = std::move(file.tensors);
  return saved;
}

void WriteTrainingState(const TrainOptions& options, const SavedTraining& saved) {
  const TrainingState& state = saved.state;
  const Json json = {{"options", DecisiveOptions(options)},
                     {"stage", state.stage},
                     {"step", state.step},
                     {"loss_sum", state.loss_sum},
                     {"loss_count", state.loss_count},
                     {"seconds", state.seconds},
                     {"log", state.log},
                     {"event_bytes", state.event_bytes},
                     {"vae_psnr_db", state.vae_psnr_db},
                     {"flow_loss", state.flow_loss},
                     {"untrained_flow_loss", state.untrained_flow_loss}};
  WriteSafetensors(StatePath(options), {saved.optimizer, {{"state", json.dump()}}});
}

}  // namespace plumb
