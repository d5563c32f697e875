// SPDX-License-Identifier: Apache-2.0
#include <ATen/Parallel.h>

#include "generator/dit/internal_dit_model.h"
#include "generator/families/checkpoint_family.h"
#include "generator/native/inspectable_model.h"

namespace plumb {

std::unique_ptr<NativeModel> LoadNativeModel(const std::filesystem::path& checkpoint,
                                             const NativeOptions& options) {
  options.Validate();
  at::set_num_threads(1);
  return FamilyOf(checkpoint) == CheckpointFamily::kDit ? LoadDitModel(checkpoint, options)
                                                        : LoadInspectableModel(checkpoint, options);
}

}  // namespace plumb
