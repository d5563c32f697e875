// SPDX-License-Identifier: Apache-2.0
#include "core/safetensors_header.h"

#include <algorithm>
#include <cstring>
#include <optional>
#include <utility>

#include <fmt/format.h>

#include "core/errors.h"
#include "core/json.h"

namespace plumb {
namespace {

constexpr uint64_t kMaxHeaderBytes = 100'000'000;
constexpr uint64_t kMaxExtent = uint64_t{1} << 48;
constexpr size_t kMaxAxes = 64;

std::string TensorPlace(const std::string& place, const std::string& name) {
  return fmt::format("{}: tensor '{}'", place, name);
}

// "BOOL, U8, …".
std::string KnownTypes() {
  std::string names;
  for (int i = 0; i <= static_cast<int>(DType::kF64); ++i) {
    names += (i > 0 ? ", " : "") + std::string(DTypeName(static_cast<DType>(i)));
  }
  return names;
}

// Takes the header from nlohmann's parser word by word, without a tree of values in between: a
// header of 100 MB is mostly small strings and numbers.
class HeaderBuilder : public nlohmann::json_sax<Json> {
 public:
  HeaderBuilder(SafetensorsHeader& header, const std::string& place)
      : header_(header), place_(place) {}

  bool null() override { Refuse(); }
  bool boolean(bool) override { Refuse(); }
  bool number_integer(number_integer_t) override { Refuse(); }
  bool number_float(number_float_t, const string_t&) override { Refuse(); }
  bool binary(binary_t&) override { Refuse(); }

  bool number_unsigned(number_unsigned_t value) override {
    if (at_ == At::kShape) {
      AddExtent(value);
    } else if (at_ == At::kOffsets) {
      if (offsets_.size() == 2) Refuse();
      offsets_.push_back(value);
    } else {
      Refuse();
    }
    return true;
  }

  bool string(string_t& value) override {
    if (at_ == At::kMetadata) {
      header_.metadata[key_] = value;
    } else if (at_ == At::kEntry && key_ == "dtype") {
      SetType(value);
    } else {
      Refuse();
    }
    return true;
  }

  bool start_object(std::size_t) override {
    if (at_ == At::kStart) {
      at_ = At::kTop;
    } else if (at_ == At::kTop) {
      at_ = InMetadata() ? At::kMetadata : At::kEntry;
      seen_.clear();
    } else {
      Refuse();
    }
    return true;
  }

  bool key(string_t& key) override {
    if (at_ == At::kTop) {
      BeginTensor(key);
      return true;
    }
    key_ = key;
    if (at_ == At::kMetadata) {
      if (header_.metadata.contains(key)) FailTwice();
    } else {
      if (std::find(seen_.begin(), seen_.end(), key) != seen_.end()) FailTwice();
      if (key != "dtype" && key != "shape" && key != "data_offsets") Fail(kEntryForm);
      seen_.push_back(key);
    }
    return true;
  }

  bool end_object() override {
    if (at_ == At::kEntry && seen_.size() != 3) Fail(kEntryForm);
    at_ = At::kTop;
    return true;
  }

  bool start_array(std::size_t) override {
    if (at_ != At::kEntry || key_ == "dtype") Refuse();
    at_ = key_ == "shape" ? At::kShape : At::kOffsets;
    offsets_.clear();
    return true;
  }

  bool end_array() override {
    if (at_ == At::kOffsets) {
      if (offsets_.size() != 2) Refuse();
      tensor_->begin = offsets_[0];
      tensor_->end = offsets_[1];
    }
    at_ = At::kEntry;
    return true;
  }

  bool parse_error(std::size_t position,
                   const std::string& token,
                   const nlohmann::detail::exception&) override {
    throw InputError(
        place_,
        fmt::format(
            "the header is no valid JSON near '{}', byte {}", token.substr(0, 40), position));
  }

 private:
  // Where the next value stands.
  enum class At { kStart, kTop, kMetadata, kEntry, kShape, kOffsets };
  static constexpr const char* kEntryForm = "expected exactly dtype, shape and data_offsets";

  bool InMetadata() const { return tensor_ == nullptr; }

  // The value of this key is a tensor's entry, or the metadata.
  void BeginTensor(const std::string& name) {
    name_ = key_ = name;
    tensor_ = nullptr;
    if (name == "__metadata__") {
      if (std::exchange(has_metadata_, true)) FailTwice();
      return;
    }
    const auto [place, is_new] = header_.tensors.try_emplace(name);
    if (!is_new) FailTwice();
    tensor_ = &place->second;
  }

  [[noreturn]] void Fail(const std::string& message) const {
    throw InputError(TensorPlace(place_, name_), message);
  }
  [[noreturn]] void FailTwice() const {
    throw InputError(place_, fmt::format("key '{}' stands twice in the header", key_));
  }

  // A value of another type than the one that belongs here.
  [[noreturn]] void Refuse() const {
    if (at_ == At::kStart) throw InputError(place_, "the header is no JSON object");
    if (InMetadata()) throw InputError(place_, "__metadata__ must be an object of texts");
    if (at_ == At::kTop) Fail(kEntryForm);
    if (key_ == "dtype") Fail("dtype must be a text");
    if (key_ == "shape") Fail("shape must be a list of sizes");
    Fail("data_offsets must be two whole numbers");
  }

  void SetType(const std::string& name) {
    try {
      tensor_->dtype = DTypeFromName(name);
    } catch (const CheckFailure&) {
      Fail(fmt::format("dtype {} is not supported; there are {}",
                       Json(name).dump(-1, ' ', false, Json::error_handler_t::replace),
                       KnownTypes()));
    }
  }

  void AddExtent(uint64_t extent) {
    if (extent > kMaxExtent) Fail(fmt::format("extent {} is absurd", extent));
    if (tensor_->shape.size() == kMaxAxes) Fail(fmt::format("more than {} axes", kMaxAxes));
    tensor_->shape.push_back(static_cast<int64_t>(extent));
  }

  SafetensorsHeader& header_;
  const std::string& place_;
  At at_ = At::kStart;
  std::string name_;              // of the tensor, or __metadata__
  TensorSpan* tensor_ = nullptr;  // of that name; none for __metadata__
  bool has_metadata_ = false;
  std::string key_;                // the last one read
  std::vector<std::string> seen_;  // keys of this tensor
  std::vector<uint64_t> offsets_;
};

// The bytes that type and shape demand. The product without zeros must fit too: a shape that wraps
// is none, even for a tensor without elements.
uint64_t NeededBytes(const TensorSpan& tensor, const std::string& place) {
  int64_t bytes = static_cast<int64_t>(ByteSize(tensor.dtype));
  bool empty = false;
  for (const int64_t extent : tensor.shape) {
    empty = empty || extent == 0;
    if (extent != 0 && __builtin_mul_overflow(bytes, extent, &bytes)) {
      throw InputError(place, "shape overflows");
    }
  }
  return empty ? 0 : static_cast<uint64_t>(bytes);
}

using NamedSpan = std::pair<const std::string, TensorSpan>;

// Offsets must tile the data: no hole, no overlap, nothing left, and each span as long as type and
// shape demand.
void CheckLayout(const SafetensorsHeader& header, uint64_t data_size, const std::string& place) {
  std::vector<const NamedSpan*> order;
  for (const NamedSpan& tensor : header.tensors) order.push_back(&tensor);
  std::sort(order.begin(), order.end(), [](const NamedSpan* a, const NamedSpan* b) {
    return std::tie(a->second.begin, a->second.end) < std::tie(b->second.begin, b->second.end);
  });
  uint64_t at = 0;
  for (const NamedSpan* named : order) {
    const auto& [name, tensor] = *named;
    if (tensor.begin != at || tensor.end < tensor.begin || tensor.end > data_size) {
      throw InputError(
          TensorPlace(place, name),
          fmt::format("data_offsets {}–{} overlap, leave a hole or pass the end ({} bytes)",
                      tensor.begin,
                      tensor.end,
                      data_size));
    }
    const uint64_t needed = NeededBytes(tensor, TensorPlace(place, name));
    if (needed != tensor.end - tensor.begin) {
      throw InputError(
          TensorPlace(place, name),
          fmt::format(
              "{} bytes stored, type and shape demand {}", tensor.end - tensor.begin, needed));
    }
    at = tensor.end;
  }
  if (at != data_size) {
    throw InputError(place, fmt::format("{} bytes behind the last tensor", data_size - at));
  }
}

}  // namespace

SafetensorsHeader ParseSafetensorsHeader(std::span<const uint8_t> file, const std::string& place) {
  uint64_t length = 0;
  if (file.size() < sizeof length) throw InputError(place, "shorter than 8 bytes");
  std::memcpy(&length, file.data(), sizeof length);
  if (length > kMaxHeaderBytes || length > file.size() - sizeof length) {
    throw InputError(place,
                     fmt::format("header of {} bytes in a file of {}; at most {} are read",
                                 length,
                                 file.size(),
                                 kMaxHeaderBytes));
  }
  const uint64_t data_begin = sizeof length + length;
  const char* text = reinterpret_cast<const char*>(file.data()) + sizeof length;
  SafetensorsHeader header;
  HeaderBuilder builder(header, place);
  Json::sax_parse(text, text + length, &builder);
  CheckLayout(header, file.size() - data_begin, place);
  for (auto& [name, tensor] : header.tensors) {
    tensor.begin += data_begin;
    tensor.end += data_begin;
  }
  return header;
}

}  // namespace plumb
