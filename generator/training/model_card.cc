// SPDX-License-Identifier: Apache-2.0
#include <fmt/format.h>

#include "generator/training/internal_model_card.h"

namespace plumb {
namespace {

// 2011884 -> "2,011,884".
std::string Grouped(int64_t number) {
  std::string text = std::to_string(number);
  for (int64_t at = static_cast<int64_t>(text.size()) - 3; at > 0; at -= 3) text.insert(at, ",");
  return text;
}

std::string PartsTable(const Json& parameters, const CheckpointConfig& config) {
  const VaeConfig& vae = config.vae;
  const TransformerConfig& dit = config.transformer;
  return fmt::format(
      "| part | parameters | what it is |\n|---|---|---|\n"
      "| `vae/` | {} | {}x{}x{} causal video VAE, {} latent channels{}; the first frame is encoded "
      "alone |\n"
      "| `transformer/` | {} | {} blocks of width {}, patches {}x{}x{}, adaLN-Zero, 3D RoPE, "
      "cross-attention to the caption |\n"
      "| `text_encoder/`, `tokenizer/` | {} | {} layers of width {} on SentencePiece pieces of the "
      "training captions |\n",
      Grouped(parameters["vae"]),
      vae.TemporalStride(),
      vae.SpatialStride(),
      vae.SpatialStride(),
      vae.latent_channels,
      vae.patch_path ? ", a linear path beside the convolutions" : "",
      Grouped(parameters["transformer"]),
      dit.num_layers,
      dit.Width(),
      dit.patch_size[0],
      dit.patch_size[1],
      dit.patch_size[2],
      Grouped(parameters["text_encoder"]),
      config.text_encoder.num_layers,
      config.text_encoder.hidden_size);
}

std::string FamiliesText(const Json& families) {
  std::string text;
  for (const auto& [family, counts] : families.items()) {
    text +=
        fmt::format("{}`{}` {}", text.empty() ? "" : ", ", family, counts["trained"].get<int>());
  }
  return text;
}

std::string MadeText(const Json& record) {
  const Json& seconds = record["seconds"];
  const std::string hardware = record["hardware"];
  return fmt::format("{}{}{}",
                     seconds.is_null()
                         ? std::string()
                         : fmt::format("Made in {:.0f} minutes", seconds.get<double>() / 60.0),
                     seconds.is_null() || hardware.empty() ? "" : " on ",
                     seconds.is_null()  ? ""
                     : hardware.empty() ? "."
                                        : hardware + ".");
}

std::string HowItWasMade(const Json& record, const IndexConfig& index) {
  return fmt::format(
      "# Native checkpoint `{}`\n\n"
      "A spacetime diffusion transformer over a causal video VAE, trained from nothing by\n\n"
      "```\n{}\n```\n\n"
      "on {} clips of {}x{}, {} frames at {:g} fps:\n{}.\n`training_record.json` holds options, "
      "seeds, results, hardware, versions and the digests of the weights;\n`training_log.csv` the "
      "losses. The same command on the same kind of processor makes the same bytes.\n\n",
      record["options"]["preset"].get<std::string>(),
      record["command"].get<std::string>(),
      record["options"]["clips"].get<int>(),
      index.width,
      index.height,
      index.frames,
      index.fps,
      FamiliesText(record["clips_by_family"]));
}

std::string WhatItLearned(const Json& record) {
  const Json& results = record["results"];
  const std::string objective = record["options"].value("objective", "flow");
  const int held_out = record["options"]["validation_clips"].get<int>();
  return fmt::format(
      "## What it learned\n\n"
      "{}\nOn {}:\n\n"
      "| measure | value |\n|---|---|\n"
      "| the VAE gives frames back (PSNR) | {:.2f} dB |\n"
      "| {} loss | {:.4f} |\n"
      "| {} loss before training | {:.4f} |\n\n",
      MadeText(record),
      held_out > 0 ? fmt::format("{} held-out clips", held_out)
                   : "clips that were trained on, for none were held out",
      results["vae_psnr_db"].get<double>(),
      objective,
      results["flow_loss"].get<double>(),
      objective,
      results["untrained_flow_loss"].get<double>());
}

std::string WhereItEnds(const CheckpointConfig& config) {
  const IndexConfig& index = config.index;
  return fmt::format(
      "## Where it ends\n\n"
      "Clips up to {}x{} or the same area in another aspect (sides in multiples of {}), up to {} "
      "frames at {:g} fps.\nFrom text, from a first picture, or from a video's beginning (1, {}, "
      "{} "
      "… frames). It knows the scenes it\nwas shown and no others; it is a small model for showing "
      "the path from training to a scored sample.\nTest suites draw their scenes from other "
      "seeds.\n",
      index.width,
      index.height,
      config.vae.SpatialStride() * config.transformer.patch_size[1],
      index.frames,
      index.fps,
      config.vae.TemporalStride() + 1,
      2 * config.vae.TemporalStride() + 1);
}

}  // namespace

std::string ModelCard(const Json& record, const CheckpointConfig& config) {
  return HowItWasMade(record, config.index) + PartsTable(record["parameters"], config) +
         "\nWeights are bfloat16 in safetensors files, folders as Diffusers lays them out.\n\n" +
         WhatItLearned(record) + WhereItEnds(config);
}

}  // namespace plumb
