// SPDX-License-Identifier: Apache-2.0
// Safetensors files that lie about themselves, with a part of what a reader must say to each: for
// the reader's own test and for the command line's.
#pragma once

#include <algorithm>
#include <cstdint>
#include <cstring>
#include <string>
#include <vector>

#include <fmt/format.h>

namespace plumb {

// The length that the file states, its header, and `data` zero bytes.
inline std::vector<uint8_t> SafetensorsFile(uint64_t length,
                                            const std::string& header,
                                            size_t data = 0) {
  std::vector<uint8_t> bytes(sizeof length + header.size() + data);
  std::memcpy(bytes.data(), &length, sizeof length);
  std::copy(header.begin(), header.end(), bytes.begin() + sizeof length);
  return bytes;
}

inline std::vector<uint8_t> SafetensorsFile(const std::string& header, size_t data) {
  return SafetensorsFile(header.size(), header, data);
}

// An entry of the header: "name":{…}.
inline std::string HeaderEntry(const std::string& name,
                               const std::string& dtype,
                               const std::string& shape,
                               const std::string& offsets) {
  return fmt::format(
      R"("{}":{{"dtype":"{}","shape":{},"data_offsets":{}}})", name, dtype, shape, offsets);
}

struct BrokenSafetensors {
  std::string name;
  std::vector<uint8_t> bytes;
  std::string complaint;  // a part of it
};

inline std::vector<BrokenSafetensors> BrokenSafetensorsFiles() {
  const auto one = [](const char* dtype, const char* shape, const char* offsets, size_t data) {
    return SafetensorsFile("{" + HeaderEntry("w", dtype, shape, offsets) + "}", data);
  };
  const auto two = [](const char* first, const char* second, size_t data) {
    return SafetensorsFile("{" + HeaderEntry("a", "U8", "[4]", first) + "," +
                               HeaderEntry("b", "U8", "[4]", second) + "}",
                           data);
  };
  const std::string entry = HeaderEntry("w", "U8", "[1]", "[0,1]");
  const std::string tiling = "overlap, leave a hole or pass the end";
  return {
      {"an empty file", {}, "shorter than 8 bytes"},
      {"seven bytes", std::vector<uint8_t>(7, 0), "shorter than 8 bytes"},
      {"header length 0", SafetensorsFile(0, "{}"), "no valid JSON"},
      {"header length 1", SafetensorsFile(1, "{}"), "no valid JSON"},
      {"header length over 100 MB",
       SafetensorsFile(100'000'001, "{}"),
       "header of 100000001 bytes"},
      {"header past the file", SafetensorsFile(3, "{}"), "header of 3 bytes in a file of 10"},
      {"header length 2^63", SafetensorsFile(uint64_t{1} << 63, "{}"), "9223372036854775808 bytes"},
      {"header length 2^64-1", SafetensorsFile(~uint64_t{0}, "{}"), "18446744073709551615 bytes"},
      {"no JSON", SafetensorsFile("weights!", 0), "no valid JSON"},
      {"a list", SafetensorsFile("[]", 0), "no JSON object"},
      {"a name that stands twice",
       SafetensorsFile("{" + entry + "," + entry + "}", 1),
       "key 'w' stands twice"},
      {"a key that stands twice",
       SafetensorsFile(R"({"w":{"dtype":"U8","shape":[1],"shape":[1],"data_offsets":[0,1]}})", 1),
       "key 'shape' stands twice"},
      {"an unknown key",
       SafetensorsFile(R"({"w":{"dtype":"U8","shape":[1],"offsets":[0,1]}})", 1),
       "expected exactly dtype, shape and data_offsets"},
      {"an unknown element type",
       one("F8_E4M3", "[4]", "[0,4]", 4),
       "dtype \"F8_E4M3\" is not supported"},
      {"a shape of 2^64 bytes",
       one("U8", "[281474976710656,65536]", "[0,0]", 0),
       "tensor 'w': shape overflows"},
      {"a shape that wraps to 4 bytes",
       one("F32", "[4611686018427387905]", "[0,4]", 4),
       "extent 4611686018427387905 is absurd"},
      {"a shape that wraps to 2^33+1",
       one("U8", "[4294967297,4294967297]", "[0,8589934593]", 4),
       tiling},
      {"a negative size", one("F32", "[-1]", "[0,4]", 4), "shape must be a list of sizes"},
      {"offsets reversed", one("F32", "[1]", "[4,0]", 4), tiling},
      {"offsets that overlap", two("[0,4]", "[2,6]", 6), "tensor 'b': data_offsets 2–6"},
      {"offsets with a hole", two("[0,4]", "[5,9]", 9), "tensor 'b': data_offsets 5–9"},
      {"the same offsets twice", two("[0,4]", "[0,4]", 4), tiling},
      {"offsets past the end", one("F32", "[2]", "[0,8]", 4), tiling},
      {"offsets of 2^64-1", one("F32", "[1]", "[0,18446744073709551615]", 4), tiling},
      {"bytes behind the last tensor", one("F32", "[1]", "[0,4]", 5), "1 bytes behind the last"},
      {"a span of another size",
       one("F32", "[2]", "[0,4]", 4),
       "4 bytes stored, type and shape demand 8"},
  };
}

}  // namespace plumb
