// SPDX-License-Identifier: Apache-2.0
// What layers of a native checkpoint give out while videos are made, kept for a file.
#pragma once

#include <filesystem>
#include <string>
#include <vector>

#include "core/safetensors.h"
#include "generator/native/native_model.h"

namespace plumb {

class ActivationFile {
 public:
  // Looks at the layers from now on; names may hold * and ?. The model must not make anything after
  // this has gone. Throws UsageError when the model is of a family that can't be looked into, or
  // with the list of layers when a name meets none.
  ActivationFile(NativeModel& model, const std::vector<std::string>& layers);
  ActivationFile(const ActivationFile&) = delete;
  ActivationFile& operator=(const ActivationFile&) = delete;

  // F32 [tokens, width] under "LAYER/0000" for the first forward pass, and so on; the metadata of
  // the same name says of which timestep and whether with the caption. Everything lies in memory
  // until then.
  void Write(const std::filesystem::path& path) const;

 private:
  Safetensors seen_;
};

// Where it stands: "ball.mkv.safetensors" for "ball.mkv".
std::filesystem::path ActivationPath(const std::string& video);

}  // namespace plumb
