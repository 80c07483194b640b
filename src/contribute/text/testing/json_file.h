// tokenizer.json for tests: the smallest files that show a rule.
#pragma once

#include <string>
#include <utility>
#include <vector>

#include "text/byte_characters.h"

namespace tribute::text::testing {

// The parts of a file, as JSON; by default a byte-level encoding with GPT-2's pattern and every byte.
struct JsonFile {
  std::string normalizer = "null";
  std::string pre_tokenizer = R"({"type":"ByteLevel","add_prefix_space":false,"trim_offsets":true,"use_regex":true})";
  std::string post_processor = "null";
  std::string decoder = R"({"type":"ByteLevel","add_prefix_space":true,"trim_offsets":true,"use_regex":true})";
  std::string added_tokens = "[]";
  std::string model_settings;  // `,"key":value` after the type
  bool byte_level = true;      // else characters, with byte_fallback
  bool merges_as_arrays = false;
  // As texts; each result becomes an entry, from id 256 on, unless it is one.
  std::vector<std::pair<std::string, std::string>> merges;
  // Entries after those, that nothing merges into.
  std::vector<std::string> entries;
  std::string top;  // `,"key":value` at the end

  std::string text() const {
    std::vector<std::string> names;
    const auto spelt = [this](const std::string& text) { return byte_level ? to_byte_characters(text) : text; };
    const auto add = [&names](const std::string& name) {
      for (const std::string& known : names) {
        if (known == name) return;
      }
      names.push_back(name);
    };
    constexpr std::string_view kHex = "0123456789ABCDEF";
    for (size_t byte = 0; byte < 256; ++byte) {
      const std::string name = {'<', '0', 'x', kHex[byte / 16], kHex[byte % 16], '>'};
      add(byte_level ? to_byte_characters(std::string(1, static_cast<char>(static_cast<unsigned char>(byte)))) : name);
    }
    std::string list;
    for (const auto& [left, right] : merges) {
      if (!byte_level) {
        add(left);
        add(right);
      }
      add(spelt(left + right));
      list += list.empty() ? "" : ",";
      list += merges_as_arrays ? "[" + quoted(spelt(left)) + "," + quoted(spelt(right)) + "]"
                               : quoted(spelt(left) + " " + spelt(right));
    }
    for (const std::string& entry : entries) add(spelt(entry));
    std::string vocabulary;
    for (size_t id = 0; id < names.size(); ++id) {
      vocabulary += (id == 0 ? "" : ",") + quoted(names[id]) + ":" + std::to_string(id);
    }
    return R"({"version":"1.0","truncation":null,"padding":null,"added_tokens":)" + added_tokens + R"(,"normalizer":)" +
           normalizer + R"(,"pre_tokenizer":)" + pre_tokenizer + R"(,"post_processor":)" + post_processor +
           R"(,"decoder":)" + decoder + R"(,"model":{"type":"BPE")" + model_settings + R"(,"byte_fallback":)" +
           (byte_level ? "false" : "true") + R"(,"vocab":{)" + vocabulary + R"(},"merges":[)" + list + "]}" + top + "}";
  }

 private:
  static std::string quoted(const std::string& text) {
    std::string result = "\"";
    for (const char c : text) {
      if (c == '"' || c == '\\') result += '\\';
      result += c;
    }
    return result + "\"";
  }
};

// The decoder and normalizers of Llama 2 and Mistral.
inline JsonFile llama2() {
  return {.normalizer = R"({"type":"Sequence","normalizers":[{"type":"Prepend","prepend":"▁"},)"
                        R"({"type":"Replace","pattern":{"String":" "},"content":"▁"}]})",
          .pre_tokenizer = "null",
          .decoder = R"({"type":"Sequence","decoders":[{"type":"Replace","pattern":{"String":"▁"},"content":" "},)"
                     R"({"type":"ByteFallback"},{"type":"Fuse"},{"type":"Strip","content":" ","start":1,"stop":0}]})",
          .byte_level = false};
}

}  // namespace tribute::text::testing
