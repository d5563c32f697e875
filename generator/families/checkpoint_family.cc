// SPDX-License-Identifier: Apache-2.0
#include "generator/families/checkpoint_family.h"

#include <fmt/format.h>

#include "generator/native/internal_checkpoint_folder.h"
#include "generator/native/internal_class_names.h"
#include "generator/weights/config_file.h"

namespace plumb {
namespace {

constexpr std::pair<const char*, CheckpointFamily> kFamilies[] = {
    {kIndexClass, CheckpointFamily::kSpacetime}, {"DiTPipeline", CheckpointFamily::kDit}};

CheckpointFamily FromDocument(const Document& document) {
  ObjectReader reader(document, "");
  reader.Require("_class_name");
  const std::string name = reader.Text("_class_name", "");
  for (const auto& [pipeline, family] : kFamilies) {
    if (name == pipeline) return family;
  }
  reader.Fail("_class_name",
              fmt::format("the family '{}' is not supported; there are: {}",
                          name,
                          fmt::join(SupportedPipelines(), ", ")));
}

}  // namespace

std::vector<std::string> SupportedPipelines() {
  std::vector<std::string> names;
  for (const auto& [pipeline, family] : kFamilies) names.emplace_back(pipeline);
  return names;
}

CheckpointFamily FamilyOf(const std::filesystem::path& checkpoint) {
  RequireCheckpointFolder(checkpoint);
  return ReadConfigFile(
      checkpoint / "model_index.json", "a checkpoint folder needs it", FromDocument);
}

}  // namespace plumb
