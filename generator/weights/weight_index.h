// SPDX-License-Identifier: Apache-2.0
// The index of a checkpoint in shards, as Diffusers and Transformers write it:
// {"metadata": {…}, "weight_map": {"tensor name": "file name"}}.
#pragma once

#include <map>
#include <string>

namespace plumb {

// Tensor name → name of the safetensors file beside the index that holds it. Throws InputError
// naming `place` and line when the text is no such index, or a file is no plain name of a
// safetensors file (a path would lead out of the folder, a pickle is never read).
std::map<std::string, std::string> ParseWeightIndex(const std::string& text,
                                                    const std::string& place);

}  // namespace plumb
