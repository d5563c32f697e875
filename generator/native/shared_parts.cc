// SPDX-License-Identifier: Apache-2.0
#include "generator/native/internal_shared_parts.h"
#include "generator/weights/config_file.h"

namespace plumb {

SharedParts ReadSharedParts(ObjectReader& index) {
  SharedParts shared;
  if (!index.Has("native_shared")) return shared;
  ObjectReader parts = index.Object("native_shared");
  for (const char* part : {"vae", "text_encoder", "tokenizer"}) {
    if (!parts.Has(part)) continue;
    const std::string way = parts.Text(part, "");
    // Both folders may be moved together.
    if (way.empty() || std::filesystem::path(way).is_absolute()) {
      parts.Fail(part, "the relative way to a checkpoint's folder, such as ../..");
    }
    shared[part] = way;
  }
  parts.Finish();
  return shared;
}

SharedParts SharedPartsOf(const std::filesystem::path& checkpoint) {
  return ReadConfigFile(checkpoint / "model_index.json",
                        "a native checkpoint needs it",
                        [](const Document& document) {
                          ObjectReader reader(document, "");
                          return ReadSharedParts(reader);
                        });
}

std::filesystem::path PartFile(const std::filesystem::path& checkpoint, const std::string& file) {
  const SharedParts shared = SharedPartsOf(checkpoint);
  const auto found = shared.find(file.substr(0, file.find('/')));
  return found == shared.end() ? checkpoint / file : checkpoint / found->second / file;
}

}  // namespace plumb
