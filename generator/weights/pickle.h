// SPDX-License-Identifier: Apache-2.0
// Pickled weights (.bin, .pt, .pth, .ckpt, .pkl) are refused by their name or first bytes, unread:
// a pickle is a program that runs when it is loaded.
#pragma once

#include <cstdint>
#include <filesystem>
#include <span>
#include <string>

namespace plumb {

bool IsPickleName(const std::filesystem::path& name);

// Throws InputError that names `place`, says why and how to convert, when `name` is a pickle's.
void RefusePickleName(const std::string& place, const std::filesystem::path& name);

// The same for what PyTorch's save() writes under whatever name: a zip archive or a bare pickle.
void RefusePickleBytes(const std::string& place, std::span<const uint8_t> bytes);

// The first pickle in a folder, by name; empty when there is none.
std::filesystem::path PickleIn(const std::filesystem::path& folder);

}  // namespace plumb
