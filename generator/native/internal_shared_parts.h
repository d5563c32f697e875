// SPDX-License-Identifier: Apache-2.0
// Parts of a checkpoint that stand in another one: a series of checkpoints of one training stores
// its VAE, tokenizer and text encoder once.
#pragma once

#include <filesystem>
#include <map>
#include <string>

#include "core/document.h"
#include "core/json.h"

namespace plumb {

// Part ("vae", "text_encoder", "tokenizer") to the way from this checkpoint's folder to that of the
// one that holds it ("../.."): `native_shared` of model_index.json. Not followed further.
using SharedParts = std::map<std::string, std::string>;

// `native_shared` of an open model_index.json; empty without it. Throws UsageError as readers do
// when a part is unknown or a way is absolute.
SharedParts ReadSharedParts(ObjectReader& index);

// Those of a checkpoint's folder. Throws InputError when its model_index.json is no JSON object or
// names parts wrongly.
SharedParts SharedPartsOf(const std::filesystem::path& checkpoint);

// Where a file of a checkpoint ("vae/config.json") really lies.
std::filesystem::path PartFile(const std::filesystem::path& checkpoint, const std::string& file);

}  // namespace plumb
