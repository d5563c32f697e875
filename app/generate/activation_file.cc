// SPDX-License-Identifier: Apache-2.0
#include "app/generate/activation_file.h"

#include <fmt/format.h>

#include "core/errors.h"
#include "generator/native/inspectable_model.h"

namespace plumb {

ActivationFile::ActivationFile(NativeModel& model, const std::vector<std::string>& layers) {
  auto* open = dynamic_cast<InspectableModel*>(&model);
  if (open == nullptr) {
    throw UsageError(
        "--activations: layers of Plumb's own checkpoints can be looked at, not DiT's");
  }
  open->Observe(
      layers, [this, passes = std::map<std::string, int>()](const Activation& activation) mutable {
        const std::string name =
            fmt::format("{}/{:04}", activation.layer, passes[activation.layer]++);
        seen_.tensors[name] = activation.values;
        seen_.metadata[name] = fmt::format("timestep {:.6g}, {} caption",
                                           activation.timestep,
                                           activation.conditional ? "with" : "without");
      });
}

void ActivationFile::Write(const std::filesystem::path& path) const {
  WriteSafetensors(path, seen_);
}

std::filesystem::path ActivationPath(const std::string& video) { return video + ".safetensors"; }

}  // namespace plumb
