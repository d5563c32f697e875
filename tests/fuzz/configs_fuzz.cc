// SPDX-License-Identifier: Apache-2.0
// Any text as one of the JSON files of a checkpoint; the first byte says which.
#include <string>

#include "core/errors.h"
#include "generator/autoencoder_kl/kl_config.h"
#include "generator/dit/dit_config.h"
#include "generator/dit/dit_index.h"
#include "generator/native/configs.h"
#include "generator/schedulers/scheduler_options.h"
#include "generator/weights/config_file.h"
#include "generator/weights/weight_index.h"

namespace plumb {
namespace {

using Parser = void (*)(const std::string& text);

constexpr Parser kParsers[] = {
    [](const std::string& text) { ParseIndexConfig(text, "model_index.json"); },
    [](const std::string& text) { ParseVaeConfig(text, "vae/config.json"); },
    [](const std::string& text) { ParseTextEncoderConfig(text, "text_encoder/config.json"); },
    [](const std::string& text) { ParseTransformerConfig(text, "transformer/config.json"); },
    [](const std::string& text) { ParseSchedulerConfig(text, "scheduler_config.json"); },
    [](const std::string& text) { ParseWeightIndex(text, "w.safetensors.index.json"); },
    [](const std::string& text) { ParseDitIndex(text, "model_index.json"); },
    [](const std::string& text) { ParseDitConfig(text, "transformer/config.json"); },
    [](const std::string& text) { ParseKlConfig(text, "vae/config.json"); },
    [](const std::string& text) {
      ReadConfigText(text, "scheduler_config.json", SchedulerOptionsFrom);
    },
};

}  // namespace
}  // namespace plumb

// Refusals are InputErrors; anything else that is thrown ends the program.
extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  if (size == 0) return 0;
  const std::string text(reinterpret_cast<const char*>(data) + 1, size - 1);
  try {
    plumb::kParsers[data[0] % std::size(plumb::kParsers)](text);
  } catch (const plumb::InputError&) {
  }
  return 0;
}
