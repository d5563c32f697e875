// SPDX-License-Identifier: Apache-2.0
#include "reports/text.h"

#include <algorithm>
#include <cmath>
#include <cstdint>
#include <span>

#include <fmt/format.h>

namespace plumb {
namespace {

constexpr std::string_view kReplacement = "\xEF\xBF\xBD";

struct CodePoint {
  uint32_t value = 0;
  size_t bytes = 1;
  bool valid = false;
};

// Decodes the first character of a non-empty text; overlong forms, surrogates and stray bytes are
// not valid.
CodePoint FirstCodePoint(std::string_view text) {
  const auto lead = static_cast<uint8_t>(text[0]);
  if (lead < 0x80) return {lead, 1, true};
  const size_t bytes = lead >= 0xF0 ? 4 : lead >= 0xE0 ? 3 : 2;
  if (lead < 0xC2 || lead > 0xF4 || text.size() < bytes) return {};
  uint32_t value = lead & (0x7F >> bytes);
  for (size_t i = 1; i < bytes; ++i) {
    const auto next = static_cast<uint8_t>(text[i]);
    if ((next & 0xC0) != 0x80) return {};
    value = (value << 6) | (next & 0x3F);
  }
  const uint32_t smallest = bytes == 4 ? 0x10000 : bytes == 3 ? 0x800 : 0x80;
  const bool valid = value >= smallest && value <= 0x10FFFF && (value < 0xD800 || value > 0xDFFF);
  return {value, bytes, valid};
}

// Controls, line and paragraph separators, byte order marks, direction marks, characters that XML
// forbids.
bool IsHarmful(uint32_t c) {
  return c < 0x20 || (c >= 0x7F && c <= 0x9F) || (c >= 0x200B && c <= 0x200F) ||
         (c >= 0x2028 && c <= 0x202E) || (c >= 0x2066 && c <= 0x206F) || c == 0x61C ||
         c == 0xFEFF || (c >= 0xFFF9 && c <= 0xFFFB) || (c & 0xFFFE) == 0xFFFE;
}

bool IsWide(uint32_t c) {
  return (c >= 0x1100 && c <= 0x115F) || (c >= 0x2E80 && c <= 0xA4CF) ||
         (c >= 0xAC00 && c <= 0xD7A3) || (c >= 0xF900 && c <= 0xFAFF) ||
         (c >= 0xFE30 && c <= 0xFE6F) || (c >= 0xFF00 && c <= 0xFF60) ||
         (c >= 0xFFE0 && c <= 0xFFE6) || (c >= 0x1F300 && c <= 0x1FAFF) ||
         (c >= 0x20000 && c <= 0x3FFFD);
}

int ColumnsOf(uint32_t c) { return (c >= 0x300 && c <= 0x36F) ? 0 : IsWide(c) ? 2 : 1; }

int DecimalsOf(double value) {
  const double size = std::abs(value);
  return size < 10.0 ? 3 : size < 100.0 ? 2 : size < 1000.0 ? 1 : 0;
}

struct Escape {
  char character;
  std::string_view text;
};
constexpr Escape kXmlEscapes[] = {
    {'&', "&amp;"}, {'<', "&lt;"}, {'>', "&gt;"}, {'"', "&quot;"}, {'\'', "&#39;"}};
constexpr Escape kMarkdownEscapes[] = {{'&', "&amp;"},
                                       {'<', "&lt;"},
                                       {'>', "&gt;"},
                                       {'|', "\\|"},
                                       {'\\', "\\\\"},
                                       {'`', "\\`"},
                                       {'*', "\\*"},
                                       {'_', "\\_"},
                                       {'[', "\\["},
                                       {']', "\\]"},
                                       {'#', "\\#"},
                                       {'~', "\\~"},
                                       {'!', "\\!"},
                                       {'@', "&#64;"},
                                       {':', "&#58;"}};

// Clean text with every listed character written in its other form.
std::string Escaped(std::string_view text, std::span<const Escape> escapes) {
  std::string out;
  for (const char c : CleanText(text)) {
    const auto found = std::find_if(
        escapes.begin(), escapes.end(), [c](const Escape& one) { return one.character == c; });
    if (found == escapes.end()) {
      out += c;
    } else {
      out += found->text;
    }
  }
  return out;
}

}  // namespace

std::string CleanText(std::string_view text) {
  std::string out;
  out.reserve(text.size());
  for (size_t at = 0; at < text.size();) {
    const CodePoint point = FirstCodePoint(text.substr(at));
    if (point.value == '\t' || point.value == '\n' || point.value == '\r') {
      out += ' ';
    } else if (!point.valid || IsHarmful(point.value)) {
      out += kReplacement;
    } else {
      out += text.substr(at, point.bytes);
    }
    at += point.valid ? point.bytes : 1;
  }
  return out;
}

std::string ForXml(std::string_view text) { return Escaped(text, kXmlEscapes); }

std::string ForMarkdown(std::string_view text) { return Escaped(text, kMarkdownEscapes); }

std::string ForCsv(std::string_view text) {
  std::string clean = CleanText(text);
  const size_t first = clean.find_first_not_of(' ');
  if (first != std::string::npos &&
      std::string_view("=+-@").find(clean[first]) != std::string_view::npos) {
    clean.insert(0, 1, '\'');
  }
  if (clean.find_first_of("\",;'") == std::string::npos) return clean;
  std::string out = "\"";
  for (const char c : clean) {
    if (c == '"') out += '"';
    out += c;
  }
  return out + '"';
}

std::string FormatNumber(double value) {
  const double size = std::abs(value);
  if (size == 0.0) return "0";
  if (size < 0.0005) return fmt::format("{:.1e}", value);
  if (size >= 1e7) return fmt::format("{:.3e}", value);
  return FormatLike(value, value);
}

std::string FormatLike(double value, double reference) {
  return fmt::format("{:.{}f}", value, DecimalsOf(reference));
}

int DisplayWidth(std::string_view clean_text) {
  int width = 0;
  for (size_t at = 0; at < clean_text.size();) {
    const CodePoint point = FirstCodePoint(clean_text.substr(at));
    width += ColumnsOf(point.value);
    at += point.bytes;
  }
  return width;
}

std::string Shortened(std::string_view text, int width) {
  const std::string clean = CleanText(text);
  if (DisplayWidth(clean) <= width) return clean;
  size_t at = 0;
  int used = 0;
  while (at < clean.size()) {
    const CodePoint point = FirstCodePoint(std::string_view(clean).substr(at));
    if (used + ColumnsOf(point.value) > width - 1) break;
    used += ColumnsOf(point.value);
    at += point.bytes;
  }
  return clean.substr(0, at) + "…";
}

std::string Counted(size_t count, std::string_view singular) {
  return fmt::format("{} {}{}", count, singular, count == 1 ? "" : "s");
}

}  // namespace plumb
