// SPDX-License-Identifier: Apache-2.0
// Fields that scenes as JSON are made of: enumerators by name, vectors, poses. Internal to core.
#pragma once

#include <array>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include <fmt/format.h>

#include "core/check.h"
#include "core/document.h"
#include "core/json.h"
#include "core/rigid3.h"

namespace plumb {

template <typename Enum, size_t N>
using Names = std::array<std::pair<Enum, std::string_view>, N>;

template <typename Enum, size_t N>
std::string NameOf(const Names<Enum, N>& names, Enum value) {
  for (const auto& [entry, name] : names) {
    if (entry == value) return std::string(name);
  }
  throw CheckFailure("unknown enumerator");
}

// The enumerator of the name at `key`, `fallback` where there is none.
template <typename Enum, size_t N>
Enum ReadName(ObjectReader& reader,
              const std::string& key,
              const Names<Enum, N>& names,
              Enum fallback) {
  const std::string text = reader.Text(key, NameOf(names, fallback));
  std::vector<std::string> known;
  for (const auto& [entry, name] : names) {
    if (name == text) return entry;
    known.emplace_back(name);
  }
  const std::string nearest = NearestName(text, known);
  reader.Fail(key,
              nearest.empty()
                  ? fmt::format("unknown '{}'; expected one of: {}", text, fmt::join(known, ", "))
                  : fmt::format("unknown '{}'; did you mean '{}'?", text, nearest));
}

Json VectorJson(const Eigen::Vector3d& v);
Eigen::Vector3d ReadVector(ObjectReader& reader,
                           const std::string& key,
                           const Eigen::Vector3d& fallback);

Json RotationJson(const Eigen::Quaterniond& q);  // x, y, z, w
// `position_m` and `rotation_xyzw`.
Rigid3 ReadPose(ObjectReader& reader);

}  // namespace plumb
