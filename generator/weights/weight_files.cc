// SPDX-License-Identifier: Apache-2.0
#include "generator/weights/weight_files.h"

#include <algorithm>
#include <set>
#include <utility>

#include <fmt/format.h>

#include "core/errors.h"
#include "generator/weights/pickle.h"
#include "generator/weights/weight_index.h"

namespace plumb {
namespace {

namespace fs = std::filesystem;

MappedSafetensors OpenFile(const fs::path& path) {
  if (fs::is_regular_file(path)) RefusePickleBytes(path.string(), MappedFile(path).bytes());
  return MapSafetensors(path);
}

void Add(WeightFiles& weights, const fs::path& path, MappedSafetensors&& contents) {
  weights.files.push_back(path);
  for (auto& [name, view] : contents.tensors) {
    weights.tensors[name] = {
        .view = std::move(view), .mapping = contents.file, .file = path.string()};
  }
}

// "model" of "model-00002-of-00007.safetensors"; empty for other names.
std::string SeriesOf(const std::string& name) {
  constexpr std::string_view kPattern = "-#####-of-#####.safetensors";
  if (name.size() <= kPattern.size()) return "";
  const size_t begin = name.size() - kPattern.size();
  for (size_t i = 0; i < kPattern.size(); ++i) {
    const char c = name[begin + i];
    if (kPattern[i] == '#' ? c < '0' || c > '9' : c != kPattern[i]) return "";
  }
  return name.substr(0, begin);
}

// Shards of the same series that the index does not name would go unnoticed.
void ComplainOfStrays(const fs::path& folder,
                      const std::set<std::string>& expected,
                      std::vector<std::string>& complaints) {
  std::set<std::string> series;
  for (const std::string& name : expected) series.insert(SeriesOf(name));
  series.erase("");
  std::set<std::string> strays;
  for (const auto& file : fs::directory_iterator(folder)) {
    const std::string name = file.path().filename().string();
    if (!expected.contains(name) && series.contains(SeriesOf(name))) strays.insert(name);
  }
  for (const std::string& name : strays) {
    complaints.push_back(fmt::format("file '{}' is not in the index", name));
  }
}

// What one shard holds against what the index says of it.
void ComplainOfShard(const std::map<std::string, std::string>& index,
                     const std::string& shard,
                     const MappedSafetensors& contents,
                     std::vector<std::string>& complaints) {
  for (const auto& [name, file] : index) {
    if (file == shard && !contents.tensors.contains(name)) {
      complaints.push_back(fmt::format("tensor '{}' is missing in '{}'", name, shard));
    }
  }
  for (const auto& [name, view] : contents.tensors) {
    const auto listed = index.find(name);
    if (listed == index.end()) {
      complaints.push_back(fmt::format("tensor '{}' of '{}' is not in the index", name, shard));
    } else if (listed->second != shard) {
      complaints.push_back(fmt::format(
          "tensor '{}' lies in '{}', the index says '{}'", name, shard, listed->second));
    }
  }
}

WeightFiles OpenShards(const fs::path& index_path) {
  const MappedFile file(index_path);
  const std::map<std::string, std::string> index =
      ParseWeightIndex({file.bytes().begin(), file.bytes().end()}, index_path.string());
  std::set<std::string> shards;
  for (const auto& [tensor, shard] : index) shards.insert(shard);

  WeightFiles weights;
  weights.place = index_path.string();
  std::vector<std::string> complaints;
  const fs::path folder = index_path.parent_path();
  for (const std::string& shard : shards) {
    if (!fs::exists(folder / shard)) {
      complaints.push_back(fmt::format("file '{}' is missing", shard));
      continue;
    }
    MappedSafetensors contents = OpenFile(folder / shard);
    ComplainOfShard(index, shard, contents, complaints);
    Add(weights, folder / shard, std::move(contents));
  }
  ComplainOfStrays(folder, shards, complaints);
  if (!complaints.empty()) throw InputError(weights.place, ListedComplaints(complaints));
  return weights;
}

}  // namespace

WeightFiles OpenWeights(const fs::path& path) {
  RefusePickleName(path.string(), path);
  const fs::path index = path.string() + ".index.json";
  if (fs::exists(index)) return OpenShards(index);
  const fs::path folder = path.parent_path();
  if (!fs::exists(path) && fs::is_directory(folder)) {
    RefusePickleName(path.string(), PickleIn(folder));
  }
  WeightFiles weights;
  weights.place = path.string();
  Add(weights, path, OpenFile(path));
  return weights;
}

std::string ListedComplaints(const std::vector<std::string>& complaints) {
  constexpr size_t kShown = 20;
  std::string text;
  for (size_t i = 0; i < std::min(kShown, complaints.size()); ++i) {
    text += (i > 0 ? "; " : "") + complaints[i];
  }
  if (complaints.size() > kShown) text += fmt::format("; and {} more", complaints.size() - kShown);
  return text;
}

}  // namespace plumb
